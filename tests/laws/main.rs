//! Four laws over every edit: perform then undo restores; undo then redo restores; reopening the file equals memory; what
//! is exported as a chart comes back as it was.

mod examples;
mod pieces;
mod random;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use statecraft::document::Document;
use statecraft::exchange::{read_scxml, write_scxml};
use statecraft::model::*;

use examples::*;
use random::{Pick, edit_for, perform, pick};

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
        if let Population::Dataset(_) = scenario.population {
            scenario.population = Population::Samples;
        }
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
        Edit::SetScenario(Scenario { population: Population::Generated(GeneratorId(9)), ..scenario(&project) }),
        Edit::AddBehaviour(Behaviour { name: text("Answers "), ..behaviour(&project, "sent") }),
        Edit::AddBehaviour(Behaviour {
            name: text("x"),
            when: When::Entered(NodeId(99)),
            ..behaviour(&project, "sent")
        }),
        Edit::SetBehaviour(Behaviour { team: Some(TeamId(9)), ..behaviour(&project, "sent") }),
        Edit::RenameTeam(team(&project).id, text("NOBODY")),
        Edit::SetTeam(Team { people: Assumption::guessed(f64::NAN), ..team(&project) }),
        Edit::SetGenerator(Generator { zones: vec![(text("Mars"), Assumption::default())], ..generator(&project) }),
        Edit::RenameGenerator(generator(&project).id, text(" ")),
        Edit::SetBuckets(event(&project, "download"), vec![bucket("a", ""), bucket("A", "")]),
        Edit::SetBuckets(event(&project, "download"), vec![bucket(" ", "")]),
        Edit::Decide {
            places: vec![place(&project, "Lead", Asked::Silence)],
            answer: Answer::Question,
            text: text(" "),
            who: text("Anna"),
        },
        Edit::Decide {
            places: vec![place(&project, "Lead", Asked::Silence), place(&project, "Lost", Asked::Silence)],
            answer: Answer::Ignored,
            text: String::new(),
            who: String::new(),
        },
        Edit::Decide {
            places: vec![Place { bucket: Some(BucketId(99)), ..place(&project, "Lead", Asked::Silence) }],
            answer: Answer::Ignored,
            text: String::new(),
            who: String::new(),
        },
        Edit::SetDiscount(Some(Assumption { high: Some(f64::INFINITY), ..Assumption::guessed(0.1) })),
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

fn undone_redone_and_reopened(picks: &[Pick]) -> Result<(), TestCaseError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.statecraft");
    let mut document = Document::create(&path, &journey()).unwrap();
    // The project before and after every step of the history, and where in it the document stands.
    let mut states = vec![journey()];
    let mut at = 0;
    for pick in picks {
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
    let earlier: Vec<u64> = document.steps_done().map(|(position, _)| position).collect();
    prop_assert_eq!(earlier.len(), at);
    for (position, state) in earlier.iter().zip(states[..at].iter().rev()) {
        prop_assert_eq!(document.before(*position), Some(state.clone()));
    }
    let next = earlier.first().map_or(1, |last| last + 1);
    prop_assert_eq!(document.before(next), None);
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
    Ok(())
}

fn random_sequences(cases: u32) {
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let sequences = prop::collection::vec(pick(), 1..16);
    let result = TestRunner::new(config).run(&sequences, |picks| undone_redone_and_reopened(&picks));
    result.unwrap_or_else(|error| panic!("{error}"));
    println!("{cases} sequences of edits, 0 differences");
}

#[test]
fn any_sequence_of_edits_can_be_undone_redone_and_reopened() {
    random_sequences(200);
}

