//! What the user draws: nodes and the transitions between them.

use serde::{Deserialize, Serialize};

use super::action::Action;
use super::formula::Formula;
use super::id::{EventId, NodeId, TransitionId};
use super::moment::Moment;
use super::time::Delay;

/// A place on the canvas, in points at 100 % zoom; the centre of a card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub x: f32,
    pub y: f32,
}

impl Point {
    #[must_use]
    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }
}

/// What a node means; see the semantics in `ARCHITECTURE.md`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// A leaf: where a contact can rest.
    #[default]
    State,
    /// A super-state: exactly one child is active.
    Group,
    /// Several regions side by side: every child is active.
    Parallel,
    /// A final state: the journey, or the group around it, is over.
    End,
    /// An arrow into it returns to the child that was active last.
    Resume,
}

impl NodeKind {
    pub const ALL: [Self; 5] = [Self::State, Self::Group, Self::Parallel, Self::End, Self::Resume];

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Group => "group",
            Self::Parallel => "parallel",
            Self::End => "end",
            Self::Resume => "resume",
        }
    }
}

/// Lifecycle band of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Engage,
    Nurture,
    Convert,
    Retain,
    Grow,
    Advocate,
}

impl Stage {
    pub const ALL: [Self; 6] = [Self::Engage, Self::Nurture, Self::Convert, Self::Retain, Self::Grow, Self::Advocate];

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Engage => "engage",
            Self::Nurture => "nurture",
            Self::Convert => "convert",
            Self::Retain => "retain",
            Self::Grow => "grow",
            Self::Advocate => "advocate",
        }
    }
}

/// A node of the chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    pub id: NodeId,
    /// Unique among its siblings.
    pub name: String,
    #[serde(default)]
    pub kind: NodeKind,
    /// The group or parallel around it; `None` at the top level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<NodeId>,
    /// Of a group: the child that is entered first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial: Option<NodeId>,
    /// Of a group or a resume: what is entered first beside `initial`, each in another region. Comes by import.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<NodeId>,
    /// Of a resume: returns to the innermost states instead of the child that was active. Comes by import.
    #[serde(default, skip_serializing_if = "is_no")]
    pub deep: bool,
    /// Of a group: drawn as one card, with what is inside hidden.
    #[serde(default, skip_serializing_if = "is_no")]
    pub collapsed: bool,
    /// Place among its siblings: document order.
    pub order: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_entry: Vec<Action>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_exit: Vec<Action>,
    /// Of a group or a resume: what is done on the way to `initial`, after the entry actions. Comes by import.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_begin: Vec<Action>,
    /// Of an end: the values that the event brings which says that the group around it is done. Comes by import.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub brings: Vec<(String, Formula)>,
    pub position: Point,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// The role in our company that is responsible.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Node {
    /// A plain state at the top level.
    #[must_use]
    pub fn new(id: NodeId, name: impl Into<String>, position: Point) -> Self {
        Self {
            id,
            name: name.into(),
            kind: NodeKind::State,
            parent: None,
            initial: None,
            also: Vec::new(),
            deep: false,
            collapsed: false,
            order: id.0,
            on_entry: Vec::new(),
            on_exit: Vec::new(),
            on_begin: Vec::new(),
            brings: Vec::new(),
            position,
            stage: None,
            owner: String::new(),
            note: String::new(),
        }
    }
}

/// Which events a trigger listens to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Events {
    /// Every recorded or behaviour event.
    Any,
    /// Every event, raised ones and ends of groups included: what `*` means in SCXML. Comes by import.
    Every,
    /// These, in the order the user chose them.
    Only(Vec<EventId>),
}

impl Events {
    #[must_use]
    pub fn one(event: EventId) -> Self {
        Self::Only(vec![event])
    }

    #[must_use]
    pub fn contains(&self, event: EventId) -> bool {
        match self {
            Self::Any | Self::Every => true,
            Self::Only(events) => events.contains(&event),
        }
    }
}

/// What sets a transition off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// Nobody has said yet; the arrow never fires.
    #[default]
    Unset,
    /// When one of these events is processed.
    On(Events),
    /// That long after the source was entered.
    After(Delay),
    /// That long after the later of entry and the last of these events; they re-arm it.
    AfterWithout(Delay, Events),
    /// That long after the last of these events, wherever the contact was; never before entry.
    AfterSince(Delay, Events),
    /// At the next such time on the contact's clock; with `true` at every one while the contact is here.
    At(Moment, bool),
    /// When this group or parallel has reached its end.
    Done(NodeId),
    /// Tried after anything has been processed, without an event of its own.
    Always,
}

impl Trigger {
    #[must_use]
    pub fn on(event: EventId) -> Self {
        Self::On(Events::one(event))
    }

    /// The events it names, for triggers that name any.
    #[must_use]
    pub fn events(&self) -> Option<&Events> {
        match self {
            Self::On(events) | Self::AfterWithout(_, events) | Self::AfterSince(_, events) => Some(events),
            Self::Unset | Self::After(_) | Self::At(..) | Self::Done(_) | Self::Always => None,
        }
    }

    pub fn events_mut(&mut self) -> Option<&mut Events> {
        match self {
            Self::On(events) | Self::AfterWithout(_, events) | Self::AfterSince(_, events) => Some(events),
            Self::Unset | Self::After(_) | Self::At(..) | Self::Done(_) | Self::Always => None,
        }
    }
}

/// An arrow: event \[guard\] / action → state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transition {
    pub id: TransitionId,
    pub source: NodeId,
    /// `None`: *stay*. Actions run, no state is left and no timer touched.
    pub target: Option<NodeId>,
    /// Further targets, each in another region beside the first. Comes by import.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<NodeId>,
    #[serde(default)]
    pub trigger: Trigger,
    #[serde(default, skip_serializing_if = "Formula::is_untyped")]
    pub guard: Formula,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// Place among the transitions of its source: the first that matches is taken.
    pub rank: u32,
    /// Whether an arrow to itself, or from a group to a child, leaves and re-enters its source.
    #[serde(default = "yes")]
    pub restart: bool,
    /// Of groups and parallels: tried before any child, so that no child can shadow it.
    #[serde(default, skip_serializing_if = "is_no")]
    pub interrupt: bool,
    /// Where it passes, instead of the way that it would find by itself: away from the middle between the middles of what
    /// it joins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bend: Option<Point>,
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_no(flag: &bool) -> bool {
    !*flag
}

impl Transition {
    /// An arrow without guard or actions.
    #[must_use]
    pub fn new(id: TransitionId, source: NodeId, target: Option<NodeId>, trigger: Trigger) -> Self {
        Self {
            id,
            source,
            target,
            also: Vec::new(),
            trigger,
            guard: Formula::default(),
            actions: Vec::new(),
            rank: id.0,
            restart: true,
            interrupt: false,
            bend: None,
        }
    }

    /// Every target, the first one first; none means stay.
    pub fn targets(&self) -> impl Iterator<Item = NodeId> {
        self.target.into_iter().chain(self.also.iter().copied())
    }
}
