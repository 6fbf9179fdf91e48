//! Puts the selected states in order: in line, at equal distances, into groups, as one card.

use std::collections::BTreeSet;

use egui::{Rect, Vec2, vec2};
use egui_notify::Toasts;

use super::{Workbench, said};
use crate::gui::canvas::{outermost, with_inner};
use crate::gui::command::Command;
use crate::gui::request::Selection;
use crate::layout::tidy;
use crate::model::{Arrangement, Edit, EntityId, NodeId, NodeKind, Point};

impl Workbench {
    /// Aligns or distributes the selected states; a group moves as one.
    pub(super) fn arrange(&mut self, command: Command, toasts: &mut Toasts) {
        let project = self.document.project();
        let tops = outermost(project, &self.selection);
        let (how, least) = match command {
            Command::DistributeHorizontally | Command::DistributeVertically => (Arrangement::Distribution, 3),
            _ => (Arrangement::Alignment, 2),
        };
        let placed: Vec<(NodeId, Rect)> =
            tops.iter().filter_map(|id| Some((*id, self.canvas.card_rect(*id)?))).collect();
        if placed.len() < least {
            said(toasts, if least == 2 { "Select two states or more" } else { "Select three states or more" });
            return;
        }
        let rects: Vec<Rect> = placed.iter().map(|(_, rect)| *rect).collect();
        let mut places = Vec::new();
        for ((id, _), by) in placed.iter().zip(ways(command, &rects)) {
            for inner in with_inner(project, &Selection::one(*id)) {
                if let Some(node) = project.nodes.get(&inner) {
                    places.push((inner, Point::new(node.position.x + by.x, node.position.y + by.y)));
                }
            }
        }
        let ids = placed.into_iter().map(|(id, _)| id).collect();
        self.perform(Edit::Arrange(how, ids, places), toasts);
    }

    /// The states that are selected, where there are several; else none, which means all.
    #[must_use]
    pub fn several_states(&self) -> BTreeSet<NodeId> {
        let states = self.selection.iter().filter_map(|id| if let EntityId::Node(id) = id { Some(id) } else { None });
        let states: BTreeSet<NodeId> = states.collect();
        if states.len() > 1 { states } else { BTreeSet::new() }
    }

    /// Lays the selected states out in layers, or all of them where less than two are selected.
    pub(super) fn tidy(&mut self, toasts: &mut Toasts) {
        let project = self.document.project();
        let mut moves = tidy(project, &self.several_states());
        moves.retain(|(id, place)| project.nodes[id].position != *place);
        if moves.is_empty() {
            said(toasts, "Everything stands where it should");
            return;
        }
        self.canvas.glide_from(project);
        self.perform(Edit::Tidy(moves), toasts);
    }

    /// Puts the selected states into a new group, and asks for its name.
    pub(super) fn group(&mut self, ctx: &egui::Context, toasts: &mut Toasts) {
        let project = self.document.project();
        let states = outermost(project, &self.selection);
        let free = (1..).map(|n: u32| if n == 1 { String::from("Group") } else { format!("Group {n}") });
        let taken = |name: &String| project.nodes.values().any(|node| node.name.eq_ignore_ascii_case(name));
        let name = free.into_iter().find(|name| !taken(name)).unwrap_or_default();
        self.create(Edit::Group(states, name), ctx, toasts);
    }

    /// Collapses the selected groups, or expands them if all are collapsed. Where a state is selected, the group around it.
    pub(super) fn collapse(&mut self, toasts: &mut Toasts) {
        let project = self.document.project();
        let Some(EntityId::Node(selected)) = self.selection.single() else {
            said(toasts, "Select a group first");
            return;
        };
        let is_group = |id: &NodeId| {
            let kind = project.nodes.get(id).map(|node| node.kind);
            matches!(kind, Some(NodeKind::Group | NodeKind::Parallel)) && project.children(Some(*id)).next().is_some()
        };
        let around = project.nodes.get(&selected).and_then(|node| node.parent);
        let Some(group) = Some(selected).filter(is_group).or(around) else {
            said(toasts, "Select a group first");
            return;
        };
        let collapsed = project.nodes.get(&group).is_some_and(|group| group.collapsed);
        self.perform(Edit::SetCollapsed(group, !collapsed), toasts);
        self.selection = Selection::one(group);
    }

    /// Lets the selected arrow find its own way again.
    pub(super) fn straighten(&mut self, toasts: &mut Toasts) {
        match self.selection.single() {
            Some(EntityId::Transition(arrow)) => {
                self.perform(Edit::SetBend(arrow, None), toasts);
            }
            _ => said(toasts, "Select an arrow first"),
        }
    }
}

/// How far each of `rects` has to go.
fn ways(command: Command, rects: &[Rect]) -> Vec<Vec2> {
    let all = rects.iter().copied().reduce(Rect::union).unwrap_or(Rect::ZERO);
    let each = |way: &dyn Fn(&Rect) -> Vec2| rects.iter().map(way).collect();
    match command {
        Command::AlignLeft => each(&|rect| vec2(all.left() - rect.left(), 0.0)),
        Command::AlignCenter => each(&|rect| vec2((all.center().x - rect.center().x).round(), 0.0)),
        Command::AlignRight => each(&|rect| vec2(all.right() - rect.right(), 0.0)),
        Command::AlignTop => each(&|rect| vec2(0.0, all.top() - rect.top())),
        Command::AlignMiddle => each(&|rect| vec2(0.0, (all.center().y - rect.center().y).round())),
        Command::AlignBottom => each(&|rect| vec2(0.0, all.bottom() - rect.bottom())),
        Command::DistributeHorizontally => {
            let spans: Vec<(f32, f32)> = rects.iter().map(|rect| (rect.left(), rect.width())).collect();
            spread(&spans).into_iter().map(|by| vec2(by, 0.0)).collect()
        }
        Command::DistributeVertically => {
            let spans: Vec<(f32, f32)> = rects.iter().map(|rect| (rect.top(), rect.height())).collect();
            spread(&spans).into_iter().map(|by| vec2(0.0, by)).collect()
        }
        _ => vec![Vec2::ZERO; rects.len()],
    }
}

/// Equal gaps between spans of a start and a length; the first and the last stay.
fn spread(spans: &[(f32, f32)]) -> Vec<f32> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    let middle = |index: usize| spans[index].0 + spans[index].1 / 2.0;
    order.sort_by(|one, other| middle(*one).total_cmp(&middle(*other)).then(one.cmp(other)));
    let mut ways = vec![0.0; spans.len()];
    let (Some(first), Some(last)) = (order.first(), order.last()) else { return ways };
    let whole = spans[*last].0 + spans[*last].1 - spans[*first].0;
    let taken: f32 = spans.iter().map(|(_, length)| length).sum();
    let gaps = f32::from(u16::try_from(spans.len().max(2) - 1).unwrap_or(u16::MAX));
    let gap = (whole - taken) / gaps;
    let mut at = spans[*first].0;
    for index in &order {
        ways[*index] = at - spans[*index].0;
        at += spans[*index].1 + gap;
    }
    ways[*last] = 0.0;
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_become_equal_and_the_outer_ones_stay() {
        let ways = spread(&[(0.0, 100.0), (400.0, 100.0), (110.0, 50.0)]);
        assert_eq!(ways, [0.0, 0.0, 115.0]);
        assert_eq!(spread(&[]), Vec::<f32>::new());
    }
}
