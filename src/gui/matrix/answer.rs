//! Beside the table: what happens in the cell under the cursor, and the ways to answer it.

use egui::{Id, RichText, ScrollArea, Ui};
use egui_phosphor::regular as icon;

use super::Board;
use super::cases::cases_ui;
use super::look::Look;
use crate::analysis::expectation::Outcome;
use crate::analysis::matrix::{Kind, Rest};
use crate::document::Document;
use crate::gui::field::{Look as FieldLook, named, text_field};
use crate::gui::request::{Request, Selection};
use crate::gui::{Theme, inspector};
use crate::model::{
    Answer, Asked, Edit, EntityId, NodeId, NodeKind, Place, Project, TransitionId, capitalised, sentence,
};
use crate::simulation::{Problem, Severity};

/// Which answer is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Arrow,
    Paper(Answer),
}

/// An answer that is being written.
#[derive(Default)]
pub(super) struct Draft {
    mode: Option<Mode>,
    /// Give the first field of the form the keyboard.
    begin: bool,
    #[expect(clippy::option_option, reason = "not chosen yet, or to stay, or a state")]
    target: Option<Option<NodeId>>,
    trigger: String,
    guard: String,
    text: String,
    /// Stays from one answer to the next: in a workshop one person writes.
    who: String,
    /// The group that the answer is for, if it is not the state alone.
    group: Option<NodeId>,
}

impl Draft {
    /// Throws the answer away.
    pub(super) fn close(&mut self) {
        let who = std::mem::take(&mut self.who);
        *self = Self { who, ..Self::default() };
    }

    fn open(&mut self, mode: Mode, guard: &str) {
        self.close();
        self.mode = Some(mode);
        self.begin = true;
        guard.clone_into(&mut self.guard);
        self.trigger = String::from("after 30 days");
    }
}

/// What the answers look at.
struct Scene<'a> {
    theme: &'a Theme,
    project: &'a Project,
    place: Place,
    around: Vec<NodeId>,
}

