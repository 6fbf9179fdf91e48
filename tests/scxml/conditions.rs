//! Conditions, values and scripts: what is evaluated, and what cannot be.

use super::{asks, chart, check, imported, play};
use statecraft::exchange::scxml::read_scxml;
use statecraft::model::Time;
use statecraft::simulation::condition::Fields;
use statecraft::simulation::luck::ContactKey;
use statecraft::simulation::{Machine, Reaction, Stimulus};

#[test]
fn conditions_mean_what_they_mean_in_ecmascript() {
    for (condition, holds) in [
        ("x == 1", true),
        ("x === 1 &amp;&amp; !(x > 1)", true),
        ("x != 1", false),
        ("u != 1", true),
        ("u == 1", false),
        ("u === undefined", true),
        ("typeof u !== 'undefined'", false),
        ("typeof nowhere === 'undefined'", true),
        ("x", true),
        ("!u", true),
        ("x - 1", false),
        ("s == 'text'", true),
        ("s === 1", false),
        ("x * 2 + 1 >= 3 || false", true),
        ("Math.pow(x + 1, 3) == 8", true),
        ("Math.max(x, 5) == 5", true),
        ("In('a')", true),
        ("In('b') || In('nowhere')", false),
        ("y == true", true),
        ("-x &lt; 0", true),
        ("x == -1", false),
        ("-1 &lt; x", true),
        ("x - -1 == 2", true),
        ("(x == 1 &amp;&amp; y) &amp;&amp; (s == 'text' || (u || y))", true),
        ("!(x == 1 &amp;&amp; !y)", true),
        ("(x == 1) == true", true),
        ("x + (1 + 1) * 2 - 1 == 4", true),
        ("inline == 'some words' &amp;&amp; number == 7", true),
    ] {
        let inside = format!(
            "<datamodel><data id='x' expr='1'/><data id='u'/><data id='s' expr=\"'text'\"/><data id='y' expr='true'/>
             <data id='inline'> some  words </data><data id='number'>7</data></datamodel>
             <state id='a'><transition event='e' cond=\"{condition}\" target='b'/></state><state id='b'/>"
        );
        check(&inside, "e", if holds { "b" } else { "a" });
    }
}

#[test]
fn variables_may_be_called_like_words_of_our_language() {
    for name in [
        "count",
        "event",
        "yes",
        "no",
        "min",
        "max",
        "last",
        "chance",
        "is",
        "unknown",
        "and",
        "or",
        "not",
        "since",
        "s",
        "h",
        "d",
        "ms",
        "day",
        "time_here",
        "True",
        "data",
        "touchpoint",
        "any",
        "always",
        "after",
        "$x",
        "x_1",
        "ä",
    ] {
        let inside = format!(
            "<datamodel><data id='{name}' expr='1'/></datamodel>
             <state id='{name}'><onentry><assign location='{name}' expr='{name} + 1'/></onentry>
             <transition event='{name}' cond=\"{name} * 3 == 6 &amp;&amp; In('{name}')\" target='done'/></state>
             <state id='done'/>"
        );
        check(&inside, name, "done");
    }
}

#[test]
fn branches_are_tried_in_order() {
    for (start, resting) in [("1", "one"), ("2", "two"), ("3", "other")] {
        check(
            &format!(
                "<datamodel><data id='x' expr='{start}'/></datamodel>
                 <state id='a'><onentry>
                   <if cond='x == 1'><raise event='one'/><elseif cond='x == 2'/><raise event='two'/><else/>
                   <raise event='other'/></if></onentry>
                   <transition event='one' target='one'/><transition event='two' target='two'/>
                   <transition event='other' target='other'/></state>
                 <state id='one'/><state id='two'/><state id='other'/>"
            ),
            "",
            resting,
        );
    }
}

#[test]
fn an_assignment_that_always_fails_ends_its_block_and_is_heard_of() {
    let failing = "<datamodel><data id='x' expr='1'/></datamodel>
        <state id='a'><onentry><assign location='nowhere' expr='1'/><assign location='x' expr='2'/></onentry>
        <transition event='error.execution' cond='x == 1' target='b'/><transition event='*' target='c'/></state>
        <state id='b'/><state id='c'/>";
    check(failing, "", "b");
    let start = "<datamodel><data id='x' expr='1 +'/></datamodel>
        <state id='a'><transition event='error' target='b'/></state><state id='b'/>";
    check(start, "", "b");
}

