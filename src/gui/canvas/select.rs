//! What a click and a rubber band select.

use std::collections::BTreeSet;

use egui::Rect;

use super::CanvasView;
use crate::gui::request::{Request, Selection};
use crate::model::{EntityId, NodeId, Project};

/// A click on `meant`, or beside everything.
pub(super) fn click(view: &CanvasView, meant: &[EntityId], shift: bool, requests: &mut Vec<Request>) {
    let selection = match meant {
        [] if shift => return,
        _ if shift => meant.iter().fold(view.selection.clone(), |selection, id| selection.toggled(*id)),
        _ => meant.iter().copied().collect(),
    };
    if selection != *view.selection {
        requests.push(Request::Select(selection));
    }
}

/// Cards that the band touches; where it touches none, the arrows that it crosses.
pub(super) fn caught_by(projection: &super::Projection, band: Rect) -> BTreeSet<EntityId> {
    let cards = projection
        .cards()
        .filter(|card| if card.hollow { band.contains_rect(card.rect) } else { band.intersects(card.rect) });
    let cards: BTreeSet<EntityId> = cards.map(|card| card.id.into()).collect();
    if !cards.is_empty() {
        return cards;
    }
    let crossed = projection.arrows().filter(|arrow| arrow.line.iter().any(|place| band.contains(*place)));
    crossed.flat_map(|arrow| &arrow.members).map(|arrow| EntityId::from(*arrow)).collect()
}

/// The selected states that are inside no other selected one, in document order.
#[must_use]
pub fn outermost(project: &Project, selection: &Selection) -> Vec<NodeId> {
    let inner = with_inner(project, selection);
    let is_top = |id: &NodeId| {
        let parent = project.nodes.get(id).and_then(|node| node.parent);
        selection.contains(*id) && parent.is_none_or(|parent| !inner.contains(&parent))
    };
    project.document_order().iter().map(|(_, node)| node.id).filter(is_top).collect()
}

/// The selected states, with everything inside selected groups.
#[must_use]
pub fn with_inner(project: &Project, selection: &Selection) -> BTreeSet<NodeId> {
    let selected = |node: NodeId| selection.contains(node);
    let mut nodes = BTreeSet::new();
    for (_, node) in project.document_order() {
        if selected(node.id) || node.parent.is_some_and(|parent| nodes.contains(&parent)) {
            nodes.insert(node.id);
        }
    }
    nodes
}
