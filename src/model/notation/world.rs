//! The lines about behaviours and teams.

use super::amount::{amount, distribution, percentage, plain, unit};
use super::{Last, Reader, items, places_outside_brackets, split_outside_brackets};
use crate::model::assumption::Assumption;
use crate::model::behaviour::{Behaviour, Chance, Delayed, Outcome, Team, When};
use crate::model::formula::Formula;
use crate::model::hours::Hours;
use crate::model::id::{BehaviourId, NodeId, TeamId};

const FORM: &str = "a behaviour is written: behaviour name: on State [condition], after 3 days -> event 60 %";

impl Reader {
    pub(super) fn team(&mut self, text: &str) -> Result<(), String> {
        let form = "a team is written: team Reps: 1 person, 10 a week each, Mon–Fri 09:00–17:00";
        let (name, rest) = text.split_once(':').ok_or(form)?;
        let (people, rest) = split_outside_brackets(rest, ",").ok_or(form)?;
        let (per_week, hours) = split_outside_brackets(rest, ",").unwrap_or((rest, ""));
        let people = plain(people, "person").or_else(|_| plain(people, "people"))?;
        let hours = if hours.trim().is_empty() { Hours::OFFICE } else { hours.parse()? };
        let id: TeamId = next_id!(self.project.teams);
        let (name, per_week) = (name.trim().to_owned(), plain(per_week, "a week each")?);
        self.project.teams.insert(id, Team { id, name, hours, people, per_week, note: String::new() });
        self.last = Some(Last::Team(id));
        Ok(())
    }

    pub(super) fn behaviour(&mut self, text: &str) -> Result<(), String> {
        let (name, rest) = text.split_once(':').ok_or(FORM)?;
        let (head, outcomes) = split_outside_brackets(rest, "->").unwrap_or((rest, ""));
        let (head, guard) = taken_guard(head)?;
        let mut parts: Vec<String> = Vec::new();
        for item in items(&head) {
            match parts.last_mut() {
                // A spread has commas of its own, and so has a rate.
                Some(last) if !["after ", "cancelled ", "by team "].iter().any(|word| item.starts_with(word)) => {
                    *last = format!("{last}, {item}");
                }
                _ => parts.push(item.to_owned()),
            }
        }
        let mut parts = parts.into_iter();
        let when = self.when(&parts.next().ok_or(FORM)?)?;
        let id: BehaviourId = next_id!(self.project.behaviours);
        let name = name.trim().to_owned();
        let mut behaviour = Behaviour {
            id,
            key: self.project.free_behaviour_key(&name),
            name,
            when,
            guard,
            outcomes: self.outcomes(outcomes)?,
            delay: None,
            cancel_on_leave: false,
            team: None,
            note: String::new(),
        };
        for part in parts {
            if let Some(delay) = part.strip_prefix("after ") {
                let (spread, word) = distribution(delay)?;
                behaviour.delay = Some(Delayed { spread, unit: unit(word)? });
            } else if part == "cancelled on leaving" {
                behaviour.cancel_on_leave = true;
            } else if let Some(name) = part.strip_prefix("by team ") {
                let team = self.project.team_by_name(name.trim());
                behaviour.team = Some(team.ok_or_else(|| format!("there is no team {name}"))?.id);
            } else {
                return Err(format!("\"{part}\" is neither a delay, \"cancelled on leaving\" nor \"by team …\""));
            }
        }
        self.project.behaviours.insert(id, behaviour);
        self.last = Some(Last::Behaviour(id));
        Ok(())
    }

    /// A line of further outcomes of the behaviour above.
    pub(super) fn more_outcomes(&mut self, text: &str) -> Result<(), String> {
        let Some(Last::Behaviour(id)) = self.last else {
            return Err(String::from("outcomes must stand below a behaviour"));
        };
        let outcomes = self.outcomes(text)?;
        if let Some(behaviour) = self.project.behaviours.get_mut(&id) {
            behaviour.outcomes.extend(outcomes);
        }
        Ok(())
    }

