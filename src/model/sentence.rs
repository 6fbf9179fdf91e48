//! Arrows, guards, actions and behaviours in plain words, so that a journey can be read aloud.

mod world;

use super::action::{Action, Branch};
use super::chart::{Events, Transition, Trigger};
use super::formula::{Comparison, Expr, Formula, Operator};
use super::time::Delay;
use super::{Project, print_list};

pub use world::behaviour;

/// The whole arrow: "When a contact in Educating has download and fit is at least B, notify Sales and move to MQL."
#[must_use]
pub fn transition(project: &Project, arrow: &Transition) -> String {
    let source = project.node_label(arrow.source);
    let mut text = match &arrow.trigger {
        Trigger::Unset => {
            let target = match arrow.target {
                Some(target) => format!("takes a contact from {source} to {}", project.node_label(target)),
                None => format!("happens to a contact in {source}"),
            };
            return format!("Nobody has said yet what {target}.");
        }
        Trigger::On(events) => format!("When {} happens to a contact in {source}", event_list(project, events)),
        Trigger::After(delay) => format!("When a contact has been in {source} for {}{}", delay.first, again(*delay)),
        Trigger::At(moment, false) => format!("At the next {moment} that a contact in {source} sees"),
        Trigger::At(moment, true) => format!("At every {moment} that a contact is in {source}"),
        Trigger::AfterWithout(delay, events) => {
            format!(
                "When a contact in {source} goes {} without {}{}",
                delay.first,
                event_list(project, events),
                again(*delay)
            )
        }
        Trigger::AfterSince(delay, events) => {
            format!(
                "When {} have passed since {} for a contact in {source}{}",
                delay.first,
                event_list(project, events),
                again(*delay)
            )
        }
        Trigger::Done(group) => format!("When {} has reached its end", project.node_label(*group)),
        Trigger::Always => format!("As soon as a contact is in {source}"),
    };
    if arrow.interrupt {
        text.push_str(", before anything inside can answer");
    }
    if !arrow.guard.is_empty() {
        text.push_str(if arrow.interrupt { ", and " } else { " and " });
        text.push_str(&guard(&arrow.guard));
    }
    text.push_str(", ");
    let mut parts: Vec<String> = arrow.actions.iter().map(|act| action(project, act)).collect();
    match arrow.target {
        Some(target) if target == arrow.source && arrow.restart => parts.push(format!("enter {source} anew")),
        Some(target) if target == arrow.source => parts.push(format!("stay in {source}")),
        Some(target) if !arrow.restart && project.ends_inside(arrow) => {
            parts.push(format!("move to {} without leaving {source}", project.node_label(target)));
        }
        Some(_) => parts.push(format!("move to {}", project.node_labels(&arrow.targets().collect::<Vec<_>>()))),
        None => parts.push(format!("stay in {source}")),
    }
    text.push_str(&print_list(&parts, "and"));
    text.push('.');
    text
}

fn again(delay: Delay) -> String {
    delay.every.map_or_else(String::new, |every| format!(", and every {every} after that"))
}

fn event_list(project: &Project, events: &Events) -> String {
    match events {
        Events::Any => String::from("any event"),
        Events::Every => String::from("any event, from outside or inside,"),
        Events::Only(ids) => {
            let names: Vec<String> = ids
                .iter()
                .map(|id| project.events.get(id).map_or_else(|| String::from("(deleted)"), |event| event.name.clone()))
                .collect();
            print_list(&names, "or")
        }
    }
}

/// The action as an order: "send welcome".
#[must_use]
pub fn action(project: &Project, action: &Action) -> String {
    let event = |id| project.events.get(&id).map_or("(deleted)", |event| event.name.as_str());
    let attribute = |id| project.attributes.get(&id).map_or("(deleted)", |attribute| attribute.name.as_str());
    match action {
        Action::Send(id) => {
            let name = project.touchpoint_label(*id);
            format!("send {name}")
        }
        Action::AddScore { score, points } => match points.text().trim().strip_prefix('-') {
            Some(points) => format!("take {} from {}", points.trim(), attribute(*score)),
            None => format!("add {points} to {}", attribute(*score)),
        },
        Action::Set { attribute: id, value } => format!("set {} to {value}", attribute(*id)),
        Action::Notify { team, text } if text.is_empty() => format!("notify {team}"),
        Action::Notify { team, text } => format!("tell {team} to {text}"),
        Action::Convert { point, value } if value.is_empty() => format!("count as {point}"),
        Action::Convert { point, value } => format!("count as {point} worth {value}"),
        Action::Refer => String::from("start another contact"),
        Action::Raise(id) => {
            format!("raise {}", event(*id))
        }
        Action::Schedule(message) => {
            let values: Vec<String> =
                message.fields.iter().map(|(field, value)| format!("{field} = {value}")).collect();
            let with = if values.is_empty() { String::new() } else { format!(" with {}", print_list(&values, "and")) };
            let when = message.after.map_or_else(String::new, |delay| format!(" after {delay}"));
            format!("raise {}{with}{when}", event(message.event))
        }
        Action::Cancel(key) => format!("cancel {key}"),
        Action::Fail(failure) => format!("fail: {}", failure.problem),
        Action::Block(actions) => {
            let orders: Vec<String> = actions.iter().map(|act| self::action(project, act)).collect();
            print_list(&orders, "and")
        }
        Action::If(branches) => {
            let branches: Vec<String> = branches.iter().map(|branch| conditional(project, branch)).collect();
            branches.join(", else ")
        }
    }
}

