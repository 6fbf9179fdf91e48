//! What events are called, when they come, and what they bring.

use super::{asks, check, imported};
use statecraft::model::{Time, Value};
use statecraft::simulation::condition::Fields;
use statecraft::simulation::luck::ContactKey;
use statecraft::simulation::{Machine, Reaction, Stimulus};

#[test]
fn names_wait_for_all_that_begins_with_them() {
    for (wanted, event, resting) in [
        ("order", "order.paid.late", "b"),
        ("order.paid", "order.paid.late", "b"),
        ("order.*", "order", "b"),
        ("order.paid", "order", "a"),
        ("order", "orders", "a"),
        ("x order y", "y", "b"),
        ("*", "whatever", "b"),
    ] {
        check(
            &format!("<state id='a'><transition event='{wanted}' target='b'/></state><state id='b'/>"),
            event,
            resting,
        );
    }
}

#[test]
fn a_star_hears_what_is_raised_inside_and_the_ends_of_groups() {
    let raised = "<state id='a'><onentry><raise event='x'/></onentry><transition event='*' target='b'/></state>
        <state id='b'/>";
    check(raised, "", "b");
    let done = "<state id='g'><transition event='*' target='b'/><final id='f'/></state><state id='b'/>";
    check(done, "", "b");
    check(&done.replace("'*'", "'done.state.g'"), "", "b");
    check(&done.replace("'*'", "'done'"), "", "b");
    check(&done.replace("'*'", "'done.state.other'"), "", "f");
}

#[test]
fn what_is_sent_comes_in_its_time_and_can_be_cancelled() {
    let sent = "<state id='a'><onentry><send event='late' delay='.1s' id='k'/></onentry>
        <transition event='stop'><cancel sendid='k'/></transition>
        <transition event='late' target='b'/></state><state id='b'/>";
    check(sent, "+99", "a");
    check(sent, "+100", "b");
    check(sent, "+50 stop +100", "a");
    // What is raised inside comes before what is sent, however late it was raised.
    let order = "<state id='a'><onentry><send event='out'/><raise event='in'/></onentry>
        <transition event='out' target='wrong'/><transition event='in' target='b'/></state>
        <state id='b'><transition event='out' target='c'/></state><state id='c'/><state id='wrong'/>";
    check(order, "", "c");
}

#[test]
fn values_travel_with_what_is_sent() {
    check(
        "<datamodel><data id='x' expr='2'/></datamodel>
         <state id='a'><onentry><send event='e' target='#_internal' namelist='x'><param name='y' expr='x + 1'/></send>
         </onentry><transition event='e' cond='_event.data.x == 2 &amp;&amp; _event.data.y == 3' target='b'/></state>
         <state id='b'/>",
        "",
        "b",
    );
}

#[test]
fn a_chart_can_ask_what_an_event_is() {
    for (sent, condition) in [
        ("<raise event='e'/>", "_event.name == 'e' &amp;&amp; _event.type == 'internal' &amp;&amp; !_event.sendid"),
        ("<raise event='e.f'/>", "_event.name == 'e.f' &amp;&amp; typeof _event.origin == 'undefined'"),
        ("<send event='e' id='k'/>", "_event.type == 'external' &amp;&amp; _event.sendid == 'k'"),
        ("<send event='e'/>", "_event.origintype == 'http://www.w3.org/TR/scxml/#SCXMLEventProcessor'"),
        (
            "<send event='e'/>",
            "_event['name'] == 'e' &amp;&amp; _event &amp;&amp; !_event.invokeid &amp;&amp; 'type' in _event",
        ),
        (
            "<send event='e' target='nowhere' id='k'/>",
            "_event.name == 'error.execution' &amp;&amp; _event.sendid == 'k'",
        ),
        (
            "<assign location='nowhere' expr='1'/>",
            "_event.type == 'platform' &amp;&amp; typeof _event.data == 'undefined'",
        ),
        (
            "<send event='e'><content>{\"a\": 1, \"b\": \"two\"}</content></send>",
            "_event.data.a == 1 &amp;&amp; _event.data.b == 'two'",
        ),
        ("<send event='e'><content> some\n words </content></send>", "_event.data == 'some words'"),
        (
            "<send event='e'><param name='p' expr='0'/></send>",
            "typeof _event.data != 'undefined' &amp;&amp; !_event.data.p",
        ),
    ] {
        let inside = format!(
            "<state id='a'><onentry>{sent}</onentry><transition event='*' cond=\"{condition}\" target='b'/></state>
             <state id='b'/>"
        );
        check(&inside, "", "b");
    }
    // Before anything has happened there is no event, and what is raised brings nothing.
    check("<state id='a'><transition cond='!_event' target='b'/></state><state id='b'/>", "", "b");
    let bare = "<state id='a'><onentry><send event='e'><content>1</content></send></onentry>
        <transition event='e' target='b'><raise event='f'/></transition></state>
        <state id='b'><transition event='f' cond='_event.data == 1' target='wrong'/>
        <transition event='f' cond='!_event.data' target='c'/></state><state id='c'/><state id='wrong'/>";
    check(bare, "", "c");
}

