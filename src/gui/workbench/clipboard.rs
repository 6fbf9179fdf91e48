//! Copy, cut, paste and duplicate: of states with the arrows among them, as a text that other projects and people can read.

use std::time::Duration;

use egui_notify::Toasts;

use super::{Workbench, Workspace, counted, said, warn};
use crate::exchange::{Drawing, read_drawing, write_drawing};
use crate::gui::canvas::outermost;
use crate::gui::command::Command;
use crate::gui::request::{Request, Selection};
use crate::model::{Edit, EntityId, Home, NodeId, Piece, Point};

/// How far away a copy lies from where it was taken.
const BESIDE: Point = Point::new(32.0, 32.0);

impl Workbench {
    /// The keys of the clipboard arrive as events of their own. They belong to a text that is being typed or marked.
    pub(super) fn clipboard_keys(&self, ctx: &egui::Context, requests: &mut Vec<Request>) {
        if ctx.text_edit_focused() || egui::Popup::is_any_open(ctx) || self.workspace == Workspace::Results {
            return;
        }
        let any = self.selection.iter().any(|id| matches!(id, EntityId::Node(_)));
        ctx.input_mut(|input| {
            input.events.retain(|event| {
                requests.push(match event {
                    egui::Event::Copy if any => Request::Command(Command::Copy),
                    egui::Event::Cut if any => Request::Command(Command::Cut),
                    egui::Event::Paste(text) => Request::Paste(text.clone()),
                    _ => return true,
                });
                false
            });
        });
    }

    /// Puts the selected states on the clipboard. False where there are none.
    pub(super) fn copy(&self, ctx: &egui::Context, toasts: &mut Toasts) -> bool {
        let ids = outermost(self.document.project(), &self.selection);
        if ids.is_empty() {
            said(toasts, "Select the states to copy first");
            return false;
        }
        let piece = self.document.project().piece(&ids);
        ctx.copy_text(write_drawing(&piece));
        said(toasts, &format!("Copied {}", counted(piece.states.len(), "state")));
        true
    }

    pub(super) fn cut(&mut self, ctx: &egui::Context, toasts: &mut Toasts) {
        if self.copy(ctx, toasts) {
            let ids = outermost(self.document.project(), &self.selection);
            self.delete(ids.into_iter().map(EntityId::from).collect(), toasts);
        }
    }

    pub(super) fn duplicate(&mut self, toasts: &mut Toasts) {
        let ids = outermost(self.document.project(), &self.selection);
        if ids.is_empty() {
            said(toasts, "Select the states to duplicate first");
            return;
        }
        self.place(Edit::Duplicate { ids, by: BESIDE, home: Home::Beside }, toasts);
    }

    /// Adds what a text holds, under the pointer if it is over the canvas.
    pub(super) fn paste(&mut self, text: &str, ctx: &egui::Context, toasts: &mut Toasts) {
        if self.workspace != Workspace::Design {
            return;
        }
        match read_drawing(text) {
            Ok(Drawing { piece, notes }) => {
                let (by, parent) = self.place_for(&piece, ctx);
                let done = self.place(Edit::Paste { piece: Box::new(piece), by, parent }, toasts);
                for note in notes.into_iter().filter(|_| done) {
                    toasts.info(note).duration(Some(Duration::from_secs(12)));
                }
            }
            Err(refusal) => warn(toasts, &refusal),
        }
    }

    /// How far to move a piece so that it lies under the pointer or else in the middle of the view, and the group there.
    fn place_for(&self, piece: &Piece, ctx: &egui::Context) -> (Point, Option<NodeId>) {
        let place = self.canvas.under_pointer(ctx).unwrap_or_else(|| self.canvas.center());
        let center = piece.center();
        let snapped = |to: f32, from: f32| ((to - from) / 8.0).round() * 8.0;
        let mut by = Point::new(snapped(place.x, center.x), snapped(place.y, center.y));
        let project = self.document.project();
        let lies_on_another = |by: Point| {
            let places = || piece.states.iter().map(|state| (state.position.x + by.x, state.position.y + by.y));
            project.nodes.values().any(|node| {
                places().any(|(x, y)| (node.position.x - x).abs() < 24.0 && (node.position.y - y).abs() < 24.0)
            })
        };
        // Never exactly on what is there, where it would not be seen.
        for _ in 0..1000 {
            if !lies_on_another(by) {
                break;
            }
            by = Point::new(by.x + BESIDE.x, by.y + BESIDE.y);
        }
        let group = self.canvas.group_at(place);
        let is_open = |group: &NodeId| project.nodes.get(group).is_some_and(|group| !group.collapsed);
        (by, group.filter(is_open))
    }

    /// Performs an edit that adds states, and selects them. False where it was refused.
    pub(super) fn place(&mut self, edit: Edit, toasts: &mut Toasts) -> bool {
        let made = self.perform(edit, toasts);
        let nodes: Vec<NodeId> =
            made.iter().filter_map(|id| if let EntityId::Node(id) = id { Some(*id) } else { None }).collect();
        let project = self.document.project();
        let is_inner = |id: &NodeId| {
            let parent = project.nodes.get(id).and_then(|node| node.parent);
            parent.is_some_and(|parent| nodes.contains(&parent))
        };
        let tops: Selection = nodes.iter().copied().filter(|id| !is_inner(id)).map(EntityId::from).collect();
        if tops.is_empty() {
            return false;
        }
        self.canvas.show_all(tops.clone());
        self.selection = tops;
        true
    }
}
