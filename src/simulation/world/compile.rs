//! Project → world and problems. What makes no sense is left out and reported, never guessed.

use super::alone::ByHand;
use super::population::{Attribute, Draw, Population, Prior};
use super::spread::Spread;
use super::{Behaviour, Chance, Late, Outcome, Team, When, World};
use crate::model::behaviour::{Chance as DrawnChance, Delayed, Outcome as DrawnOutcome};
use crate::model::{
    Assumption, AttributeId, AttributeKind, Behaviour as Described, Dataset, Draw as DrawnBy, EntityId, EventId,
    Formula, Generator, GeneratorId, NodeId, Project, Team as DrawnTeam, TeamId, Value, When as DrawnWhen, Zone,
};
use crate::simulation::condition::{LuckKey, Resolver, apart};
use crate::simulation::luck::ContactKey;
use crate::simulation::machine::Machine;
use crate::simulation::problem::{Kind, Problem, Severity};

/// Shares that add up to a little more than the whole were meant to be the whole.
const WHOLE: f64 = 1.0 + 1e-9;

impl World {
    /// The world of a generated population, together with everything in it that is wrong. `machine` is that of the same
    /// project.
    #[must_use]
    pub fn compile(project: &Project, machine: &Machine, generator: GeneratorId) -> (Self, Vec<Problem>) {
        let nodes: Vec<NodeId> = machine.nodes.iter().map(|node| node.id).collect();
        let events: Vec<EventId> = machine.events.iter().map(|event| event.id).collect();
        let attributes: Vec<AttributeId> = machine.attributes.iter().map(|attribute| attribute.id).collect();
        let resolver =
            Resolver { project, nodes: &nodes, events: &events, attributes: &attributes, fields: &machine.fields };
        let mut compiler = Compiler { project, machine, resolver, problems: Vec::new() };
        let population = if let Some(described) = project.generators.get(&generator) {
            compiler.population(described)
        } else {
            compiler.error(generator, "There is no such generated population, so there is nobody to run.");
            Population::default()
        };
        let mut world = Self {
            population,
            behaviours: Vec::new(),
            on_entry: vec![Vec::new(); machine.node_count()],
            on_send: vec![Vec::new(); project.touchpoints.len()],
            rates: 0,
            teams: Vec::new(),
            plain: None,
            nothing: Dataset { first: vec![0], ..Dataset::default() },
            by_hand: ByHand::default(),
            alone: None,
        };
        let mut teams = Vec::new();
        for described in project.behaviours.values() {
            let twin = project.behaviours.values().find(|other| other.key == described.key);
            if let Some(twin) = twin.filter(|twin| twin.id != described.id) {
                compiler.error(
                    described.id,
                    format!(
                        "{} has the key of {}, so both draw the same. Give it a key of its own.",
                        described.name, twin.name
                    ),
                );
            }
            match compiler.behaviour(described, world.rates, &mut teams) {
                Ok(behaviour) => world.add(project, described, behaviour),
                Err(problem) => compiler.error(described.id, format!("{} never happens: {problem}.", described.name)),
            }
        }
        world.teams = teams.into_iter().map(|id| compiler.team(&project.teams[&id])).collect();
        world.plain = world.to_plain(machine);
        (world, compiler.problems)
    }

    fn add(&mut self, project: &Project, described: &Described, behaviour: Behaviour) {
        let place = self.behaviours.len();
        if let Some(node) = behaviour.node {
            self.on_entry[node].push(place);
        }
        if let DrawnWhen::Sent(touchpoint) = described.when
            && let Some(slot) = project.touchpoints.keys().position(|id| *id == touchpoint)
        {
            self.on_send[slot].push(place);
        }
        self.rates += usize::from(matches!(behaviour.when, When::Rate { .. }));
        self.behaviours.push(behaviour);
    }
}

struct Compiler<'a> {
    project: &'a Project,
    machine: &'a Machine,
    resolver: Resolver<'a>,
    problems: Vec<Problem>,
}

