//! Messages on their way out, after everything else of a reaction is done: consent, suppression, caps, quiet hours.

use super::super::condition::LuckKey;
use super::super::policy::Held;
use super::{Effect, Outcome, Step, Turn, Withheld};
use crate::model::Time;

/// A message that an action wants to send.
#[derive(Clone, Copy)]
pub(super) struct Staged {
    /// Where its effect stands among the steps.
    pub(super) step: usize,
    pub(super) touchpoint: usize,
    /// The node whose action it is.
    pub(super) node: usize,
}

enum Verdict {
    Sent,
    Held(Time),
    Withheld(Withheld),
}

impl<'m> Turn<'_, 'm, '_> {
    /// What becomes of the messages of this reaction.
    pub(super) fn commit(&mut self) {
        if let Some(last) = self.sent {
            self.remember_last(last);
        }
        for staged in std::mem::take(&mut self.staged) {
            // An arrow's source may be left by now; then the message belongs to where the contact came to rest.
            let is_active = self.memory.nodes[staged.node].active;
            let rest = self.memory.leaves.first().copied();
            let node = if is_active { staged.node } else { rest.unwrap_or(staged.node) };
            let visit = (node, self.memory.nodes[node].number);
            let effect = self.send(staged.touchpoint, visit);
            self.reaction.steps[staged.step] = Step::Effect(effect);
        }
    }

    /// Quiet hours are over for a message; it passes all checks again.
    pub(super) fn release(&mut self, place: usize) {
        let held = self.memory.held.remove(place);
        self.reaction.outcome = Outcome::Stayed;
        self.reaction.released = true;
        let (node, number) = held.visit;
        let visit = &self.memory.nodes[node];
        let is_left = !visit.active || visit.number != number;
        let effect = if is_left && self.machine.policy.drop_when_left {
            self.effect(held.touchpoint, &Verdict::Withheld(Withheld::Dropped))
        } else {
            self.send(held.touchpoint, held.visit)
        };
        self.reaction.steps.push(Step::Effect(effect));
    }

    fn send(&mut self, touchpoint: usize, visit: (usize, u32)) -> Effect<'m> {
        let verdict = self.verdict(touchpoint, visit.0);
        let known = &self.machine.touchpoints[touchpoint];
        match verdict {
            Verdict::Sent => {
                self.remember_last(&known.name);
                let oldest = self.memory.now.0.saturating_sub(self.machine.policy.keep);
                while self.memory.sends.front().is_some_and(|(time, _)| time.0 < oldest) {
                    self.memory.sends.pop_front();
                }
                self.memory.sends.push_back((self.memory.now, known.channel));
            }
            Verdict::Held(until) => {
                let order = self.memory.next_order();
                self.memory.held.push(Held { until, order, touchpoint, visit });
            }
            Verdict::Withheld(_) => {}
        }
        self.effect(touchpoint, &verdict)
    }

    fn verdict(&self, touchpoint: usize, node: usize) -> Verdict {
        let policy = &self.machine.policy;
        let scene = self.scene(LuckKey::policy(), Some(node));
        let channel = self.machine.touchpoints[touchpoint].channel;
        if policy.consent.as_ref().is_some_and(|consent| !consent.holds(scene)) {
            Verdict::Withheld(Withheld::NoConsent)
        } else if policy.suppression.as_ref().is_some_and(|suppression| suppression.holds(scene)) {
            Verdict::Withheld(Withheld::Suppressed)
        } else if policy.is_capped(channel, self.memory) {
            Verdict::Withheld(Withheld::Capped)
        } else if let Some(until) = policy.quiet_until(channel, &self.memory.zone, self.memory.now) {
            Verdict::Held(until)
        } else {
            Verdict::Sent
        }
    }

    fn effect(&self, touchpoint: usize, verdict: &Verdict) -> Effect<'m> {
        let known = &self.machine.touchpoints[touchpoint];
        let (touchpoint, name) = (known.id, known.name.as_str());
        match *verdict {
            Verdict::Sent => Effect::Sent { touchpoint, name },
            Verdict::Held(until) => Effect::Held { touchpoint, name, until },
            Verdict::Withheld(why) => Effect::Withheld { touchpoint, name, why },
        }
    }

    fn remember_last(&mut self, name: &str) {
        match &mut self.memory.last_touchpoint {
            Some(last) => name.clone_into(last),
            none => *none = Some(name.to_owned()),
        }
    }
}
