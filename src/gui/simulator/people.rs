//! Who runs, until when, and everybody's name to choose from.

use egui::{Align, ComboBox, Label, Layout, ProgressBar, ScrollArea, Sense, TextEdit, Ui, vec2};
use egui_phosphor::regular as icon;

use super::work::Played;
use super::{Simulator, Until};
use crate::document::Document;
use crate::gui::field::{Look, text_field, titled};
use crate::gui::request::Request;
use crate::gui::theme::{FIELD_MARGIN, inside};
use crate::gui::{Command, Theme};
use crate::model::{NodeId, Population, Project, Time, grouped};
use crate::simulation::Severity;

const ROW: f32 = 28.0;

impl Simulator {
    /// The panel on the left.
    pub fn people_ui(&mut self, ui: &mut Ui, theme: &Theme, document: &Document, requests: &mut Vec<Request>) {
        let project = document.project();
        ui.spacing_mut().item_spacing.y = theme.spacing.small;
        ui.label(theme.subheading("Who"));
        self.population_ui(ui, project, document);
        if theme.secondary_button(ui, format!("{}  Import events…", icon::DOWNLOAD_SIMPLE)).clicked() {
            requests.push(Request::Command(Command::Import));
        }
        ui.label(theme.caption("Until, itself included"));
        self.until_ui(ui, theme, document);
        if let Some(share) = self.worker.progress() {
            ui.horizontal(|ui| {
                ui.add(ProgressBar::new(share).desired_width(ui.available_width() - 70.0).desired_height(10.0));
                ui.label(theme.caption("running"));
            });
        } else if let Some(problem) = &self.problem {
            ui.label(theme.problem(Severity::Error, problem));
        } else if let Some(played) = &self.played {
            let (contacts, events) = (grouped(played.report.contacts), grouped(played.report.events));
            let mut words = format!("{contacts} contacts, {events} events");
            if let Some(others) = &played.report.newcomers {
                let (contacts, events) = (grouped(others.contacts), grouped(others.events));
                words = format!("{words}; besides, {contacts} won by others, {events} events");
            }
            ui.add(Label::new(theme.caption(words)).wrap())
                .on_hover_text(format!("Run in {} ms", played.elapsed.as_millis()));
        }
        ui.separator();
        self.contacts_ui(ui, theme, project);
    }

    fn population_ui(&mut self, ui: &mut Ui, project: &Project, document: &Document) {
        let current = self.key(document).population;
        let text = |population: Population| match population {
            Population::Samples => format!("Sample contacts ({})", project.contacts.len()),
            Population::Dataset(id) => project.datasets.get(&id).map_or_else(
                || String::from("(deleted)"),
                |dataset| format!("{} ({})", dataset.name, grouped(dataset.contacts)),
            ),
            Population::Generated(id) => project.generators.get(&id).map_or_else(
                || String::from("(deleted)"),
                |generator| format!("{} ({})", generator.name, grouped(generator.contacts.into())),
            ),
        };
        let options = std::iter::once(Population::Samples)
            .chain(project.generators.keys().copied().map(Population::Generated))
            .chain(project.datasets.keys().copied().map(Population::Dataset));
        let width = ui.available_width();
        let mut chosen = None;
        ComboBox::from_id_salt("population").selected_text(text(current)).width(width).truncate().show_ui(ui, |ui| {
            for option in options {
                if ui.selectable_label(option == current, text(option)).clicked() {
                    ui.close();
                    if option != current {
                        chosen = Some(option);
                    }
                }
            }
        });
        if let Some(population) = chosen {
            self.choose(population);
        }
    }

