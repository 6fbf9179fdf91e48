//! Asks, beside an arrow, what sets it off: words with completion from the catalogue of events.

use egui::{Align, Area, Id, Key, Layout, Modifiers, Order, Pos2, Response, RichText, Sense, TextEdit, Ui, vec2};
use egui_phosphor::regular as icon;

use super::{Canvas, CanvasView};
use crate::gui::field::titled;
use crate::gui::request::Request;
use crate::gui::theme::Theme;
use crate::model::trigger_text::{TriggerWords, print_trigger};
use crate::model::{Edit, Project, TransitionId};
use crate::simulation::problem::Severity;

const WIDTH: f32 = 320.0;
const SHOWN: usize = 7;

/// A trigger that is being typed.
#[derive(Debug)]
pub(super) struct Asking {
    pub(super) arrow: TransitionId,
    /// `None` until the field is first shown.
    text: Option<String>,
    /// The suggestion that Enter takes.
    chosen: Option<usize>,
    refusal: Option<String>,
}

enum Outcome {
    Typing,
    Commit,
    Cancel,
}

impl Asking {
    pub(super) fn new(arrow: TransitionId) -> Self {
        Self { arrow, text: None, chosen: None, refusal: None }
    }
}

impl Canvas {
    pub(super) fn edit_trigger(&mut self, ui: &Ui, view: &CanvasView, requests: &mut Vec<Request>) {
        let Some(mut asking) = self.asking.take() else { return };
        let Some(arrow) = view.project.transitions.get(&asking.arrow).filter(|_| view.editable) else { return };
        if asking.text.is_none() {
            self.show(asking.arrow.into());
        }
        let Some(drawn) = self.projection.arrow(asking.arrow) else { return };
        let under = self.camera.screen_from_canvas(drawn.label_rect.center_bottom());
        let current = print_trigger(view.project, &arrow.trigger);
        match show(ui, view, &mut asking, &current, under) {
            Outcome::Typing => self.asking = Some(asking),
            Outcome::Cancel => {}
            Outcome::Commit => {
                let words = asking.text.clone().unwrap_or_default().trim().to_owned();
                let edit = Edit::SetTrigger(asking.arrow, words);
                match edit.plan(view.project) {
                    Ok(changes) if changes.is_empty() => {}
                    Ok(_) => requests.push(Request::Edit(edit)),
                    Err(refusal) => {
                        asking.refusal = Some(refusal.to_string());
                        if ui.input(|input| input.key_pressed(Key::Enter)) {
                            ui.memory_mut(|memory| memory.request_focus(field_id()));
                            self.asking = Some(asking);
                        }
                    }
                }
            }
        }
    }
}

fn field_id() -> Id {
    Id::new("trigger on the canvas")
}

fn show(ui: &Ui, view: &CanvasView, asking: &mut Asking, current: &str, under: Pos2) -> Outcome {
    let theme = view.theme;
    let first = asking.text.is_none();
    let text = asking.text.get_or_insert_with(|| current.to_owned());
    let found = suggestions(view.project, text);
    let step = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if !found.is_empty() {
        let last = found.len().min(SHOWN) - 1;
        if step(Key::ArrowDown) {
            asking.chosen = Some(asking.chosen.map_or(0, |chosen| (chosen + 1).min(last)));
        }
        if step(Key::ArrowUp) {
            asking.chosen = asking.chosen.and_then(|chosen| chosen.checked_sub(1));
        }
    }
    let mut outcome = Outcome::Typing;
    let left_top = under + vec2(-WIDTH / 2.0, 8.0);
    let area = Area::new(Id::new("trigger field")).order(Order::Foreground).fixed_pos(left_top).constrain(true);
    let shown = area.show(ui.ctx(), |ui| {
        theme.popup_frame().show(ui, |ui| {
            ui.set_width(WIDTH);
            ui.label(theme.caption("What sets this arrow off?"));
            let field = TextEdit::singleline(text)
                .id(field_id())
                .hint_text(RichText::new("purchase, or after 90 days without purchase").color(theme.palette.text_muted))
                .margin(vec2(10.0, 7.0))
                .cursor_at_end(true)
                .desired_width(f32::INFINITY);
            let field = ui.add(field);
            titled(&field, "What sets this arrow off", text);
            if first {
                field.request_focus();
                ui.ctx().request_repaint();
            }
            if field.changed() {
                asking.refusal = None;
                asking.chosen = None;
            }
            rows(ui, theme, view.project, text, &found, asking.chosen)
                .map_or_else(|| (field, None), |(taken, at)| (taken, Some(at)))
        })
    });
    let (field, taken) = shown.inner.inner;
    let entered = ui.input(|input| input.key_pressed(Key::Enter));
    if let Some(at) = taken.or(asking.chosen.filter(|_| entered && field.lost_focus())) {
        text.clone_from(&found[at].words);
        if found[at].open_ended {
            asking.chosen = None;
            ui.memory_mut(|memory| memory.request_focus(field_id()));
            move_cursor_to_end(ui, text);
            return outcome;
        }
        return Outcome::Commit;
    }
    if let Some(refusal) = &asking.refusal {
        let place = shown.response.rect.left_bottom() + vec2(0.0, 6.0);
        Area::new(Id::new("refused trigger")).order(Order::Foreground).fixed_pos(place).interactable(false).show(
            ui.ctx(),
            |ui| {
                theme.problem_frame(Severity::Error).show(ui, |ui| {
                    ui.set_max_width(WIDTH);
                    ui.label(theme.problem(Severity::Error, refusal));
                });
            },
        );
    }
    let inside = ui.input(|input| input.pointer.interact_pos()).is_some_and(|at| shown.response.rect.contains(at));
    let pressed = ui.input(|input| input.pointer.any_pressed());
    if !first && field.lost_focus() && !(inside && !entered && !ui.input(|input| input.key_pressed(Key::Escape))) {
        let escaped = ui.input(|input| input.key_pressed(Key::Escape));
        outcome = if escaped { Outcome::Cancel } else { Outcome::Commit };
    } else if !first && pressed && !inside {
        outcome = Outcome::Commit;
    }
    outcome
}