#[test]
#[ignore = "takes long"]
fn any_sequence_of_edits_of_very_many_can_be_undone_redone_and_reopened() {
    random_sequences(20_000);
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
fn what_was_decided_follows_its_state_and_its_event() {
    let perform = |project: &Project, edit: Edit| {
        let mut project = project.clone();
        for change in edit.plan(&project).expect("the edit is possible") {
            change.apply(&mut project);
        }
        project
    };
    let before = journey();
    let (lead, download) = (node(&before, "Lead"), event(&before, "download"));
    let told = |project: &Project| {
        project.decisions.values().map(|decision| project.place_label(decision.place)).collect::<Vec<_>>()
    };
    assert_eq!(told(&before), ["download [later] in Trial", "silence in Customer"]);
    let about_customer = before.uses_of(node(&before, "Customer").into());
    assert!(about_customer.iter().any(|user| matches!(user, EntityId::Decision(_))), "{about_customer:?}");

    let renamed = perform(&before, Edit::RenameEvent(download, text("white paper")));
    let renamed = perform(&renamed, Edit::RenameNode(lead, text("Prospect")));
    assert_eq!(told(&renamed)[0], "white paper [later] in Trial");
    assert_eq!(renamed.events[&download].buckets[1].guard.text(), "count(white paper) > 1 and in(Prospect)");

    let merged = perform(&before, Edit::SetBuckets(download, vec![before.events[&download].buckets[0].clone()]));
    assert_eq!(told(&merged), ["silence in Customer"], "a case that is gone takes what was decided about it along");
    assert_eq!(told(&perform(&before, Edit::Delete(vec![download.into()]))), ["silence in Customer"]);
    let without = perform(&before, Edit::Delete(vec![node(&before, "Customer").into()]));
    assert_eq!(told(&without), ["download [later] in Trial"]);

    let unused = event(&before, "unused");
    let whole = Edit::Decide {
        places: vec![place(&before, "Trial", Asked::Event(unused))],
        answer: Answer::Ignored,
        text: text("no"),
        who: text("Anna"),
    };
    let split = perform(&before, whole);
    let split = perform(&split, Edit::SetBuckets(unused, vec![bucket("few", "engagement < 5"), bucket("many", "")]));
    assert_eq!(
        told(&split)[2..],
        ["unused in Trial", "unused [few] in Trial", "unused [many] in Trial"],
        "what was decided about a column holds in each of its cases"
    );

    let place = before.decisions.values().next().expect("one").place;
    let again = Edit::Decide { places: vec![place], answer: Answer::Question, text: text("or not?"), who: text("Ben") };
    let asked = perform(&before, again);
    assert_eq!(asked.decisions.len(), before.decisions.len(), "a cell has one decision");
    assert_eq!(asked.decision_at(place).map(|decision| decision.answer), Some(Answer::Question));
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
    let lead = |document: &Document| document.project().nodes[&node(document.project(), "Lead")].clone();
    assert_eq!(lead(&document).brings, [(text("points"), Formula::new("interest + 1"))]);
    let Some(Action::Fail(failure)) = lead(&document).on_entry.pop() else { panic!("it comes last") };
    assert_eq!(failure.fields, [(text("points"), Formula::new("interest"))]);
    document.perform(Edit::Delete(vec![event(&project, "download").into()])).unwrap();
    assert_eq!(said(&document)[1], "if interest is more than 3, do nothing, else send welcome and cancel later");
    assert_eq!(lead(&document).on_begin, [Action::Block(Vec::new())]);
    document.perform(Edit::Delete(vec![node(&project, "Active").into()])).unwrap();
    assert!(document.project().transitions.values().all(|arrow| arrow.also.is_empty()));
}

#[test]
fn what_behaviours_and_populations_use_is_renamed_and_deleted_like_everything_else() {
    let folder = tempfile::tempdir().unwrap();
    let project = journey();
    let mut document = Document::create(&folder.path().join("a.statecraft"), &project).unwrap();
    let (answers, sent) = (behaviour(&project, "answers").id, behaviour(&project, "sent").id);
    document.perform(Edit::RenameEvent(event(&project, "download"), text("white paper"))).unwrap();
    document.perform(Edit::RenameAttribute(attribute(&project, "engagement"), text("interest"))).unwrap();
    document.perform(Edit::RenameNode(node(&project, "Lead"), text("Prospect"))).unwrap();
    document.perform(Edit::RenameNode(node(&project, "Lost"), text("Gone"))).unwrap();
    document.perform(Edit::RenameBehaviour(answers, text("Sales answers"))).unwrap();
    let now = document.project();
    assert_eq!(now.behaviours[&answers].guard.text(), "fit >= B and count(white paper) > 0");
    assert_eq!(now.behaviours[&answers].outcomes[0].fields[0].1.text(), "interest * 2");
    assert_eq!(now.behaviours[&answers].key, "answers", "its luck stays its own");
    assert_eq!(now.behaviours[&sent].guard.text(), "in(Prospect)");
    assert_eq!(now.info.send_policy.consent.text(), "not in(Gone)");
    assert_eq!(now.info.send_policy.suppression.text(), "count(white paper) > 9");

    let uses = |document: &Document, id: EntityId| {
        let users = document.project().uses_of(id).into_iter();
        users.map(|user| document.project().describe(user)).collect::<Vec<_>>()
    };
    assert_eq!(uses(&document, team(&project).id.into()), ["behaviour Sales answers"]);
    assert_eq!(
        uses(&document, attribute(&project, "churn").into()),
        ["behaviour Sales answers", "generated population Visitors"]
    );
    assert_eq!(uses(&document, generator(&project).id.into()), ["scenario World"]);
    assert!(uses(&document, node(&project, "Customer").into()).contains(&text("behaviour rates")));
    assert!(uses(&document, touchpoint(&project, "reminder").into()).contains(&text("behaviour sent")));

    document.perform(Edit::Delete(vec![team(&project).id.into(), attribute(&project, "churn").into()])).unwrap();
    document.perform(Edit::Delete(vec![generator(&project).id.into(), node(&project, "Customer").into()])).unwrap();
    document.perform(Edit::Delete(vec![event(&project, "bought").into()])).unwrap();
    let now = document.project();
    assert_eq!((now.behaviours[&answers].team, now.behaviours[&answers].outcomes.len()), (None, 0));
    assert_eq!(now.behaviours.len(), 2, "the one inside the customers went with them");
    assert!(now.scenarios.values().all(|scenario| scenario.population == Population::Samples));
    document.perform(Edit::Delete(vec![touchpoint(&project, "reminder").into()])).unwrap();
    assert!(!document.project().behaviours.contains_key(&sent));
    for entity in document.project().entities() {
        assert_eq!(document.project().fault(&entity), None);
    }
    let key = |document: &Document| document.project().behaviours.values().last().unwrap().key.clone();
    document
        .perform(Edit::AddBehaviour(Behaviour { name: text("Answers"), outcomes: Vec::new(), ..behaviour_of_start() }))
        .unwrap();
    assert_eq!(key(&document), "answers 2", "no two behaviours share their luck");
}

fn behaviour_of_start() -> Behaviour {
    let project = notation::parse("state A\nbehaviour begins: at start -> go").unwrap();
    behaviour(&project, "begins")
}
