//! What is wrong with the world as the user has described it: behaviours, teams, generated populations, the scenarios on
//! them and the send policy.

mod numbers;

use crate::model::behaviour::{Behaviour, Chance, Team, When};
use crate::model::distribution::Draw;
use crate::model::generator::Generator;
use crate::model::{
    AttributeKind, EntityId, EventId, Events, NodeKind, Population, Project, Scenario, Trigger, Value, Zone,
};
use crate::simulation::{Kind, Problem, Severity, formula_problems};
use numbers::distribution;

pub use numbers::{Bounds, more_than_all, spread_problem};

/// Everything the user should look at in the world.
pub(super) fn problems(project: &Project) -> Vec<Problem> {
    let mut check = Check { project, problems: formula_problems(project) };
    check.policy();
    project.behaviours.values().for_each(|behaviour| check.behaviour(behaviour));
    project.teams.values().for_each(|team| check.team(team));
    project.generators.values().for_each(|generator| check.generator(generator));
    project.scenarios.values().for_each(|scenario| check.scenario(scenario));
    check.problems
}

struct Check<'a> {
    project: &'a Project,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn report(&mut self, severity: Severity, at: impl Into<EntityId>, message: impl Into<String>) {
        self.problems.push(Problem { severity, kind: Kind::World, at: at.into(), message: message.into() });
    }

    fn error(&mut self, at: impl Into<EntityId>, message: impl Into<String>) {
        self.report(Severity::Error, at, message);
    }

    fn warn(&mut self, at: impl Into<EntityId>, message: impl Into<String>) {
        self.report(Severity::Warning, at, message);
    }

    /// Reports what is wrong with a number, if anything, after what it is called.
    fn number(&mut self, at: impl Into<EntityId>, what: &str, problem: Option<String>) {
        if let Some(problem) = problem {
            self.error(at, format!("{what}: {problem}."));
        }
    }

    fn policy(&mut self) {
        let policy = &self.project.info.send_policy;
        for cap in &policy.caps {
            let channel = cap.channel.map_or_else(|| String::from("message"), |channel| channel.to_string());
            if cap.most == 0 {
                self.warn(EntityId::Info, format!("Send policy: a cap of 0 lets no {channel} pass at all."));
            }
            if cap.within.amount == 0 {
                self.error(EntityId::Info, format!("Send policy: a cap needs a time, as in {} in 7 days.", cap.most));
            }
        }
        if policy.quiet.iter().any(|quiet| quiet.hours.minutes_a_week() == 7 * 24 * 60) {
            self.error(EntityId::Info, "Send policy: quiet hours that never end hold messages for ever. Shorten them.");
        }
        if let Some(discount) = &self.project.info.discount {
            self.number(EntityId::Info, "Discount a month", Bounds::Share.problem(discount));
        }
    }

    fn behaviour(&mut self, behaviour: &Behaviour) {
        let (id, name) = (behaviour.id, &behaviour.name);
        self.when(behaviour);
        if behaviour.outcomes.is_empty() {
            self.warn(id, format!("Nothing happens in {name}. Add an outcome, or delete it."));
        }
        for outcome in &behaviour.outcomes {
            let event = self.project.events.get(&outcome.event).map_or("(deleted)", |event| event.name.as_str());
            match &outcome.chance {
                Chance::Share(chance) => self.number(id, &format!("Chance of {event}"), Bounds::Share.problem(chance)),
                Chance::Attribute(attribute) => {
                    let attribute = &self.project.attributes[attribute];
                    if !matches!(attribute.kind, AttributeKind::Number | AttributeKind::Score) {
                        let (kind, attribute) = (attribute.kind.label(), &attribute.name);
                        self.error(
                            id,
                            format!(
                                "Chance of {event}: {attribute} is a {kind}, not a number from 0 to 1. Choose another \
                                 attribute."
                            ),
                        );
                    }
                }
            }
            if !self.is_heard(outcome.event) {
                let message = format!(
                    "Nothing in the journey listens to {event}. Draw an arrow that waits for it, or remove it."
                );
                let kind = Kind::EventNobodyHears;
                self.problems.push(Problem { severity: Severity::Warning, kind, at: id.into(), message });
            }
        }
        let shares = behaviour.outcomes.iter().filter_map(|outcome| match &outcome.chance {
            Chance::Share(share) => Some(share),
            Chance::Attribute(_) => None,
        });
        if let Some(sum) = more_than_all(shares) {
            self.error(id, format!("The outcomes of {name} add up to {sum} %. Make them 100 % or less together."));
        }
        if let Some(delay) = &behaviour.delay {
            for problem in distribution(&delay.spread, true) {
                self.error(id, format!("How late: {problem}."));
            }
        }
        if behaviour.cancel_on_leave && behaviour.when.node().is_none() {
            self.warn(id, format!("{name} is cancelled on leaving a state, but belongs to none."));
        }
    }

    fn when(&mut self, behaviour: &Behaviour) {
        let id = behaviour.id;
        if let Some(node) = behaviour.when.node().and_then(|node| self.project.nodes.get(&node))
            && node.kind == NodeKind::Resume
        {
            self.error(id, format!("Nobody is ever in {}, which only leads back. Choose a state.", node.name));
        }
        match &behaviour.when {
            When::Every { period, .. } if period.amount == 0 => {
                self.error(id, "What comes again and again needs a time between, as in every 1 month.");
            }
            When::Rate { times, per, shape, .. } => {
                self.number(id, "How often", Bounds::NotNegative.problem(times));
                if per.amount == 0 {
                    self.error(id, "How often: it needs a time, as in 1.8 per 60 days.");
                }
                if let Some(shape) = shape {
                    self.number(id, "How much contacts differ", Bounds::Positive.problem(shape));
                }
            }
            _ => {}
        }
    }

    /// Whether an arrow, a score rule or a formula has to do with the event.
    fn is_heard(&self, event: EventId) -> bool {
        let all = |trigger: &Trigger| matches!(trigger, Trigger::On(Events::Any | Events::Every));
        self.project.transitions.values().any(|arrow| all(&arrow.trigger))
            || self.project.uses_of(event.into()).into_iter().any(|user| {
                matches!(user, EntityId::Node(_) | EntityId::Transition(_) | EntityId::ScoreRule(_) | EntityId::Info)
            })
    }

    fn team(&mut self, team: &Team) {
        for (what, number) in [("People", &team.people), ("A week each", &team.per_week)] {
            self.number(team.id, what, Bounds::NotNegative.problem(number));
        }
        if team.people.likely * team.per_week.likely <= 0.0 {
            self.warn(team.id, format!("{} gets nothing done: whatever waits for it waits for ever.", team.name));
        }
    }

    fn generator(&mut self, generator: &Generator) {
        let id = generator.id;
        if generator.contacts == 0 {
            self.warn(id, format!("{} has no contacts. Type how many there are.", generator.name));
        }
        for (zone, zone_share) in &generator.zones {
            if let Err(problem) = Zone::named(zone) {
                self.error(id, format!("{problem}."));
            }
            self.number(id, &format!("Share of {zone}"), Bounds::Share.problem(zone_share));
        }
        if let Some(sum) = more_than_all(generator.zones.iter().map(|(_, share)| share)) {
            self.error(id, format!("The time zones add up to {sum} %. Make them 100 % or less together."));
        }
        for (index, (attribute, draw)) in generator.attributes.iter().enumerate() {
            let attribute = &self.project.attributes[attribute];
            if generator.attributes[..index].iter().any(|(earlier, _)| *earlier == attribute.id) {
                self.error(id, format!("{} is drawn twice. Remove one.", attribute.name));
            }
            self.draw(generator, &attribute.name, &attribute.kind, draw);
        }
        for prior in &generator.prior {
            let event = self.project.events.get(&prior.event).map_or("(deleted)", |event| event.name.as_str());
            let what = format!("Earlier {event}");
            self.draw(generator, &what, &AttributeKind::Number, &prior.count);
            let negative = |(value, _): &(Value, _)| matches!(value, Value::Number(number) if *number < 0.0);
            let can_be_negative = match &prior.count {
                Draw::Mix(shares) => shares.iter().any(negative),
                Draw::Spread(_) => false,
            };
            if can_be_negative {
                self.error(id, format!("{what}: an event cannot have happened less than 0 times."));
            }
            if prior.within.amount == 0 {
                self.error(id, format!("{what}: they need a time in which they happened, as in 60 days."));
            }
        }
    }

    fn draw(&mut self, generator: &Generator, what: &str, kind: &AttributeKind, draw: &Draw) {
        let id = generator.id;
        match draw {
            Draw::Spread(spread) => {
                if !matches!(kind, AttributeKind::Number | AttributeKind::Score) {
                    self.error(id, format!("{what} is a {}: give each of its values a share.", kind.label()));
                }
                for problem in distribution(spread, false) {
                    self.error(id, format!("{what}: {problem}."));
                }
            }
            Draw::Mix(shares) => {
                for (value, value_share) in shares {
                    if let Some(problem) = kind.misfit(value) {
                        self.error(id, format!("{what}: {problem}."));
                    }
                    self.number(id, &format!("{what}, share of {value}"), Bounds::Share.problem(value_share));
                }
                if let Some(sum) = more_than_all(shares.iter().map(|(_, share)| share)) {
                    self.error(id, format!("{what}: the shares add up to {sum} %. Make them 100 % or less together."));
                }
            }
        }
    }

    fn scenario(&mut self, scenario: &Scenario) {
        let Population::Generated(generator) = scenario.population else { return };
        let generator = &self.project.generators[&generator];
        match scenario.until {
            None => self.error(
                scenario.id,
                format!(
                    "{} runs on invented contacts, of whom nothing is recorded, so it needs an end. Type one.",
                    scenario.name
                ),
            ),
            Some(until) if until < generator.from => {
                self.warn(scenario.id, format!("{} ends before the first contact starts.", scenario.name));
            }
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Assumption, notation};

    const WORLD: &str = "attribute fit: choice C < B < A
        attribute churn: number
        touchpoint mail: e-mail
        state A
        end B
        A --go or stop--> B
        team Reps: 1 person, 10 a week each\n";

    #[track_caller]
    fn check(lines: &str, expected: &[&str]) {
        let project = notation::parse(&format!("{WORLD}{lines}")).unwrap();
        let found = problems(&project);
        assert_eq!(found.len(), expected.len(), "{lines}: {found:#?}");
        for (problem, expected) in found.iter().zip(expected) {
            assert!(
                problem.message.contains(expected) && problem.message.ends_with('.'),
                "{lines}: {}",
                problem.message
            );
        }
    }

    #[test]
    fn behaviours_are_checked() {
        check(
            "behaviour x: on A [fit >= B], after 3 days, cancelled on leaving, by team Reps -> go 60 %, stop 40 %",
            &[],
        );
        check("behaviour x: on A -> go 60 %, stop 50.5 %", &["The outcomes of x add up to 110.5 %"]);
        check("behaviour x: on A -> go 120 %", &["Chance of go: 120 is not between 0 and 100", "add up to 120 %"]);
        check("behaviour x: on A -> go 20 % (30..40 %)", &["does not lie between 30 and 40"]);
        check("behaviour x: on A -> go with chance churn", &[]);
        check("behaviour x: on A -> go with chance fit", &["fit is a choice, not a number"]);
        check("behaviour x: on A", &["Nothing happens in x"]);
        check("behaviour x: on A -> laugh", &["Nothing in the journey listens to laugh"]);
        check("behaviour x: on A -> laugh\nstate C\nB --any event--> C", &[]);
        check("behaviour x: on A [count(laugh) > 1] -> go", &["For whom: there is no event named \"laugh\""]);
        check("behaviour x: on A [fit >] -> go", &["For whom: \"fit >\" cannot be read"]);
        check("behaviour x: on A [fit >= B and chance(30%)] -> go", &["give an outcome a share instead"]);
        check("behaviour x: on A [count_here(go) > 1] -> go", &[]);
        check("behaviour x: at start [count_here(go) > 1] -> go", &["and there is none here; write count"]);
        check("behaviour x: on A [event.amount > 1] -> go", &["none is being processed here"]);
        check("policy consent chance(30%)", &["Consent: \"chance(30%)\" is drawn once for each arrow"]);
        check(
            "behaviour x: on A -> go (a = dark, b = 1 +)",
            &["a: there is no attribute named \"dark\"", "b: \"1 +\""],
        );
        check("behaviour x: at start, cancelled on leaving -> go", &["but belongs to none"]);
        check("behaviour x: every 0 days in A -> go", &["needs a time between"]);
        check(
            "behaviour x: -1 per 0 days, shape 0 -> go",
            &["-1 is less than 0", "it needs a time", "0 is not more than 0"],
        );
        check("group G\nstate S in G\nresume R in G\nbehaviour x: on R -> go", &["Nobody is ever in R"]);
    }

    #[test]
    fn spreads_are_checked() {
        for (delay, expected) in [
            ("exponential 0 h", "mean 0 is not more than 0"),
            ("uniform -1..5 days", "from -1 is less than 0"),
            ("uniform 5..1 days", "goes from 5 to 1"),
            ("lognormal 5 days, 90 % below 2 days", "90 % are below 2, but half are above 5"),
            ("lognormal 0 days, 90 % below 2 days", "median 0 is not more than 0"),
            ("normal 5 days, deviation 1 day", "can be negative"),
            ("gamma 2 h, shape 0", "shape 0 is not more than 0"),
            ("-3 days", "-3 is less than 0"),
        ] {
            check(&format!("behaviour x: on A, after {delay} -> go"), &[expected]);
        }
    }

    #[test]
    fn teams_populations_scenarios_and_the_policy_are_checked() {
        check("team X: 0 people, 10 a week each", &["X gets nothing done"]);
        check("team X: -1 people, 10 a week each", &["People: -1 is less than 0", "nothing done"]);
        let population = |lines: &str| format!("population P: 10 contacts from 2026-01-01\n{lines}");
        check(
            &population("draw fit: A 60 %, B 40 %\ndraw churn: beta 0.5, 3\nearlier go: 0 50 %, 1 50 % within 1 day"),
            &[],
        );
        check(&population("zones Europe/Berlin 60 %, UTC 50 %"), &["The time zones add up to 110 %"]);
        check(&population("draw fit: D 60 %"), &["fit: \"D\" is none of the choices C, B, A"]);
        check(&population("draw fit: A 60 %, B 60 %"), &["fit: the shares add up to 120 %"]);
        check(&population("draw fit: beta 1, 2"), &["fit is a choice: give each"]);
        check(
            &population("draw churn: beta 0, 2\ndraw churn: 1"),
            &["alpha 0 is not more than 0", "churn is drawn twice"],
        );
        check(&population("earlier go: -1 50 % within 0 days"), &["less than 0 times", "need a time"]);
        check("population P: 0 contacts from 2026-01-01", &["P has no contacts"]);
        check(&population("scenario S on P"), &["S runs on invented contacts"]);
        check(&population("scenario S on P until 2025-01-01"), &["ends before the first contact starts"]);
        check(&population("scenario S on P until 2026-02-01"), &[]);
        check("policy consent newsletter = yes", &["Consent: there is no attribute named \"newsletter\""]);
        check("policy suppress in(Nowhere)", &["Suppression: there is no state named \"Nowhere\""]);
        check("policy cap 0 SMS in 7 days", &["a cap of 0 lets no SMS pass"]);
        check("policy cap 2 in 0 days", &["a cap needs a time"]);
        check("policy quiet 08:00–08:00", &["never end"]);
        check("policy cap 2 in 7 days\npolicy quiet 21:00–08:00\ndiscount 1 % a month", &[]);
        check("discount 101 % a month", &["Discount a month: 101 is not between 0 and 100"]);
    }

    #[test]
    fn an_unknown_zone_is_reported_where_it_is() {
        let mut project = notation::parse(&format!("{WORLD}population P: 10 contacts from 2026-01-01")).unwrap();
        let generator = project.generators.values_mut().next().unwrap();
        generator.zones.push((String::from("Mars"), Assumption::guessed(0.1)));
        let id = generator.id;
        let found = problems(&project);
        assert_eq!((found[0].at, found.len()), (id.into(), 1));
        assert!(found[0].message.contains("\"Mars\" is no time zone"), "{}", found[0].message);
    }
}