/// The list under the field. Gives the row that was clicked.
fn rows(
    ui: &mut Ui,
    theme: &Theme,
    project: &Project,
    text: &str,
    found: &[Suggestion],
    chosen: Option<usize>,
) -> Option<(Response, usize)> {
    let mut clicked = None;
    for (index, suggestion) in found.iter().take(SHOWN).enumerate() {
        let words = format!("{}  {}", suggestion.icon, suggestion.words.trim_end());
        let row = ui
            .with_layout(Layout::top_down_justified(Align::Min), |ui| {
                let button = egui::Button::selectable(chosen == Some(index), theme.text(words));
                ui.add(button.sense(Sense::CLICK))
            })
            .inner;
        if row.clicked() {
            clicked = Some((row, index));
        }
    }
    if let Ok(words) = TriggerWords::parse(text)
        && chosen.is_none()
    {
        let unknown = words.event_names().iter().find(|name| !name.is_empty() && project.event_by_name(name).is_none());
        if let Some(name) = unknown {
            ui.label(theme.caption(format!("Enter adds \"{name}\" to the events.")));
        }
    }
    clicked
}

fn move_cursor_to_end(ui: &Ui, text: &str) {
    if let Some(mut state) = egui::text_edit::TextEditState::load(ui.ctx(), field_id()) {
        let end = egui::text::CCursor::new(text.chars().count());
        state.cursor.set_char_range(Some(egui::text::CCursorRange::one(end)));
        state.store(ui.ctx(), field_id());
    }
}

/// A way to go on from what has been typed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Suggestion {
    /// The whole text when it is taken.
    words: String,
    icon: &'static str,
    /// Something has to follow.
    open_ended: bool,
}

fn suggestions(project: &Project, text: &str) -> Vec<Suggestion> {
    let lower = text.to_lowercase();
    let head_end = [" or ", "without ", "since "]
        .iter()
        .filter_map(|word| lower.rfind(word).map(|at| at + word.len()))
        .max()
        .unwrap_or(0)
        .min(text.len());
    let (head, tail) = (text.get(..head_end).unwrap_or(""), lower.get(head_end..).unwrap_or("").trim());
    let mut found: Vec<Suggestion> = Vec::new();
    let mut offer = |words: String, icon, open_ended| {
        if !words.eq_ignore_ascii_case(text) && !found.iter().any(|one| one.words == words) {
            found.push(Suggestion { words, icon, open_ended });
        }
    };
    let names = || project.events.values().map(|event| event.name.as_str());
    for begins in [true, false] {
        for name in names() {
            let lower = name.to_lowercase();
            if lower.starts_with(tail) == begins && lower.contains(tail) {
                offer(format!("{head}{name}"), icon::CURSOR_CLICK, false);
            }
        }
    }
    if head.is_empty() {
        for (words, icon, open_ended) in [
            ("after 7 days", icon::CLOCK, false),
            ("after 90 days without ", icon::CLOCK, true),
            ("always", icon::LIGHTNING, false),
            ("any event", icon::CURSOR_CLICK, false),
        ] {
            if words.starts_with(tail) {
                offer(words.to_owned(), icon, open_ended);
            }
        }
        if matches!(TriggerWords::parse(text), Ok(TriggerWords::After(_))) {
            offer(format!("{} without ", text.trim()), icon::CLOCK, true);
            offer(format!("{} since ", text.trim()), icon::CLOCK, true);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::notation;

    fn offered(text: &str) -> Vec<String> {
        let project = notation::parse("event purchase\nevent repeat purchase\nevent visit").unwrap();
        suggestions(&project, text).into_iter().map(|one| one.words).collect()
    }

    #[test]
    fn events_that_begin_with_the_text_come_first() {
        assert_eq!(offered("pur"), ["purchase", "repeat purchase"]);
        assert_eq!(offered("")[..3], ["purchase", "repeat purchase", "visit"]);
        assert_eq!(offered("zzz"), Vec::<String>::new());
    }

    #[test]
    fn the_last_event_is_completed_and_the_rest_kept() {
        assert_eq!(offered("visit or pur"), ["visit or purchase", "visit or repeat purchase"]);
        assert_eq!(offered("after 90 days without vi"), ["after 90 days without visit"]);
        assert_eq!(offered("after 30 days"), ["after 30 days without ", "after 30 days since "]);
    }

    #[test]
    fn what_is_already_typed_is_not_offered() {
        assert_eq!(offered("visit"), Vec::<String>::new());
    }
}
