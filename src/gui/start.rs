//! The start screen: samples as cards, recent projects, a blank journey, open, drop.

use std::path::{Path, PathBuf};

use egui::{Align, CursorIcon, Layout, Rect, RichText, ScrollArea, Sense, Ui, UiBuilder, vec2};
use egui_phosphor::regular as icon;

use super::Theme;
use super::settings::{Scale, Settings};
use super::theme::inside;
use super::thumbnail::Thumbnail;
use crate::model::sample::{SAMPLES, Sample};
use crate::model::{Population, Project, grouped};

/// What a click on the start screen asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    Sample(&'static Sample),
    Blank,
    AskForFile,
    Recent(PathBuf),
    Forget(PathBuf),
    ToggleLook,
    Scale(Scale),
}

/// The start screen; keeps the pictures of the samples.
pub struct Start {
    samples: Vec<Card>,
}

struct Card {
    sample: &'static Sample,
    name: String,
    question: String,
    thumbnail: Thumbnail,
    size: String,
}

impl Default for Start {
    fn default() -> Self {
        Self::new()
    }
}

/// On whom a sample runs first: "2,000 contacts", "7 sample contacts".
fn people(project: &Project) -> String {
    let population = project.scenarios.values().next().map(|scenario| scenario.population).unwrap_or_default();
    match population {
        Population::Generated(id) => {
            let contacts = project.generators.get(&id).map_or(0, |generator| generator.contacts);
            format!("{} contacts", grouped(contacts.into()))
        }
        Population::Samples | Population::Dataset(_) => format!("{} sample contacts", project.contacts.len()),
    }
}

impl Start {
    #[must_use]
    pub fn new() -> Self {
        let samples = SAMPLES
            .iter()
            .map(|sample| {
                let project = sample.project();
                let states = project.states().count();
                Card {
                    sample,
                    name: project.info.name.clone(),
                    question: sample.question(),
                    thumbnail: Thumbnail::of(&project),
                    size: format!("{states} states, {}", people(&project)),
                }
            })
            .collect();
        Self { samples }
    }

    pub fn ui(&self, ui: &mut Ui, theme: &Theme, settings: &Settings) -> Option<Choice> {
        let mut choice = None;
        egui::Frame::new().fill(theme.palette.canvas).show(ui, |ui| {
            ui.set_min_size(ui.available_size());
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                let width = (ui.available_width() - 2.0 * theme.spacing.huge).min(1120.0);
                let margin = (ui.available_width() - width) / 2.0;
                let content = Rect::from_min_size(
                    ui.max_rect().left_top() + vec2(margin, theme.spacing.huge),
                    vec2(width, f32::INFINITY),
                );
                let used = ui
                    .scope_builder(UiBuilder::new().max_rect(content), |ui| {
                        ui.set_width(width);
                        self.content(ui, theme, settings, &mut choice);
                    })
                    .response
                    .rect;
                ui.allocate_rect(used.expand2(vec2(0.0, theme.spacing.huge)), Sense::hover());
            });
        });
        choice
    }

    fn content(&self, ui: &mut Ui, theme: &Theme, settings: &Settings, choice: &mut Option<Choice>) {
        ui.horizontal(|ui| {
            ui.vertical(|ui| {
                ui.label(theme.title("Statecraft"));
                ui.label(theme.muted("Draw the states your customers can be in, and see what they would do."));
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let next = theme.look.next();
                let sign = theme.quiet_button(ui, RichText::new(next.icon()).size(18.0));
                if sign.on_hover_text(format!("{} look", next.name())).clicked() {
                    *choice = Some(Choice::ToggleLook);
                }
                if theme.secondary_button(ui, format!("{}  Open…", icon::FOLDER_OPEN)).clicked() {
                    *choice = Some(Choice::AskForFile);
                }
                if theme.primary_button(ui, format!("{}  Blank journey", icon::PLUS)).clicked() {
                    *choice = Some(Choice::Blank);
                }
            });
        });
        ui.add_space(theme.spacing.huge);
        // Whoever has a journey of their own wants that one, not the ninth sample.
        if !settings.recent.is_empty() {
            ui.label(theme.heading("Recent projects"));
            ui.add_space(theme.spacing.medium);
            for path in &settings.recent {
                recent_row(ui, theme, path, choice);
            }
            ui.add_space(theme.spacing.huge);
        }
        ui.label(theme.heading("Start from a journey that already runs"));
        ui.add_space(theme.spacing.medium);
        self.cards(ui, theme, choice);
        ui.add_space(theme.spacing.large);
        if settings.recent.is_empty() {
            ui.label(theme.muted("What you open or draw is kept by itself, and listed at the top from then on."));
        }
        ui.label(theme.muted("You can also drop a project file anywhere on this window."));
    }

    fn cards(&self, ui: &mut Ui, theme: &Theme, choice: &mut Option<Choice>) {
        let gap = theme.spacing.large;
        let columns = if ui.available_width() > 860.0 { 3 } else { 2 };
        #[expect(clippy::cast_precision_loss, reason = "a handful of columns")]
        let width = (ui.available_width() - gap * (columns as f32 - 1.0)) / columns as f32;
        for row in self.samples.chunks(columns) {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = gap;
                for card in row {
                    if card.ui(ui, theme, width) {
                        *choice = Some(Choice::Sample(card.sample));
                    }
                }
            });
            ui.add_space(gap);
        }
    }
}