impl Compiler<'_> {
    fn error(&mut self, at: impl Into<EntityId>, message: impl Into<String>) {
        self.problems.push(Problem {
            severity: Severity::Error,
            kind: Kind::World,
            at: at.into(),
            message: message.into(),
        });
    }

    /// # Errors
    /// Why it can never happen, as the end of a sentence.
    fn behaviour(&mut self, described: &Described, rates: usize, teams: &mut Vec<TeamId>) -> Result<Behaviour, String> {
        let name = ContactKey::of("behaviour:").continued(&described.key).0;
        let node = described
            .when
            .node()
            .map(|id| self.resolver.nodes.iter().position(|known| *known == id).ok_or("its state no longer exists"))
            .transpose()?;
        let when = self.when(&described.when, rates)?;
        let guard = self.resolver.condition_apart(&described.guard, node.is_some())?;
        let outcomes = described.outcomes.iter().map(|outcome| self.outcome(outcome)).collect::<Result<Vec<_>, _>>()?;
        let total: f64 = outcomes
            .iter()
            .map(|outcome| match outcome.chance {
                Chance::Share(share) => share,
                Chance::Attribute(_) => 0.0,
            })
            .sum();
        if total > WHOLE {
            let percent = total * 100.0;
            self.error(
                described.id,
                format!(
                    "The chances of {} add up to {percent:.1} %. What goes beyond 100 % never happens.",
                    described.name
                ),
            );
        }
        let team = match described.team {
            Some(id) if !self.project.teams.contains_key(&id) => {
                return Err(String::from("its team no longer exists"));
            }
            Some(id) => Some(teams.iter().position(|known| *known == id).unwrap_or_else(|| {
                teams.push(id);
                teams.len() - 1
            })),
            None => None,
        };
        Ok(Behaviour {
            name,
            when,
            node,
            guard,
            luck: LuckKey::behaviour(name),
            outcomes,
            delay: described.delay.as_ref().map(late).transpose()?,
            cancel_on_leave: described.cancel_on_leave,
            team,
        })
    }

    fn when(&self, when: &DrawnWhen, rates: usize) -> Result<When, String> {
        Ok(match when {
            DrawnWhen::Start => When::Start,
            DrawnWhen::Entered(_) => When::Entered,
            DrawnWhen::Sent(touchpoint) => {
                if !self.project.touchpoints.contains_key(touchpoint) {
                    return Err(String::from("its touchpoint is no longer in the catalogue"));
                }
                When::Sent
            }
            DrawnWhen::Every { period, .. } if period.amount == 0 => {
                return Err(String::from("its period has no length; write 7 days or 1 month"));
            }
            DrawnWhen::Every { period, .. } => When::Every(*period),
            DrawnWhen::Rate { times, per, shape, .. } => {
                if let Some(problem) = times.problem(0.0, f64::INFINITY) {
                    return Err(format!("its rate makes no sense: {problem}"));
                }
                #[expect(clippy::cast_precision_loss, reason = "durations are far below 2^53 milliseconds")]
                let rate = times.likely / per.nominal_milliseconds() as f64;
                if !(0.0..=1.0).contains(&rate) {
                    return Err(format!(
                        "{} times in {per} is no rate; it must be at most once in a millisecond",
                        times.likely
                    ));
                }
                let shape = shape.as_ref().map(|shape| match shape.problem(0.0, f64::INFINITY) {
                    Some(problem) => Err(format!("its shape makes no sense: {problem}")),
                    None if shape.likely > 0.0 && shape.likely.is_finite() => Ok(shape.likely),
                    None => Err(String::from("its shape must be more than 0")),
                });
                When::Rate { rate, shape: shape.transpose()?, place: rates }
            }
        })
    }

    fn outcome(&self, outcome: &DrawnOutcome) -> Result<Outcome, String> {
        let event = self.resolver.events.iter().position(|id| *id == outcome.event);
        let event = event.ok_or("its event is no longer in the catalogue")?;
        let field = |(name, value): &(String, Formula)| {
            let slot = self.machine.field_slot(name);
            let slot = slot.ok_or_else(|| format!("no event has a field named \"{name}\""))?;
            apart(value, false)?;
            Ok::<_, String>((slot, self.resolver.value(value, None)?))
        };
        let chance = match &outcome.chance {
            DrawnChance::Share(share) => match share.problem(0.0, 1.0) {
                Some(problem) => return Err(format!("its chance makes no sense: {problem}")),
                None => Chance::Share(share.likely),
            },
            DrawnChance::Attribute(id) => match self.machine.attribute_slot(*id) {
                Some(slot) if self.is_number(slot) => Chance::Attribute(slot),
                Some(_) => return Err(String::from("its chance is an attribute that is no number")),
                None => return Err(String::from("the attribute of its chance is no longer in the catalogue")),
            },
        };
        Ok(Outcome { event, fields: outcome.fields.iter().map(field).collect::<Result<_, _>>()?, chance })
    }

    fn team(&mut self, described: &DrawnTeam) -> Team {
        for (name, number) in [("people", &described.people), ("work a week", &described.per_week)] {
            if let Some(problem) = number.problem(0.0, f64::INFINITY) {
                self.error(described.id, format!("{}, {name}: {problem}. Nobody does its work.", described.name));
            }
        }
        let a_week = described.people.likely * described.per_week.likely;
        let length = f64::from(described.hours.minutes_a_week()) * 60_000.0 / a_week;
        #[expect(clippy::cast_possible_truncation, reason = "the conversion saturates")]
        let work = (a_week > 0.0 && a_week.is_finite()).then(|| libm::round(length) as i64);
        Team { hours: described.hours, work }
    }

    fn is_number(&self, slot: usize) -> bool {
        matches!(self.machine.attributes[slot].kind, AttributeKind::Number | AttributeKind::Score)
    }

    fn population(&mut self, described: &Generator) -> Population {
        let zone = self.project.zone();
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of human lifetimes are exact in a double")]
        let over = described.over.map_or(0.0, |over| (described.from.plus(over, &zone).0 - described.from.0) as f64);
        let mut population =
            Population { contacts: described.contacts as usize, from: described.from, over, ..Population::default() };
        for (name, share) in &described.zones {
            match (Zone::named(name), share.problem(0.0, 1.0)) {
                (Err(problem), _) => self.error(described.id, format!("{problem}. The zone of the journey is taken.")),
                (_, Some(problem)) => self.error(described.id, format!("Share of zone {name}: {problem}.")),
                (Ok(zone), None) => population.zones.push((zone, share.likely)),
            }
        }
        self.whole(described.id, "zones", &population.zones);
        for (id, drawn) in &described.attributes {
            let Some(slot) = self.machine.attribute_slot(*id) else {
                self.error(described.id, "An attribute to draw is no longer in the catalogue.");
                continue;
            };
            match self.draw(described.id, slot, drawn) {
                Ok(draw) => population.attributes.push(Attribute { id: *id, slot, draw }),
                Err(problem) => {
                    let name = self.machine.attribute_name(slot);
                    self.error(described.id, format!("{name} is not drawn: {problem}."));
                }
            }
        }
        for (place, prior) in described.prior.iter().enumerate() {
            let slot = self.resolver.events.iter().position(|event| *event == prior.event);
            let turn = described.prior[..place].iter().filter(|other| other.event == prior.event).count();
            let count = match &prior.count {
                DrawnBy::Mix(shares) => self.mix(described.id, "earlier events", shares, |value| match value {
                    Value::Number(_) => Some(value.clone()),
                    _ => None,
                }),
                DrawnBy::Spread(spread) => Spread::of(spread).map(Draw::Spread),
            };
            match (slot, count) {
                (Some(slot), Ok(count)) => {
                    population.prior.push(Prior { event: prior.event, slot, turn, count, within: prior.within });
                }
                (None, _) => self.error(described.id, "An earlier event is no longer in the catalogue."),
                (_, Err(problem)) => self.error(described.id, format!("Earlier events are left out: {problem}.")),
            }
        }
        population
    }

    fn draw(&mut self, at: GeneratorId, slot: usize, drawn: &DrawnBy) -> Result<Draw, String> {
        let machine = self.machine;
        match drawn {
            DrawnBy::Mix(shares) => self.mix(at, machine.attribute_name(slot), shares, |value| {
                let kept = machine.fitting(slot, value);
                (kept != Value::Unknown || *value == Value::Unknown).then_some(kept)
            }),
            DrawnBy::Spread(spread) if self.is_number(slot) => Spread::of(spread).map(Draw::Spread),
            DrawnBy::Spread(_) => Err(String::from("only numbers and scores can be spread; give shares of its values")),
        }
    }

    fn mix(
        &mut self,
        at: GeneratorId,
        what: &str,
        shares: &[(Value, Assumption)],
        kept: impl Fn(&Value) -> Option<Value>,
    ) -> Result<Draw, String> {
        let mut mix = Vec::with_capacity(shares.len());
        for (value, share) in shares {
            let kept = kept(value).ok_or_else(|| format!("{value} is no value that it can have"))?;
            if let Some(problem) = share.problem(0.0, 1.0) {
                return Err(format!("the share of {value} makes no sense: {problem}"));
            }
            mix.push((kept, share.likely));
        }
        self.whole(at, what, &mix);
        Ok(Draw::Mix(mix))
    }

    fn whole<T>(&mut self, at: GeneratorId, what: &str, shares: &[(T, f64)]) {
        let total: f64 = shares.iter().map(|(_, share)| share).sum();
        if total > WHOLE {
            let percent = total * 100.0;
            self.error(
                at,
                format!("The shares of {what} add up to {percent:.1} %. What goes beyond 100 % is nobody's."),
            );
        }
    }
}

fn late(delay: &Delayed) -> Result<Late, String> {
    let spread = Spread::of(&delay.spread).map_err(|problem| format!("its delay cannot be drawn: {problem}"))?;
    #[expect(clippy::cast_precision_loss, reason = "at most 30 days")]
    let unit = delay.unit.nominal_milliseconds() as f64;
    Ok(Late { spread, unit })
}
