//! Triggers in words: `purchase`, `purchase or visit`, `after 90 days without purchase`, `after 7 days, then every 2 days`,
//! `at Mon–Fri 09:00`, `every 09:00`, `done Onboarding`, `always`.

use super::Project;
use super::chart::{Events, Trigger};
use super::moment::Moment;
use super::time::{Delay, Duration};

/// A trigger as typed, before its events are looked up in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TriggerWords {
    Unset,
    On(EventWords),
    /// Whatever happens, outside or inside.
    Every,
    After(Delay),
    AfterWithout(Delay, EventWords),
    AfterSince(Delay, EventWords),
    At(Moment, bool),
    /// The group that has reached its end, by its name.
    Done(String),
    Always,
}

/// Events as typed; `None` means any.
pub type EventWords = Option<Vec<String>>;

impl TriggerWords {
    /// # Errors
    /// A sentence when a text that starts with `after` has no duration.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::Unset);
        }
        if text.eq_ignore_ascii_case("always") {
            return Ok(Self::Always);
        }
        if text.eq_ignore_ascii_case("every event") {
            return Ok(Self::Every);
        }
        if let Some(group) = strip_word(text, "done") {
            return Ok(Self::Done(group.to_owned()));
        }
        for (word, again) in [("at", false), ("every", true)] {
            // An event may be called "at home": only what ends in a time is one.
            if let Some(moment) = strip_word(text, word).filter(|rest| rest.contains(':')) {
                return Ok(Self::At(moment.parse()?, again));
            }
        }
        let Some(rest) = strip_word(text, "after") else { return Ok(Self::On(event_words(text))) };
        let (rest, every) = match rest.rsplit_once(", then every ") {
            Some((rest, every)) => (rest, Some(every.parse()?)),
            None => (rest, None),
        };
        let delay = |first: &str| Ok::<_, String>(Delay { first: first.parse()?, every });
        if let Some((first, events)) = split_word(rest, "without") {
            return Ok(Self::AfterWithout(delay(first)?, event_words(events)));
        }
        if let Some((first, events)) = split_word(rest, "since") {
            return Ok(Self::AfterSince(delay(first)?, event_words(events)));
        }
        Ok(Self::After(delay(rest)?))
    }

    /// The names of events inside.
    #[must_use]
    pub fn event_names(&self) -> &[String] {
        match self {
            Self::On(events) | Self::AfterWithout(_, events) | Self::AfterSince(_, events) => {
                events.as_deref().unwrap_or_default()
            }
            Self::Unset | Self::Every | Self::After(_) | Self::At(..) | Self::Done(_) | Self::Always => &[],
        }
    }

    /// The trigger, with every name looked up; events that `project` lacks are left out, a group that it lacks leaves the
    /// trigger unset.
    #[must_use]
    pub fn resolve(&self, project: &Project) -> Trigger {
        let events = |words: &EventWords| match words {
            None => Events::Any,
            Some(names) => Events::Only(
                names.iter().filter_map(|name| project.event_by_name(name)).map(|event| event.id).collect(),
            ),
        };
        match self {
            Self::Unset => Trigger::Unset,
            Self::On(words) => Trigger::On(events(words)),
            Self::Every => Trigger::On(Events::Every),
            Self::After(delay) => Trigger::After(*delay),
            Self::AfterWithout(delay, words) => Trigger::AfterWithout(*delay, events(words)),
            Self::AfterSince(delay, words) => Trigger::AfterSince(*delay, events(words)),
            Self::At(moment, again) => Trigger::At(*moment, *again),
            Self::Done(group) => project.node_by_name(group).map_or(Trigger::Unset, |group| Trigger::Done(group.id)),
            Self::Always => Trigger::Always,
        }
    }
}

fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (first, rest) = text.split_once(char::is_whitespace)?;
    first.eq_ignore_ascii_case(word).then_some(rest.trim())
}

fn split_word<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    text.match_indices(char::is_whitespace)
        .find_map(|(at, _)| Some((text[..at].trim(), strip_word(text[at..].trim_start(), word)?)))
}

fn event_words(text: &str) -> EventWords {
    let text = text.trim();
    // Timers wait for what comes from outside only, so "every event" is "any event" to them.
    if ["any event", "any", "every event", "*"].iter().any(|any| text.eq_ignore_ascii_case(any)) {
        return None;
    }
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((name, more)) = split_word(rest, "or") {
        names.push(name.to_owned());
        rest = more;
    }
    // "buy or" is a list that is still being typed, not an event of that name.
    let last = rest.strip_suffix(" or").unwrap_or(rest).trim();
    names.push(last.to_owned());
    Some(names)
}

/// The trigger in the words that [`TriggerWords::parse`] reads.
#[must_use]
pub fn print_trigger(project: &Project, trigger: &Trigger) -> String {
    let events = |events: &Events| match events {
        Events::Any => String::from("any event"),
        Events::Every => String::from("every event"),
        Events::Only(ids) => ids
            .iter()
            .map(|id| project.events.get(id).map_or("(deleted)", |event| event.name.as_str()))
            .collect::<Vec<_>>()
            .join(" or "),
    };
    let again = |delay: &Delay| delay.every.map_or_else(String::new, |every: Duration| format!(", then every {every}"));
    match trigger {
        Trigger::Unset => String::new(),
        Trigger::On(on) => events(on),
        Trigger::After(delay) => format!("after {}{}", delay.first, again(delay)),
        Trigger::AfterWithout(delay, without) => {
            format!("after {} without {}{}", delay.first, events(without), again(delay))
        }
        Trigger::AfterSince(delay, since) => format!("after {} since {}{}", delay.first, events(since), again(delay)),
        Trigger::At(moment, false) => format!("at {moment}"),
        Trigger::At(moment, true) => format!("every {moment}"),
        Trigger::Done(group) => format!("done {}", project.node_label(*group)),
        Trigger::Always => String::from("always"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn triggers_are_read_from_words() {
        let days = Delay::from(Duration::days(90));
        let again = Delay { first: Duration::days(7), every: Some(Duration::days(2)) };
        let buy = || Some(vec![String::from("white paper")]);
        for (text, expected) in [
            ("white paper", TriggerWords::On(buy())),
            ("a or", TriggerWords::On(Some(vec!["a".into()]))),
            ("a or b", TriggerWords::On(Some(vec!["a".into(), "b".into()]))),
            ("any event", TriggerWords::On(None)),
            ("after 90 days", TriggerWords::After(days)),
            ("After 90 days without white paper", TriggerWords::AfterWithout(days, buy())),
            ("after 90 days since any event", TriggerWords::AfterSince(days, None)),
            ("after 7 days, then every 2 days", TriggerWords::After(again)),
            ("after 7 days without white paper, then every 2 days", TriggerWords::AfterWithout(again, buy())),
            ("at Mon–Fri 09:00", TriggerWords::At("Mon-Fri 9:00".parse().unwrap(), false)),
            ("every 09:00", TriggerWords::At("09:00".parse().unwrap(), true)),
            ("at home", TriggerWords::On(Some(vec!["at home".into()]))),
            ("after 90 days since every event", TriggerWords::AfterSince(days, None)),
            ("every event", TriggerWords::Every),
            ("always", TriggerWords::Always),
            ("done Onboarding", TriggerWords::Done("Onboarding".into())),
            ("", TriggerWords::Unset),
        ] {
            assert_eq!(TriggerWords::parse(text), Ok(expected), "{text}");
        }
        assert!(TriggerWords::parse("after lunch").unwrap_err().contains("90 days"));
    }
}
