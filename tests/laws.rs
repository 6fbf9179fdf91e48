//! Four laws over every edit: perform then undo restores; undo then redo restores; reopening the file equals memory; what
//! is exported as a chart comes back as it was.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use statecraft::document::{Document, Performed, Refusal};
use statecraft::exchange::{read_scxml, write_scxml};
use statecraft::model::*;

const JOURNEY: &str = "\
journey Trial
zone Europe/Berlin
start Lead
event download
event unused
attribute fit: choice D < C < B < A
score engagement: half-life 30 days
touchpoint welcome: e-mail
touchpoint reminder: SMS
rule download [fit >= B]: engagement + 10, at most 30 in 7 days
state Lead at 0, 0 stage nurture owner Marketing
  note Has asked for something.
  entry notify(Sales: say hello)
state Trial at 200, 0 stage convert
end Lost at 400, 100
group Customer at 400, 0
state Active in Customer at 400, 20
state Paused in Customer at 400, 90
Lead --trial started [engagement >= 10 and count(download) > 0] / send(welcome)--> Trial
Lead --after 30 days / send(reminder)--> (stay)
Lead --unsubscribed--> Lost
Trial --bought / convert(sale: 99)--> Customer
Customer --!closed--> Lost
contact Anna: fit = B, start = 2026-01-01
  2026-01-05 09:30 download, 2026-01-09 trial started (plan = \"pro\")
scenario Base until 2027-01-01
";

fn journey() -> Project {
    let mut project = notation::parse(JOURNEY).expect("the sample reads");
    // What comes by import only has no notation.
    let (lead, active) = (node(&project, "Lead"), node(&project, "Active"));
    let imported = imported_actions(&project);
    if let Some(lead) = project.nodes.get_mut(&lead) {
        lead.on_entry.extend(imported);
        lead.also.push(active);
    }
    let bought = arrow(&project, "Trial", 0);
    if let Some(bought) = project.transitions.get_mut(&bought) {
        bought.also.push(active);
    }
    if let Some(score) = project.attributes.values_mut().find(|attribute| attribute.name == "engagement") {
        score.initial = Value::Number(1.0 / 3.0);
    }
    project.info.microsteps = Some(10_000);
    project
}

fn imported_actions(p: &Project) -> Vec<Action> {
    let message = Message {
        event: event(p, "download"),
        after: Some(statecraft::model::Duration::days(3)),
        key: text("later"),
        fields: vec![(text("points"), Formula::new("engagement * 2"))],
    };
    let inner = vec![Branch { guard: Formula::default(), actions: vec![Action::Send(touchpoint(p, "welcome"))] }];
    vec![
        Action::If(vec![
            Branch {
                guard: Formula::new("engagement > 3"),
                actions: vec![Action::Raise(event(p, "download")), Action::Schedule(message)],
            },
            Branch { guard: Formula::default(), actions: vec![Action::If(inner), Action::Cancel(text("later"))] },
        ]),
        Action::Cancel(text("later")),
    ]
}

fn dataset() -> (DatasetInfo, Dataset) {
    let info = DatasetInfo {
        id: DatasetId(0),
        name: String::from("spring"),
        source: String::from("spring.csv"),
        contacts: 0,
        occurrences: 0,
        first: Time(0),
        last: Time(0),
        events: Vec::new(),
        fields: Vec::new(),
    };
    let dataset = Dataset {
        contacts: vec![String::from("a"), String::from("b")],
        first: vec![0, 2, 3],
        times: vec![Time(1), Time(2), Time(3)],
        codes: vec![0, 1, 0],
        event_names: vec![String::from("download"), String::from("called")],
        ..Dataset::default()
    };
    (info, dataset)
}

macro_rules! examples {
    ($project:ident: $($variant:ident => [$($edit:expr),+ $(,)?]),* $(,)?) => {
        /// At least one edit of every kind, each of which changes the sample.
        fn examples($project: &Project) -> Vec<Edit> {
            let mut examples = Vec::new();
            $($(
                let edit = $edit;
                assert!(matches!(edit, Edit::$variant { .. }), "{edit:?} stands under another name");
                examples.push(edit);
            )+)*
            examples
        }

        /// Does not compile until a new variant is listed.
        const _: fn(&Edit) = |edit| match edit {
            $(Edit::$variant { .. } => (),)*
        };
    };
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn node(project: &Project, name: &str) -> NodeId {
    project.node_by_name(name).expect(name).id
}

fn event(project: &Project, name: &str) -> EventId {
    project.event_by_name(name).expect(name).id
}

fn attribute(project: &Project, name: &str) -> AttributeId {
    project.attribute_by_name(name).expect(name).id
}

fn touchpoint(project: &Project, name: &str) -> TouchpointId {
    project.touchpoint_by_name(name).expect(name).id
}

fn arrow(project: &Project, source: &str, rank: usize) -> TransitionId {
    project.outgoing(node(project, source)).nth(rank).expect(source).id
}

fn rule(project: &Project) -> ScoreRule {
    project.score_rules.values().next().expect("a rule").clone()
}

fn contact(project: &Project) -> Contact {
    project.contacts.values().next().expect("a contact").clone()
}

fn scenario(project: &Project) -> Scenario {
    project.scenarios.values().next().expect("a scenario").clone()
}

examples! { p:
    RenameJourney => [Edit::RenameJourney(text("Große Reise 🛒"))],
    SetJourneyNote => [Edit::SetJourneyNote(text("Why do they\nleave?\0"))],
    SetZone => [Edit::SetZone(text("Asia/Tokyo")), Edit::SetZone(String::new())],
    SetStart => [Edit::SetStart(node(p, "Trial"))],
    AddNode => [
        Edit::AddNode { kind: NodeKind::State, name: text("Dormant"), parent: None, position: Point::new(0.1, -1e-30) },
        Edit::AddNode {
            kind: NodeKind::Resume,
            name: text("Back"),
            parent: Some(node(p, "Customer")),
            position: Point::new(1.0 / 3.0, f32::MAX),
        },
    ],
    AddConnectedState => [Edit::AddConnectedState {
        source: node(p, "Lead"),
        name: text("Called"),
        position: Point::new(10.0, 20.0),
        trigger: text("phone call"),
    }],
    RenameNode => [Edit::RenameNode(node(p, "Lead"), text("Prospect"))],
    MoveNodes => [Edit::MoveNodes(vec![
        (node(p, "Lead"), Point::new(5.5, 0.1)),
        (node(p, "Trial"), Point::new(-7.25, 1e7)),
    ])],
    SetNodeKind => [Edit::SetNodeKind(node(p, "Trial"), NodeKind::Group)],
    Group => [Edit::Group(vec![node(p, "Lead"), node(p, "Trial")], text("Prospects"))],
    Ungroup => [Edit::Ungroup(node(p, "Customer"))],
    SetParent => [
        Edit::SetParent(vec![node(p, "Trial")], Some(node(p, "Customer"))),
        Edit::SetParent(vec![node(p, "Active")], None),
    ],
    SetInitial => [Edit::SetInitial(node(p, "Customer"), node(p, "Paused"))],
    SetStage => [
        Edit::SetStage(vec![node(p, "Lead"), node(p, "Trial")], Some(Stage::Advocate)),
        Edit::SetStage(vec![node(p, "Lead")], None),
    ],
    SetOwner => [Edit::SetOwner(node(p, "Trial"), text("Sales"))],
    SetNodeNote => [Edit::SetNodeNote(node(p, "Trial"), text("Fourteen days."))],
    SetEntryActions => [Edit::SetEntryActions(node(p, "Lead"), vec![Action::Send(touchpoint(p, "welcome"))])],
    SetExitActions => [Edit::SetExitActions(
        node(p, "Lead"),
        vec![
            Action::AddScore { score: attribute(p, "engagement"), points: Formula::new("2 * 3") },
            Action::Set { attribute: attribute(p, "fit"), value: Formula::new("B") },
            Action::Notify { team: text("Sales"), text: text("gone") },
            Action::Convert { point: text("lead"), value: Formula::default() },
            Action::Raise(event(p, "unused")),
            imported_actions(p).swap_remove(0),
            Action::Cancel(text("later")),
        ],
    )],
    AddTransition => [
        Edit::AddTransition { source: node(p, "Trial"), target: Some(node(p, "Lead")), trigger: text("a new event") },
        Edit::AddTransition { source: node(p, "Trial"), target: None, trigger: text("after 3 days") },
    ],
    SetTrigger => [Edit::SetTrigger(arrow(p, "Lead", 0), text("after 2 weeks without download"))],
    SetGuard => [Edit::SetGuard(arrow(p, "Lead", 1), text("engagement > 3 and"))],
    SetTransitionActions => [Edit::SetTransitionActions(arrow(p, "Lead", 0), Vec::new())],
    SetSource => [Edit::SetSource(arrow(p, "Lead", 0), node(p, "Trial"))],
    SetTarget => [
        Edit::SetTarget(arrow(p, "Lead", 0), None),
        Edit::SetTarget(arrow(p, "Lead", 0), Some(node(p, "Lead"))),
    ],
    SetRestart => [Edit::SetRestart(arrow(p, "Lead", 0), false)],
    SetInterrupt => [Edit::SetInterrupt(arrow(p, "Customer", 0), false)],
    Rank => [Edit::Rank(arrow(p, "Lead", 2), 0)],
    AddEvent => [Edit::AddEvent(text("webinar"))],
    RenameEvent => [Edit::RenameEvent(event(p, "download"), text("white paper"))],
    SetEventFields => [Edit::SetEventFields(
        event(p, "download"),
        vec![Field { name: text("fit"), attribute: Some(attribute(p, "fit")) }],
    )],
    AddAttribute => [
        Edit::AddAttribute(text("segment"), AttributeKind::Choice(vec![text("smb"), text("public")])),
        Edit::AddAttribute(text("warmth"), AttributeKind::Score),
    ],
    RenameAttribute => [Edit::RenameAttribute(attribute(p, "engagement"), text("interest"))],
    SetAttributeKind => [
        Edit::SetAttributeKind(attribute(p, "fit"), AttributeKind::Text),
        Edit::SetAttributeKind(attribute(p, "engagement"), AttributeKind::Number),
    ],
    SetHalfLife => [
        Edit::SetHalfLife(attribute(p, "engagement"), "2 weeks".parse().ok()),
        Edit::SetHalfLife(attribute(p, "engagement"), None),
    ],
    AddTouchpoint => [Edit::AddTouchpoint(text("letter"), Channel::Letter)],
    RenameTouchpoint => [Edit::RenameTouchpoint(touchpoint(p, "welcome"), text("hello"))],
    SetChannel => [Edit::SetChannel(touchpoint(p, "welcome"), Channel::Push)],
    AddScoreRule => [Edit::AddScoreRule(ScoreRule { points: Formula::new("event.fit + 0.1"), change: ScoreChange::Set, ..rule(p) })],
    SetScoreRule => [
        Edit::SetScoreRule(ScoreRule { points: Formula::new("min(engagement, 1"), ..rule(p) }),
        Edit::SetScoreRule(ScoreRule {
            cap: Some(Cap { points: 0.1, within: "1 month".parse().ok() }),
            ..rule(p)
        }),
    ],
    AddContact => [Edit::AddContact(text("Bert"))],
    RenameContact => [Edit::RenameContact(contact(p).id, text("Änne"))],
    SetContact => [Edit::SetContact(Contact {
        zone: text("America/New_York"),
        attributes: [(attribute(p, "engagement"), Value::Number(5e-324))].into(),
        occurrences: vec![
            Occurrence { time: Time(i64::MAX), event: event(p, "unused"), fields: std::collections::BTreeMap::new() },
            Occurrence {
                time: Time(-1),
                event: event(p, "download"),
                fields: [(text("x"), Value::Time(Time(7))), (text("y"), Value::YesNo(true))].into(),
            },
        ],
        ..contact(p)
    })],
    AddScenario => [Edit::AddScenario(text("Best case"))],
    RenameScenario => [Edit::RenameScenario(scenario(p).id, text("Worst case"))],
    SetScenario => [Edit::SetScenario(Scenario { seed: u64::MAX, until: None, ..scenario(p) })],
    ImportDataset => [Edit::ImportDataset { dataset: dataset().0, events: vec![text("download"), text("called")] }],
    Delete => [
        Edit::Delete(vec![node(p, "Lead").into()]),
        Edit::Delete(vec![node(p, "Customer").into(), event(p, "download").into(), contact(p).id.into()]),
        Edit::Delete(vec![attribute(p, "engagement").into(), touchpoint(p, "welcome").into()]),
    ],
}

/// Imports come with their columns, all other edits alone.
fn perform(document: &mut Document, edit: Edit) -> Result<Performed, Refusal> {
    match edit {
        Edit::ImportDataset { dataset: info, events } => document.import(info, dataset().1, events),
        edit => document.perform(edit),
    }
}

/// The project after export and import.
fn exported(project: &Project) -> Project {
    let text = write_scxml(project);
    let imported = read_scxml(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert!(imported.notes.is_empty(), "{:?}", imported.notes);
    imported.project
}

/// The project as far as a chart can hold it: histories stay at home.
fn without_datasets(project: &Project) -> Project {
    let mut project = project.clone();
    project.datasets.clear();
    for scenario in project.scenarios.values_mut() {
        scenario.population = Population::Samples;
    }
    project
}

fn reopened(path: &Path) -> Document {
    Document::open(path).expect("what was saved opens again")
}

#[test]
fn every_edit_can_be_undone_redone_and_is_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let before = journey();
    for (index, edit) in examples(&before).into_iter().enumerate() {
        let path = folder.path().join(format!("{index}.statecraft"));
        let mut document = Document::create(&path, &before).unwrap();
        assert_eq!(*document.project(), before, "{edit:?}");

        let performed = perform(&mut document, edit.clone()).unwrap_or_else(|why| panic!("{edit:?}: {why}"));
        let after = document.project().clone();
        assert_ne!(after, before, "{edit:?} is an example that changes nothing");
        assert_eq!(exported(&after), without_datasets(&after), "{edit:?} in a chart");
        assert_eq!(document.undo_title(), Some(performed.title.as_str()), "{edit:?}");
        for id in performed.created {
            assert!(before.entity(id).is_none() && after.entity(id).is_some(), "{edit:?} did not create {id:?}");
        }

        assert_eq!(document.undo().as_ref(), Some(&performed.title));
        assert_eq!(*document.project(), before, "undo of {edit:?}");
        assert_eq!(document.redo().as_ref(), Some(&performed.title));
        assert_eq!(*document.project(), after, "redo of {edit:?}");

        drop(document);
        let mut document = reopened(&path);
        assert_eq!(*document.project(), after, "{edit:?} in the file");
        assert_eq!(document.undo(), Some(performed.title), "undo of {edit:?} after opening");
        assert_eq!(*document.project(), before, "undo of {edit:?} after opening");
        drop(document);
        assert_eq!(*reopened(&path).project(), before, "undo of {edit:?} in the file");
    }
}

#[test]
fn an_edit_that_changes_nothing_makes_no_step() {
    let folder = tempfile::tempdir().unwrap();
    let mut document = Document::create(&folder.path().join("a.statecraft"), &journey()).unwrap();
    let revision = document.revision();
    let performed = document.perform(Edit::RenameJourney(text("Trial"))).unwrap();
    assert_eq!(performed.created, []);
    assert_eq!((document.undo_title(), document.revision()), (None, revision));
}

#[test]
fn a_refused_edit_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut document = Document::create(&folder.path().join("a.statecraft"), &journey()).unwrap();
    let project = journey();
    let nowhere = Point::new(f32::NAN, 0.0);
    for edit in [
        Edit::RenameNode(node(&project, "Lead"), text("trial")),
        Edit::MoveNodes(vec![(node(&project, "Trial"), Point::new(1.0, 1.0)), (node(&project, "Lead"), nowhere)]),
        Edit::SetScoreRule(ScoreRule { event: EventId(999), ..rule(&project) }),
        Edit::SetScoreRule(ScoreRule { cap: Some(Cap { points: f64::NAN, within: None }), ..rule(&project) }),
        Edit::SetScoreRule(ScoreRule { cap: Some(Cap { points: -1.0, within: None }), ..rule(&project) }),
        Edit::SetHalfLife(attribute(&project, "engagement"), "0 days".parse().ok()),
        Edit::SetHalfLife(attribute(&project, "fit"), "30 days".parse().ok()),
        Edit::SetEntryActions(node(&project, "Lead"), vec![Action::Send(TouchpointId(999))]),
        Edit::SetEntryActions(
            node(&project, "Lead"),
            vec![Action::If(vec![Branch { guard: Formula::default(), actions: vec![Action::Raise(EventId(999))] }])],
        ),
        Edit::SetScenario(Scenario { population: Population::Dataset(DatasetId(9)), ..scenario(&project) }),
        Edit::ImportDataset { dataset: dataset().0, events: Vec::new() },
    ] {
        let refusal = document.perform(edit.clone()).expect_err(&format!("{edit:?}"));
        assert!(refusal.to_string().ends_with('.'), "{refusal}");
        assert_eq!(*document.project(), project, "{edit:?}");
        assert_eq!(document.undo_title(), None, "{edit:?}");
    }
}

#[test]
fn a_new_event_is_never_taken_for_a_deleted_one_of_a_dataset() {
    let folder = tempfile::tempdir().unwrap();
    let mut document = Document::create(&folder.path().join("a.statecraft"), &journey()).unwrap();
    let (info, columns) = dataset();
    document.import(info, columns, vec![text("download"), text("called")]).unwrap();
    let called = event(document.project(), "called");
    document.perform(Edit::Delete(vec![called.into()])).unwrap();
    document.perform(Edit::AddEvent(text("webinar"))).unwrap();
    assert_ne!(event(document.project(), "webinar"), called);
}

/// A pick among the examples and variations of them on whatever the project then holds.
fn edit_for(project: &Project, pick: &Pick) -> Edit {
    let chosen = |count: usize| pick.which.index(count.max(1));
    let node = project.nodes.keys().nth(chosen(project.nodes.len())).copied().unwrap_or(NodeId(1));
    let other = project.nodes.keys().nth(pick.other.index(project.nodes.len().max(1))).copied().unwrap_or(NodeId(1));
    let arrow = project.transitions.keys().nth(chosen(project.transitions.len())).copied().unwrap_or(TransitionId(1));
    let event = project.events.keys().nth(chosen(project.events.len())).copied().unwrap_or(EventId(1));
    let name = pick.text.clone();
    let position = Point::new(pick.place, 0.1);
    match pick.kind % 20 {
        0 => Edit::AddNode { kind: NodeKind::ALL[chosen(5)], name, parent: Some(node), position },
        1 => Edit::AddNode { kind: NodeKind::ALL[chosen(5)], name, parent: None, position },
        2 => Edit::AddConnectedState { source: node, name, position, trigger: text("after 3 days") },
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
        _ => Edit::ImportDataset {
            dataset: DatasetInfo { name, ..dataset().0 },
            events: vec![text("download"), text("called")],
        },
    }
}

#[derive(Clone, Debug)]
struct Pick {
    kind: u8,
    which: prop::sample::Index,
    other: prop::sample::Index,
    text: String,
    number: f64,
    place: f32,
    /// Undo so many steps before, so that edits cut the redo tail off.
    undo_first: u8,
}

fn picks() -> impl Strategy<Value = Vec<Pick>> {
    let names = prop_oneof![Just(text("Lead")), Just(text("download")), "[a-dA-D]{1,2}", "[ a-zäß🛒]{0,6}", ".{0,8}",];
    let pick = (
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
        });
    prop::collection::vec(pick, 1..16)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_edits_can_be_undone_redone_and_reopened(picks in picks()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.statecraft");
        let mut document = Document::create(&path, &journey()).unwrap();
        // The project before and after every step of the history, and where in it the document stands.
        let mut states = vec![journey()];
        let mut at = 0;
        for pick in &picks {
            for _ in 0..pick.undo_first {
                at -= usize::from(document.undo().is_some());
                prop_assert_eq!(document.project(), &states[at]);
            }
            let edit = edit_for(document.project(), pick);
            let title = document.undo_title().map(str::to_owned);
            let revision = document.revision();
            if perform(&mut document, edit).is_ok() && document.revision() > revision {
                at += 1;
                states.truncate(at);
                states.push(document.project().clone());
                prop_assert_eq!(exported(&states[at]), without_datasets(&states[at]));
            } else {
                prop_assert_eq!(document.project(), &states[at]);
                prop_assert_eq!(document.undo_title(), title.as_deref());
            }
        }
        drop(document);
        let mut document = reopened(&path);
        prop_assert_eq!(document.project(), &states[at]);
        for state in states[..at].iter().rev() {
            prop_assert!(document.undo().is_some());
            prop_assert_eq!(document.project(), state);
        }
        prop_assert_eq!(document.undo(), None);
        drop(document);
        let mut document = reopened(&path);
        for state in &states[1..] {
            prop_assert!(document.redo().is_some());
            prop_assert_eq!(document.project(), state);
        }
        prop_assert_eq!(document.redo(), None);
        document.flush(Duration::from_secs(10)).unwrap();
        for id in document.project().datasets.keys() {
            prop_assert_eq!(document.dataset(*id).unwrap(), Arc::new(dataset().1));
        }
    }
}

