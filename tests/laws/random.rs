//! Random edits: whatever the project holds, one that may or may not be possible.

use std::sync::LazyLock;

use proptest::prelude::*;
use statecraft::document::{Document, Performed, Refusal};
use statecraft::model::behaviour::{Chance, Outcome};
use statecraft::model::*;

use super::examples::*;

/// Imports come with their columns, all other edits alone.
pub(super) fn perform(document: &mut Document, edit: Edit) -> Result<Performed, Refusal> {
    match edit {
        Edit::ImportDataset { dataset: info, events } => document.import(info, dataset().1, events),
        edit => document.perform(edit),
    }
}

/// As they are for the journey before its first edit; later on, what they are about may be another thing or gone.
static EXAMPLES: LazyLock<Vec<Edit>> = LazyLock::new(|| examples(&journey()));

/// One of the examples of all kinds, or a variation of one on whatever the project then holds.
pub(super) fn edit_for(project: &Project, pick: &Pick) -> Edit {
    const VARIATIONS: u8 = 33;
    let chosen = |count: usize| pick.which.index(count.max(1));
    let node = project.nodes.keys().nth(chosen(project.nodes.len())).copied().unwrap_or(NodeId(1));
    let other = project.nodes.keys().nth(pick.other.index(project.nodes.len().max(1))).copied().unwrap_or(NodeId(1));
    let arrow = project.transitions.keys().nth(chosen(project.transitions.len())).copied().unwrap_or(TransitionId(1));
    let event = project.events.keys().nth(chosen(project.events.len())).copied().unwrap_or(EventId(1));
    let name = pick.text.clone();
    let position = Point::new(pick.place, 0.1);
    let behaviour = project.behaviours.values().nth(chosen(project.behaviours.len()));
    match pick.kind % (VARIATIONS + 11) {
        VARIATIONS.. => pick.which.get(&EXAMPLES).clone(),
        0 => Edit::AddNode { kind: NodeKind::ALL[chosen(5)], name, parent: Some(node), position },
        1 => Edit::AddNode { kind: NodeKind::ALL[chosen(5)], name, parent: None, position },
        2 => {
            let parent = project.nodes.get(&other).and_then(|other| other.parent);
            Edit::AddConnectedState { source: node, name, parent, position, trigger: text("after 3 days") }
        }
        3 => Edit::AddTransition { source: node, target: Some(other), trigger: name },
        4 => Edit::RenameNode(node, name),
        5 => Edit::SetNodeKind(node, NodeKind::ALL[pick.other.index(5)]),
        6 => Edit::MoveNodes(vec![(node, position), (other, Point::new(0.3, 0.7))]),
        7 => Edit::SetTrigger(arrow, name),
        8 => Edit::SetGuard(arrow, format!("in({name}) or count({name}) > 2")),
        9 => Edit::Rank(arrow, pick.other.index(5)),
        10 => Edit::RenameEvent(event, name),
        11 => Edit::Delete(vec![node.into()]),
        12 => Edit::Delete(vec![event.into(), arrow.into()]),
        13 => Edit::SetSource(arrow, other),
        14 => Edit::AddScoreRule(ScoreRule {
            id: ScoreRuleId(0),
            event,
            guard: Formula::new(name),
            score: project.attributes.keys().next().copied().unwrap_or(AttributeId(1)),
            change: ScoreChange::Add,
            points: Formula::new(pick.number.to_string()),
            cap: Some(Cap { points: pick.number.abs(), within: None }),
            rank: 0,
        }),
        15 => Edit::Group(vec![node, other], name),
        16 => Edit::Ungroup(node),
        17 => Edit::SetParent(vec![node], pick.other.index(3).checked_sub(1).map(|_| other)),
        18 => Edit::SetInitial(node, other),
        19 => Edit::AddBehaviour(Behaviour {
            id: BehaviourId(0),
            name: name.clone(),
            key: String::new(),
            when: if pick.other.index(2) == 0 { When::Entered(node) } else { When::Start },
            guard: Formula::new(format!("in({name})")),
            outcomes: vec![Outcome {
                event,
                fields: vec![(name.clone(), Formula::new(name))],
                chance: Chance::Share(Assumption::guessed(pick.number)),
            }],
            delay: None,
            cancel_on_leave: false,
            team: project.teams.keys().next().copied(),
            note: String::new(),
        }),
        20 => Edit::RenameBehaviour(behaviour.map_or(BehaviourId(1), |behaviour| behaviour.id), name),
        21 => Edit::Delete(
            project
                .teams
                .keys()
                .next()
                .map(|team| EntityId::from(*team))
                .into_iter()
                .chain(behaviour.map(|b| b.id.into()))
                .collect(),
        ),
        22 => Edit::AddGenerator(name),
        30 => Edit::SetBuckets(event, vec![Bucket { guard: Formula::new(format!("in({name})")), ..bucket(&name, "") }]),
        31 => Edit::Decide {
            places: vec![Place { state: node, asked: Asked::Event(event), bucket: None }],
            answer: Answer::Ignored,
            text: name.clone(),
            who: name,
        },
        23 => Edit::SetDiscount(Some(Assumption::guessed(pick.number))),
        24 => Edit::SetBend(arrow, pick.other.index(3).checked_sub(1).map(|_| position)),
        25 => Edit::SetCollapsed(node, pick.other.index(3) > 0),
        26 => Edit::MoveInto { ids: vec![node], parent: Some(other), places: vec![(node, position)] },
        27 => Edit::Duplicate { ids: vec![node, other], by: position, home: Home::Beside },
        28 => Edit::Paste { piece: Box::new(project.piece(&[node])), by: position, parent: Some(other) },
        29 => Edit::Arrange(Arrangement::Alignment, vec![node], vec![(node, position)]),
        _ => Edit::ImportDataset {
            dataset: DatasetInfo { name, ..dataset().0 },
            events: vec![text("download"), text("called")],
        },
    }
}

#[derive(Clone, Debug)]
pub(super) struct Pick {
    kind: u8,
    which: prop::sample::Index,
    other: prop::sample::Index,
    text: String,
    number: f64,
    place: f32,
    /// Undo so many steps before, so that edits cut the redo tail off.
    pub(super) undo_first: u8,
}

pub(super) fn pick() -> impl Strategy<Value = Pick> {
    let names = prop_oneof![Just(text("Lead")), Just(text("download")), "[a-dA-D]{1,2}", "[ a-zäß🛒]{0,6}", ".{0,8}",];
    (
        any::<u8>(),
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        names,
        any::<f64>(),
        any::<f32>(),
        0..12_u8,
    )
        .prop_map(|(kind, which, other, text, number, place, undo)| Pick {
            kind,
            which,
            other,
            text,
            number,
            place,
            undo_first: if undo < 3 { undo } else { 0 },
        })
}
