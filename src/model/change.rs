//! The reversible record of an edit: one entity before and after.

use serde::{Deserialize, Serialize};

use super::action::Action;
use super::assumption::Assumption;
use super::behaviour::{Behaviour, Team};
use super::catalog::{Attribute, Event, ScoreRule, Touchpoint};
use super::chart::{Node, Transition};
use super::contact::Contact;
use super::dataset::DatasetInfo;
use super::decision::Decision;
use super::expectation::Expectation;
use super::formula::Formula;
use super::generator::Generator;
use super::id::EntityId;
use super::scenario::Scenario;
use super::{Info, Project};

macro_rules! entities {
    ($($variant:ident($type:ty) in $map:ident),* $(,)?) => {
        /// Anything that can change.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum Entity {
            Info(Info),
            $($variant($type),)*
        }

        impl Entity {
            #[must_use]
            pub fn id(&self) -> EntityId {
                match self {
                    Self::Info(_) => EntityId::Info,
                    $(Self::$variant(entity) => EntityId::$variant(entity.id),)*
                }
            }
        }

        $(impl From<$type> for Entity {
            fn from(entity: $type) -> Self {
                Self::$variant(entity)
            }
        })*

        impl Project {
            /// A copy of the entity at `id`.
            #[must_use]
            pub fn entity(&self, id: EntityId) -> Option<Entity> {
                match id {
                    EntityId::Info => Some(Entity::Info(self.info.clone())),
                    $(EntityId::$variant(id) => self.$map.get(&id).cloned().map(Entity::$variant),)*
                }
            }

            /// Puts `entity` in its place, replacing what is there.
            pub fn insert(&mut self, entity: Entity) {
                match entity {
                    Entity::Info(info) => self.info = info,
                    $(Entity::$variant(entity) => {
                        self.$map.insert(entity.id, entity);
                    })*
                }
            }

            fn remove(&mut self, id: EntityId) {
                match id {
                    EntityId::Info => self.info = Info::default(),
                    $(EntityId::$variant(id) => {
                        self.$map.remove(&id);
                    })*
                }
            }

            /// Every entity, for writing the whole project.
            pub fn entities(&self) -> impl Iterator<Item = Entity> {
                std::iter::once(Entity::Info(self.info.clone()))
                    $(.chain(self.$map.values().cloned().map(Entity::$variant)))*
            }
        }
    };
}

entities! {
    Node(Node) in nodes,
    Transition(Transition) in transitions,
    Event(Event) in events,
    Attribute(Attribute) in attributes,
    Touchpoint(Touchpoint) in touchpoints,
    ScoreRule(ScoreRule) in score_rules,
    Decision(Decision) in decisions,
    Contact(Contact) in contacts,
    Expectation(Expectation) in expectations,
    Behaviour(Behaviour) in behaviours,
    Team(Team) in teams,
    Generator(Generator) in generators,
    Scenario(Scenario) in scenarios,
    Dataset(DatasetInfo) in datasets,
}

impl Entity {
    /// Calls `visit` for every formula inside.
    pub fn visit_formulas(&mut self, visit: &mut impl FnMut(&mut Formula)) {
        let actions = |actions: &mut Vec<Action>, visit: &mut dyn FnMut(&mut Formula)| {
            for action in actions {
                action.visit_formulas(visit);
            }
        };
        match self {
            Self::Node(node) => {
                actions(&mut node.on_entry, visit);
                actions(&mut node.on_exit, visit);
                actions(&mut node.on_begin, visit);
                node.brings.iter_mut().for_each(|(_, formula)| visit(formula));
            }
            Self::Transition(transition) => {
                visit(&mut transition.guard);
                actions(&mut transition.actions, visit);
            }
            Self::ScoreRule(rule) => {
                visit(&mut rule.guard);
                visit(&mut rule.points);
            }
            Self::Behaviour(behaviour) => behaviour.visit_formulas(visit),
            Self::Info(info) => {
                visit(&mut info.send_policy.consent);
                visit(&mut info.send_policy.suppression);
            }
            Self::Event(event) => event.buckets.iter_mut().for_each(|bucket| visit(&mut bucket.guard)),
            Self::Attribute(_)
            | Self::Touchpoint(_)
            | Self::Decision(_)
            | Self::Contact(_)
            | Self::Expectation(_)
            | Self::Team(_)
            | Self::Generator(_)
            | Self::Scenario(_)
            | Self::Dataset(_) => {}
        }
    }

    /// Calls `visit` for every assumption inside, with what to call it. The order is that of their numbers.
    pub fn visit_assumptions(&mut self, visit: &mut dyn FnMut(String, &mut Assumption)) {
        match self {
            Self::Info(info) => {
                if let Some(discount) = &mut info.discount {
                    visit(String::from("discount a month"), discount);
                }
            }
            Self::Behaviour(behaviour) => behaviour.visit_assumptions(visit),
            Self::Team(team) => team.visit_assumptions(visit),
            Self::Generator(generator) => generator.visit_assumptions(visit),
            Self::Node(_)
            | Self::Transition(_)
            | Self::Event(_)
            | Self::Attribute(_)
            | Self::Touchpoint(_)
            | Self::ScoreRule(_)
            | Self::Decision(_)
            | Self::Contact(_)
            | Self::Expectation(_)
            | Self::Scenario(_)
            | Self::Dataset(_) => {}
        }
    }

    /// The lists of actions inside.
    pub fn action_lists_mut(&mut self) -> Vec<&mut Vec<Action>> {
        match self {
            Self::Node(node) => vec![&mut node.on_entry, &mut node.on_exit, &mut node.on_begin],
            Self::Transition(transition) => vec![&mut transition.actions],
            _ => Vec::new(),
        }
    }
}

/// One entity with its value before and after; `None` where it did not or does not exist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub id: EntityId,
    pub before: Option<Entity>,
    pub after: Option<Entity>,
}

impl Change {
    /// The change that takes this one back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        Self { id: self.id, before: self.after.clone(), after: self.before.clone() }
    }

    /// Makes `project` hold the value after.
    pub fn apply(&self, project: &mut Project) {
        match &self.after {
            Some(entity) => project.insert(entity.clone()),
            None => project.remove(self.id),
        }
    }
}
