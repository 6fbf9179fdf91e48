//! Edits of the world: behaviours, teams and generated populations.

use super::{EditError, Plan, known_zone, valid_name};
use crate::model::assumption::Assumption;
use crate::model::behaviour::{Behaviour, Team};
use crate::model::generator::Generator;
use crate::model::hours::Hours;
use crate::model::id::{BehaviourId, GeneratorId, TeamId};
use crate::model::time::Time;

impl Plan {
    pub(super) fn add_behaviour(&mut self, behaviour: Behaviour) -> Result<(), EditError> {
        let name = free_name!(self.behaviours, "behaviour", &behaviour.name, None);
        let id = next_id!(self.project.behaviours);
        let key = self.project.free_behaviour_key(&name);
        self.put(Behaviour { id, name, key, ..behaviour });
        Ok(())
    }

    pub(super) fn rename_behaviour(&mut self, id: BehaviourId, name: &str) -> Result<(), EditError> {
        let behaviour = get!(self.behaviours, &id, "behaviour");
        let name = free_name!(self.behaviours, "behaviour", name, Some(id));
        // The first name that somebody gives is what it is known by in all versions to come.
        let key = if behaviour.has_no_key_yet() { self.project.free_behaviour_key(&name) } else { behaviour.key };
        self.put(Behaviour { name, key, ..behaviour });
        Ok(())
    }

    pub(super) fn set_behaviour(&mut self, behaviour: Behaviour) -> Result<(), EditError> {
        let Behaviour { name, key, .. } = get!(self.behaviours, &behaviour.id, "behaviour");
        for (field, _) in behaviour.outcomes.iter().flat_map(|outcome| &outcome.fields) {
            valid_name("field", field)?;
        }
        self.put(Behaviour { name, key, ..behaviour });
        Ok(())
    }

    pub(super) fn add_team(&mut self, name: &str) -> Result<(), EditError> {
        let name = free_name!(self.teams, "team", name, None);
        let id = next_id!(self.project.teams);
        let (people, per_week) = (Assumption::guessed(1.0), Assumption::guessed(10.0));
        self.put(Team { id, name, hours: Hours::OFFICE, people, per_week, note: String::new() });
        Ok(())
    }

    pub(super) fn rename_team(&mut self, id: TeamId, name: &str) -> Result<(), EditError> {
        let team = get!(self.teams, &id, "team");
        let name = free_name!(self.teams, "team", name, Some(id));
        self.put(Team { name, ..team });
        Ok(())
    }

    pub(super) fn set_team(&mut self, team: Team) -> Result<(), EditError> {
        let Team { name, .. } = get!(self.teams, &team.id, "team");
        self.put(Team { name, ..team });
        Ok(())
    }

    pub(super) fn add_generator(&mut self, name: &str) -> Result<(), EditError> {
        let name = free_name!(self.generators, "generated population", name, None);
        let id = next_id!(self.project.generators);
        self.put(Generator {
            id,
            name,
            contacts: 1_000,
            from: Time::parse("2026-01-01", &self.project.zone()).unwrap_or_default(),
            over: None,
            zones: Vec::new(),
            attributes: Vec::new(),
            prior: Vec::new(),
            note: String::new(),
        });
        Ok(())
    }

    pub(super) fn rename_generator(&mut self, id: GeneratorId, name: &str) -> Result<(), EditError> {
        let generator = get!(self.generators, &id, "generated population");
        let name = free_name!(self.generators, "generated population", name, Some(id));
        self.put(Generator { name, ..generator });
        Ok(())
    }

    pub(super) fn set_generator(&mut self, generator: Generator) -> Result<(), EditError> {
        let Generator { name, .. } = get!(self.generators, &generator.id, "generated population");
        for (zone, _) in &generator.zones {
            known_zone(zone)?;
        }
        self.put(Generator { name, ..generator });
        Ok(())
    }
}
