//! Stories in one line, as the tests write them down.

use statecraft::model::Project;
use statecraft::simulation::{Cause, Entry, Outcome, Story};

/// The entries of a story: `cause → states` moved, `cause = states` stayed, `cause ✗` refused, `cause –` ignored,
/// `cause ∎` after the end; what was done follows a slash, a touchpoint sent by its bare name.
pub(crate) fn in_short(project: &Project, story: &Story) -> String {
    story.entries.iter().map(|entry| line(project, entry)).collect::<Vec<_>>().join("; ")
}

fn line(project: &Project, entry: &Entry) -> String {
    let cause = match entry.cause {
        Cause::Start => String::new(),
        _ => format!("{} ", entry.cause_in_words(project)),
    };
    let states = project.node_labels(&entry.to);
    let outcome = match entry.outcome {
        Outcome::Moved => format!("→ {states}"),
        Outcome::Stayed => format!("= {states}"),
        Outcome::Refused => String::from("✗"),
        Outcome::Ignored => String::from("–"),
        Outcome::AfterEnd => String::from("∎"),
        Outcome::Halted => return format!("{cause}halted: {}", entry.errors.join(", ")),
    };
    let done = entry.effects.iter().chain(&entry.errors).map(|done| done.trim_start_matches("sent "));
    let done = done.collect::<Vec<_>>().join(", ");
    if done.is_empty() { format!("{cause}{outcome}") } else { format!("{cause}{outcome} / {done}") }
}