    fn when(&self, text: &str) -> Result<When, String> {
        if text == "at start" {
            return Ok(When::Start);
        }
        if let Some(name) = text.strip_prefix("on ") {
            return Ok(When::Entered(self.known_state(name)?));
        }
        if let Some(name) = text.strip_prefix("when sent ") {
            let touchpoint = self.project.touchpoint_by_name(name.trim());
            return Ok(When::Sent(touchpoint.ok_or_else(|| format!("there is no touchpoint {name}"))?.id));
        }
        let (text, shape) = match split_outside_brackets(text, ", shape ") {
            Some((text, shape)) => (text, Some(plain(shape, "")?)),
            None => (text, None),
        };
        let (text, within) = match split_outside_brackets(text, " in ") {
            Some((text, name)) => (text, Some(self.known_state(name)?)),
            None => (text, None),
        };
        if let (Some(period), None) = (text.strip_prefix("every "), &shape) {
            return Ok(When::Every { period: period.parse()?, within });
        }
        let (times, per) = split_outside_brackets(text, " per ").ok_or_else(|| {
            format!(
                "\"{text}\" sets nothing off; write at start, on State, when sent touchpoint, every 1 month in State, \
                 or 1.8 per 60 days"
            )
        })?;
        Ok(When::Rate { times: plain(times, "")?, per: per.parse()?, shape, within })
    }

    fn known_state(&self, name: &str) -> Result<NodeId, String> {
        let name = name.trim();
        Ok(self.project.node_by_name(name).ok_or_else(|| format!("there is no state {name}"))?.id)
    }

    fn outcomes(&mut self, text: &str) -> Result<Vec<Outcome>, String> {
        items(text).into_iter().map(|item| self.outcome(item)).collect()
    }

    /// `reject (reason = "fit") 24 % (20..30 %, agreed)`, `cancel with chance churn`, `visit`.
    fn outcome(&mut self, text: &str) -> Result<Outcome, String> {
        let (head, chance) = match split_outside_brackets(text, " with chance ") {
            Some((head, name)) => {
                let attribute = self.project.attribute_by_name(name.trim());
                let attribute = attribute.ok_or_else(|| format!("there is no attribute {}", name.trim()))?;
                (head, Chance::Attribute(attribute.id))
            }
            None => match places_outside_brackets(text, "%").next() {
                Some(sign) => {
                    let digits = text[..sign].trim_end();
                    let at = digits.rfind(|c: char| !c.is_ascii_digit() && c != '.').map_or(0, |at| at + 1);
                    (&text[..at], Chance::Share(percentage(&text[at..])?))
                }
                None => (text, Chance::Share(Assumption::guessed(1.0))),
            },
        };
        let head = head.trim();
        let (event, fields) = match head.strip_suffix(')').and_then(|head| head.split_once('(')) {
            Some((event, fields)) => (event, fields),
            None => (head, ""),
        };
        let fields = items(fields).into_iter().map(|field| {
            let (name, value) = field.split_once('=').ok_or("a field is written name = value")?;
            Ok::<_, String>((name.trim().to_owned(), Formula::new(value.trim())))
        });
        let fields = fields.collect::<Result<Vec<_>, _>>()?;
        if event.trim().is_empty() {
            return Err(String::from("an outcome is written: event 60 %"));
        }
        let event = self.event(event);
        Ok(Outcome { event, fields, chance })
    }

    pub(super) fn discount(&mut self, text: &str) -> Result<(), String> {
        let (discount, word) = amount(text)?;
        if word != "% a month" {
            return Err(String::from("a discount is written: discount 1 % a month"));
        }
        self.project.info.discount = Some(discount);
        Ok(())
    }
}

