//! The send policy. What cannot be read lets nothing pass: rather a message too few than one too many.

use super::super::condition::Term;
use super::super::policy::{Cap, Policy, Quiet};
use super::Compiler;
use crate::model::{EntityId, Formula, Unit, Value};

impl Compiler<'_> {
    pub(super) fn policy(&mut self) -> Policy {
        const DAY: i64 = 86_400_000;
        let drawn = &self.project.info.send_policy;
        let consent = self.send_condition("Consent", &drawn.consent, false);
        let suppression = self.send_condition("Suppression", &drawn.suppression, true);
        for quiet in &drawn.quiet {
            if quiet.hours.is_always() {
                self.error(EntityId::Info, format!("Quiet hours {} never end, so nothing is ever sent.", quiet.hours));
            }
        }
        let caps: Vec<Cap> =
            drawn.caps.iter().map(|cap| Cap { channel: cap.channel, most: cap.most, within: cap.within }).collect();
        // Rather a day too many than a millisecond too few.
        let length = |cap: &Cap| match cap.within.unit {
            Unit::Month => i64::from(cap.within.amount) * 31 * DAY,
            _ => cap.within.nominal_milliseconds(),
        };
        let keep = caps.iter().map(length).max().unwrap_or(0).saturating_add(DAY);
        Policy {
            is_empty: drawn.is_empty(),
            consent,
            suppression,
            caps,
            quiet: drawn.quiet.iter().map(|quiet| Quiet { channel: quiet.channel, hours: quiet.hours }).collect(),
            drop_when_left: drawn.drop_when_left,
            keep,
        }
    }

    /// `otherwise` where it cannot be read.
    fn send_condition(&mut self, what: &str, formula: &Formula, otherwise: bool) -> Option<Term> {
        match self.resolver.condition_apart(formula, false) {
            Ok(term) => term,
            Err(problem) => {
                self.error(EntityId::Info, format!("{what}: {problem}. Nothing is sent until it can be read."));
                Some(Term::Constant(Value::YesNo(otherwise)))
            }
        }
    }
}