impl Card {
    const HEIGHT: f32 = 330.0;
    const PICTURE: f32 = 160.0;

    /// Returns whether it was chosen.
    fn ui(&self, ui: &mut Ui, theme: &Theme, width: f32) -> bool {
        let (rect, response) = ui.allocate_exact_size(vec2(width, Self::HEIGHT), Sense::click());
        let response = response.on_hover_cursor(CursorIcon::PointingHand);
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::WidgetType::Button, true, format!("Open sample {}", self.name))
        });
        let lifted = response.hovered() || response.has_focus();
        let frame = theme.card_frame();
        let edge = if lifted { theme.palette.accent } else { theme.palette.border };
        let radius = egui::CornerRadius::same(theme.radii.large);
        let painter = ui.painter().clone();
        painter.add(frame.shadow.as_shape(rect, radius));
        painter.rect_filled(rect, radius, theme.palette.card);
        let picture = Rect::from_min_size(rect.min + vec2(1.0, 1.0), vec2(width - 2.0, Self::PICTURE));
        let top = egui::CornerRadius { nw: theme.radii.large, ne: theme.radii.large, sw: 0, se: 0 };
        painter.rect_filled(picture, top, theme.palette.sunken);
        self.thumbnail.paint(&painter.with_clip_rect(picture), picture.shrink(14.0), theme);
        let stroke = egui::Stroke::new(if lifted { 2.0 } else { 1.0 }, edge);
        painter.rect_stroke(rect, radius, stroke, egui::StrokeKind::Inside);
        let text = Rect::from_min_max(picture.left_bottom() + vec2(16.0, 14.0), rect.max - vec2(16.0, 14.0));
        inside(ui, text, Layout::top_down(Align::Min), |ui| {
            ui.add(egui::Label::new(theme.subheading(&self.name)).wrap().selectable(false));
            ui.add_space(theme.spacing.tight);
            ui.add(egui::Label::new(theme.muted(&self.question)).wrap().selectable(false));
        });
        let foot = Rect::from_min_max(egui::pos2(text.left(), text.bottom() - 22.0), text.max);
        inside(ui, foot, Layout::left_to_right(Align::Center), |ui| {
            ui.add(egui::Label::new(theme.caption(&self.size)).selectable(false));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let open = theme.strong(format!("Open {}", icon::ARROW_RIGHT)).color(theme.palette.accent);
                ui.add(egui::Label::new(open).selectable(false));
            });
        });
        response.clicked()
    }
}

fn recent_row(ui: &mut Ui, theme: &Theme, path: &Path, choice: &mut Option<Choice>) {
    let is_found = path.exists();
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = path.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
    ui.horizontal(|ui| {
        ui.add_enabled_ui(is_found, |ui| {
            let button =
                theme.quiet_button(ui, RichText::new(format!("{}  {name}", icon::FILE)).size(theme.sizes.body));
            if button.on_disabled_hover_text("This file is no longer is_found").clicked() {
                *choice = Some(Choice::Recent(path.to_owned()));
            }
        });
        ui.add(egui::Label::new(theme.caption(folder)).truncate());
        if !is_found {
            ui.label(theme.caption("not found"));
            let forget = theme.quiet_button(ui, icon::X).on_hover_text("Take it off this list");
            forget.widget_info(|| {
                egui::WidgetInfo::labeled(egui::WidgetType::Button, true, format!("Take {name} off this list"))
            });
            if forget.clicked() {
                *choice = Some(Choice::Forget(path.to_owned()));
            }
        }
    });
}