    fn until_ui(&mut self, ui: &mut Ui, theme: &Theme, document: &Document) {
        let zone = document.project().zone();
        let until = self.key(document).until.map(|until| until.display_in(&zone)).unwrap_or_default();
        let field = text_field(ui, ("simulate until", &until), &until, &Look::line("Until").hint("the last event"));
        if let Some(typed) = &field.finished {
            match Time::parse(typed, &zone) {
                _ if typed.trim().is_empty() => self.until = Until::LastEvent,
                Ok(until) => self.until = Until::At(until),
                // The run that is shown stays as it is.
                Err(problem) => self.until_problem = Some(problem),
            }
        } else if field.response.has_focus() {
            let problem = Time::parse(&field.draft, &zone).err();
            self.until_problem = problem.filter(|_| !field.draft.trim().is_empty());
        }
        if let Some(problem) = &self.until_problem {
            ui.label(theme.problem(Severity::Error, problem));
        }
    }

    fn contacts_ui(&mut self, ui: &mut Ui, theme: &Theme, project: &Project) {
        let Some(played) = &self.played else { return };
        let mut chosen = self.contact;
        ui.horizontal(|ui| {
            ui.label(theme.subheading("Contacts"));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if self.contact.is_some()
                    && theme.quiet_button(ui, "Everybody").on_hover_text("Back to the counts of all").clicked()
                {
                    chosen = None;
                }
            });
        });
        let hint = format!("{}  Find a contact", icon::MAGNIFYING_GLASS);
        let field =
            TextEdit::singleline(&mut self.filter).hint_text(hint).desired_width(f32::INFINITY).margin(FIELD_MARGIN);
        titled(&ui.add(field), "Find a contact", &self.filter);
        let contacts = self.stage.contacts();
        if contacts == 0 {
            ui.label(theme.muted("There are no sample contacts yet. Add some in Design, or import recorded events."));
            return;
        }
        let filter = self.filter.trim().to_lowercase();
        let found: Option<Vec<usize>> = (!filter.is_empty()).then(|| {
            let found = |contact: &usize| self.stage.name(*contact).to_lowercase().contains(&filter);
            (0..contacts).filter(found).collect()
        });
        let count = found.as_ref().map_or(contacts, Vec::len);
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().auto_shrink(false).show_rows(ui, ROW, count, |ui, rows| {
            for row in rows {
                let index = found.as_ref().map_or(row, |found| found[row]);
                let state = match self.states(played, index).as_slice() {
                    [] => String::from("not started"),
                    states => project.node_labels(states),
                };
                if contact_row(ui, theme, &self.stage.name(index), &state, self.contact == Some(index)) {
                    chosen = Some(index);
                }
            }
        });
        if chosen != self.contact {
            self.show_story(chosen, project);
        }
    }
}

impl Simulator {
    /// Where a contact is at the clock; at the end of the run where there is no clock.
    fn states(&self, played: &Played, contact: usize) -> Vec<NodeId> {
        let (Some(timeline), machine) = (self.stage.timeline(), &played.setup.machine) else {
            return played.resting.of(contact).to_vec();
        };
        let number = u32::try_from(contact).unwrap_or(u32::MAX);
        let active = timeline.whereabouts(number, self.stage.clock().done());
        let nodes = active.into_iter().map(|slot| slot as usize);
        nodes.filter(|slot| machine.is_leaf(*slot)).map(|slot| machine.node_id(slot)).collect()
    }
}

fn contact_row(ui: &mut Ui, theme: &Theme, name: &str, state: &str, selected: bool) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::SelectableLabel, true, selected, name));
    let fill = if selected {
        theme.palette.accent_soft
    } else if response.hovered() || response.has_focus() {
        theme.palette.hover
    } else {
        egui::Color32::TRANSPARENT
    };
    ui.painter().rect_filled(rect.shrink2(vec2(0.0, 1.0)), egui::CornerRadius::same(theme.radii.small), fill);
    inside(ui, rect.shrink2(vec2(8.0, 0.0)), Layout::right_to_left(Align::Center), |ui| {
        ui.add(Label::new(theme.caption(state)).selectable(false));
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add(Label::new(theme.text(name)).truncate().selectable(false));
        });
    });
    response.clicked()
}
