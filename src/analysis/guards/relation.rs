//! How answers hang together: no more events in a short window than in a long one, none at all if there was never one, an
//! attribute that takes over what the event brings, and a state that is active within the groups around it.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::asked::{Sample, Settled};
use super::linear::Linear;
use crate::model::{AttributeKind, NodeId, NodeKind, Project, Time};

/// What must be true of several answers, by their places.
#[derive(Clone, Debug)]
pub(super) enum Relation {
    /// The first is never more than the second.
    AtMost(usize, usize),
    /// How long ago it was is known exactly if it happened: since, count.
    Happened(usize, usize),
    /// It happened within the window exactly if it is less long ago: since, count in the window, its length.
    Recent(usize, usize, f64),
    /// What happened here is not longer ago than the entry, and what did not is: since, time here, count here.
    Here(usize, usize, usize),
    /// A window that reaches back to the entry holds all that happened here, a shorter one no more: count in the window,
    /// its length, time here, count here.
    WindowHere(usize, f64, usize, usize),
    /// The attribute has the value of the field where that is known: field, attribute.
    TakenOver(usize, usize, AttributeKind),
    /// These are active at once or not, each by its place.
    Configuration(Vec<(usize, NodeId)>),
}

impl Relation {
    pub(super) fn places(&self) -> Vec<usize> {
        match self {
            Self::AtMost(one, two)
            | Self::Happened(one, two)
            | Self::Recent(one, two, _)
            | Self::TakenOver(one, two, _) => vec![*one, *two],
            Self::Here(since, here, count) => vec![*since, *here, *count],
            Self::WindowHere(window, _, here, count) => vec![*window, *here, *count],
            Self::Configuration(nodes) => nodes.iter().map(|(place, _)| *place).collect(),
        }
    }

    /// The sums whose sign it hangs on.
    pub(super) fn sums(&self) -> Vec<Linear> {
        let one = Linear::one;
        match self {
            Self::AtMost(few, many) => vec![one(*few).minus(&one(*many))],
            Self::Happened(_, count) => vec![one(*count)],
            Self::Recent(since, count, length) => {
                vec![one(*count), one(*since).minus(&Linear::constant(*length))]
            }
            Self::Here(since, here, count) => vec![one(*since).minus(&one(*here)), one(*count)],
            Self::WindowHere(window, length, here, count) => {
                vec![one(*window).minus(&one(*count)), one(*here).minus(&Linear::constant(*length))]
            }
            Self::TakenOver(field, attribute, _) => vec![one(*field).minus(&one(*attribute))],
            Self::Configuration(_) => Vec::new(),
        }
    }

    /// Whether the answers fit together; all of them are settled.
    pub(super) fn fits(&self, settled: &Settled, tree: &Tree, project: &Project) -> bool {
        let number = |place: usize| settled[place].as_ref().and_then(Sample::number);
        let or_none = |place: usize| number(place).unwrap_or(0.0);
        match self {
            Self::AtMost(few, many) => or_none(*few) <= or_none(*many),
            Self::Happened(since, count) => number(*since).is_some() == (or_none(*count) >= 1.0),
            Self::Recent(since, count, length) => {
                number(*since).is_some_and(|since| since < *length) == (or_none(*count) >= 1.0)
            }
            Self::Here(since, here, count) => match (number(*since), or_none(*count) >= 1.0) {
                (Some(since), true) => since <= or_none(*here),
                (Some(since), false) => since >= or_none(*here),
                (None, happened) => !happened,
            },
            Self::WindowHere(window, length, here, count) => {
                let (window, count) = (or_none(*window), or_none(*count));
                if *length <= or_none(*here) { window <= count } else { window >= count }
            }
            Self::TakenOver(field, attribute, kind) => match &settled[*field] {
                None | Some(Sample::Unknown) => true,
                Some(brought) => settled[*attribute].as_ref() == Some(&fitting(kind, brought, project)),
            },
            Self::Configuration(nodes) => {
                let active = |wanted: bool| {
                    let chosen = nodes.iter().filter(move |(place, _)| settled[*place] == Some(Sample::YesNo(wanted)));
                    chosen.map(|(_, node)| *node).collect::<Vec<_>>()
                };
                tree.allows(&active(true), &active(false))
            }
        }
    }
}