#[test]
fn grouping_moving_and_ungrouping_keep_the_tree_and_the_conditions_whole() {
    let perform = |project: &Project, edit: Edit| {
        let mut project = project.clone();
        for change in edit.plan(&project).expect("the edit is possible") {
            change.apply(&mut project);
        }
        project
    };
    let chart = "start A\nstate A\nstate B\ngroup G\nstate X in G\nA --go [in(B)]--> B\nX --go [in(X)]--> B";
    let project = notation::parse(chart).expect("it reads");
    let (a, b, g) = (node(&project, "A"), node(&project, "B"), node(&project, "G"));
    let second = Edit::AddNode { kind: NodeKind::State, name: text("B"), parent: Some(g), position: Point::default() };
    let project = perform(&project, second);
    let grouped = perform(&project, Edit::Group(vec![a, b], text("Early")));
    let early = node(&grouped, "Early");
    assert_eq!(grouped.nodes[&early].initial, Some(a), "a group around the start begins with it");
    assert_eq!(grouped.children(Some(early)).count(), 2);
    let apart = perform(&grouped, Edit::Ungroup(early));
    assert_eq!(apart.nodes.len(), project.nodes.len());
    assert_eq!(apart.nodes[&a].parent, None);
    let into = perform(&project, Edit::SetParent(vec![a], Some(g)));
    assert_eq!(into.nodes[&a].parent, Some(g));
    assert!(Edit::SetParent(vec![g], Some(g)).plan(&project).is_err(), "not into itself");
    assert!(Edit::SetParent(vec![b], Some(g)).plan(&project).is_err(), "a second B in one group");
    assert!(Edit::SetInitial(g, a).plan(&project).is_err(), "A is not inside");
}