impl Board {
    /// The panel at the right.
    pub fn cell_ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        document: &Document,
        selection: &Selection,
        found: (&[Problem], &[Outcome]),
        requests: &mut Vec<Request>,
    ) {
        let arrow = match selection.single() {
            Some(EntityId::Transition(id)) => Some(id),
            _ => None,
        };
        // Of an arrow that was chosen in the cell everything is shown below.
        let height = if arrow.is_some() { ui.available_height() * 0.45 } else { f32::INFINITY };
        ScrollArea::vertical().id_salt("cell").auto_shrink([false, arrow.is_some()]).max_height(height).show(
            ui,
            |ui| {
                ui.set_width(ui.available_width() - 6.0);
                ui.spacing_mut().item_spacing.y = theme.spacing.small;
                if let Some(cursor) = self.cursor {
                    self.one_ui(ui, theme, document, cursor, requests);
                } else {
                    ui.label(theme.muted("Choose a cell to see what happens there, and to decide it."));
                }
                ui.add_space(theme.spacing.large);
            },
        );
        if arrow.is_some() {
            ui.separator();
            inspector::ui(ui, theme, document, selection, found, requests);
        }
    }

    fn one_ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        document: &Document,
        (row, column): (usize, usize),
        requests: &mut Vec<Request>,
    ) {
        let project = document.project();
        let place = self.matrix.place(row, column);
        let cell = self.matrix.cell(row, column).clone();
        let scene = Scene { theme, project, place, around: self.matrix.rows[row].around.clone() };
        ui.label(theme.caption(format!("What happens in {}", self.matrix.rows[row].label)));
        ui.label(theme.heading(capitalised(&self.matrix.column_label(column))));
        let look = Look::of(theme, &cell);
        let frame = theme.sunken_frame().fill(if cell.is_open() { theme.palette.warning_soft } else { look.fill });
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            let words = format!("{}  {}", look.icon, capitalised(cell.kind.label()));
            ui.label(
                RichText::new(words)
                    .size(theme.sizes.subheading)
                    .color(look.ink)
                    .family(super::super::theme::strong_family()),
            );
            ui.label(theme.text(cell.kind.meaning()));
            if cell.is_undecided_in_part() {
                let sentence = "Some contacts have no answer: the conditions leave them out.";
                ui.label(theme.problem(Severity::Warning, sentence));
            }
            if let Some(rest) = cell.rest.label().filter(|_| !cell.branches.is_empty() && !cell.is_open()) {
                ui.label(theme.muted(capitalised(rest)));
            }
        });
        self.met_ui(ui, theme, document, (row, column));
        scene.branches(ui, &cell, requests);
        ui.add_enabled_ui(!document.read_only(), |ui| {
            if let Some(decision) = cell.decision.and_then(|id| project.decisions.get(&id)) {
                if cell.rest == Rest::Nothing {
                    ui.label(theme.muted("The arrows answer for everybody, so what was decided below is not needed."));
                }
                scene.paper(ui, decision, requests);
            }
            if cell.kind != Kind::NotAsked {
                let may_be_said = cell.is_open() || cell.decision.is_some() || cell.rest == Rest::Restarts;
                self.answers(ui, &scene, (cell.is_open(), may_be_said), requests);
            }
            if let Asked::Event(event) = place.asked {
                cases_ui(ui, theme, project, event, requests);
            }
        });
    }

    /// The buttons to answer with, and the form of the one that was pressed.
    fn answers(
        &mut self,
        ui: &mut Ui,
        scene: &Scene,
        (is_open, may_be_said): (bool, bool),
        requests: &mut Vec<Request>,
    ) {
        let theme = scene.theme;
        ui.add_space(theme.spacing.small);
        ui.label(theme.subheading(if is_open { "Answer" } else { "Answer otherwise" }));
        let guard = scene.project.bucket(scene.place).map(|bucket| bucket.guard.text().to_owned()).unwrap_or_default();
        for (mode, sign, words) in [
            (Mode::Arrow, icon::FLOW_ARROW, "Draw the arrow"),
            (Mode::Paper(Answer::Ignored), icon::PROHIBIT, "Ignore on purpose"),
            (Mode::Paper(Answer::Question), icon::QUESTION, "Leave a question"),
        ] {
            if mode != Mode::Arrow && !may_be_said {
                continue;
            }
            let is_chosen = self.draft.mode == Some(mode);
            let label = format!("{sign}  {words}");
            let button = if is_chosen { theme.primary_button(ui, label) } else { theme.secondary_button(ui, label) };
            button.widget_info(|| {
                egui::WidgetInfo::selected(egui::WidgetType::Button, ui.is_enabled(), is_chosen, words)
            });
            if mode == Mode::Arrow && std::mem::take(&mut self.answering) {
                button.request_focus();
            }
            if button.clicked() {
                if is_chosen {
                    self.draft.close();
                } else {
                    self.draft.open(mode, &guard);
                }
            }
            if self.draft.mode == Some(mode) {
                let done = match mode {
                    Mode::Arrow => scene.arrow_form(ui, &mut self.draft),
                    Mode::Paper(answer) => scene.paper_form(ui, &mut self.draft, answer),
                };
                if let Some(edit) = done {
                    requests.push(Request::Edit(edit));
                    self.draft.close();
                    self.focus = true;
                }
            }
        }
    }
}

