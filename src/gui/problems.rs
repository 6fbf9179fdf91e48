//! The list of problems: what is wrong, with a button that does away with it and one that shows a contact whose story shows
//! it. Looking for that contact happens on a thread of its own.

use std::sync::mpsc::{Receiver, TryRecvError, channel};

use egui::{Align, Label, Layout, Modal, RichText, ScrollArea, Sense, Ui};
use egui_phosphor::regular as icon;

use super::Theme;
use super::request::Selection;
use super::simulator::line_ui;
use super::workbench::counted;
use crate::analysis::check::Finding;
use crate::analysis::prove::{Proof, Shown, prove};
use crate::document::Document;
use crate::model::{Edit, EntityId};
use crate::simulation::Severity;

/// What the list asks for.
pub(super) enum Ask {
    Fix(Box<Edit>),
    Show(EntityId),
}

/// How the dialog ended.
pub(super) enum Answer {
    Open,
    Close,
    Add(Box<Edit>),
}

/// The list, and the search for a story.
#[derive(Default)]
pub(super) struct Problems {
    open: bool,
    /// The sentence of the problem that a story is looked for.
    search: Option<(String, Receiver<Option<Proof>>)>,
}

impl Problems {
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    pub(super) fn toggle(&mut self) {
        self.open = !self.open;
    }

    /// What the search came to, once: a contact, or a sentence that says why there is none.
    pub(super) fn proved(&mut self) -> Option<Result<Shown, String>> {
        let (_, result) = self.search.as_ref()?;
        let found = match result.try_recv() {
            Ok(found) => found,
            Err(TryRecvError::Empty) => return None,
            Err(TryRecvError::Disconnected) => None,
        };
        self.search = None;
        Some(match found {
            Some(Proof::Reached(shown)) => Ok(*shown),
            Some(Proof::NotFound { steps }) => Err(format!(
                "Possible as far as the conditions go, but no way there was found within {steps} events and timers."
            )),
            None => Err(String::from("No story can show this problem.")),
        })
    }

    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        document: &Document,
        findings: &[Finding],
        selection: &Selection,
        editable: bool,
    ) -> Option<Ask> {
        let of = |severity| findings.iter().filter(|finding| finding.problem.severity == severity).count();
        let (errors, warnings, hints) = (of(Severity::Error), of(Severity::Warning), of(Severity::Hint));
        ui.horizontal(|ui| {
            ui.label(theme.subheading("Problems"));
            let counts = [counted(errors, "error"), counted(warnings, "warning"), counted(hints, "hint")];
            ui.label(theme.caption(counts.join(", ")));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if theme.quiet_button(ui, icon::X).on_hover_text("Hide the list").clicked() {
                    self.open = false;
                }
                if self.search.is_some() {
                    ui.label(theme.caption("Looking for a contact that shows it …"));
                    ui.spinner();
                }
            });
        });
        ui.add_space(theme.spacing.small);
        if findings.is_empty() {
            ui.label(theme.muted("Nothing is wrong with this journey, as far as can be told."));
            return None;
        }
        let mut asked = None;
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            for (index, finding) in findings.iter().enumerate() {
                ui.push_id(index, |ui| {
                    let row = self.row_ui(ui, theme, document, finding, selection, editable);
                    asked = row.or(asked.take());
                });
            }
        });
        asked
    }

    fn row_ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        document: &Document,
        finding: &Finding,
        selection: &Selection,
        editable: bool,
    ) -> Option<Ask> {
        let problem = &finding.problem;
        let look = theme.severity(problem.severity);
        let mut asked = None;
        let fill = if selection.contains(problem.at) { theme.palette.hover } else { egui::Color32::TRANSPARENT };
        egui::Frame::new().fill(fill).corner_radius(6).inner_margin(egui::Margin::symmetric(8, 5)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.with_layout(Layout::right_to_left(Align::TOP), |ui| {
                if let Some(fix) = finding.fix.as_ref().filter(|_| editable)
                    && theme.secondary_button(ui, fix.label).clicked()
                {
                    asked = Some(Ask::Fix(Box::new(fix.edit.clone())));
                }
                if finding.shown.is_some() {
                    let button = ui.add_enabled_ui(self.search.is_none(), |ui| theme.secondary_button(ui, "Show me"));
                    let button = button.inner.on_hover_text("Look for a contact whose story shows it");
                    if button.clicked() {
                        self.look_for(finding, document, ui.ctx());
                    }
                }
                ui.with_layout(Layout::left_to_right(Align::TOP), |ui| {
                    ui.label(RichText::new(look.icon).size(16.0).color(look.text));
                    ui.vertical(|ui| {
                        let at = crate::model::capitalised(&document.project().describe(problem.at));
                        ui.add(Label::new(theme.strong(at)).truncate().selectable(false));
                        let text = Label::new(theme.text(&problem.message)).wrap().sense(Sense::click());
                        if ui.add(text).on_hover_text("Go there").clicked() {
                            asked = Some(Ask::Show(problem.at));
                        }
                    });
                });
            });
        });
        asked
    }

    fn look_for(&mut self, finding: &Finding, document: &Document, ctx: &egui::Context) {
        let (sender, result) = channel();
        self.search = Some((finding.problem.message.clone(), result));
        let (project, finding, ctx) = (document.project().clone(), finding.clone(), ctx.clone());
        std::thread::spawn(move || {
            // Whoever asked may be gone.
            let _ = sender.send(prove(&project, &finding));
            ctx.request_repaint();
        });
    }
}

