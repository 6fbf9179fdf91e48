//! Charts in SCXML: what each construct means here, a line per case, and what is refused with its line.

use statecraft::exchange::scxml::{DEPTH_LIMIT, Imported, ScxmlError, read_scxml};
use statecraft::model::{Time, Transition, Value};
use statecraft::simulation::condition::Fields;
use statecraft::simulation::luck::ContactKey;
use statecraft::simulation::{Machine, Reaction, Severity, Stimulus};

fn chart(attributes: &str, inside: &str) -> String {
    format!("<scxml xmlns=\"http://www.w3.org/2005/07/scxml\" version=\"1.0\" {attributes}>\n{inside}\n</scxml>")
}

fn imported(attributes: &str, inside: &str) -> Imported {
    read_scxml(&chart(attributes, inside)).unwrap_or_else(|error| panic!("{inside}: {error}"))
}

/// The ids of the states in which a contact rests after `events`, each a name or a wait such as `+100`.
fn play(imported: &Imported, events: &str) -> String {
    let (machine, problems) = Machine::compile(&imported.project);
    let unread: Vec<_> = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error && !problem.message.contains("must be groups"))
        .collect();
    assert!(unread.is_empty(), "{unread:?}");
    let mut memory = machine.memory(1, ContactKey(1), None);
    let mut reaction = Reaction::new(false);
    let mut now = Time(0);
    machine.react(&mut memory, &Stimulus::Start(now), &mut reaction);
    for event in std::iter::once("+0").chain(events.split_whitespace()) {
        if let Some(wait) = event.strip_prefix('+') {
            now.0 += wait.parse::<i64>().unwrap();
        } else {
            let slot = imported.event_for(event).and_then(|id| machine.event_slots(&[id])[0]);
            let stimulus = Stimulus::Event { time: now, event: slot, fields: Fields::default() };
            machine.react(&mut memory, &stimulus, &mut reaction);
        }
        while machine.next_due(&memory).is_some_and(|due| due <= now) {
            machine.react(&mut memory, &Stimulus::Timer, &mut reaction);
        }
    }
    assert!(!memory.halted());
    let id = |node| imported.states.iter().find(|(_, id)| **id == node).map_or("?", |(id, _)| id.as_str());
    memory.leaves().iter().map(|slot| id(machine.node_id(*slot))).collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check(inside: &str, events: &str, resting: &str) {
    assert_eq!(play(&imported("", inside), events), resting, "{inside}");
}

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
fn what_cannot_be_expressed_is_refused_with_its_line() {
    let inside_state = |inside: &str| {
        format!("<datamodel><data id='x' expr='1'/><data id='u'/></datamodel>\n<state id='a'>\n{inside}\n</state>")
    };
    for (inside, construct) in [
        ("<invoke src='x'/>", "invoke"),
        ("<onentry><script>f(x)</script></onentry>", "script that does more than set variables"),
        ("<onentry><script src='x.js'/></onentry>", "script from another file"),
        ("<onentry><foreach array='_event.data' item='i'/></onentry>", "array that an event brings"),
        ("<transition event='e' cond='f(x)'/>", "function f()"),
        ("<transition event='e' cond='x = 1'/>", "operator ="),
        ("<transition event='e' cond=\"_event.raw == 'e'\"/>", "_event.raw"),
        ("<transition event='e' cond='x &lt; 1 || y == 1'/>", "variable y, which is not declared,"),
        ("<transition event='e' cond='x++ == 1'/>", "operator ++"),
        ("<transition event='e' cond=\"x == '1'\"/>", "comparison of values of different kinds"),
        (
            "<onentry><assign location='x' expr=\"'text'\"/><log/></onentry><transition cond='x'/>",
            "variable x with values of several kinds",
        ),
        ("<onentry><assign location='x.y' expr='1'/></onentry>", "assignment to x.y"),
        ("<onentry><assign location='x' expr='[1]'/></onentry>", "array"),
        ("<onentry><send event='e' target='http://x'/></onentry>", "send to http://x"),
        ("<onentry><send event='e' type='http://x#y'/></onentry>", "send of type http://x#y"),
        ("<onentry><send event='e'><content><p/></content></send></onentry>", "content in XML"),
        (
            "<transition event='e'><assign location='u' expr='_event.data'/></transition>",
            "variable u whose kind of value is not known",
        ),
        ("<onentry><send eventexpr='_event.data'/></onentry>", "event name that is computed"),
        ("<onentry><assign location='x'>[1]</assign></onentry>", "array"),
        ("<onentry><send event='e' delayexpr='_event.data'/></onentry>", "delayexpr that is computed"),
        ("<onentry><mine xmlns='urn:mine'/></onentry>", "mine of another namespace"),
    ] {
        let error = read_scxml(&chart("", &inside_state(inside))).expect_err(inside);
        assert_eq!(error, ScxmlError::Unsupported { line: 4, construct: construct.into() }, "{inside}");
    }
    let error = read_scxml(&chart("datamodel='xpath'", "<state id='a'/>")).unwrap_err();
    assert_eq!(error.to_string(), "Line 1: data model xpath cannot be expressed here.");
}

