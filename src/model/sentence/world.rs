//! Behaviours in plain words.

use super::guard;
use crate::model::assumption::percent;
use crate::model::behaviour::{Behaviour, Chance, Delayed, Outcome, When};
use crate::model::distribution::Distribution;
use crate::model::id::NodeId;
use crate::model::time::{Duration, Unit};
use crate::model::{Project, print_list};

/// The whole behaviour: "When a contact enters MQL, accept follows in 60 % of cases and reject in 40 %, after 8 h on
/// average."
#[must_use]
pub fn behaviour(project: &Project, behaviour: &Behaviour) -> String {
    let inside = |node: &Option<NodeId>| {
        node.map_or_else(|| String::from(" of the journey"), |node| format!(" in {}", project.node_label(node)))
    };
    let mut text = match &behaviour.when {
        When::Start => String::from("When a contact starts"),
        When::Entered(node) => format!("When a contact enters {}", project.node_label(*node)),
        When::Sent(touchpoint) => {
            let name = project.touchpoint_label(*touchpoint);
            format!("When {name} was sent to a contact")
        }
        When::Every { period, within } => format!("Every {}{}", span(*period), inside(within)),
        When::Rate { times, per, shape, within } => {
            let differ = if shape.is_some() { ", for some more often than for others" } else { "" };
            format!("About {} times in {}{}{differ}", times.likely, per, inside(within))
        }
    };
    if !behaviour.guard.is_empty() {
        text = format!("{text}, if {}", guard(&behaviour.guard));
    }
    let outcomes: Vec<String> =
        behaviour.outcomes.iter().enumerate().map(|(index, one)| outcome(project, one, index == 0)).collect();
    let follows = if outcomes.is_empty() { String::from("nothing follows yet") } else { print_list(&outcomes, "or") };
    text = format!("{text}, {follows}");
    if let Some(delay) = &behaviour.delay {
        text = format!("{text}, {}", delayed(delay));
    }
    if let (true, Some(node)) = (behaviour.cancel_on_leave, behaviour.when.node()) {
        text = format!("{text}, unless the contact leaves {} before", project.node_label(node));
    }
    text.push('.');
    if let Some(team) = behaviour.team.and_then(|team| project.teams.get(&team)) {
        text = format!("{text} It waits until {} has time for it.", team.name);
    }
    text
}

/// `month` for one, `3 months` for several.
fn span(duration: Duration) -> String {
    if duration.amount == 1 { duration.unit.name(1).to_owned() } else { duration.to_string() }
}

fn outcome(project: &Project, outcome: &Outcome, first: bool) -> String {
    let event = project.events.get(&outcome.event).map_or("(deleted)", |event| event.name.as_str());
    let fields: Vec<String> = outcome.fields.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let with = if fields.is_empty() { String::new() } else { format!(" ({})", fields.join(", ")) };
    let follows = if first { " follows" } else { "" };
    let often = match &outcome.chance {
        Chance::Share(share) if share.likely >= 1.0 => String::new(),
        Chance::Share(share) if first => format!(" in {} % of cases", percent(share.likely)),
        Chance::Share(share) => format!(" in {} %", percent(share.likely)),
        Chance::Attribute(attribute) => {
            let name = project.attributes.get(attribute).map_or("(deleted)", |attribute| attribute.name.as_str());
            format!(" as likely as the {name} of the contact")
        }
    };
    format!("{event}{with}{follows}{often}")
}

fn delayed(delay: &Delayed) -> String {
    let unit = |amount: f64| {
        let one = (amount - 1.0).abs() < f64::EPSILON;
        Unit::name(delay.unit, if one { 1 } else { 2 })
    };
    let time = |amount: f64| format!("{amount} {}", unit(amount));
    match &delay.spread {
        Distribution::Fixed(value) => format!("after {}", time(value.likely)),
        Distribution::Uniform { from, to } => format!("after {} to {}", from.likely, time(to.likely)),
        Distribution::Exponential { mean } | Distribution::Gamma { mean, .. } => {
            format!("after {} on average", time(mean.likely))
        }
        Distribution::LogNormal { median, p90 } => {
            format!("half of it within {}, nine tenths within {}", time(median.likely), time(p90.likely))
        }
        Distribution::Normal { mean, deviation } => {
            format!("after {}, give or take {}", time(mean.likely), deviation.likely)
        }
        Distribution::Beta { .. } => format!("within {}", time(1.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::notation;

    #[test]
    fn a_behaviour_reads_aloud_as_a_sentence() {
        let world = "attribute churn: number\ntouchpoint reminder: SMS\nteam Reps: 1 person, 10 a week each\nstate MQL";
        for (line, expected) in [
            (
                "on MQL, after exponential 8 h, cancelled on leaving -> accept 60 %, reject (reason = \"fit\") 24.5 %",
                "When a contact enters MQL, accept follows in 60 % of cases or reject (reason = \"fit\") in 24.5 %, after \
                 8 h on average, unless the contact leaves MQL before.",
            ),
            (
                "every 1 month in MQL -> cancel with chance churn",
                "Every month in MQL, cancel follows as likely as the churn of the contact.",
            ),
            (
                "when sent reminder [count(buy) >= 4], after lognormal 1 days, 90 % below 9 days, by team Reps -> buy",
                "When reminder was sent to a contact, if the number of buy is at least 4, buy follows, half of it within 1 \
                 day, nine tenths within 9 days. It waits until Reps has time for it.",
            ),
            (
                "1.8 per 60 days, shape 0.8, after uniform 1..5 days -> visit 52 %",
                "About 1.8 times in 60 days of the journey, for some more often than for others, visit follows in 52 % of \
                 cases, after 1 to 5 days.",
            ),
            ("at start", "When a contact starts, nothing follows yet."),
        ] {
            let project = notation::parse(&format!("{world}\nbehaviour one: {line}")).unwrap();
            let found = project.behaviours.values().next().unwrap();
            assert_eq!(behaviour(&project, found), expected);
        }
    }
}
