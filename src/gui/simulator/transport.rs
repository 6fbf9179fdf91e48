//! The bar below the canvas: the whole run to be pulled along, and play, pause, step, step back and speed.

use egui::{Align, Layout, RichText, Slider, Ui};
use egui_phosphor::regular as icon;

use super::Simulator;
use super::clock::SPEEDS;
use crate::gui::request::Request;
use crate::gui::{Command, Theme};
use crate::model::{Project, Zone, grouped};
use crate::simulation::Severity;

impl Simulator {
    pub fn player_ui(&mut self, ui: &mut Ui, theme: &Theme, project: &Project, requests: &mut Vec<Request>) {
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.add_space(4.0);
        let zone = project.zone();
        let mut to = None;
        if let Some(timeline) = self.stage.timeline().filter(|timeline| !timeline.moves().is_empty()) {
            let time = self.stage.clock().time();
            to = self.scrub.ui(ui, theme, (timeline, self.stage.version()), time, &zone);
        } else {
            ui.allocate_ui(egui::vec2(ui.available_width(), 34.0), |ui| {
                ui.horizontal_centered(|ui| self.waiting_ui(ui, theme));
            });
        }
        ui.horizontal(|ui| {
            self.buttons_ui(ui, theme, requests);
            ui.add_space(theme.spacing.small);
            let words = theme.strong(self.time_in_words(&zone)).size(theme.sizes.subheading);
            fixed(ui, 172.0, |ui| ui.label(words));
            self.place_ui(ui, theme, project);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let again = theme.quiet_button(ui, icon::ARROWS_CLOCKWISE);
                again.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, Command::Run.name()));
                if again.on_hover_text("Run everybody again  (F5)").clicked() {
                    requests.push(Request::Command(Command::Run));
                }
                self.speed_ui(ui, theme);
            });
        });
        if let Some(to) = to {
            self.stage.turn(|clock, reel| {
                clock.pause();
                clock.go(to, reel);
            });
        }
    }

    /// The instant of the clock. While days rush by, minutes would only flicker.
    pub(super) fn time_in_words(&self, zone: &Zone) -> String {
        let line = || self.stage.script()?.line(self.stage.clock().line()?).map(|(time, _)| time);
        let mut words = self.time().or_else(line).map_or_else(String::new, |time| time.display_in(zone));
        if self.is_playing() && SPEEDS[self.stage.clock().speed()].0 >= 86_400_000 {
            words.truncate("2026-01-01".len());
        }
        words
    }

    /// What is there instead of the bar.
    fn waiting_ui(&mut self, ui: &mut Ui, theme: &Theme) {
        if let Some(problem) = self.stage.problem() {
            ui.label(theme.problem(Severity::Warning, problem));
        } else if let Some(share) = self.stage.progress() {
            ui.add(egui::ProgressBar::new(share).desired_width(180.0).desired_height(8.0));
            ui.label(theme.caption("putting everybody's moves in order"));
            if theme.quiet_button(ui, "Cancel").clicked() {
                self.stage.cancel();
            }
        } else if self.stage.timeline().is_some() {
            ui.label(theme.muted("Nobody moves in this run."));
        }
    }

    fn buttons_ui(&self, ui: &mut Ui, theme: &Theme, requests: &mut Vec<Request>) {
        let clock = self.stage.clock();
        let ready = self.stage.reel().span().is_some();
        let line = self.stage.script().map(|script| (clock.line(), script.len()));
        let back = line.map_or(!clock.is_at_start(), |(line, _)| line.is_some_and(|line| line > 0));
        let forward = line.map_or(self.moves().is_some_and(|(done, all)| done < all), |(line, lines)| {
            line.map_or(0, |line| line + 1) < lines
        });
        for (command, enabled) in [
            (Command::ToStart, ready && !clock.is_at_start()),
            (Command::StepBack, ready && back),
            (Command::PlayOrPause, ready),
            (Command::StepForward, ready && forward),
            (Command::ToEnd, ready && !self.stage.is_at_end()),
        ] {
            let sign = match command {
                Command::PlayOrPause if clock.is_playing() => icon::PAUSE,
                other => other.icon(),
            };
            let sign = RichText::new(sign).size(17.0);
            let keys = command.shortcut_text(ui.ctx());
            let button = |ui: &mut Ui| match command {
                Command::PlayOrPause => theme.primary_button(ui, sign),
                _ => theme.secondary_button(ui, sign),
            };
            let response = ui.add_enabled_ui(enabled, button).inner;
            response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, enabled, command.name()));
            if response.on_hover_text(format!("{}  ({keys})", command.tooltip())).clicked() {
                requests.push(Request::Command(command));
            }
        }
    }

    /// How far it is, or why it stopped.
    fn place_ui(&self, ui: &mut Ui, theme: &Theme, project: &Project) {
        let clock = self.stage.clock();
        if let Some((breakpoint, contact)) = self.stage.stopped() {
            let words = format!("Stopped: {} {}", self.stage.name(contact as usize), breakpoint.describe(project));
            let text = RichText::new(format!("{}  {words}", icon::STOP_CIRCLE)).color(theme.palette.error);
            ui.add(egui::Label::new(text).truncate().show_tooltip_when_elided(true));
            return;
        }
        let words = match self.stage.script() {
            Some(script) => {
                let line = clock.line().map_or(0, |line| line + 1);
                format!("line {line} of {}", grouped(script.len() as u64))
            }
            None => self.moves().map_or_else(String::new, |(done, all)| {
                format!("{} of {} moves", grouped(done as u64), grouped(all as u64))
            }),
        };
        ui.add(egui::Label::new(theme.muted(words)).truncate());
    }

    fn speed_ui(&mut self, ui: &mut Ui, theme: &Theme) {
        let mut speed = self.stage.clock().speed();
        let words = format!("1 s = {}", SPEEDS[speed].1);
        fixed(ui, 106.0, |ui| ui.label(theme.text(words)));
        ui.spacing_mut().slider_width = 130.0;
        let slider = ui.add(Slider::new(&mut speed, 0..=SPEEDS.len() - 1).show_value(false));
        let place = f64::from(u8::try_from(speed).unwrap_or(u8::MAX));
        slider.widget_info(|| egui::WidgetInfo::slider(true, place, "Speed"));
        if slider.on_hover_text("How much time passes in a second  (, and .)").changed() {
            self.stage.turn(|clock, _| clock.set_speed(speed));
        }
        ui.label(theme.caption(icon::GAUGE));
    }
}

/// Words in a room of one width, so that what stands beside them does not tremble.
fn fixed(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui) -> egui::Response) {
    let size = egui::vec2(width, 24.0);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_width(width);
        add(ui);
    });
}
