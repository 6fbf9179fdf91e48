//! What happened to one contact, and why.

use super::machine::Machine;
use super::react::{Effect, Outcome, Reaction, Step, Stimulus};
use crate::model::trigger_text::print_trigger;
use crate::model::{NodeId, Project, Time, TransitionId};

/// A line per event and timer of one contact.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Story {
    pub contact: String,
    pub entries: Vec<Entry>,
}

/// What set an entry off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    Start,
    Event(String),
    /// An event that the chart had scheduled for itself, by its name.
    Scheduled(String),
    /// Quiet hours were over, for which a message had waited.
    QuietHoursOver,
    /// The arrow whose timer was due.
    Timer(TransitionId),
}

/// One line: what came, what it did, why, and why nothing else.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub time: Time,
    pub cause: Cause,
    pub outcome: Outcome,
    /// The states in which the contact rested: none before the start, several in a parallel.
    pub from: Vec<NodeId>,
    /// Where it was afterwards.
    pub to: Vec<NodeId>,
    /// The arrows taken, in order.
    pub arrows: Vec<TransitionId>,
    /// In the user's words: "sent reminder".
    pub effects: Vec<String>,
    /// What went wrong: actions that failed, values that fit nothing.
    pub errors: Vec<String>,
    /// The conditions that let the arrow pass.
    pub why: Vec<String>,
    /// The arrows that did not fire, each with the condition that came nearest.
    pub why_not: Vec<(TransitionId, String)>,
    /// Attributes and scores afterwards.
    pub values: Vec<(String, String)>,
}

impl Entry {
    pub(super) fn of(
        machine: &Machine,
        stimulus: &Stimulus,
        event_name: &str,
        memory: &super::memory::Memory,
        reaction: &Reaction,
    ) -> Self {
        let cause = match stimulus {
            Stimulus::Start(_) => Cause::Start,
            Stimulus::Event { .. } => Cause::Event(event_name.to_owned()),
            Stimulus::Timer => match (reaction.timer, reaction.scheduled) {
                (Some(arrow), _) => Cause::Timer(machine.arrow_id(arrow)),
                (None, Some(event)) => Cause::Scheduled(machine.event_name(event).to_owned()),
                (None, None) if reaction.released => Cause::QuietHoursOver,
                (None, None) => Cause::Start,
            },
        };
        let mut entry = Self {
            time: memory.now,
            cause,
            outcome: reaction.outcome,
            from: reaction.from.iter().map(|slot| machine.node_id(*slot)).collect(),
            to: memory.leaves().iter().map(|slot| machine.node_id(*slot)).collect(),
            arrows: Vec::new(),
            effects: Vec::new(),
            errors: Vec::new(),
            why: reaction
                .because
                .iter()
                .map(|finding| format!("{} was {} (needed {})", finding.what, finding.found, finding.needed))
                .collect(),
            why_not: reaction
                .refused
                .iter()
                .map(|(arrow, finding)| (machine.arrow_id(*arrow), finding.to_string()))
                .collect(),
            values: machine.known_values(memory),
        };
        for step in &reaction.steps {
            match step {
                Step::Took(arrow) => entry.arrows.push(machine.arrow_id(*arrow)),
                Step::Effect(effect) => entry.effects.push(machine.describe(effect)),
                Step::Failed(problem) => entry.errors.push(problem.clone()),
                Step::Left(_) | Step::Entered(_) => {}
            }
        }
        entry
    }

    /// What set it off, in words.
    #[must_use]
    pub fn cause_in_words(&self, project: &Project) -> String {
        match &self.cause {
            Cause::Start => String::from("start"),
            Cause::QuietHoursOver => String::from("quiet hours over"),
            Cause::Event(name) | Cause::Scheduled(name) => name.clone(),
            Cause::Timer(arrow) => project
                .transitions
                .get(arrow)
                .map_or_else(|| String::from("timer"), |arrow| print_trigger(project, &arrow.trigger)),
        }
    }

    /// What it did, in words: "moved from New to Repeat".
    #[must_use]
    pub fn outcome_in_words(&self, project: &Project) -> String {
        let names = |nodes: &[NodeId]| match nodes {
            [] => String::from("nowhere"),
            _ => project.node_labels(nodes),
        };
        // Beside other regions, only what changed is told.
        let without = |nodes: &[NodeId], others: &[NodeId]| -> Vec<NodeId> {
            nodes.iter().copied().filter(|node| !others.contains(node)).collect()
        };
        let (left, entered) = (without(&self.from, &self.to), without(&self.to, &self.from));
        let here = names(&self.to);
        match self.outcome {
            Outcome::Moved if self.from.is_empty() => format!("entered {here}"),
            Outcome::Moved if entered.is_empty() => format!("entered {here} anew"),
            Outcome::Moved if left.is_empty() => format!("entered {}", names(&entered)),
            Outcome::Moved => format!("moved from {} to {}", names(&left), names(&entered)),
            Outcome::Stayed => format!("stayed in {here}"),
            Outcome::Refused => format!("stayed in {here}: no condition held"),
            Outcome::Ignored => format!("ignored: nothing in {here} waits for it"),
            Outcome::AfterEnd => format!("after the end in {here}"),
            Outcome::Halted => String::from("stopped"),
        }
    }

    /// Why not, in words: an arrow and the condition that came nearest.
    #[must_use]
    pub fn why_not_in_words(&self, project: &Project) -> Vec<String> {
        self.why_not
            .iter()
            .map(|(arrow, finding)| {
                let target = project.transitions.get(arrow).and_then(|arrow| arrow.target);
                match target {
                    Some(target) => format!("not to {}: {finding}", project.node_label(target)),
                    None => format!("not: {finding}"),
                }
            })
            .collect()
    }
}

impl Machine {
    /// An effect in the user's words.
    pub(super) fn describe(&self, effect: &Effect) -> String {
        match effect {
            Effect::Sent { name, .. } => format!("sent {name}"),
            Effect::Held { name, until, .. } => format!("held {name} until {}", until.display_in(&self.zone)),
            Effect::Withheld { name, why, .. } => format!("did not send {name}: {}", why.label()),
            Effect::Notified { team, text: "" } => format!("notified {team}"),
            Effect::Notified { team, text } => format!("told {team}: {text}"),
            Effect::Converted { point, value: None } => format!("conversion {point}"),
            Effect::Converted { point, value: Some(value) } => {
                format!("conversion {point} worth {}", (value * 100.0).round() / 100.0)
            }
            Effect::Set { attribute, value } => {
                format!("{} is now {}", self.attribute_name(*attribute), self.show_attribute(*attribute, value))
            }
            Effect::Referred => String::from("started another contact"),
            Effect::Raised(event) => format!("raised {}", self.event_name(*event)),
            Effect::Scheduled { event, after } => format!("scheduled {} after {after}", self.event_name(*event)),
            Effect::Cancelled(key) => format!("cancelled {key}"),
        }
    }
}
