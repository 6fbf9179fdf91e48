//! What is copied means the same where it is pasted.

use statecraft::model::*;

use super::examples::*;

fn performed(project: &Project, edit: &Edit) -> Project {
    let mut project = project.clone();
    for change in edit.plan(&project).unwrap_or_else(|why| panic!("{why}")) {
        change.apply(&mut project);
    }
    for entity in project.entities() {
        assert_eq!(project.fault(&entity), None, "{}", project.describe(entity.id()));
    }
    project
}

fn paste(piece: Piece, parent: Option<NodeId>) -> Edit {
    Edit::Paste { piece: Box::new(piece), by: Point::new(0.0, 400.0), parent }
}

fn all(project: &Project) -> Vec<NodeId> {
    project.nodes.keys().copied().collect()
}

#[test]
fn a_piece_brings_what_it_uses_and_finds_by_name_what_is_there() {
    let piece = foreign_piece();
    assert_eq!((piece.states.len(), piece.arrows.len()), (3, 1));
    let empty = performed(&Project::named("Empty"), &paste(piece.clone(), None));
    assert_eq!(empty.info.start, Some(node(&empty, "Lead")));
    assert_eq!(empty.events[&event(&empty, "call")].fields[0].attribute, Some(attribute(&empty, "minutes")));
    assert_eq!(empty.touchpoints[&touchpoint(&empty, "card")].channel, Channel::Letter);
    let there = performed(&empty, &paste(piece, None));
    assert_eq!((there.events.len(), there.attributes.len(), there.touchpoints.len()), (1, 1, 1));
    assert_eq!(there.nodes.len(), 6);
    let copy = &there.transitions.values().next_back().unwrap();
    assert_eq!(copy.actions, [Action::Send(touchpoint(&there, "card"))]);
    assert_eq!(copy.trigger, Trigger::on(event(&there, "call")));
}

#[test]
fn conditions_of_a_copy_are_about_the_copy_and_those_of_the_original_stay() {
    let chart = "start A\nstate A\ngroup G\nstate Deep in G\nDeep --x [in(Deep) and in(A)]--> A\nA --x [in(G)]--> Deep";
    let project = notation::parse(chart).unwrap();
    let copied =
        performed(&project, &Edit::Duplicate { ids: all(&project), by: Point::new(0.0, 300.0), home: Home::Beside });
    let guards: Vec<&str> = copied.transitions.values().map(|arrow| arrow.guard.text()).collect();
    assert_eq!(guards, ["in(G/Deep) and in(A)", "in(G)", "in([G 2/Deep]) and in([A 2])", "in([G 2])"]);
    assert_eq!(
        copied.nodes[&node(&copied, "G 2")].initial,
        Some(copied.children(Some(node(&copied, "G 2"))).next().unwrap().id)
    );
    assert_eq!(copied.info.start, project.info.start);
}

#[test]
fn only_arrows_among_the_copied_states_are_copied() {
    let project = notation::parse("state A\nstate B\nstate C\nA --x--> B\nB --y--> C\nA --z--> (stay)").unwrap();
    let piece = project.piece(&[node(&project, "A"), node(&project, "B")]);
    assert_eq!(piece.arrows.len(), 2);
    assert_eq!(piece.events.iter().map(|event| event.name.as_str()).collect::<Vec<_>>(), ["x", "z"]);
}

#[test]
fn what_holds_a_piece_in_a_group_is_left_behind_and_the_new_group_begins_with_it() {
    let project = notation::parse("group G\nstate In in G\nstate Far\ngroup Empty").unwrap();
    let piece = project.piece(&[node(&project, "In")]);
    let empty = node(&project, "Empty");
    let pasted = performed(&project, &paste(piece, Some(empty)));
    let new = pasted.children(Some(empty)).next().unwrap();
    assert_eq!((new.name.as_str(), pasted.nodes[&empty].initial), ("In", Some(new.id)));
}

#[test]
fn pieces_that_hold_together_nowhere_are_refused() {
    let project = journey();
    let good = foreign_piece();
    let in_itself = |piece: &mut Piece| {
        piece.states[0].parent = Some(piece.states[1].id);
        piece.states[0].kind = NodeKind::Group;
        piece.states[1].parent = Some(piece.states[0].id);
    };
    let spoilt: [&dyn Fn(&mut Piece); 7] = [
        &|piece| piece.states.clear(),
        &in_itself,
        &|piece| piece.states[1].kind = NodeKind::State,
        &|piece| piece.states[1].id = piece.states[0].id,
        &|piece| piece.arrows[0].target = Some(NodeId(77)),
        &|piece| piece.states[0].name = String::new(),
        &|piece| piece.states[0].position = Point::new(f32::NAN, 0.0),
    ];
    for (index, spoil) in spoilt.iter().enumerate() {
        let mut piece = good.clone();
        spoil(&mut piece);
        let refusal = paste(piece, None).plan(&project).expect_err(&format!("number {index}"));
        assert!(refusal.to_string().ends_with('.'), "{refusal}");
    }
    let into_a_state = paste(good, Some(node(&project, "Lead")));
    assert!(into_a_state.plan(&project).is_err());
}

#[test]
fn edits_of_the_canvas_say_what_they_did() {
    let p = journey();
    let ids = vec![node(&p, "Lead"), node(&p, "Trial")];
    let titles = [
        Edit::Arrange(Arrangement::Alignment, ids.clone(), Vec::new()).title(&p),
        Edit::Duplicate { ids: ids.clone(), by: Point::default(), home: Home::Beside }.title(&p),
        paste(p.piece(&ids), None).title(&p),
        Edit::MoveInto { ids, parent: Some(node(&p, "Customer")), places: Vec::new() }.title(&p),
    ];
    let said =
        ["alignment of 2 states", "duplicate of 2 states", "paste of 2 states", "move of 2 states into Customer"];
    assert_eq!(titles, said);
}