/// A branch as part of an order: "if fit is at least B, notify Sales".
fn conditional(project: &Project, branch: &Branch) -> String {
    let orders: Vec<String> = branch.actions.iter().map(|act| action(project, act)).collect();
    let orders = if orders.is_empty() { String::from("do nothing") } else { print_list(&orders, "and") };
    if branch.guard.is_empty() { orders } else { format!("if {}, {orders}", guard(&branch.guard)) }
}

/// The condition in words; as typed where it cannot be read.
#[must_use]
pub fn guard(formula: &Formula) -> String {
    match formula.parse() {
        Ok(Some(expr)) => words(&expr),
        Ok(None) => String::from("always"),
        Err(_) => formula.text().to_owned(),
    }
}

/// An expression in words.
#[must_use]
pub fn words(expr: &Expr) -> String {
    let list = |parts: &[Expr], word: &str| print_list(&parts.iter().map(words).collect::<Vec<_>>(), word);
    match expr {
        Expr::Number(number) => number.to_string(),
        Expr::Text(text) => format!("\"{text}\""),
        Expr::YesNo(yes) => String::from(if *yes { "yes" } else { "no" }),
        Expr::Duration(duration) => duration.to_string(),
        Expr::Name(name) => name.text.clone(),
        Expr::Field(name) => format!("the {} of the event", name.text),
        Expr::Count(event, None) => format!("the number of {}", event.text),
        Expr::Count(event, Some(window)) => format!("the number of {} in the last {window}", event.text),
        Expr::CountHere(event) => format!("the number of {} since entering", event.text),
        Expr::Since(event) => format!("the time since {}", event.text),
        Expr::TimeHere => String::from("the time in this state"),
        Expr::LastTouchpoint => String::from("the last touchpoint"),
        Expr::In(state) => format!("the contact is in {}", state.text),
        Expr::Chance(share) => format!("a {}% chance comes true", (share * 1e4).round() / 1e2),
        Expr::Not(inner) => format!("it is not so that {}", words(inner)),
        Expr::And(parts) => list(parts, "and"),
        Expr::Or(parts) => format!("either {}", list(parts, "or")),
        Expr::Compare(comparison, left, right) => compared(*comparison, left, right),
        Expr::IsUnknown(inner, negated) => {
            format!("{} is {}", words(inner), if *negated { "known" } else { "unknown" })
        }
        Expr::OneOf(inner, options) => format!("{} is {}", words(inner), list(options, "or")),
        Expr::Arithmetic(operator, left, right) => {
            let word = match operator {
                Operator::Add => "plus",
                Operator::Subtract => "minus",
                Operator::Multiply => "times",
                Operator::Divide => "divided by",
                Operator::Remainder => "modulo",
            };
            format!("{} {word} {}", words(left), words(right))
        }
        Expr::Negative(inner) => format!("minus {}", words(inner)),
        Expr::Extreme(..) => expr.to_string(),
    }
}

/// "it is the third download" where a count is asked for exactly; else the comparison in words.
fn compared(comparison: Comparison, left: &Expr, right: &Expr) -> String {
    if let (Comparison::Equal, Expr::Count(event, None), Expr::Number(number)) = (comparison, left, right)
        && let Some(ordinal) = ordinal(*number)
    {
        return format!("it is the {ordinal} {}", event.text);
    }
    format!("{} {} {}", words(left), comparison.words(), words(right))
}

fn ordinal(number: f64) -> Option<&'static str> {
    const ORDINALS: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];
    ORDINALS
        .into_iter()
        .zip(1_u32..)
        .find(|(_, value)| (f64::from(*value) - number).abs() < f64::EPSILON)
        .map(|(word, _)| word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::notation;

    fn check(arrow: &str, expected: &str) {
        let project = notation::parse(&format!("attribute fit: choice C < B < A\n{arrow}")).unwrap();
        assert_eq!(transition(&project, project.transitions.values().next().unwrap()), expected);
    }

    #[test]
    fn an_arrow_reads_aloud_as_a_sentence() {
        check(
            "Educating --download [count(download, 60 days) >= 3 and fit >= B] / notify(Sales: call)--> MQL",
            "When download happens to a contact in Educating and the number of download in the last 60 days is at least 3 \
             and fit is at least B, tell Sales to call and move to MQL.",
        );
        check(
            "A --buy [count(buy) = 1] / send(hello); points - 5--> B",
            "When buy happens to a contact in A and it is the first buy, send hello, take 5 from points and move to B.",
        );
        check(
            "A --after 7 days without click or buy--> (stay)",
            "When a contact in A goes 7 days without click or buy, stay in A.",
        );
        check("A ----> B", "Nobody has said yet what takes a contact from A to B.");
        check("A --go--> A", "When go happens to a contact in A, enter A anew.");
    }
}