#[test]
fn what_is_no_chart_or_too_much_is_refused_with_a_sentence() {
    let doctype = format!("<!DOCTYPE scxml [<!ENTITY a \"b\">]>{}", chart("", "<state id='a'/>"));
    assert_eq!(read_scxml(&doctype).unwrap_err(), ScxmlError::DocumentType);
    let deep = chart("", &"<state>".repeat(200_000));
    assert_eq!(read_scxml(&deep).unwrap_err(), ScxmlError::TooDeep { line: 2 });
    for sly in ["<state id='/>'>", "<state id=\"'\" name='/>'>", "<!-- </state> --><state>", "<?x </state>?><state>"] {
        let deep = chart("", &sly.repeat(20_000));
        assert_eq!(read_scxml(&deep).unwrap_err(), ScxmlError::TooDeep { line: 2 }, "{sly}");
    }
    let nearly = format!("{}{}", "<state>".repeat(DEPTH_LIMIT - 1), "</state>".repeat(DEPTH_LIMIT - 1));
    assert!(read_scxml(&chart("", &nearly)).is_ok());
    let wide = chart("", &"<state/>".repeat(60_000));
    assert_eq!(read_scxml(&wide).unwrap_err(), ScxmlError::TooManyElements);
    for (text, words) in [
        ("", "no well-formed XML"),
        ("<scxml>", "no well-formed XML"),
        ("<html/>", "not <scxml>"),
        ("<scxml/>", "has no states"),
        ("<scxml initial='b'><state id='a'/></scxml>", "there is no state b"),
        ("<scxml><state id='a'/><state id='a'/></scxml>", "the id a is taken"),
        ("<scxml><state id='a'><onentry><raise/></onentry></state></scxml>", "has no attribute \"event\""),
    ] {
        let error = read_scxml(text).expect_err(text).to_string();
        assert!(error.contains(words) && error.ends_with('.'), "{text}: {error}");
    }
}

#[test]
fn a_chart_as_large_as_is_read_is_read_without_delay() {
    // Were names looked up one by one, this would take minutes.
    assert_eq!(imported("", &"<state/>".repeat(24_000)).project.nodes.len(), 24_000);
}

/// A state whose event `ask` leads to `yes` where the condition holds.
fn asks(before: &str, condition: &str) -> String {
    format!(
        "{before}<state id='s'><transition event='ask' cond=\"{condition}\" target='yes'/></state><state id='yes'/>
         <state id='no'/>"
    )
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

#[test]
fn a_variable_that_nobody_uses_may_hold_anything() {
    let imported = imported("", "<datamodel><data id='o' expr='{a: 1}'/></datamodel><state id='a'/>");
    assert_eq!(imported.notes, ["Line 2: the variable o was left out, for nothing uses it."]);
    let used = "<datamodel><data id='o' expr='{a: 1}'/></datamodel><state id='a'><transition cond='o.a'/></state>";
    assert_eq!(read_scxml(&chart("", used)).unwrap_err().to_string(), "Line 2: object cannot be expressed here.");
}
