//! Typed ids: a node cannot be mistaken for an arrow. Ids are never shown to users.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl From<u32> for $name {
            fn from(raw: u32) -> Self {
                Self(raw)
            }
        }

        impl From<$name> for u32 {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*};
}

ids! {
    /// A node of the chart: state, group, parallel, end or resume.
    NodeId,
    /// An arrow of the chart.
    TransitionId,
    /// An entry of the event catalogue.
    EventId,
    /// An attribute or score of contacts.
    AttributeId,
    /// Something a company can send.
    TouchpointId,
    /// A rule that gives points for an event.
    ScoreRuleId,
    /// An answer to a cell of the matrix that is no arrow.
    DecisionId,
    /// A case that the column of an event is split into; its own only within that event.
    BucketId,
    /// A sample contact kept in the project.
    ContactId,
    /// What must come out for a sample contact.
    ExpectationId,
    /// Something that customers or colleagues do.
    BehaviourId,
    /// People who work off a queue.
    TeamId,
    /// An invented population.
    GeneratorId,
    /// Who runs, for how long, on which seed.
    ScenarioId,
    /// An imported, immutable set of occurrences.
    DatasetId,
}

/// The address of anything in a project: what is selected, changed, used or at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum EntityId {
    Info,
    Node(NodeId),
    Transition(TransitionId),
    Event(EventId),
    Attribute(AttributeId),
    Touchpoint(TouchpointId),
    ScoreRule(ScoreRuleId),
    Decision(DecisionId),
    Contact(ContactId),
    Expectation(ExpectationId),
    Behaviour(BehaviourId),
    Team(TeamId),
    Generator(GeneratorId),
    Scenario(ScenarioId),
    Dataset(DatasetId),
}

macro_rules! into_entity_id {
    ($($name:ident => $variant:ident),* $(,)?) => {$(
        impl From<$name> for EntityId {
            fn from(id: $name) -> Self {
                Self::$variant(id)
            }
        }
    )*};
}

into_entity_id! {
    NodeId => Node,
    TransitionId => Transition,
    EventId => Event,
    AttributeId => Attribute,
    TouchpointId => Touchpoint,
    ScoreRuleId => ScoreRule,
    DecisionId => Decision,
    ContactId => Contact,
    ExpectationId => Expectation,
    BehaviourId => Behaviour,
    TeamId => Team,
    GeneratorId => Generator,
    ScenarioId => Scenario,
    DatasetId => Dataset,
}
