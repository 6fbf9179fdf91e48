//! Contacts handed over to a team: what came of it, and why.

use std::collections::BTreeMap;

use super::add;
use crate::model::{EventId, TransitionId, Value};
use crate::simulation::machine::Machine;
use crate::simulation::observer::{By, Occasion};

/// The field of an event that says why it came.
const REASON: &str = "reason";

/// What made a contact leave the state in which a team had it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    Event(EventId),
    /// An event that the catalogue does not know.
    UnknownEvent,
    /// The timer of this arrow.
    Timer(TransitionId),
}

/// The hand-overs to one team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandoverTally {
    /// By what ended them, and the reason that it brought; the reason is empty where it brought none.
    pub ended: BTreeMap<(Ending, String), u64>,
    /// Not ended when the run was over.
    pub open: u64,
}

impl HandoverTally {
    /// How often the team was told.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.open + self.ended.values().sum::<u64>()
    }

    pub(super) fn merge(&mut self, other: Self) {
        add(&mut self.ended, other.ended, |sum, count| *sum += count);
        self.open += other.open;
    }
}

/// Follows the hand-overs of one contact after the other.
pub(super) struct Handovers<'m> {
    machine: &'m Machine,
    reason: Option<usize>,
    teams: Vec<(String, HandoverTally)>,
    /// Of this contact.
    open: Vec<Open>,
    /// The node that was left, entered or acted in last.
    around: usize,
    /// What the contact reacts to, and the reason that it brings.
    now: (Ending, String),
}

struct Open {
    team: usize,
    around: usize,
    /// The state in which the contact came to rest; known when it reacts to something else.
    state: Option<usize>,
}

impl<'m> Handovers<'m> {
    pub(super) fn new(machine: &'m Machine) -> Self {
        Self {
            machine,
            reason: machine.field_slot(REASON),
            teams: Vec::new(),
            open: Vec::new(),
            around: 0,
            now: (Ending::UnknownEvent, String::new()),
        }
    }

    #[inline]
    pub(super) fn is_any_open(&self) -> bool {
        !self.open.is_empty()
    }

    #[inline]
    pub(super) fn went(&mut self, node: usize) {
        self.around = node;
    }

    pub(super) fn opened(&mut self, team: &str) {
        let known = self.teams.iter().position(|(known, _)| known == team);
        let team = known.unwrap_or_else(|| {
            self.teams.push((team.to_owned(), HandoverTally::default()));
            self.teams.len() - 1
        });
        self.open.push(Open { team, around: self.around, state: None });
    }

    /// The contact, which is in some nodes, is about to react.
    pub(super) fn occasion(&mut self, occasion: &Occasion, is_in: impl Fn(usize) -> bool) {
        let machine = self.machine;
        for open in self.open.iter_mut().filter(|open| open.state.is_none()) {
            // Beside other regions, the state is the one nearest to what told the team.
            let mut around = machine.around(open.around).filter(|node| is_in(*node));
            let whole = 0..=machine.node_count().saturating_sub(1);
            let inside = around.next().map_or(whole, |node| node..=machine.nodes[node].last);
            open.state = inside.into_iter().find(|node| is_in(*node) && machine.nodes[*node].is_leaf());
        }
        let (ending, reason) = &mut self.now;
        reason.clear();
        *ending = match occasion.by {
            By::Row(_) | By::Event(_) => {
                match self.reason.map(|slot| occasion.fields.seen(slot).into()) {
                    None | Some(Value::Unknown) => {}
                    Some(Value::Text(text)) => *reason = text,
                    Some(value) => *reason = value.to_string(),
                }
                occasion.event.map_or(Ending::UnknownEvent, |event| Ending::Event(machine.events[event].id))
            }
            By::Timer(arrow) => Ending::Timer(machine.arrow_id(arrow)),
            By::Scheduled(event) => Ending::Event(machine.events[event].id),
            // What waits for quiet hours to end moves nobody, and at the start nothing is open.
            By::Start | By::QuietHoursOver => return,
        };
    }

    #[inline]
    pub(super) fn left(&mut self, node: usize) {
        self.around = node;
        if !self.open.is_empty() {
            self.end(node);
        }
    }

    #[inline(never)]
    fn end(&mut self, node: usize) {
        let (teams, now) = (&mut self.teams, &self.now);
        self.open.retain(|open| {
            let ends = open.state == Some(node);
            if ends {
                *teams[open.team].1.ended.entry(now.clone()).or_default() += 1;
            }
            !ends
        });
    }

    #[inline]
    pub(super) fn finish_contact(&mut self) {
        for open in self.open.drain(..) {
            self.teams[open.team].1.open += 1;
        }
    }

    pub(super) fn finish(self) -> BTreeMap<String, HandoverTally> {
        self.teams.into_iter().collect()
    }
}
