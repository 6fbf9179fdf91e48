//! How often the run that Simulate shows has met each cell, and looking for a contact that meets one; both on threads of
//! their own.

use egui::{Button, RichText, Ui, vec2};
use egui_phosphor::regular as icon;

use super::Board;
use crate::analysis::Coverage;
use crate::analysis::coverage::{Met, propose};
use crate::analysis::prove::{MOST_STEPS, Shown};
use crate::document::Document;
use crate::gui::Theme;
use crate::gui::simulator::task::{Polled, Task, poll};
use crate::gui::simulator::{Key, Simulator};
use crate::model::{Place, capitalised};
use crate::simulation::Severity;
use crate::simulation::timeline::Missing;

/// The counts, and what is being looked for.
#[derive(Default)]
pub(super) struct Counting {
    on: bool,
    /// The run that was counted, or is being counted.
    key: Option<Key>,
    task: Option<Task<Result<Coverage, Missing>>>,
    coverage: Option<Coverage>,
    /// Why there are no counts.
    problem: Option<String>,
    search: Option<(Place, Task<Option<Shown>>)>,
}

impl Counting {
    /// The counts, where they are to be shown.
    pub(super) fn coverage(&self) -> Option<&Coverage> {
        self.coverage.as_ref().filter(|_| self.on)
    }

    /// The drawing has changed.
    pub(super) fn forget(&mut self) {
        *self = Self { on: self.on, ..Self::default() };
    }
}

/// The icon and the words of a cell, where there is something to meet; short, so that great numbers have room.
pub(super) fn words(met: Met) -> Option<String> {
    let words = met.words()?;
    Some(match words.strip_prefix("met ") {
        Some(times) => format!("{} {times}", icon::FOOTPRINTS),
        None => format!("{} {words}", icon::EYE_CLOSED),
    })
}

impl Board {
    pub fn is_counting(&self) -> bool {
        self.met.on
    }

    /// Counts what the run has met that Simulate shows, as soon as it is one of this drawing.
    pub fn count(&mut self, document: &Document, simulator: &Simulator, ctx: &egui::Context) {
        match poll(&mut self.met.task) {
            Polled::Waiting => {}
            Polled::Done(Ok(coverage)) => {
                self.met.coverage = Some(coverage);
                self.look_again(document.project());
            }
            Polled::Done(Err(Missing::Endless(_))) => {
                self.met.problem = Some(String::from("Contacts win others without end, so nothing is counted."));
            }
            Polled::Done(Err(Missing::Cancelled | Missing::TooMany(_))) | Polled::Broken => {
                self.met.problem = Some(String::from("Counting broke off. Switch it off and on again."));
            }
        }
        let Some(played) = simulator.played() else {
            self.met.problem = simulator.problem().map(String::from);
            return;
        };
        if played.key.revision != document.revision() || self.met.key.as_ref() == Some(&played.key) {
            return;
        }
        self.met.key = Some(played.key.clone());
        self.met.problem = None;
        let (again, project, matrix) = (played.again(), document.project().clone(), self.matrix.clone());
        self.met.task = Some(Task::start(ctx, 0, move |progress| Some(again.coverage(&project, &matrix, progress))));
    }

    /// What the search came to, once: a contact, or a sentence that says why there is none.
    pub fn found(&mut self) -> Option<Result<Shown, String>> {
        let (place, task) = self.met.search.take()?;
        let mut task = Some(task);
        match poll(&mut task) {
            Polled::Waiting => {
                self.met.search = task.map(|task| (place, task));
                None
            }
            Polled::Done(Some(shown)) => Some(Ok(shown)),
            Polled::Done(None) => {
                Some(Err(format!("No contact that meets it was found within {MOST_STEPS} events and timers.")))
            }
            Polled::Broken => Some(Err(String::from("The search broke off. Start it again."))),
        }
    }

    /// The switch, and what it brings to look for.
    pub(super) fn met_switches(&mut self, ui: &mut Ui, theme: &Theme, narrow: bool) {
        let switch = |ui: &mut Ui, on: bool, sign: &str, word: &str, about: &str| {
            let words = if narrow { sign.to_owned() } else { format!("{sign}  {word}") };
            let text = RichText::new(words).size(theme.sizes.body);
            let toggle = ui.add(Button::selectable(on, text).min_size(vec2(0.0, 30.0)));
            toggle.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::Checkbox, true, on, word));
            toggle.on_hover_text(about).clicked()
        };
        let about = "Count in each cell how often it was met in the run that Simulate shows";
        if switch(ui, self.met.on, icon::FOOTPRINTS, "How often met", about) {
            self.met.forget();
            self.met.on = !self.met.on;
            self.filter.never = false;
        }
        let about = "Leave out states and events of which every cell was met";
        if self.met.on && switch(ui, self.filter.never, icon::EYE_CLOSED, "Never met", about) {
            self.filter.never = !self.filter.never;
        }
    }

    /// In the line below the filters: how much was met.
    pub(super) fn met_legend(&self, ui: &mut Ui, theme: &Theme) {
        if !self.met.on {
            return;
        }
        if let Some(problem) = &self.met.problem {
            ui.label(theme.problem(Severity::Warning, problem));
        } else if let Some(coverage) = &self.met.coverage {
            let words = format!("{} {}", icon::FOOTPRINTS, coverage.sentence());
            let text = RichText::new(words).size(theme.sizes.small).color(theme.palette.accent);
            ui.label(text)
                .on_hover_text("In the run that Simulate shows; cells where there is nothing to meet left out");
        } else {
            ui.spinner();
            ui.label(theme.caption("Counting …"));
        }
    }

    /// Beside the table: how often the cell was met, and a contact that would meet it.
    pub(super) fn met_ui(&mut self, ui: &mut Ui, theme: &Theme, document: &Document, (row, column): (usize, usize)) {
        let Some(met) = self.coverage().map(|coverage| coverage.met(row, column)) else { return };
        let Some(words) = met.words() else {
            ui.label(theme.muted("Nothing can be met here: nobody rests here, or no timer runs."));
            return;
        };
        let sentence = format!("{} in the run that Simulate shows", capitalised(&words));
        if met != Met::Never {
            ui.label(theme.muted(format!("{}  {sentence}", icon::FOOTPRINTS)));
            return;
        }
        let text = format!("{}  {sentence}", icon::EYE_CLOSED);
        ui.label(RichText::new(text).size(theme.sizes.body).color(theme.palette.warning));
        let place = self.matrix.place(row, column);
        if let Some((sought, _)) = &self.met.search {
            let is_here = *sought == place;
            ui.horizontal(|ui| {
                ui.spinner();
                ui.label(theme.caption(if is_here {
                    String::from("Looking for a contact …")
                } else {
                    format!("Looking for a contact for {} …", document.project().place_label(*sought))
                }));
            });
            if theme.secondary_button(ui, format!("{}  Stop looking", icon::X)).clicked() {
                self.met.search = None;
            }
        } else {
            let words = format!("{}  Find a contact that meets it", icon::MAGNIFYING_GLASS);
            let button = theme.secondary_button(ui, words);
            if button.on_hover_text("Looks step by step for events that lead there").clicked() {
                let project = document.project().clone();
                let task = Task::start(ui.ctx(), 0, move |progress| {
                    let found = propose(&project, place, progress);
                    (!progress.is_cancelled()).then_some(found)
                });
                self.met.search = Some((place, task));
            }
        }
    }
}