/// The value as an attribute of this kind keeps it.
pub(super) fn fitting(kind: &AttributeKind, value: &Sample, project: &Project) -> Sample {
    match (kind, value) {
        (AttributeKind::Choice(choices), Sample::Text(text)) => {
            let place = choices.iter().position(|choice| choice.eq_ignore_ascii_case(text));
            place
                .and_then(|place| u32::try_from(place).ok())
                .map_or(Sample::Unknown, |place| Sample::Number(f64::from(place)))
        }
        (AttributeKind::Number | AttributeKind::Score, Sample::Text(text)) => {
            text.trim().parse().map_or(Sample::Unknown, Sample::Number)
        }
        (AttributeKind::YesNo, Sample::Text(text)) => match text.trim().to_ascii_lowercase().as_str() {
            "yes" | "true" | "1" => Sample::YesNo(true),
            "no" | "false" | "0" => Sample::YesNo(false),
            _ => Sample::Unknown,
        },
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of human lifetimes are exact in a double")]
        (AttributeKind::Time, Sample::Text(text)) => {
            Time::parse(text, &project.zone()).map_or(Sample::Unknown, |time| Sample::Time(time.0 as f64))
        }
        (AttributeKind::Text, Sample::Number(number)) => Sample::Text(number.to_string()),
        (AttributeKind::Number | AttributeKind::Score, Sample::Number(_))
        | (AttributeKind::Text, Sample::Text(_))
        | (AttributeKind::YesNo, Sample::YesNo(_)) => value.clone(),
        _ => Sample::Unknown,
    }
}

/// What stands inside of what, signs left out.
pub(super) type Children = BTreeMap<Option<NodeId>, Vec<NodeId>>;

pub(super) fn children(project: &Project) -> Children {
    let mut children = Children::new();
    for node in project.nodes.values().filter(|node| node.kind != NodeKind::Resume) {
        children.entry(node.parent).or_default().push(node.id);
    }
    children
}

/// Which states can be active together with one of them.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    project: &'a Project,
    children: Rc<Children>,
    at: NodeId,
}

impl<'a> Tree<'a> {
    /// Seen from `at`, which is active.
    pub(super) fn new(project: &'a Project, children: Rc<Children>, at: NodeId) -> Self {
        Self { project, children, at }
    }

    fn around(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        let outwards = std::iter::successors(Some(node), |id| self.project.nodes.get(id)?.parent);
        outwards.take(self.project.nodes.len() + 1)
    }

    /// Whether `at` can be active with all of `active` and none of `others`.
    pub(super) fn allows(&self, active: &[NodeId], others: &[NodeId]) -> bool {
        let mut wanted: Vec<NodeId> = active.iter().copied().chain([self.at]).collect();
        wanted = wanted.iter().flat_map(|node| self.around(*node)).collect();
        self.one_of(None, &wanted, others, 0)
    }

    /// Whether exactly one child can be active.
    fn one_of(&self, parent: Option<NodeId>, wanted: &[NodeId], others: &[NodeId], depth: usize) -> bool {
        let Some(children) = self.children.get(&parent) else { return true };
        let mut chosen = children.iter().filter(|child| wanted.contains(child));
        match (chosen.next(), chosen.next()) {
            (Some(only), None) => self.is_active(*only, wanted, others, depth + 1),
            (Some(_), Some(_)) => false,
            (None, _) => children.iter().any(|child| self.is_active(*child, wanted, others, depth + 1)),
        }
    }

    fn is_active(&self, node: NodeId, wanted: &[NodeId], others: &[NodeId], depth: usize) -> bool {
        if others.contains(&node) || depth > self.project.nodes.len() + 1 {
            return false;
        }
        match self.project.nodes.get(&node).map(|node| node.kind) {
            Some(NodeKind::Parallel) => {
                let children = self.children.get(&Some(node));
                children.into_iter().flatten().all(|child| self.is_active(*child, wanted, others, depth + 1))
            }
            Some(_) => self.one_of(Some(node), wanted, others, depth),
            None => false,
        }
    }
}
