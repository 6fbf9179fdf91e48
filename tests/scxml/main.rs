//! Charts in SCXML: what each construct means here, a line per case, and what is refused with its line.

mod conditions;
mod events;
mod refusals;
mod structure;

use statecraft::exchange::scxml::{Imported, read_scxml};
use statecraft::model::Time;
use statecraft::simulation::condition::Fields;
use statecraft::simulation::luck::ContactKey;
use statecraft::simulation::{Machine, Reaction, Severity, Stimulus};

pub(crate) fn chart(attributes: &str, inside: &str) -> String {
    format!("<scxml xmlns=\"http://www.w3.org/2005/07/scxml\" version=\"1.0\" {attributes}>\n{inside}\n</scxml>")
}

pub(crate) fn imported(attributes: &str, inside: &str) -> Imported {
    read_scxml(&chart(attributes, inside)).unwrap_or_else(|error| panic!("{inside}: {error}"))
}

/// The ids of the states in which a contact rests after `events`, each a name or a wait such as `+100`.
pub(crate) fn play(imported: &Imported, events: &str) -> String {
    let (machine, problems) = Machine::compile(&imported.project);
    let unread: Vec<_> = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error && !problem.message.contains("must be groups"))
        .collect();
    assert!(unread.is_empty(), "{unread:?}");
    let mut memory = machine.memory(1, ContactKey(1), None);
    let mut reaction = Reaction::new(false);
    let mut now = Time(0);
    machine.react(&mut memory, &Stimulus::Start(now), &mut reaction);
    for event in std::iter::once("+0").chain(events.split_whitespace()) {
        if let Some(wait) = event.strip_prefix('+') {
            now.0 += wait.parse::<i64>().unwrap();
        } else {
            let slot = imported.event_for(event).and_then(|id| machine.event_slots(&[id])[0]);
            let stimulus = Stimulus::Event { time: now, event: slot, fields: Fields::default() };
            machine.react(&mut memory, &stimulus, &mut reaction);
        }
        while machine.next_due(&memory).is_some_and(|due| due <= now) {
            machine.react(&mut memory, &Stimulus::Timer, &mut reaction);
        }
    }
    assert!(!memory.halted());
    let id = |node| imported.states.iter().find(|(_, id)| **id == node).map_or("?", |(id, _)| id.as_str());
    memory.leaves().iter().map(|slot| id(machine.node_id(*slot))).collect::<Vec<_>>().join(" ")
}

#[track_caller]
pub(crate) fn check(inside: &str, events: &str, resting: &str) {
    assert_eq!(play(&imported("", inside), events), resting, "{inside}");
}

/// A state whose event `ask` leads to `yes` where the condition holds.
pub(crate) fn asks(before: &str, condition: &str) -> String {
    format!(
        "{before}<state id='s'><transition event='ask' cond=\"{condition}\" target='yes'/></state><state id='yes'/>
         <state id='no'/>"
    )
}