/// A contact whose story shows a problem or meets a cell. It belongs to the project only if it is taken in.
pub(super) struct ShownDialog {
    head: &'static str,
    shown: Shown,
}

impl ShownDialog {
    pub(super) fn new(shown: Shown) -> Self {
        Self { head: "A contact whose story shows it", shown }
    }

    /// Of one that meets a cell of the matrix.
    pub(super) fn meeting(shown: Shown) -> Self {
        Self { head: "A contact that meets it", shown }
    }

    /// Whether it goes on, ends, or ends with the edit that takes the contact in.
    pub(super) fn ui(
        &self,
        ctx: &egui::Context,
        theme: &Theme,
        project: &crate::model::Project,
        editable: bool,
    ) -> Answer {
        let mut answer = Answer::Open;
        let Shown { contact, story } = &self.shown;
        let modal = Modal::new(egui::Id::new("shown")).frame(theme.card_frame()).show(ctx, |ui| {
            ui.set_width(520.0);
            ui.label(theme.heading(self.head));
            ui.add_space(theme.spacing.small);
            ui.add(Label::new(theme.muted(&contact.note)).wrap());
            let known = contact
                .attributes
                .iter()
                .filter_map(|(id, value)| Some(format!("{}: {value}", project.attributes.get(id)?.name)));
            let known: Vec<String> = known.collect();
            if !known.is_empty() {
                ui.add_space(theme.spacing.small);
                ui.label(theme.text(format!("At first, {}", known.join(" · "))));
            }
            ui.add_space(theme.spacing.small);
            theme.sunken_frame().show(ui, |ui| {
                // The last line is the one that shows it.
                let height = (ctx.content_rect().height() - 340.0).clamp(120.0, 440.0);
                ScrollArea::vertical().max_height(height).stick_to_bottom(true).show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    ui.spacing_mut().item_spacing.y = 0.0;
                    for (index, entry) in story.entries.iter().enumerate() {
                        let last = index + 1 == story.entries.len();
                        ui.push_id(index, |ui| line_ui(ui, theme, project, entry, last, false));
                    }
                });
            });
            ui.add_space(theme.spacing.medium);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if theme.primary_button(ui, "Close").clicked() {
                    answer = Answer::Close;
                }
                if editable && theme.secondary_button(ui, "Add to samples").clicked() {
                    answer = Answer::Add(Box::new(Edit::AddSample(contact.clone())));
                }
            });
        });
        if modal.should_close() && matches!(answer, Answer::Open) {
            answer = Answer::Close;
        }
        answer
    }
}