impl Scene<'_> {
    /// A line for each arrow; pressing it shows all of it.
    fn branches(&self, ui: &mut Ui, cell: &crate::analysis::matrix::Cell, requests: &mut Vec<Request>) {
        for (number, branch) in cell.branches.iter().enumerate() {
            let Some(arrow) = self.project.transitions.get(&branch.arrow) else { continue };
            let order = if cell.branches.len() > 1 { format!("{}.  ", number + 1) } else { String::new() };
            ui.add(
                egui::Label::new(self.theme.text(format!("{order}{}", sentence::transition(self.project, arrow))))
                    .wrap(),
            );
            self.edit_button(ui, branch.arrow, requests);
        }
        for (id, timer) in cell.restarts.iter().zip(cell.timers(self.project)) {
            let otherwise = if cell.branches.is_empty() { "" } else { "Else " };
            let words = format!("{otherwise}the timer \"{timer}\" starts anew.");
            ui.add(egui::Label::new(self.theme.text(capitalised(&words))).wrap());
            self.edit_button(ui, *id, requests);
        }
    }

    fn edit_button(&self, ui: &mut Ui, arrow: TransitionId, requests: &mut Vec<Request>) {
        if self.theme.quiet_button(ui, format!("{}  Edit this arrow", icon::PENCIL_SIMPLE)).clicked() {
            requests.push(Request::Show(arrow.into()));
        }
    }

    /// What was decided on paper, to be changed or taken back.
    fn paper(&self, ui: &mut Ui, decision: &crate::model::Decision, requests: &mut Vec<Request>) {
        let theme = self.theme;
        let words = match decision.answer {
            Answer::Ignored => "Why nothing shall happen",
            Answer::Question => "What is to be found out",
        };
        if decision.place.state != self.place.state {
            let group = self.project.node_label(decision.place.state);
            ui.label(theme.muted(format!("Decided for everything in {group}.")));
        }
        let changed = |text: String, who: String| {
            Request::Edit(Edit::Decide { places: vec![decision.place], answer: decision.answer, text, who })
        };
        ui.label(theme.caption(words));
        let field = text_field(ui, ("cell text", decision.id), &decision.text, &FieldLook::line(words).rows(2));
        if let Some(text) = field.finished {
            requests.push(changed(text, decision.who.clone()));
        }
        ui.label(theme.caption("Who"));
        let field = text_field(ui, ("cell who", decision.id), &decision.who, &FieldLook::line("Who"));
        if let Some(who) = field.finished {
            requests.push(changed(decision.text.clone(), who));
        }
        if theme.secondary_button(ui, format!("{}  Take it back", icon::ARROW_COUNTER_CLOCKWISE)).clicked() {
            requests.push(Request::Edit(Edit::Delete(vec![decision.id.into()])));
        }
    }

    /// Where the arrow leads and for whom; the edit when it is drawn.
    fn arrow_form(&self, ui: &mut Ui, draft: &mut Draft) -> Option<Edit> {
        let theme = self.theme;
        let mut done = None;
        theme.sunken_frame().show(ui, |ui| {
            ui.set_width(ui.available_width());
            if matches!(self.place.asked, Asked::Silence | Asked::Clock) {
                if self.place.asked == Asked::Clock && draft.trigger.starts_with("after") {
                    draft.trigger = String::from("at 09:00");
                }
                ui.label(theme.caption("When"));
                line(ui, "When", &mut draft.trigger, "after 30 days, or after 7 days without click", &mut draft.begin);
            }
            ui.label(theme.caption("Leads to"));
            let name = |target: &Option<NodeId>| match target {
                Some(node) => self.project.node_label(*node),
                None => String::from("(stay here)"),
            };
            let current = draft.target.as_ref().map_or_else(|| String::from("choose"), &name);
            let targets = self.project.document_order().into_iter().map(|(_, node)| Some(node.id));
            let list = egui::ComboBox::from_id_salt("target of the answer")
                .width(ui.available_width())
                .truncate()
                .selected_text(&current)
                .show_ui(ui, |ui| {
                    for target in std::iter::once(None).chain(targets) {
                        if ui.selectable_label(draft.target == Some(target), name(&target)).clicked() {
                            ui.close();
                            draft.target = Some(target);
                        }
                    }
                });
            named(&list.response, "Leads to", &current);
            if std::mem::take(&mut draft.begin) {
                list.response.request_focus();
            }
            ui.label(theme.caption("Only if (empty: always)"));
            let entered = line(ui, "Only if", &mut draft.guard, "fit >= B", &mut false);
            let formula = crate::model::Formula::new(draft.guard.clone());
            let problem = formula.parse().err().map(|error| error.to_string());
            if let Some(problem) = &problem {
                ui.label(theme.problem(Severity::Error, problem));
            }
            let can = draft.target.is_some() && problem.is_none();
            let button = ui.add_enabled_ui(can, |ui| theme.primary_button(ui, "Draw")).inner;
            if let (true, Some(target)) = (button.clicked() || (entered && can), draft.target) {
                let trigger = match self.place.asked {
                    Asked::Event(_) | Asked::Done(_) => self.project.asked_label(self.place.asked),
                    Asked::Silence | Asked::Clock => draft.trigger.clone(),
                };
                // Nothing leads on from an end, but from the group that is done with it.
                let source = if let Asked::Done(group) = self.place.asked { group } else { self.place.state };
                let guard = draft.guard.clone();
                done = Some(Edit::AddBranch { source, target, trigger, guard });
            }
        });
        done
    }

    /// The words of an answer on paper; the edit when it is given.
    fn paper_form(&self, ui: &mut Ui, draft: &mut Draft, answer: Answer) -> Option<Edit> {
        let theme = self.theme;
        let (words, who, button, hint) = match answer {
            Answer::Ignored => ("Why nothing shall happen", "Who decided", "Ignore", "It is too early to bother them"),
            Answer::Question => ("What is to be found out", "Who asks", "Leave the question", "Who calls, and when?"),
        };
        let mut done = None;
        theme.sunken_frame().show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(theme.caption(words));
            let mut entered = line(ui, words, &mut draft.text, hint, &mut draft.begin);
            ui.label(theme.caption(who));
            entered |= line(ui, who, &mut draft.who, "Anna", &mut false);
            let groups = self
                .around
                .iter()
                .filter(|group| self.project.nodes.get(group).is_some_and(|node| node.kind != NodeKind::End));
            let groups: Vec<NodeId> = groups.copied().collect();
            if !groups.is_empty() {
                ui.label(theme.caption("Holds in"));
                let current = self.project.node_label(draft.group.unwrap_or(self.place.state));
                let list = egui::ComboBox::from_id_salt("where the answer holds")
                    .width(ui.available_width())
                    .truncate()
                    .selected_text(&current)
                    .show_ui(ui, |ui| {
                        let own = self.project.node_label(self.place.state);
                        ui.selectable_value(&mut draft.group, None, own);
                        for group in groups.iter().rev() {
                            let words = format!("everything in {}", self.project.node_label(*group));
                            ui.selectable_value(&mut draft.group, Some(*group), words);
                        }
                    });
                named(&list.response, "Holds in", &current);
            }
            let can = answer == Answer::Ignored || !draft.text.trim().is_empty();
            let button = ui.add_enabled_ui(can, |ui| theme.primary_button(ui, button)).inner;
            if button.clicked() || (entered && can) {
                let place = Place { state: draft.group.unwrap_or(self.place.state), ..self.place };
                let (text, who) = (draft.text.clone(), draft.who.clone());
                done = Some(Edit::Decide { places: vec![place], answer, text, who });
            }
        });
        done
    }
}

/// A field over a text that is no value of the project yet, which takes the keyboard where it is to `begin`. Whether Enter was
/// pressed in it.
fn line(ui: &mut Ui, name: &str, text: &mut String, hint: &str, begin: &mut bool) -> bool {
    let field = egui::TextEdit::singleline(text)
        .id(Id::new(("answer", name)))
        .hint_text(hint.to_owned())
        .margin(crate::gui::theme::FIELD_MARGIN)
        .desired_width(f32::INFINITY);
    let response = ui.add(field);
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::text_edit(ui.is_enabled(), text.as_str(), text.as_str(), hint);
        info.label = Some(name.to_owned());
        info
    });
    if std::mem::take(begin) {
        response.request_focus();
    }
    response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter))
}
