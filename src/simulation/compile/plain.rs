//! What can be worked out once for contacts that rest in a single state: the arrows to try in one list, what each of them
//! leaves and enters, and timers that need not be set up before their time has come.

use super::super::machine::{Act, Candidate, Domain, Hop, Machine, TimerKind, TimerStart, Watched, Way};
use crate::model::{Duration, NodeKind, Unit};

/// Lists with all signals of one leaf after the other, and `always` as the last.
impl Machine {
    pub(super) fn make_plain(&mut self, signals: usize) {
        self.signals = signals;
        for leaf in 0..self.nodes.len() {
            for signal in 0..=signals {
                let start = self.candidates.len();
                if self.nodes[leaf].is_leaf() {
                    let around = if signal < signals { &self.interrupts[signal] } else { &self.always_interrupts };
                    let interrupts = around.iter().filter(|interrupt| self.is_within(leaf, Some(interrupt.node)));
                    let own = self.nodes[leaf].on_signal.get(signal).unwrap_or(&self.nodes[leaf].always);
                    let arrows: Vec<usize> =
                        interrupts.map(|interrupt| interrupt.arrow).chain(own.iter().copied()).collect();
                    for arrow in arrows {
                        let way = self.way(leaf, arrow);
                        self.candidates.push(Candidate { arrow, way });
                    }
                }
                self.cells.push((start, self.candidates.len()));
            }
        }
        for leaf in 0..self.nodes.len() {
            self.nodes[leaf].silence = self.silence(leaf);
            for timer in self.nodes[leaf].timers.clone() {
                let way = self.way(leaf, self.timers[timer].arrow);
                self.timers[timer].way = way;
            }
        }
    }

    fn way(&mut self, leaf: usize, arrow: usize) -> Way {
        if !self.arrows[arrow].moves {
            return Way::Stay;
        }
        let Some(hop) = self.hop(leaf, arrow) else { return Way::Around };
        self.hops.push(hop);
        Way::Hop(self.hops.len() - 1)
    }

    /// What the arrow leaves and enters; `None` where that depends on more than the leaf.
    fn hop(&self, leaf: usize, arrow: usize) -> Option<Hop> {
        let arrow = &self.arrows[arrow];
        let target = arrow.target.filter(|_| arrow.also.is_empty())?;
        let Domain::Known(domain) = arrow.domain else { return None };
        let left = self.path(leaf, domain)?;
        if left.iter().any(|node| !self.nodes[*node].resumes.is_empty()) {
            return None;
        }
        let entered = self.entered(target, domain)?;
        Some(Hop { left, entered })
    }

    /// What is entered at the start of a journey.
    pub(in crate::simulation) fn hop_to(&self, target: usize) -> Option<Vec<usize>> {
        self.entered(target, None)
    }

    fn entered(&self, target: usize, domain: Option<usize>) -> Option<Vec<usize>> {
        let mut entered = self.path(target, domain)?;
        entered.reverse();
        let mut inside = target;
        while !self.nodes[inside].is_leaf() {
            // Several beginnings are of several regions, which a contact in a single state has not.
            let &[initial] = self.nodes[inside].initial.as_slice() else { return None };
            if !self.nodes[inside].on_begin.is_empty() {
                return None;
            }
            let path = self.path(initial, Some(inside))?;
            entered.extend(path.into_iter().rev());
            inside = initial;
        }
        Some(entered)
    }

    /// From the node to just below `outermost`, if neither parallels nor resumes are met.
    fn path(&self, node: usize, outermost: Option<usize>) -> Option<Vec<usize>> {
        let mut path = Vec::new();
        let mut around = Some(node);
        while let Some(node) = around.filter(|node| Some(*node) != outermost) {
            if matches!(self.nodes[node].kind, NodeKind::Parallel | NodeKind::Resume) {
                return None;
            }
            path.push(node);
            around = self.nodes[node].parent;
        }
        Some(path)
    }

    /// The shortest delay of a leaf whose timers are the only ones that can run in it and all wait for any event to be
    /// missing. With it, whether the delay needs days of 24 hours.
    fn silence(&self, leaf: usize) -> Option<(i64, bool)> {
        // The timers of a group run on while its inside changes.
        if !self.nodes[leaf].is_leaf() {
            return None;
        }
        let mut around = self.nodes[leaf].parent;
        while let Some(node) = around {
            if !self.nodes[node].timers.is_empty() || self.nodes[node].kind == NodeKind::Parallel {
                return None;
            }
            around = self.nodes[node].parent;
        }
        let lists = self.nodes.iter().flat_map(|node| [&node.on_entry, &node.on_exit, &node.on_begin]);
        if lists.chain(self.arrows.iter().map(|arrow| &arrow.actions)).any(|acts| acts.iter().any(Act::schedules)) {
            return None;
        }
        let mut shortest: Option<(i64, bool)> = None;
        for timer in &self.nodes[leaf].timers {
            let TimerKind::After { delay, from } = &self.timers[*timer].kind else { return None };
            if !matches!(from, TimerStart::EntryOr(Watched::Any) | TimerStart::Last(Watched::Any)) {
                return None;
            }
            let (length, calendar) = length(delay.first)?;
            shortest =
                Some(shortest.map_or((length, calendar), |(other, other_calendar)| {
                    (other.min(length), calendar || other_calendar)
                }));
        }
        shortest
    }

    /// Whether `always` arrows could go round for ever, or for longer than a contact may.
    pub(super) fn always_can_cycle(&self) -> bool {
        let mut arrows: Vec<usize> = self.nodes.iter().flat_map(|node| node.always.iter().copied()).collect();
        arrows.sort_unstable();
        arrows.dedup();
        if arrows.is_empty() {
            return false;
        }
        let is_odd = |kind: NodeKind| matches!(kind, NodeKind::Parallel | NodeKind::Resume);
        let simple = !self.nodes.iter().any(|node| is_odd(node.kind));
        let leaves_source = |arrow: &usize| self.arrows[*arrow].moves && !self.arrows[*arrow].stays_inside();
        if !simple || !arrows.iter().all(leaves_source) {
            return true;
        }
        // How often each can be taken: once, and once more each time its source is entered anew.
        let mut most = vec![0_u32; self.arrows.len()];
        for _ in 0..=arrows.len() {
            let mut changed = false;
            for &arrow in &arrows {
                let before = arrows.iter().filter(|other| self.enters(**other, self.arrows[arrow].source));
                let times = before.fold(1_u32, |sum, other| sum.saturating_add(most[*other]));
                changed |= std::mem::replace(&mut most[arrow], times) != times;
            }
            if !changed {
                let total = arrows.iter().fold(0_u32, |sum, arrow| sum.saturating_add(most[*arrow]));
                return total > self.most_microsteps;
            }
        }
        true
    }

    /// Whether the arrow may enter the node.
    fn enters(&self, arrow: usize, node: usize) -> bool {
        let arrow = &self.arrows[arrow];
        arrow.targets().any(|target| {
            self.is_within(node, Some(target))
                || (self.is_within(target, Some(node))
                    && match arrow.domain {
                        Domain::Known(domain) => self.is_within(node, domain) && domain != Some(node),
                        Domain::Remembered { .. } => true,
                    })
        })
    }
}

/// In milliseconds, and whether that takes days to have 24 hours; months have no length of their own.
fn length(duration: Duration) -> Option<(i64, bool)> {
    match duration.unit {
        Unit::Month => None,
        unit => Some((duration.nominal_milliseconds(), unit.milliseconds().is_none())),
    }
}
