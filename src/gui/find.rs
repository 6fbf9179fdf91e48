//! Searches everything that is written on the drawing: names, owners, notes, triggers, conditions, actions. Shows how many
//! places were found, and goes from one to the next.

use std::collections::BTreeSet;

use egui::{Area, Id, Key, Modifiers, Order, Rect, RichText, TextEdit, vec2};
use egui_phosphor::regular as icon;

use super::Theme;
use super::request::Request;
use crate::model::trigger_text::print_trigger;
use crate::model::{Action, EntityId, Project, sentence};

const WIDTH: f32 = 348.0;

/// A search that is open.
#[derive(Debug, Default)]
pub struct Finder {
    text: String,
    /// In the order of the outline.
    found: Vec<EntityId>,
    current: usize,
    /// What `found` was looked up in.
    searched: Option<(u64, String)>,
    shown: bool,
    /// Somebody was typing in it when it was last drawn.
    had_focus: bool,
}

impl Finder {
    /// Everything that was found.
    #[must_use]
    pub fn found(&self) -> BTreeSet<EntityId> {
        self.found.iter().copied().collect()
    }

    /// Whether Escape is meant for it: the key takes the focus away before anybody hears of it.
    #[must_use]
    pub fn had_focus(&self) -> bool {
        self.had_focus
    }

    /// Goes on to the next place, or back to the one before.
    pub fn step(&mut self, back: bool, requests: &mut Vec<Request>) {
        let count = self.found.len();
        if count == 0 {
            return;
        }
        self.current = if back { self.current + count - 1 } else { self.current + 1 } % count;
        requests.push(Request::Show(self.found[self.current]));
    }

    /// Takes the focus again.
    pub fn focus(&mut self) {
        self.shown = false;
    }

    /// Draws the field into the upper right corner of `canvas`; returns whether it should go.
    pub fn ui(
        &mut self,
        ctx: &egui::Context,
        theme: &Theme,
        canvas: Rect,
        (project, revision): (&Project, u64),
        requests: &mut Vec<Request>,
    ) -> bool {
        let id = Id::new("find on the canvas");
        let mut close = false;
        let place = canvas.right_top() + vec2(-WIDTH - 68.0, 10.0);
        Area::new(Id::new("find")).order(Order::Middle).fixed_pos(place).show(ctx, |ui| {
            theme.popup_frame().show(ui, |ui| {
                ui.set_width(WIDTH);
                ui.horizontal(|ui| {
                    let has_focus = ctx.memory(|memory| memory.has_focus(id));
                    let pressed = |modifiers, key| has_focus && ui.input_mut(|input| input.consume_key(modifiers, key));
                    let back = pressed(Modifiers::SHIFT, Key::Enter) || pressed(Modifiers::SHIFT, Key::F3);
                    let forward = pressed(Modifiers::NONE, Key::Enter) || pressed(Modifiers::NONE, Key::F3);
                    let field = TextEdit::singleline(&mut self.text)
                        .id(id)
                        .hint_text(RichText::new("Name, condition, trigger, action").color(theme.palette.text_muted))
                        .margin(vec2(8.0, 6.0))
                        .desired_width(176.0);
                    let field = ui.add(field);
                    field.widget_info(|| {
                        let words = "Search names, conditions, triggers and actions";
                        egui::WidgetInfo::labeled(egui::WidgetType::TextEdit, true, words)
                    });
                    if !std::mem::replace(&mut self.shown, true) {
                        field.request_focus();
                    }
                    self.had_focus = field.has_focus();
                    self.search(project, revision, requests);
                    let words = match (self.text.trim().is_empty(), self.found.len()) {
                        (true, _) => String::new(),
                        (false, 0) => String::from("nothing"),
                        (false, count) => format!("{} of {count}", self.current + 1),
                    };
                    ui.add_sized(vec2(62.0, 24.0), egui::Label::new(theme.caption(words)));
                    let any = !self.found.is_empty();
                    let mut button = |sign: &str, words: &str, any: bool| {
                        let sign = RichText::new(sign).size(theme.sizes.body);
                        let button = ui.add_enabled_ui(any, |ui| theme.quiet_button(ui, sign)).inner;
                        button.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, any, words));
                        button.on_hover_text(words).clicked()
                    };
                    if button(icon::ARROW_UP, "Find previous", any) || back {
                        self.step(true, requests);
                    }
                    if button(icon::ARROW_DOWN, "Find next", any) || forward {
                        self.step(false, requests);
                    }
                    close |= button(icon::X, "Close the search", true);
                });
            });
        });
        close
    }

    /// Looks again where the text or the project has changed, and shows the first place of a new text.
    fn search(&mut self, project: &Project, revision: u64, requests: &mut Vec<Request>) {
        let now = (revision, self.text.trim().to_lowercase());
        if self.searched.as_ref() == Some(&now) {
            return;
        }
        let new_text = self.searched.as_ref().is_none_or(|(_, text)| *text != now.1);
        self.found = places(project, &now.1);
        self.searched = Some(now);
        if new_text {
            self.current = 0;
            requests.extend(self.found.first().map(|first| Request::Show(*first)));
        } else {
            self.current = self.current.min(self.found.len().saturating_sub(1));
        }
    }
}

/// Every state and arrow that says `wanted` somewhere, each state before its arrows.
fn places(project: &Project, wanted: &str) -> Vec<EntityId> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let says = |text: &str| text.to_lowercase().contains(wanted);
    let does = |actions: &[Action]| actions.iter().any(|action| says(&sentence::action(project, action)));
    let arrows = project.arrows_by_source();
    let mut found = Vec::new();
    for (_, node) in project.document_order() {
        if says(&node.name) || says(&node.owner) || says(&node.note) || does(&node.on_entry) || does(&node.on_exit) {
            found.push(node.id.into());
        }
        for arrow in arrows.get(&node.id).into_iter().flatten() {
            if says(&print_trigger(project, &arrow.trigger)) || says(arrow.guard.text()) || does(&arrow.actions) {
                found.push(arrow.id.into());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::notation;

    #[test]
    fn everything_that_is_written_is_found() {
        let project = notation::parse(
            "touchpoint welcome: e-mail\nstate Lead owner Marketing\nstate Trial\n  entry send(welcome)
Lead --visit [count(visit) > 2]--> Trial\nTrial --after 14 days / send(welcome)--> Lead",
        )
        .unwrap();
        for (wanted, count) in [
            ("lead", 1),
            ("marketing", 1),
            ("visit", 1),
            ("> 2", 1),
            ("14 days", 1),
            ("welcome", 2),
            ("l", 3),
            ("zz", 0),
            ("", 0),
        ] {
            assert_eq!(places(&project, wanted).len(), count, "{wanted}: {:?}", places(&project, wanted));
        }
    }
}