#[test]
fn numbers_are_divided_and_texts_joined_as_in_ecmascript() {
    for (condition, holds) in [
        ("x / 2 == 3.5", true),
        ("x % 4 == 3 &amp;&amp; -x % 4 == -3", true),
        ("x / 2 * 2 == 7", true),
        ("s + 'b' == 'ab'", true),
        ("s + x == 'a7'", true),
        ("x + x + s == '14a'", true),
        ("typeof x == 'number' &amp;&amp; typeof s === 'string' &amp;&amp; typeof y == 'boolean'", true),
        ("typeof x == 'string'", false),
        ("u == null", true),
        ("x != null", true),
        ("+3 == 3", true),
        ("_name == 'machine' &amp;&amp; _sessionid != ''", true),
        ("list &amp;&amp; typeof list == 'object'", true),
    ] {
        let data = "<datamodel><data id='x' expr='7'/><data id='s' expr=\"'a'\"/><data id='u' expr='null'/>
            <data id='y' expr='!false'/><data id='list'>[1, 2]</data></datamodel>";
        let imported = imported("name='machine'", &asks(data, condition));
        assert_eq!(play(&imported, "ask"), if holds { "yes" } else { "s" }, "{condition}");
    }
}

#[test]
fn scripts_that_only_set_variables_are_read() {
    check(
        "<script>var x = 2, y; y = x * 3</script>
         <state id='a'><onentry><script>x += 1; y--; z = x + y</script></onentry>
         <transition cond='x == 3 &amp;&amp; y == 5 &amp;&amp; z == 8' target='b'/></state><state id='b'/>",
        "",
        "b",
    );
}

#[test]
fn a_loop_over_an_array_that_nobody_changes_is_done_once_for_each_of_its_elements() {
    let inside = |array: &str, content: &str| {
        format!(
            "<datamodel><data id='sum' expr='0'/><data id='none'/><data id='list' expr='[1, 3, 5]'/></datamodel>
             <state id='a'><onentry><foreach array='{array}' item='each' index='place'>{content}</foreach></onentry>
             <onentry><assign location='sum' expr='sum + 100'/></onentry>
             <transition event='error' target='failed'/>
             <transition event='ask' cond='sum == 112' target='b'/></state><state id='b'/><state id='failed'/>"
        )
    };
    let add = "<assign location='sum' expr='sum + each + place'/>";
    check(&inside("list", add), "ask", "b");
    check(&inside("[4, 5]", "<if cond='place == 1'><assign location='sum' expr='sum + 12'/></if>"), "ask", "b");
    check(&inside("[]", add), "ask", "a");
    // Nothing that is no array can be gone through, and the first that fails is the last.
    check(&inside("none", add), "", "failed");
    check(&inside("list", "<assign location='nowhere' expr='1'/>"), "", "failed");
    let nested = "<foreach array='list' item='each'>".repeat(30) + &"</foreach>".repeat(30);
    let error = read_scxml(&chart("", &inside("list", &nested))).unwrap_err();
    assert!(error.to_string().contains("content of so many steps"), "{error}");
}

#[test]
fn what_cannot_be_evaluated_fails_and_ends_its_own_block_only() {
    for failing in [
        "<assign location='nowhere' expr='1'/>",
        "<assign location='x' expr='nowhere'/>",
        "<assign location='_sessionid' expr='1'/>",
        "<assign location='_event' expr='1'/>",
        "<assign location='a.b' expr='1'/>",
        "<log expr='nowhere'/>",
        "<send event='e' namelist='nowhere'/>",
        "<send event='e' target='nowhere'/>",
        "<send event='e' type='27'/>",
        "<send eventexpr='nowhere'/>",
        "<if cond='x == 1'><assign location='nowhere' expr='1'/></if>",
        "<script>x = nowhere</script>",
    ] {
        let inside = format!(
            "<datamodel><data id='x' expr='1'/><data id='y' expr='1'/></datamodel>
             <state id='a'><onentry>{failing}<assign location='x' expr='2'/></onentry>
             <onentry><assign location='y' expr='2'/></onentry>
             <transition event='error.execution' cond='x == 1 &amp;&amp; y == 2' target='b'/>
             <transition event='*' target='c'/></state><state id='b'/><state id='c'/>"
        );
        check(&inside, "", "b");
    }
    // Nobody is there to be reached, which is heard of while the block goes on.
    let unreachable = "<datamodel><data id='x' expr='1'/></datamodel>
        <state id='a'><onentry><send event='e' target='#_other'/><assign location='x' expr='2'/></onentry>
        <transition event='error.communication' cond='x == 2' target='b'/></state><state id='b'/>";
    check(unreachable, "", "b");
}

