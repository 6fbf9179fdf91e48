//! What the user wants. An [`Edit`] is planned, purely, into [`Change`]s, or refused with a sentence.

mod plan;

use super::Project;
use super::action::Action;
use super::assumption::Assumption;
use super::behaviour::{Behaviour, Team};
use super::catalog::{AttributeKind, Channel, Field, ScoreRule};
use super::change::Change;
use super::chart::{NodeKind, Point, Stage};
use super::contact::Contact;
use super::dataset::DatasetInfo;
use super::decision::{Answer, Bucket, Place};
use super::expectation::Expectation;
use super::generator::Generator;
use super::id::{
    AttributeId, BehaviourId, ContactId, EntityId, EventId, GeneratorId, NodeId, ScenarioId, TeamId, TouchpointId,
    TransitionId,
};
use super::piece::Piece;
use super::scenario::Scenario;
use super::send_policy::SendPolicy;
use super::time::Duration;
use super::value::Value;

/// One intent of the user: one gesture, one step of undo.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    RenameJourney(String),
    SetJourneyNote(String),
    /// IANA name; empty means UTC.
    SetZone(String),
    SetStart(NodeId),
    SetSendPolicy(SendPolicy),
    /// The share by which money of a month later is worth less.
    SetDiscount(Option<Assumption>),

    AddNode {
        kind: NodeKind,
        name: String,
        parent: Option<NodeId>,
        position: Point,
    },
    /// A new state together with the arrow that leads to it, its trigger in words.
    AddConnectedState {
        source: NodeId,
        name: String,
        parent: Option<NodeId>,
        position: Point,
        trigger: String,
    },
    RenameNode(NodeId, String),
    MoveNodes(Vec<(NodeId, Point)>),
    /// These, with everything inside them, to new places.
    Arrange(Arrangement, Vec<NodeId>, Vec<(NodeId, Point)>),
    /// To new places, and these into another group or out of every group.
    MoveInto {
        ids: Vec<NodeId>,
        parent: Option<NodeId>,
        places: Vec<(NodeId, Point)>,
    },
    /// Like a move, of what the layout has found a better place for.
    Tidy(Vec<(NodeId, Point)>),
    SetNodeKind(NodeId, NodeKind),
    /// A new group around these, which must be siblings; it begins with the first of them.
    Group(Vec<NodeId>, String),
    /// The group goes, what is inside stays. Arrows that end at the group itself go with it.
    Ungroup(NodeId),
    /// Into another group, or out of every group.
    SetParent(Vec<NodeId>, Option<NodeId>),
    /// Drawn as one card, or with what is inside.
    SetCollapsed(NodeId, bool),
    /// Where a group begins, or where a resume leads at first.
    SetInitial(NodeId, NodeId),
    SetStage(Vec<NodeId>, Option<Stage>),
    SetOwner(NodeId, String),
    SetNodeNote(NodeId, String),
    SetEntryActions(NodeId, Vec<Action>),
    SetExitActions(NodeId, Vec<Action>),

    /// The trigger is in words; events that the catalogue lacks are added to it. `target: None` is *stay*.
    AddTransition {
        source: NodeId,
        target: Option<NodeId>,
        trigger: String,
    },
    /// An arrow with a condition, after all others of its source. The trigger is in words as in `AddTransition`.
    AddBranch {
        source: NodeId,
        target: Option<NodeId>,
        trigger: String,
        guard: String,
    },
    /// The trigger in words; events that the catalogue lacks are added to it.
    SetTrigger(TransitionId, String),
    SetGuard(TransitionId, String),
    SetTransitionActions(TransitionId, Vec<Action>),
    SetSource(TransitionId, NodeId),
    SetTarget(TransitionId, Option<NodeId>),
    SetRestart(TransitionId, bool),
    SetInterrupt(TransitionId, bool),
    /// Where an arrow passes; `None` lets it find its way.
    SetBend(TransitionId, Option<Point>),
    /// The arrow becomes number `position`, from 0, among the arrows of its source.
    Rank(TransitionId, usize),

    /// Another of each of these, with the arrows among them, so far away from them.
    Duplicate {
        ids: Vec<NodeId>,
        by: Point,
        home: Home,
    },
    /// States and arrows of another project, so far away from where they stood there, into a group or at the top level.
    /// What the catalogue lacks is added to it.
    Paste {
        piece: Box<Piece>,
        by: Point,
        parent: Option<NodeId>,
    },

    AddEvent(String),
    RenameEvent(EventId, String),
    SetEventFields(EventId, Vec<Field>),
    /// The cases that the column of an event in the matrix is split into. Those with the id 0 are new.
    SetBuckets(EventId, Vec<Bucket>),
    /// Cells of the matrix that no arrow is to answer. It replaces what was decided about them before.
    Decide {
        places: Vec<Place>,
        answer: Answer,
        /// The reason, or the question.
        text: String,
        /// Who decided, or who asked.
        who: String,
    },
    SetEventNote(EventId, String),
    AddAttribute(String, AttributeKind),
    RenameAttribute(AttributeId, String),
    SetAttributeKind(AttributeId, AttributeKind),
    /// What it holds before anything else is known of a contact.
    SetStartValue(AttributeId, Value),
    SetAttributeNote(AttributeId, String),
    /// Only scores have one; `None` means that points stay.
    SetHalfLife(AttributeId, Option<Duration>),
    AddTouchpoint(String, Channel),
    RenameTouchpoint(TouchpointId, String),
    SetChannel(TouchpointId, Channel),
    SetTouchpointNote(TouchpointId, String),
    /// The id inside is ignored; a new one is given.
    AddScoreRule(ScoreRule),
    SetScoreRule(ScoreRule),

    AddContact(String),
    /// A sample contact with everything that is known of it. The id inside is ignored; a new one is given.
    AddSample(Contact),
    RenameContact(ContactId, String),
    /// Everything of a sample contact but its name.
    SetContact(Contact),
    /// What must come out for a sample contact. Where there is a `contact`, it becomes a sample contact first.
    AddExpectation {
        contact: Option<Contact>,
        /// Its id is given when it is added.
        expectation: Expectation,
    },
    SetExpectation(Expectation),

    /// The id inside is ignored, and so is the key: new ones are given.
    AddBehaviour(Behaviour),
    /// The key stays as it is, unless nobody had given a name before.
    RenameBehaviour(BehaviourId, String),
    /// Everything of a behaviour but its name and its key.
    SetBehaviour(Behaviour),
    AddTeam(String),
    RenameTeam(TeamId, String),
    /// Everything of a team but its name.
    SetTeam(Team),
    AddGenerator(String),
    RenameGenerator(GeneratorId, String),
    /// Everything of a generated population but its name.
    SetGenerator(Generator),

    AddScenario(String),
    RenameScenario(ScenarioId, String),
    /// Everything of a scenario but its name.
    SetScenario(Scenario),
    /// Refer to imported occurrences. `events` names the event codes of the columns; those that the catalogue lacks are
    /// added to it.
    ImportDataset {
        dataset: DatasetInfo,
        events: Vec<String>,
    },

    /// Delete these together with what cannot exist without them (arrows of a state, score rules on an event).
    Delete(Vec<EntityId>),
}

