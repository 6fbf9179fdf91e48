//! Where playing stops. Kept by the window, never written to the project.

use std::collections::BTreeSet;

use egui::{Button, Ui};
use egui_phosphor::regular as icon;

use super::request::Request;
use crate::model::{EntityId, NodeId, Project, TransitionId};

/// A moment at which playing stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Breakpoint {
    Entered(NodeId),
    Taken(TransitionId),
    /// The condition of an arrow is looked at, whether it holds or not.
    Asked(TransitionId),
}

impl Breakpoint {
    /// Those that something in the drawing can have: conditions only where there is one.
    pub fn possible(project: &Project, id: EntityId) -> Vec<Self> {
        match id {
            EntityId::Node(node) if project.nodes.contains_key(&node) => vec![Self::Entered(node)],
            EntityId::Transition(arrow) => match project.transitions.get(&arrow) {
                Some(known) if known.guard.is_empty() => vec![Self::Taken(arrow)],
                Some(_) => vec![Self::Taken(arrow), Self::Asked(arrow)],
                None => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// What it is at.
    pub fn at(self) -> EntityId {
        match self {
            Self::Entered(node) => node.into(),
            Self::Taken(arrow) | Self::Asked(arrow) => arrow.into(),
        }
    }

    /// What a menu calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Entered(_) => "Stop when somebody enters",
            Self::Taken(_) => "Stop when somebody takes it",
            Self::Asked(_) => "Stop when its condition is looked at",
        }
    }

    /// Where it is, in words: "enters Lead".
    #[must_use]
    pub fn describe(self, project: &Project) -> String {
        match self {
            Self::Entered(node) => format!("enters {}", project.node_label(node)),
            Self::Taken(arrow) => format!("takes {}", project.describe(arrow.into())),
            Self::Asked(arrow) => format!("is asked {}", project.describe(arrow.into())),
        }
    }
}

/// The entries of a context menu for something in the drawing, ticked where set.
pub fn entries(
    ui: &mut Ui,
    project: &Project,
    breakpoints: &BTreeSet<Breakpoint>,
    id: EntityId,
    requests: &mut Vec<Request>,
) {
    for breakpoint in Breakpoint::possible(project, id) {
        let symbol = if breakpoints.contains(&breakpoint) { icon::CHECK_SQUARE } else { icon::SQUARE };
        if ui.add(Button::new(format!("{symbol}  {}", breakpoint.name()))).clicked() {
            requests.push(Request::Breakpoint(breakpoint));
            ui.close();
        }
    }
}