/// Plays a chart in which some conditions cannot be read, which the user is told.
fn play_broken(inside: &str, events: &str) -> (String, Vec<String>) {
    let mut imported = imported("", inside);
    let notes = std::mem::take(&mut imported.notes);
    let (_, problems) = Machine::compile(&imported.project);
    assert!(problems.iter().any(|problem| problem.message.contains("cannot be read")), "{problems:?}");
    let machine = Machine::of(&imported.project);
    let mut memory = machine.memory(1, ContactKey(1), None);
    let mut reaction = Reaction::new(false);
    machine.react(&mut memory, &Stimulus::Start(Time(0)), &mut reaction);
    for event in events.split_whitespace() {
        let slot = imported.event_for(event).and_then(|id| machine.event_slots(&[id])[0]);
        let stimulus = Stimulus::Event { time: Time(0), event: slot, fields: Fields::default() };
        machine.react(&mut memory, &stimulus, &mut reaction);
    }
    let id = |node| imported.states.iter().find(|(_, id)| **id == node).map_or("?", |(id, _)| id.as_str());
    let resting = memory.leaves().iter().map(|slot| id(machine.node_id(*slot))).collect::<Vec<_>>().join(" ");
    (if memory.halted() { String::from("halted") } else { resting }, notes)
}

#[test]
fn a_condition_that_cannot_be_evaluated_never_holds_and_is_heard_of() {
    for condition in ["x &lt;", "return", "nowhere", "nowhere == 1"] {
        let inside = format!(
            "<state id='a'><transition event='e' cond='{condition}' target='wrong'/>
             <transition event='e' target='b'/></state>
             <state id='b'><transition event='error.execution' target='c'/></state><state id='c'/><state id='wrong'/>"
        );
        let (resting, notes) = play_broken(&inside, "e");
        assert_eq!(resting, "c", "{condition}");
        let heard = inside.replace("error.execution", "other");
        assert_eq!(play_broken(&heard, "e").0, "b", "{condition}");
        assert!(notes[0].starts_with("Line 2: the condition ") && notes[0].ends_with("never holds."), "{notes:?}");
    }
    // Asked again and again, it fails again and again.
    let endless = "<state id='a'><transition cond='nowhere' target='b'/></state>
        <state id='b'><transition event='error.execution'/></state>";
    assert_eq!(play_broken(endless, "").0, "halted");
    let branch = "<datamodel><data id='x' expr='1'/></datamodel>
        <state id='a'><onentry><if cond='x == 2'><raise event='two'/><elseif cond='nowhere'/><raise event='wrong'/>
        <else/><raise event='other'/></if></onentry>
        <transition event='error.execution' target='b'/><transition event='*' target='wrong'/></state>
        <state id='b'><transition event='other' target='c'/></state><state id='c'/><state id='wrong'/>";
    check(branch, "", "c");
}

#[test]
fn a_variable_that_nobody_uses_may_hold_anything() {
    let imported = imported("", "<datamodel><data id='o' expr='{a: 1}'/></datamodel><state id='a'/>");
    assert_eq!(imported.notes, ["Line 2: the variable o was left out, for nothing uses it."]);
    let used = "<datamodel><data id='o' expr='{a: 1}'/></datamodel><state id='a'><transition cond='o.a'/></state>";
    assert_eq!(read_scxml(&chart("", used)).unwrap_err().to_string(), "Line 2: object cannot be expressed here.");
}