#[test]
fn what_stands_in_a_branch_is_renamed_and_deleted_like_everything_else() {
    let folder = tempfile::tempdir().unwrap();
    let project = journey();
    let mut document = Document::create(&folder.path().join("a.statecraft"), &project).unwrap();
    let said = |document: &Document| {
        let lead = &document.project().nodes[&node(document.project(), "Lead")];
        lead.on_entry.iter().map(|action| sentence::action(document.project(), action)).collect::<Vec<_>>()
    };
    assert_eq!(
        said(&document)[1],
        "if engagement is more than 3, raise download and raise download with points = engagement * 2 after 3 days, \
         else send welcome and cancel later"
    );
    document.perform(Edit::RenameAttribute(attribute(&project, "engagement"), text("interest"))).unwrap();
    assert!(said(&document)[1].starts_with("if interest is more than 3"), "{:?}", said(&document));
    assert!(said(&document)[1].contains("points = interest * 2"), "{:?}", said(&document));
    document.perform(Edit::Delete(vec![event(&project, "download").into()])).unwrap();
    assert_eq!(said(&document)[1], "if interest is more than 3, do nothing, else send welcome and cancel later");
    document.perform(Edit::Delete(vec![node(&project, "Active").into()])).unwrap();
    assert!(document.project().transitions.values().all(|arrow| arrow.also.is_empty()));
}