/// How states are put in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrangement {
    Alignment,
    Distribution,
}

/// Where duplicates go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// Into the same groups.
    Beside,
    /// All into this group, or at the top level.
    In(Option<NodeId>),
}

/// Why an edit was refused, as a sentence to the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("A {what} needs a name.")]
    EmptyName { what: &'static str },
    #[error("There is already a {what} named \"{name}\". Choose another name.")]
    NameTaken { what: &'static str, name: String },
    #[error("The name \"{0}\" has a character that names cannot have: [ ] \" or a line break.")]
    BadName(String),
    #[error("A name can have at most 200 characters; this one has {0}.")]
    LongName(usize),
    #[error("This {what} is no longer there.")]
    Gone { what: &'static str },
    #[error("{0}")]
    Refused(String),
}

impl Edit {
    /// The changes that make this edit true of `project`; none if it already is.
    ///
    /// # Errors
    /// A sentence when the edit cannot be done; then nothing changes.
    pub fn plan(&self, project: &Project) -> Result<Vec<Change>, EditError> {
        plan::plan(self, project)
    }

    /// What Undo calls it: "rename of Lead to Prospect".
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "one arm per edit")]
    pub fn title(&self, project: &Project) -> String {
        let of = |id: EntityId| project.describe(id);
        let node = |id: NodeId| project.node_label(id);
        let several = |ids: &[NodeId]| match ids {
            [id] => node(*id),
            _ => format!("{} states", ids.len()),
        };
        let arrow = |id: TransitionId| project.describe(id.into());
        match self {
            Self::RenameJourney(name) => format!("rename of the journey to {name}"),
            Self::SetJourneyNote(_) => String::from("note on the journey"),
            Self::SetZone(zone) if zone.trim().is_empty() => String::from("time zone UTC"),
            Self::SetZone(zone) => format!("time zone {zone}"),
            Self::SetStart(id) => format!("start in {}", node(*id)),
            Self::SetSendPolicy(_) => String::from("send policy"),
            Self::SetDiscount(Some(_)) => String::from("discount a month"),
            Self::SetDiscount(None) => String::from("no discount"),
            Self::AddNode { kind, name, .. } => format!("new {} {name}", kind.label()),
            Self::AddConnectedState { name, source, .. } => format!("new state {name} after {}", node(*source)),
            Self::RenameNode(id, name) => format!("rename of {} to {name}", node(*id)),
            Self::MoveNodes(moves) => match moves.as_slice() {
                [(id, _)] => format!("move of {}", node(*id)),
                _ => format!("move of {} states", moves.len()),
            },
            Self::Arrange(Arrangement::Alignment, ids, _) => format!("alignment of {}", several(ids)),
            Self::Arrange(Arrangement::Distribution, ids, _) => format!("distribution of {}", several(ids)),
            Self::Tidy(_) => String::from("tidy layout"),
            Self::SetNodeKind(id, kind) => format!("{} as {}", node(*id), kind.label()),
            Self::Group(ids, name) => format!("group {name} around {}", several(ids)),
            Self::Ungroup(id) => format!("ungrouping of {}", node(*id)),
            Self::MoveInto { ids, parent: Some(parent), .. } | Self::SetParent(ids, Some(parent)) => {
                format!("move of {} into {}", several(ids), node(*parent))
            }
            Self::MoveInto { ids, parent: None, .. } | Self::SetParent(ids, None) => {
                format!("move of {} out of its group", several(ids))
            }
            Self::SetCollapsed(id, true) => format!("collapse of {}", node(*id)),
            Self::SetCollapsed(id, false) => format!("expansion of {}", node(*id)),
            Self::SetInitial(id, initial) => format!("{} begins with {}", node(*id), node(*initial)),
            Self::SetStage(ids, stage) => {
                let what = several(ids);
                stage.map_or_else(
                    || format!("no stage for {what}"),
                    |stage| format!("stage {} for {what}", stage.label()),
                )
            }
            Self::SetOwner(id, _) => format!("owner of {}", node(*id)),
            Self::SetNodeNote(id, _) => format!("note on {}", node(*id)),
            Self::SetEntryActions(id, _) => format!("entry actions of {}", node(*id)),
            Self::SetExitActions(id, _) => format!("exit actions of {}", node(*id)),
            Self::AddTransition { source, target, .. } | Self::AddBranch { source, target, .. } => match target {
                Some(target) => format!("new arrow from {} to {}", node(*source), node(*target)),
                None => format!("new arrow that stays in {}", node(*source)),
            },
            Self::SetTrigger(id, _) => format!("trigger of {}", arrow(*id)),
            Self::SetGuard(id, _) => format!("guard of {}", arrow(*id)),
            Self::SetTransitionActions(id, _) => format!("actions of {}", arrow(*id)),
            Self::SetSource(id, source) => format!("new source {} of {}", node(*source), arrow(*id)),
            Self::SetTarget(id, Some(target)) => format!("new target {} of {}", node(*target), arrow(*id)),
            Self::SetTarget(id, None) => format!("stay for {}", arrow(*id)),
            Self::SetRestart(id, _) => format!("restart of {}", arrow(*id)),
            Self::SetInterrupt(id, _) => format!("interrupt of {}", arrow(*id)),
            Self::SetBend(id, Some(_)) => format!("bend of {}", arrow(*id)),
            Self::SetBend(id, None) => format!("straightening of {}", arrow(*id)),
            Self::Rank(id, _) => format!("order of {}", arrow(*id)),
            Self::Duplicate { ids, .. } => format!("duplicate of {}", several(ids)),
            Self::Paste { piece, .. } => match piece.states.as_slice() {
                [state] => format!("paste of {}", state.name),
                states => format!("paste of {} states", states.len()),
            },
            Self::AddEvent(name) => format!("new event {name}"),
            Self::RenameEvent(id, name) => format!("rename of {} to {name}", of((*id).into())),
            Self::SetEventFields(id, _) => format!("fields of {}", of((*id).into())),
            Self::SetBuckets(id, _) => format!("cases of {}", of((*id).into())),
            Self::Decide { places, answer, .. } => answer.title(project, places),
            Self::SetEventNote(id, _) => format!("note on {}", of((*id).into())),
            Self::SetAttributeNote(id, _) => format!("note on {}", of((*id).into())),
            Self::SetTouchpointNote(id, _) => format!("note on {}", of((*id).into())),
            Self::SetStartValue(id, Value::Unknown) => format!("no value at the start for {}", of((*id).into())),
            Self::SetStartValue(id, value) => format!("{value} at the start for {}", of((*id).into())),
            Self::AddAttribute(name, kind) => match kind {
                AttributeKind::Score => format!("new score {name}"),
                _ => format!("new attribute {name}"),
            },
            Self::RenameAttribute(id, name) => format!("rename of {} to {name}", of((*id).into())),
            Self::SetAttributeKind(id, kind) => format!("{} as {}", of((*id).into()), kind.label()),
            Self::SetHalfLife(id, Some(half)) => format!("half-life {half} for {}", of((*id).into())),
            Self::SetHalfLife(id, None) => format!("no half-life for {}", of((*id).into())),
            Self::AddTouchpoint(name, _) => format!("new touchpoint {name}"),
            Self::RenameTouchpoint(id, name) => format!("rename of {} to {name}", of((*id).into())),
            Self::SetChannel(id, channel) => format!("channel {channel} for {}", of((*id).into())),
            Self::AddScoreRule(_) => String::from("new score rule"),
            Self::SetScoreRule(rule) => of(rule.id.into()),
            Self::AddContact(name) => format!("new contact {name}"),
            Self::AddSample(contact) => format!("new contact {}", contact.name),
            Self::RenameContact(id, name) => format!("rename of {} to {name}", of((*id).into())),
            Self::SetContact(contact) => of(contact.id.into()),
            Self::AddExpectation { contact, expectation } => {
                let known = project.contacts.get(&expectation.contact);
                let name = contact.as_ref().or(known).map_or("(deleted)", |contact| contact.name.as_str());
                format!("new expectation of {name}")
            }
            Self::SetExpectation(expectation) => of(expectation.id.into()),
            Self::AddBehaviour(behaviour) => format!("new behaviour {}", behaviour.name),
            Self::RenameBehaviour(id, name) => format!("rename of {} to {name}", of((*id).into())),
            Self::SetBehaviour(behaviour) => of(behaviour.id.into()),
            Self::AddTeam(name) => format!("new team {name}"),
            Self::RenameTeam(id, name) => format!("rename of {} to {name}", of((*id).into())),
            Self::SetTeam(team) => of(team.id.into()),
            Self::AddGenerator(name) => format!("new generated population {name}"),
            Self::RenameGenerator(id, name) => format!("rename of {} to {name}", of((*id).into())),
            Self::SetGenerator(generator) => of(generator.id.into()),
            Self::AddScenario(name) => format!("new scenario {name}"),
            Self::RenameScenario(id, name) => format!("rename of {} to {name}", of((*id).into())),
            Self::SetScenario(scenario) => of(scenario.id.into()),
            Self::ImportDataset { dataset, .. } => format!("import of {}", dataset.name),
            Self::Delete(ids) => match ids.as_slice() {
                [id] => format!("deletion of {}", of(*id)),
                _ => format!("deletion of {} things", ids.len()),
            },
        }
    }
}
