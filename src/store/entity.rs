//! Entities as rows: kind, id and JSON. The names of the kinds are part of the file's format.

use crate::model::{Entity, EntityId};

macro_rules! kinds {
    ($($variant:ident: $name:literal),* $(,)?) => {
        /// The key of an entity.
        pub(super) fn key(id: EntityId) -> (&'static str, u32) {
            match id {
                EntityId::Info => ("info", 0),
                $(EntityId::$variant(id) => ($name, id.0),)*
            }
        }

        pub(super) fn to_json(entity: &Entity) -> serde_json::Result<String> {
            match entity {
                Entity::Info(info) => serde_json::to_string(info),
                $(Entity::$variant(entity) => serde_json::to_string(entity),)*
            }
        }

        pub(super) fn is_known(kind: &str) -> bool {
            kind == "info" || [$($name),*].contains(&kind)
        }

        /// The entity of a row, or why it does not read.
        pub(super) fn from_row(kind: &str, id: i64, body: &str) -> Result<Entity, String> {
            let entity = match kind {
                "info" => serde_json::from_str(body).map(Entity::Info),
                $($name => serde_json::from_str(body).map(Entity::$variant),)*
                _ => return Err(format!("it holds a \"{kind}\", which this format does not know")),
            };
            let entity = entity.map_err(|error| format!("{kind} {id} does not read ({error})"))?;
            if key(entity.id()) == (kind, u32::try_from(id).unwrap_or(u32::MAX)) {
                Ok(entity)
            } else {
                Err(format!("{kind} {id} says it is another one"))
            }
        }
    };
}

kinds! {
    Node: "node",
    Transition: "transition",
    Event: "event",
    Attribute: "attribute",
    Touchpoint: "touchpoint",
    ScoreRule: "score_rule",
    Decision: "decision",
    Contact: "contact",
    Expectation: "expectation",
    Behaviour: "behaviour",
    Team: "team",
    Generator: "generator",
    Scenario: "scenario",
    Dataset: "dataset",
}
