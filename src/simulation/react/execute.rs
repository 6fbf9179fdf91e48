//! Taking arrows: leave inner-first, act, enter outer-first.

use std::collections::{BTreeMap, BTreeSet};

use super::super::condition::LuckKey;
use super::super::machine::{Arrow, Domain};
use super::super::sabotage::Sabotage;
use super::act::Place;
use super::{Outcome, Raised, Step, Turn};
use crate::model::{NodeKind, Value};

impl Turn<'_, '_, '_> {
    pub(super) fn execute(&mut self, arrows: &[usize]) {
        let moving = |arrow: &&usize| self.machine.arrows[**arrow].moves;
        let moved = arrows.iter().any(|arrow| moving(&arrow));
        let domains: Vec<Option<usize>> =
            arrows.iter().filter(moving).map(|arrow| self.domain(&self.machine.arrows[*arrow])).collect();
        if moved {
            self.leave(&domains);
        }
        for &slot in arrows {
            self.act_on(slot);
        }
        if moved {
            let mut entering = Entering::default();
            let targets = arrows.iter().map(|arrow| &self.machine.arrows[*arrow]).filter(|arrow| arrow.moves);
            let targets: Vec<(usize, Option<usize>)> = targets
                .zip(domains)
                .flat_map(|(arrow, domain)| arrow.targets().map(move |target| (target, domain)))
                .collect();
            for (target, _) in &targets {
                self.add_inside(*target, &mut entering);
            }
            for (target, domain) in &targets {
                self.add_around(*target, *domain, &mut entering);
            }
            self.enter(&entering);
            self.reaction.outcome = Outcome::Moved;
        } else if !arrows.is_empty() && self.reaction.outcome != Outcome::Moved {
            self.reaction.outcome = Outcome::Stayed;
        }
    }

    /// Takes an arrow that only acts.
    pub(super) fn stay(&mut self, slot: usize) {
        self.act_on(slot);
        if self.reaction.outcome != Outcome::Moved {
            self.reaction.outcome = Outcome::Stayed;
        }
    }

    /// Takes an arrow of which it is known what it leaves and enters.
    pub(super) fn hop(&mut self, slot: usize, hop: usize) {
        let hop = &self.machine.hops[hop];
        hop.left.iter().for_each(|node| self.leave_node(*node));
        self.act_on(slot);
        hop.entered.iter().for_each(|node| self.enter_node(*node));
        self.reaction.outcome = Outcome::Moved;
    }

    fn act_on(&mut self, slot: usize) {
        let arrow = &self.machine.arrows[slot];
        self.reaction.steps.push(Step::Took(slot));
        self.perform(&arrow.actions, Place { luck: LuckKey::arrow(arrow.id), node: arrow.source });
    }

    /// Enters `node` and all around it, at the start of a journey.
    pub(super) fn enter_at(&mut self, node: usize) {
        let mut entering = Entering::default();
        self.add_inside(node, &mut entering);
        self.add_around(node, None, &mut entering);
        self.enter(&entering);
    }

    /// What is left by an arrow: everything inside this. Through a *resume*, it depends on what is remembered.
    pub(super) fn domain(&self, arrow: &Arrow) -> Option<usize> {
        let restart = match arrow.domain {
            Domain::Known(domain) => return domain,
            Domain::Remembered { restart } => restart,
        };
        let effective = |target: usize| {
            let known = &self.machine.nodes[target];
            match self.memory.history.get(target).filter(|_| known.kind == NodeKind::Resume) {
                Some(kept) if kept.is_empty() => known.initial.clone(),
                Some(kept) => kept.clone(),
                None => vec![target],
            }
        };
        let targets: Vec<usize> = arrow.targets().flat_map(effective).collect();
        self.machine.domain_of(arrow.source, &targets, restart)
    }

    /// Leaves everything active inside the domains, after noting what a *resume* would return to.
    fn leave(&mut self, domains: &[Option<usize>]) {
        let leaves =
            |node: usize| domains.iter().any(|domain| *domain != Some(node) && self.machine.is_within(node, *domain));
        let leaving: Vec<usize> = self.memory.active().filter(|node| leaves(*node)).collect();
        for &node in &leaving {
            for &resume in &self.machine.nodes[node].resumes {
                let around = &self.machine.nodes[node];
                let kept: Vec<usize> = if self.machine.nodes[resume].deep {
                    self.memory
                        .leaves
                        .iter()
                        .copied()
                        .filter(|leaf| self.machine.is_within(*leaf, Some(node)))
                        .collect()
                } else {
                    around.children.iter().copied().filter(|child| self.memory.nodes[*child].active).collect()
                };
                self.memory.history[resume] = kept;
            }
        }
        leaving.iter().rev().for_each(|slot| self.leave_node(*slot));
    }

    fn leave_node(&mut self, slot: usize) {
        let node = &self.machine.nodes[slot];
        self.reaction.steps.push(Step::Left(slot));
        self.perform(&node.on_exit, Place { luck: LuckKey::exit(node.id), node: slot });
        self.memory.nodes[slot].active = false;
        self.memory.leaves.retain(|leaf| *leaf != slot);
        let timers = &node.timers;
        if !timers.is_empty() && self.memory.silence.take().is_none() {
            self.memory.timers.retain(|armed| !timers.contains(&armed.timer));
        }
    }

    /// The node and what is entered with it inside: where a group begins, every part of a parallel.
    fn add_inside(&self, node: usize, entering: &mut Entering) {
        let known = &self.machine.nodes[node];
        match known.kind {
            NodeKind::Resume => {
                let kept = &self.memory.history[node];
                let forgotten = kept.is_empty() || self.machine.suffers(Sabotage::IgnoreHistory);
                let targets = if forgotten { &known.initial } else { kept };
                if let Some(group) = known.parent.filter(|_| forgotten) {
                    entering.beginnings.insert(group, node);
                }
                for target in targets {
                    self.add_inside(*target, entering);
                }
                for target in targets {
                    self.add_around(*target, known.parent, entering);
                }
            }
            NodeKind::Group => {
                entering.set.insert(node);
                if !known.is_leaf() {
                    entering.begun.insert(node);
                    for initial in &known.initial {
                        self.add_inside(*initial, entering);
                    }
                    for initial in &known.initial {
                        self.add_around(*initial, Some(node), entering);
                    }
                }
            }
            NodeKind::Parallel => {
                entering.set.insert(node);
                self.add_missing_parts(node, entering);
            }
            NodeKind::State | NodeKind::End => {
                entering.set.insert(node);
            }
        }
    }

    /// The groups around the node, up to `outermost`, with the other parts of parallels.
    fn add_around(&self, node: usize, outermost: Option<usize>, entering: &mut Entering) {
        let mut around = self.machine.nodes[node].parent;
        while let Some(group) = around.filter(|group| Some(*group) != outermost) {
            entering.set.insert(group);
            if self.machine.nodes[group].kind == NodeKind::Parallel {
                self.add_missing_parts(group, entering);
            }
            around = self.machine.nodes[group].parent;
        }
    }

    fn add_missing_parts(&self, parallel: usize, entering: &mut Entering) {
        for &part in &self.machine.nodes[parallel].children {
            let last = self.machine.nodes[part].last;
            if entering.set.range(part..=last).next().is_none() {
                self.add_inside(part, entering);
            }
        }
    }

    fn enter(&mut self, entering: &Entering) {
        for &slot in &entering.set {
            self.enter_node(slot);
            // First on the way to its own beginning, then on the way that a resume in it leads at first.
            let own = entering.begun.contains(&slot).then_some(slot);
            for begun in own.into_iter().chain(entering.beginnings.get(&slot).copied()) {
                let node = &self.machine.nodes[begun];
                self.perform(&node.on_begin, Place { luck: LuckKey::entry(node.id), node: slot });
            }
        }
    }

    fn enter_node(&mut self, slot: usize) {
        let machine = self.machine;
        let node = &machine.nodes[slot];
        let memory = &mut *self.memory;
        let visit = &mut memory.nodes[slot];
        visit.active = true;
        visit.entered = memory.now;
        visit.number += 1;
        if node.counts_visits {
            visit.counts.clone_from(&memory.counts);
            if machine.suffers(Sabotage::CountEnteringEvent) {
                let now = Some(memory.now);
                let entering = memory.last.iter().zip(&mut visit.counts).filter(|(last, _)| **last == now);
                entering.for_each(|(_, count)| *count = count.saturating_sub(1));
            }
        }
        if node.is_leaf() {
            let place = memory.leaves.partition_point(|leaf| *leaf < slot);
            memory.leaves.insert(place, slot);
        }
        if !node.timers.is_empty() {
            let just_now = self.memory.last_any == Some(self.memory.now);
            self.memory.silence = self.silence(slot).filter(|_| just_now);
            if self.memory.silence.is_none() {
                node.timers.iter().for_each(|timer| self.memory.set_up(*timer, &machine.timers[*timer]));
            }
        }
        self.reaction.steps.push(Step::Entered(slot));
        self.perform(&node.on_entry, Place { luck: LuckKey::entry(node.id), node: slot });
        if node.kind == NodeKind::End {
            let place = Place { luck: LuckKey::entry(node.id), node: slot };
            let fields = (!node.brings.is_empty()).then(|| self.brought(&node.brings, place));
            self.finish(node.parent, fields);
        }
    }

    /// An end was entered: the journey is over, or the group around it is done, and with its last part a parallel.
    fn finish(&mut self, parent: Option<usize>, fields: Option<Vec<(usize, Value)>>) {
        let Some(group) = parent else {
            self.memory.ended = true;
            return;
        };
        let done = self.machine.nodes[group].done.map(Raised::of_the_platform);
        self.internal.extend(done.map(|done| Raised { fields, ..done }));
        if let Some(parallel) = self.machine.nodes[group].parent
            && self.machine.nodes[parallel].kind == NodeKind::Parallel
            && self.is_done(parallel)
        {
            self.internal.extend(self.machine.nodes[parallel].done.map(Raised::of_the_platform));
        }
    }

    fn is_done(&self, node: usize) -> bool {
        let known = &self.machine.nodes[node];
        let active_end =
            |child: &usize| self.memory.nodes[*child].active && self.machine.nodes[*child].kind == NodeKind::End;
        match known.kind {
            NodeKind::Group => known.children.iter().any(active_end),
            NodeKind::Parallel => known.children.iter().all(|part| self.is_done(*part)),
            NodeKind::State | NodeKind::End | NodeKind::Resume => false,
        }
    }
}

/// What is about to be entered, in document order.
#[derive(Default)]
struct Entering {
    set: BTreeSet<usize>,
    /// The groups that are entered where they begin.
    begun: BTreeSet<usize>,
    /// The groups that are entered where a *resume* in them leads at first, with that *resume*.
    beginnings: BTreeMap<usize, usize>,
}
