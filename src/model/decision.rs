//! What was decided about a cell of the matrix of states and events that no arrow answers, and how the column of an event
//! is split. Knows nothing of arrows: whether a cell is answered is for the analysis to say.

use serde::{Deserialize, Serialize};

use super::Project;
use super::formula::Formula;
use super::id::{BucketId, DecisionId, EventId, NodeId};

/// What a column of the matrix asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// That this happens.
    Event(EventId),
    /// That time passes and nothing happens: the timers that begin with *after*.
    Silence,
    /// That a time of day comes: the timers that begin with *at* and *every*.
    Clock,
    /// That this group or parallel is done.
    Done(NodeId),
}

/// One of the cases that the column of an event is split into. The first whose guard holds is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// Unique in its event.
    pub id: BucketId,
    /// Unique in its event, as in *3rd and later*.
    pub name: String,
    /// Empty: everything that the buckets before it leave.
    #[serde(default, skip_serializing_if = "Formula::is_untyped")]
    pub guard: Formula,
}

/// A cell: a state, what is asked there, and in which case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Of a group: all the states inside.
    pub state: NodeId,
    pub asked: Asked,
    /// `None`: the whole column, or what is left where it is split.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket: Option<BucketId>,
}

/// Which of the answers that are no arrows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Nothing shall happen, on purpose.
    Ignored,
    /// Somebody has to find out.
    Question,
}

impl Answer {
    /// What Undo calls it to give this answer.
    pub(super) fn title(self, project: &Project, places: &[Place]) -> String {
        let about = match places {
            [place] => project.place_label(*place),
            _ => format!("{} cells", places.len()),
        };
        match self {
            Self::Ignored => format!("ignoring of {about}"),
            Self::Question => format!("question about {about}"),
        }
    }
}

/// What was decided about a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub id: DecisionId,
    pub place: Place,
    pub answer: Answer,
    /// The reason, or the question.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Who decided, or who asked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub who: String,
}

impl Project {
    /// What the column of `asked` is called.
    #[must_use]
    pub fn asked_label(&self, asked: Asked) -> String {
        match asked {
            Asked::Event(id) => self.events.get(&id).map_or("(deleted)", |event| event.name.as_str()).to_owned(),
            Asked::Silence => String::from("silence"),
            Asked::Clock => String::from("time of day"),
            Asked::Done(group) => format!("done {}", self.node_label(group)),
        }
    }

    /// The case that `place` is about, where its column is split.
    #[must_use]
    pub fn bucket(&self, place: Place) -> Option<&Bucket> {
        let Asked::Event(event) = place.asked else { return None };
        self.events.get(&event)?.buckets.iter().find(|bucket| Some(bucket.id) == place.bucket)
    }

    /// `download [3rd and later] in Educating`.
    #[must_use]
    pub fn place_label(&self, place: Place) -> String {
        let bucket = self.bucket(place).map_or_else(String::new, |bucket| format!(" [{}]", bucket.name));
        format!("{}{bucket} in {}", self.asked_label(place.asked), self.node_label(place.state))
    }

    /// The decision about exactly this cell, and not about a group around it.
    #[must_use]
    pub fn decision_at(&self, place: Place) -> Option<&Decision> {
        self.decisions.values().find(|decision| decision.place == place)
    }
}
