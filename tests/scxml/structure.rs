//! Groups, regions, beginnings and histories.

use super::{chart, check, imported, play};
use statecraft::exchange::scxml::{Imported, read_scxml};
use statecraft::model::{Transition, Value};

#[test]
fn several_targets_are_entered_beside_each_other() {
    let regions = "<state id='out'><transition event='go' target='x2 y2'/></state>
        <parallel id='p'><state id='x'><state id='x1'/><state id='x2'/></state>
        <state id='y'><state id='y1'/><state id='y2'/></state></parallel>";
    check(regions, "go", "x2 y2");
    assert_eq!(play(&imported("initial='x2 y2'", regions), ""), "x2 y2");
}

#[test]
fn a_group_may_begin_in_several_regions() {
    let group = "<state id='g' initial='x2 y2'><parallel id='p'><state id='x'><state id='x1'/><state id='x2'/></state>
        <state id='y'><state id='y1'/><state id='y2'/></state></parallel></state>";
    check(group, "", "x2 y2");
    let inside = group.replace("initial='x2 y2'>", "><initial><transition target='y2 x2'/></initial>");
    check(&inside, "", "x2 y2");
    let history = "<state id='out'><transition event='go' target='h'/></state><state id='g'>
        <history id='h'><transition target='x2 y2'/></history>
        <parallel id='p'><state id='x'><state id='x1'/><state id='x2'/></state>
        <state id='y'><state id='y1'/><state id='y2'/></state></parallel></state>";
    check(history, "go", "x2 y2");
}

#[test]
fn history_leaves_no_more_than_what_it_returns_to_needs() {
    // From inside the group whose history is asked for: the nearest group around source and what is remembered.
    let inside = "<datamodel><data id='left' expr='0'/></datamodel>
        <state id='out'><transition event='in' target='h'/></state>
        <state id='g' initial='a2'><history id='h' type='deep'/>
          <state id='a'><onexit><assign location='left' expr='left + 1'/></onexit>
            <state id='a1'><transition event='back' target='h'/></state>
            <state id='a2'><transition event='one' target='a1'/></state></state>
          <transition event='leave' target='out'/></state>
        <state id='never'/>";
    // Left once by `leave`; `back` returns from a1 to a2, both inside a, which stays.
    let imported = imported("initial='g'", inside);
    assert_eq!(play(&imported, "leave in one back"), "a2");
    let watched = inside.replace("id='a2'>", "id='a2'><transition event='ask' cond='left == 1' target='never'/>");
    assert_eq!(play(&read_scxml(&chart("initial='g'", &watched)).unwrap(), "leave in one back ask"), "never");
}

#[test]
fn ids_that_differ_in_the_size_of_letters_stay_apart() {
    let inside = "<state id='a'><transition event='t' target='A'/></state>
        <state id='A'><transition event='T' cond=\"In('A')\" target='c'/></state><state id='c'/>";
    check(inside, "t", "A");
    check(inside, "t t", "A");
    check(inside, "t T", "c");
}

#[test]
fn more_arrows_without_an_event_than_a_drawn_journey_may_take_are_taken() {
    let inside = "<datamodel><data id='x' expr='0'/></datamodel>
        <state id='a'><transition cond='x &lt; 500' target='a'><assign location='x' expr='x + 1'/></transition>
        <transition cond='x == 500' target='b'/></state><state id='b'/>";
    check(inside, "", "b");
}

#[test]
fn the_project_says_what_the_chart_said() {
    let inside = "<datamodel><data id='n' expr='-2'/><data id='s' expr=\"'x'\"/></datamodel>
        <state id='g'><state id='a'/><state id='b'/>
        <transition type='internal' event='e' target='b'/><transition event='e' target='b'/></state>
        <mine xmlns='urn:mine'/>";
    let Imported { project, notes, .. } = imported("name='Theirs'", inside);
    assert_eq!(project.info.name, "Theirs");
    let starts: Vec<&Value> = project.attributes.values().map(|attribute| &attribute.initial).collect();
    assert_eq!(starts, [&Value::Number(-2.0), &Value::Text(String::from("x"))]);
    assert_eq!(project.transitions.values().map(|arrow: &Transition| arrow.restart).collect::<Vec<_>>(), [false, true]);
    assert_eq!(notes, ["Line 5: <mine> belongs to another program."]);
    for entity in project.entities() {
        assert_eq!(project.fault(&entity), None);
    }
}

#[test]
fn the_end_of_a_group_brings_values() {
    let inside = |data: &str, condition: &str| {
        format!(
            "<datamodel><data id='x' expr='4'/></datamodel>
             <state id='g'><final id='f'><donedata>{data}</donedata></final>
             <transition event='error.execution' target='failed'/>
             <transition event='done.state.g' cond=\"{condition}\" target='b'/></state><state id='b'/>
             <state id='failed'><transition event='done.state.g' cond=\"{condition}\" target='b'/></state>"
        )
    };
    let values = "<param name='one' expr='1'/><param name='four' location='x'/>";
    check(&inside(values, "_event.data.one == 1 &amp;&amp; _event.data['four'] == 4"), "", "b");
    check(&inside("<content>words</content>", "_event.data == 'words'"), "", "b");
    check(&inside("<content expr='x * 2'/>", "_event.data == 8 &amp;&amp; _event.name == 'done.state.g'"), "", "b");
    check(&inside("<content expr='x * 2'/>", "_event.data == 9"), "", "f");
    check(&inside("<param name='p' location='nowhere'/>", "typeof _event.data === 'undefined'"), "", "b");
}

#[test]
fn the_ways_to_a_beginning_and_through_a_history_at_first_can_act() {
    let inside = "<datamodel><data id='way' expr=\"''\"/></datamodel>
        <state id='out'><transition event='in' target='g'/><transition event='back' target='h'/>
          <transition event='right' target='a'/></state>
        <state id='g'>
          <onentry><assign location='way' expr=\"way + 'g'\"/></onentry>
          <initial><transition target='a'><assign location='way' expr=\"way + 'i'\"/></transition></initial>
          <history id='h'><transition target='b'><assign location='way' expr=\"way + 'h'\"/></transition></history>
          <state id='a'><onentry><assign location='way' expr=\"way + 'a'\"/></onentry></state>
          <state id='b'><onentry><assign location='way' expr=\"way + 'b'\"/></onentry></state>
          <transition event='leave' target='out'/>
          <transition event='ask' cond=\"way == 'WAY'\" target='done'/>
        </state><state id='done'/>";
    for (events, way, resting) in [
        ("in", "gia", "a"),
        ("back", "ghb", "b"),
        ("right", "ga", "a"),
        ("in leave back", "giaga", "a"),
        ("back leave in", "ghbgia", "a"),
    ] {
        check(inside, events, resting);
        check(&inside.replace("WAY", way), &format!("{events} ask"), "done");
    }
}

#[test]
fn late_binding_gives_variables_their_value_where_their_state_is_entered_first() {
    let inside = "<state id='a'><transition event='e' cond=\"typeof x === 'undefined'\" target='b'/></state>
        <state id='b'><datamodel><data id='x' expr='1'/></datamodel>
          <onentry><assign location='x' expr='x + 1'/></onentry>
          <transition event='again' target='b'/><transition event='ask' cond='x == 3' target='c'/></state>
        <state id='c'/>";
    let late = imported("binding='late'", inside);
    assert_eq!(play(&late, "e again ask"), "c");
    assert_eq!(play(&late, "e ask"), "b");
    assert_eq!(play(&imported("", inside), "e"), "a");
}
