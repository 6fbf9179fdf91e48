//! The name of a state, edited where it stands. Enter and clicking elsewhere commit, Escape gives up; a name that cannot
//! be had stays in the field with the reason below.

use egui::text::{CCursor, CCursorRange};
use egui::{Align, Frame, Id, Key, Margin, Rect, Stroke, TextEdit, Ui, UiBuilder, vec2};

use super::{Canvas, CanvasView};
use crate::gui::field::titled;
use crate::gui::request::Request;
use crate::gui::theme::Theme;
use crate::model::{Edit, NodeId, Project, TransitionId, Trigger};
use crate::simulation::problem::Severity;

/// A name that is being edited.
#[derive(Debug)]
pub(super) struct Naming {
    pub(super) node: NodeId,
    /// `None` until the field is first shown.
    text: Option<String>,
    refusal: Option<String>,
    /// When the name is settled, ask for the event of the arrow that leads here.
    ask_arrow: bool,
}

enum Outcome {
    Typing,
    Commit,
    Cancel,
}

impl Naming {
    pub(super) fn new(node: NodeId, ask_arrow: bool) -> Self {
        Self { node, text: None, refusal: None, ask_arrow }
    }
}

impl Canvas {
    pub(super) fn edit_name(&mut self, ui: &mut Ui, view: &CanvasView, requests: &mut Vec<Request>) {
        let Some(mut naming) = self.naming.take() else { return };
        let Some(node) = view.project.nodes.get(&naming.node).filter(|_| view.editable) else { return };
        if naming.text.is_none() {
            self.show(naming.node.into());
        }
        let Some(card) = self.projection.card(naming.node) else { return };
        let rect = self.camera.screen_rect(card.field_rect());
        match show(ui, view.theme, &mut naming, &node.name, rect, self.camera.zoom()) {
            Outcome::Typing => self.naming = Some(naming),
            Outcome::Cancel => self.after_naming(view.project, &naming),
            Outcome::Commit => {
                let name = naming.text.clone().unwrap_or_default();
                let edit = Edit::RenameNode(naming.node, name.trim().to_owned());
                match edit.plan(view.project) {
                    Ok(changes) => {
                        if !changes.is_empty() {
                            requests.push(Request::Edit(edit));
                        }
                        self.after_naming(view.project, &naming);
                    }
                    Err(refusal) => {
                        naming.refusal = Some(refusal.to_string());
                        // Clicking elsewhere gives up a name that cannot be had; Enter keeps it in the field.
                        if ui.input(|input| input.key_pressed(Key::Enter)) {
                            ui.memory_mut(|memory| memory.request_focus(field_id(naming.node)));
                            self.naming = Some(naming);
                        }
                    }
                }
            }
        }
    }

    fn after_naming(&mut self, project: &Project, naming: &Naming) {
        if naming.ask_arrow
            && let Some(arrow) = untold_arrow_into(project, naming.node)
        {
            self.ask_trigger(arrow);
        }
    }
}

fn untold_arrow_into(project: &Project, node: NodeId) -> Option<TransitionId> {
    let mut arrows = project.transitions.values().filter(|arrow| arrow.target == Some(node));
    arrows.find(|arrow| arrow.trigger == Trigger::Unset).map(|arrow| arrow.id)
}

fn field_id(node: NodeId) -> Id {
    Id::new(("name on the canvas", node))
}

fn show(ui: &mut Ui, theme: &Theme, naming: &mut Naming, name: &str, room: Rect, zoom: f32) -> Outcome {
    let id = field_id(naming.node);
    let first = naming.text.is_none();
    let text = naming.text.get_or_insert_with(|| name.to_owned());
    let size = (15.5 * zoom).clamp(13.0, 28.0);
    let (width, height) = (room.width().max(150.0), size * 1.25 + 12.0);
    let field = Rect::from_center_size(room.center(), vec2(width, height));
    let p = &theme.palette;
    let edge = if naming.refusal.is_some() { p.error } else { p.accent };
    let edit = TextEdit::singleline(text)
        .id(id)
        .font(Theme::font(size))
        .text_color(p.text)
        .hint_text("Name of the state")
        .frame(
            Frame::new()
                .fill(p.field)
                .stroke(Stroke::new(2.0, edge))
                .corner_radius(theme.radii.small)
                .inner_margin(Margin::symmetric(8, 3)),
        )
        .vertical_align(Align::Center)
        .min_size(vec2(width, height))
        .desired_width(width);
    let output = ui.scope_builder(UiBuilder::new().max_rect(field), |ui| edit.show(ui)).inner;
    let response = output.response.response;
    titled(&response, "Name of the state", text);
    if first {
        response.request_focus();
        let mut state = output.state;
        let all = CCursorRange::two(CCursor::new(0), CCursor::new(text.chars().count()));
        state.cursor.set_char_range(Some(all));
        state.store(ui.ctx(), id);
        // The field has the focus from the next frame on.
        ui.ctx().request_repaint();
        return Outcome::Typing;
    }
    if response.changed() {
        naming.refusal = None;
    }
    if let Some(refusal) = &naming.refusal {
        below(ui, theme, field, refusal);
    }
    if !response.lost_focus() {
        return Outcome::Typing;
    }
    if ui.input(|input| input.key_pressed(Key::Escape)) { Outcome::Cancel } else { Outcome::Commit }
}

/// A sentence under the field.
fn below(ui: &Ui, theme: &Theme, field: Rect, sentence: &str) {
    egui::Area::new(Id::new("refused name"))
        .order(egui::Order::Foreground)
        .fixed_pos(field.left_bottom() + vec2(0.0, 6.0))
        .interactable(false)
        .show(ui.ctx(), |ui| {
            theme.problem_frame(Severity::Error).show(ui, |ui| {
                ui.set_max_width(320.0);
                ui.label(theme.problem(Severity::Error, sentence));
            });
        });
}