/// The text without the condition that stands in brackets inside, and that condition.
fn taken_guard(text: &str) -> Result<(String, Formula), String> {
    let Some((before, rest)) = text.split_once('[') else { return Ok((text.to_owned(), Formula::default())) };
    let end = rest.rfind(']').ok_or("the condition has no closing ]")?;
    Ok((format!("{}{}", before.trim_end(), &rest[end + 1..]), Formula::new(rest[..end].trim())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::assumption::Provenance;
    use crate::model::catalog::Channel;
    use crate::model::distribution::{Distribution, Draw};
    use crate::model::notation::parse;
    use crate::model::scenario::Population;
    use crate::model::time::Unit;
    use crate::model::value::Value;

    #[test]
    fn a_world_reads_as_it_is_written() {
        let project = parse(
            "journey Trial
             attribute fit: choice D < C < B < A
             attribute churn: number
             attribute country: text
             touchpoint reminder: SMS
             state MQL
             state Loyal
             team Reps: 1 person, 10 a week each (8..12, agreed: Q3 review, page 2), Mon, Wed 09:00–17:00
               note Two desks.
             behaviour downloads: 1.8 (1.5..2.4, measured: CRM 2025) per 60 days, shape 0.8 (..1) -> download
             behaviour sales answers: on MQL [fit >= B], after exponential 8 h, cancelled on leaving, by team Reps
               -> accept 60 % (50..70 %, measured), reject (reason = \"timing, for now\") 16 %
               -> reject (reason = \"fit\", value = max(1, 2)) 0.3 %
               note As told by sales.
             behaviour renewal: every 1 month in Loyal -> cancel with chance churn
             behaviour late: when sent reminder, after lognormal 2 days, 90 % below 9 days (7..12 days) -> buy 52 %
             behaviour soon: at start, after uniform 1 (0.5..1) .. 5 days -> visit
             behaviour other: 2 per 1 week in Loyal, after normal 5 days, deviation 1 day -> visit 10 %
             population Visitors: 2000 contacts from 2026-01-01 over 60 days
               zones Europe/Berlin 60 %, America/New_York 10 %
               draw fit: D 40 %, A 10 % (5..20 %, agreed)
               draw churn: beta 0.668 (0.5..0.8), 3.806
               earlier abandon: 0 30 %, 3 25 % within 60 days
               draw country: DE 50 %
             policy consent fit >= C
             policy suppress in(MQL)
             policy cap 2 e-mail in 7 days
             policy cap 5 in 1 month
             policy quiet SMS Mon–Fri 21:00–08:00
             policy quiet 22:00–07:00
             policy drop held
             discount 1 % a month (0.5..2 %, agreed)
             scenario Base on Visitors until 2026-03-02 seed 7",
        )
        .unwrap();
        let behaviour = |name: &str| project.behaviours.values().find(|behaviour| behaviour.name == name).unwrap();
        let team = project.team_by_name("reps").unwrap();
        assert_eq!((team.hours.to_string().as_str(), team.note.as_str()), ("Mon, Wed 09:00–17:00", "Two desks."));
        assert_eq!((team.per_week.low, team.per_week.source.as_str()), (Some(8.0), "Q3 review, page 2"));
        let When::Rate { times, per, shape: Some(shape), within: None } = &behaviour("downloads").when else {
            panic!()
        };
        assert_eq!((times.range(), times.provenance, per.amount), ((1.5, 2.4), Provenance::Measured, 60));
        assert_eq!((times.likely, times.source.as_str(), shape.range()), (1.8, "CRM 2025", (0.8, 1.0)));
        let answers = behaviour("sales answers");
        assert_eq!((answers.guard.text(), answers.cancel_on_leave, answers.team), ("fit >= B", true, Some(team.id)));
        assert_eq!((answers.outcomes.len(), answers.note.as_str()), (3, "As told by sales."));
        let Chance::Share(accept) = &answers.outcomes[0].chance else { panic!() };
        assert_eq!((accept.likely, accept.range(), accept.provenance), (0.6, (0.5, 0.7), Provenance::Measured));
        assert_eq!(answers.outcomes[1].fields[0].1.text(), "\"timing, for now\"");
        assert_eq!(answers.outcomes[2].fields[1].1.text(), "max(1, 2)");
        assert_eq!(answers.outcomes[2].chance, Chance::Share(Assumption::guessed(0.003)));
        let churn = project.attribute_by_name("churn").unwrap().id;
        assert_eq!(behaviour("renewal").outcomes[0].chance, Chance::Attribute(churn));
        assert_eq!(behaviour("soon").outcomes[0].chance, Chance::Share(Assumption::guessed(1.0)));
        let Some(Delayed { spread: Distribution::LogNormal { median, p90 }, unit: Unit::Day }) =
            &behaviour("late").delay
        else {
            panic!()
        };
        assert_eq!((median.likely, p90.likely, p90.range()), (2.0, 9.0, (7.0, 12.0)));
        let Some(Delayed { spread: Distribution::Uniform { from, to }, .. }) = &behaviour("soon").delay else {
            panic!()
        };
        assert_eq!((from.range(), to.likely), ((0.5, 1.0), 5.0));
        assert_eq!(behaviour("other").when.node(), Some(project.node_by_name("Loyal").unwrap().id));
        let visitors = project.generator_by_name("Visitors").unwrap();
        assert_eq!((visitors.contacts, visitors.over.unwrap().amount, visitors.zones.len()), (2_000, 60, 2));
        assert_eq!(visitors.attributes.len(), 3);
        let Draw::Mix(abandons) = &visitors.prior[0].count else { panic!() };
        assert_eq!(abandons[1], (Value::Number(3.0), Assumption::guessed(0.25)));
        let policy = &project.info.send_policy;
        assert_eq!((policy.consent.text(), policy.suppression.text()), ("fit >= C", "in(MQL)"));
        assert_eq!((policy.caps[0].channel, policy.caps[1].channel), (Some(Channel::Email), None));
        assert_eq!(policy.quiet[0].channel, Some(Channel::Sms));
        assert!(policy.drop_when_left);
        let discount = project.info.discount.as_ref().unwrap();
        assert_eq!((discount.likely, discount.range()), (0.01, (0.005, 0.02)));
        let base = project.scenarios.values().next().unwrap();
        assert_eq!((base.population, base.seed), (Population::Generated(visitors.id), 7));
        assert!(base.until.is_some());
        for entity in project.entities() {
            assert_eq!(project.fault(&entity), None);
        }
    }

    #[test]
    fn mistakes_of_a_world_are_told_by_line() {
        for (line, words) in [
            ("behaviour x: on B -> go", "there is no state B"),
            ("behaviour x: sometimes -> go", "sets nothing off"),
            ("behaviour x: on A, perhaps -> go", "there is no state A, perhaps"),
            ("behaviour x: on A, after lunch -> go", "is no number"),
            ("behaviour x: on A, after 3 -> go", "is no unit of time"),
            ("behaviour x: on A, after lognormal 3 days -> go", "two numbers"),
            ("behaviour x: on A, after uniform 3 days..5 h -> go", "mixes units"),
            ("behaviour x: on A, by team Reps -> go", "there is no team Reps"),
            ("behaviour x: on A -> go 60 % (sure)", "neither measured"),
            ("behaviour x: on A -> go with chance luck", "there is no attribute luck"),
            ("-> go 60 %", "below a behaviour"),
            ("team Reps: many", "a team is written"),
            ("team Reps: many, 10 a week each", "is no number"),
            ("draw fit: A 60 %", "below a population"),
            ("population P: many contacts from 2026-01-01", "a population is written"),
            ("policy sometimes", "is no policy"),
            ("policy cap 2 pigeon in 7 days", "is no channel"),
            ("scenario Base on Nobody", "there is no population Nobody"),
            ("discount 1", "a discount is written"),
        ] {
            let problem = parse(&format!("state A\n{line}")).expect_err(line);
            assert!(problem.line == 2 && problem.message.contains(words), "{line}: {problem}");
        }
    }
}