#[test]
fn what_comes_with_an_event_from_outside_is_seen() {
    let imported = imported("", &asks("", "_event.data.amount > 5"));
    let machine = Machine::of(&imported.project);
    for (amount, moves) in [(5.0, false), (6.0, true)] {
        let mut memory = machine.memory(1, ContactKey(1), None);
        let mut reaction = Reaction::new(false);
        machine.react(&mut memory, &Stimulus::Start(Time(0)), &mut reaction);
        let before = memory.leaves().to_vec();
        let given = [(machine.field_slot("amount").unwrap(), Value::Number(amount))];
        let event = machine.event_slots(&[imported.events["ask"]])[0];
        let stimulus = Stimulus::Event { time: Time(0), event, fields: Fields::given(&given) };
        machine.react(&mut memory, &stimulus, &mut reaction);
        assert_eq!(memory.leaves() != before, moves, "{amount}");
    }
}

#[test]
fn where_and_when_something_is_sent_may_stand_in_variables() {
    let data = "<datamodel><data id='e' expr=\"'one'\"/><data id='d' expr=\"'10ms'\"/><data id='k' expr=\"'x'\"/>
        <data id='t' expr='27'/><data id='own' expr=\"'#_scxml_'\"/></datamodel>";
    let sent = "<state id='a'><onentry><assign location='e' expr=\"'two'\"/><assign location='d' expr=\"'20ms'\"/>
        <send eventexpr='e' delayexpr='d' id='y'/></onentry>
        <transition event='one' target='wrong'/><transition event='two' target='b'/>
        <transition event='stop'><assign location='k' expr=\"'y'\"/><cancel sendidexpr='k'/></transition></state>
        <state id='b'/><state id='wrong'/>";
    let sent = format!("{data}{sent}");
    check(&sent, "+19", "a");
    check(&sent, "+20", "b");
    check(&sent, "+5 stop +20", "a");
    let inside = "<state id='a'><onentry><assign location='t' expr=\"'#_internal'\"/><send event='out'/>
        <send targetexpr='t' event='in'/></onentry>
        <transition event='in' target='b'/><transition event='out' target='wrong'/></state>
        <state id='b'/><state id='wrong'/>";
    check(&format!("{data}{inside}"), "", "b");
    let own =
        "<state id='a'><onentry><assign location='own' expr='own + _sessionid'/><send targetexpr='own' event='in'/>
        <assign location='own' expr='own + 1'/><send targetexpr='own' event='other'/></onentry>
        <transition event='error.execution' target='b'/></state>
        <state id='b'><transition event='in' target='c'/></state><state id='c'/>";
    check(&format!("{data}{own}"), "", "c");
    let named = "<datamodel><data id='at' expr=\"'foo'\"/></datamodel>
        <state id='a'><onentry><send event='e' delay='1s' idlocation='at'/></onentry>
        <transition event='ask' cond=\"at != 'foo' &amp;&amp; at\" target='b'/></state>
        <state id='b'><onentry><cancel sendidexpr='at'/></onentry><transition event='e' target='a'/></state>";
    check(named, "ask +2000", "b");
}
