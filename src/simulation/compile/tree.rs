//! The shape of the chart: who is inside whom, where groups begin, and every leaf's list of arrows to try.

use super::super::machine::{Interrupt, Machine, Node};
use crate::model::{Labels, NodeId, NodeKind, Project};

/// The arrows of one node, before they are handed down to its leaves; by signal, in rank.
#[derive(Clone, Debug, Default)]
pub(super) struct Own {
    pub(super) on_signal: Vec<Vec<usize>>,
    pub(super) always: Vec<usize>,
}

/// The bare tree, in document order.
pub(super) fn nodes(project: &Project, order: &[NodeId]) -> Vec<Node> {
    let slot = |id: NodeId| order.iter().position(|known| *known == id);
    let labels = Labels::of(project);
    let mut nodes: Vec<Node> = order
        .iter()
        .enumerate()
        .map(|(own, id)| {
            let node = &project.nodes[id];
            Node {
                id: *id,
                name: labels.node(*id),
                kind: node.kind,
                parent: node.parent.and_then(slot),
                last: own,
                children: Vec::new(),
                initial: node.initial.iter().chain(&node.also).copied().filter_map(slot).collect(),
                deep: node.deep,
                resumes: Vec::new(),
                on_entry: Vec::new(),
                on_exit: Vec::new(),
                on_begin: Vec::new(),
                brings: Vec::new(),
                on_signal: Vec::new(),
                always: Vec::new(),
                timers: Vec::new(),
                silence: None,
                counts_visits: false,
                done: None,
            }
        })
        .collect();
    for slot in (0..nodes.len()).rev() {
        let (last, kind) = (nodes[slot].last, nodes[slot].kind);
        let Some(parent) = nodes[slot].parent else { continue };
        let around = &mut nodes[parent];
        around.last = around.last.max(last);
        // Backwards, so the first child comes last.
        if kind == NodeKind::Resume { &mut around.resumes } else { &mut around.children }.insert(0, slot);
    }
    for slot in 0..nodes.len() {
        let first = match nodes[slot].kind {
            NodeKind::Group => nodes[slot].children.first().copied(),
            // A resume without a mark of its own leads where its group begins.
            NodeKind::Resume => nodes[slot].parent.and_then(|parent| {
                let around = &nodes[parent];
                around.initial.first().filter(|initial| **initial != slot).or(around.children.first()).copied()
            }),
            _ => continue,
        };
        if nodes[slot].initial.is_empty() {
            nodes[slot].initial.extend(first);
        }
    }
    nodes
}

impl Machine {
    /// Whether both can be active at once without one being inside the other: different regions of a parallel.
    pub(super) fn are_beside(&self, one: usize, other: usize) -> bool {
        let mut around = Some(one);
        while let Some(node) = around.filter(|node| !self.is_within(other, Some(*node))) {
            around = self.nodes[node].parent;
        }
        around.is_some_and(|node| ![one, other].contains(&node) && self.nodes[node].kind == NodeKind::Parallel)
    }

    /// A group begins inside itself and a *resume* in a state beside it, else there would be no end to entering them. The
    /// first beginning that was taken away.
    pub(super) fn keep_beginnings_inside(&mut self, slot: usize) -> Option<usize> {
        let node = &self.nodes[slot];
        let is_resume = node.kind == NodeKind::Resume;
        let group = if is_resume { node.parent } else { Some(slot) };
        let fits = |initial: &usize| {
            group.is_some_and(|group| group != *initial && self.is_within(*initial, Some(group)))
                && !(is_resume && self.nodes[*initial].kind == NodeKind::Resume)
        };
        let (kept, gone): (Vec<usize>, Vec<usize>) = node.initial.iter().partition(|initial| fits(initial));
        if kept.is_empty() && !gone.is_empty() {
            let first = group.and_then(|group| self.nodes[group].children.first().copied());
            self.nodes[slot].initial = first.into_iter().collect();
        } else {
            self.nodes[slot].initial = kept;
        }
        gone.first().copied()
    }

    /// The first of these and those that stand in regions beside it; others could not be active with it.
    pub(super) fn without_rivals(&self, targets: &[usize]) -> Vec<usize> {
        let mut kept: Vec<usize> = Vec::new();
        for target in targets {
            if kept.iter().all(|other| self.are_beside(*target, *other)) {
                kept.push(*target);
            }
        }
        kept
    }

    /// The nearest group around both: what is inside it is left. An arrow from a group to its own inside that does not
    /// restart leaves the group itself active.
    pub(in crate::simulation) fn domain_of(&self, source: usize, targets: &[usize], restart: bool) -> Option<usize> {
        let is_inside =
            |group: usize| targets.iter().all(|target| *target != group && self.is_within(*target, Some(group)));
        if !restart && self.nodes[source].kind == NodeKind::Group && is_inside(source) {
            return Some(source);
        }
        let mut around = self.nodes[source].parent;
        while let Some(node) = around {
            if self.nodes[node].kind == NodeKind::Group && is_inside(node) {
                return Some(node);
            }
            around = self.nodes[node].parent;
        }
        None
    }

    /// Gives every leaf the arrows of the nodes around it, and collects the interrupts, outermost first.
    pub(super) fn hand_down(&mut self, own: &[Own], signals: usize) {
        for leaf in 0..self.nodes.len() {
            if !self.nodes[leaf].is_leaf() {
                continue;
            }
            let mut on_signal = vec![Vec::new(); signals];
            let mut always = Vec::new();
            let mut around = Some(leaf);
            while let Some(node) = around {
                let plain = |arrow: &usize| !self.arrows[*arrow].interrupt;
                for (list, arrows) in on_signal.iter_mut().zip(&own[node].on_signal) {
                    list.extend(arrows.iter().copied().filter(plain));
                }
                always.extend(own[node].always.iter().copied().filter(plain));
                around = self.nodes[node].parent;
            }
            self.nodes[leaf].on_signal = on_signal;
            self.nodes[leaf].always = always;
        }
        self.interrupts = vec![Vec::new(); signals];
        for (node, own) in own.iter().enumerate() {
            let interrupts = |arrows: &[usize]| -> Vec<Interrupt> {
                let interrupting = arrows.iter().filter(|arrow| self.arrows[**arrow].interrupt);
                interrupting.map(|arrow| Interrupt { node, arrow: *arrow }).collect()
            };
            for (signal, arrows) in own.on_signal.iter().enumerate() {
                let found = interrupts(arrows);
                self.interrupts[signal].extend(found);
            }
            let found = interrupts(&own.always);
            self.always_interrupts.extend(found);
        }
    }
}
