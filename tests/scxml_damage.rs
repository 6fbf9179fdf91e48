//! Charts in SCXML that are damaged, senseless or endless: each is read as what can run, or refused with a sentence that
//! says where; none is too much.

use statecraft::exchange::scxml::{ScxmlError, read_scxml};
use statecraft::model::Time;
use statecraft::simulation::condition::Fields;
use statecraft::simulation::luck::ContactKey;
use statecraft::simulation::{Machine, Reaction, Stimulus};

fn chart(inside: &str) -> String {
    format!("<scxml>\n{inside}\n</scxml>")
}

/// One of many charts: parts of sound ones put together at random, and damaged here and there.
fn damaged(seed: u64) -> String {
    const SHAPES: [&str; 24] = [
        "<state id='N'>",
        "<state id='N'>",
        "</state>",
        "</state>",
        "<state id='N'/>",
        "<state id='N' initial='c'>",
        "<parallel id='N'>",
        "<parallel id='N'/>",
        "<final id='N'>",
        "<final/>",
        "<history id='h' type='deep'>",
        "<history/>",
        "<initial>",
        "<transition target='a'/>",
        "<transition target='N'/>",
        "<transition event='e' target='a b' type='internal'/>",
        "<transition cond='x == ' target='h'/>",
        "<transition event='* done.state.a' cond=\"In('b') &amp;&amp; x / 0 == x % 0\">",
        "<transition event='e'>",
        "<onentry>",
        "<onexit>",
        "<datamodel><data id='x' expr=\"'a'\"/></datamodel>",
        "<script>x = 1; y++</script>",
        "<donedata><content expr='x'/></donedata>",
    ];
    const CONTENT: [&str; 18] = [
        "</onentry>",
        "</onentry>",
        "<raise event='e'/>",
        "<raise event='e'/>",
        "<send eventexpr='x' delayexpr='x' id='k'/>",
        "<send event='e' delay='1s'><param name='n' expr='x'/></send>",
        "<send event='e' targetexpr='x'/>",
        "<cancel sendidexpr='x'/>",
        "<assign location='x' expr='x + x'/>",
        "<assign location='y' expr='_event.name'/>",
        "<assign location='x'>[1, 2]</assign>",
        "<if cond='x'><raise event='e'/><else/><elseif cond='y'/></if>",
        "<if cond='return'>",
        "<if cond='1 &lt; 2'>",
        "<else/>",
        "<foreach array='[1, 2]' item='z'>",
        "<script>x = 1; y++</script>",
        "<log expr='nowhere'/>",
    ];
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % below
    };
    let mut text = String::from("<scxml datamodel='ecmascript'><state id='a'/><state id='b'/>");
    let mut open: Vec<&str> = Vec::new();
    for _ in 0..draw(24) {
        let acts = ["onentry", "onexit", "transition", "if", "foreach"];
        let in_content = open.last().is_some_and(|name| acts.contains(name));
        let parts = if in_content { &CONTENT[..] } else { &SHAPES[..] };
        let part = parts[draw(parts.len())];
        // Most often the tags fit, so that more than the reader of XML has something to do.
        if part.starts_with("</") {
            let Some(name) = open.pop() else { continue };
            text += &["</", name, ">\n"].concat();
            continue;
        }
        // Every other state has a name of its own.
        text += &part.replace('N', &["n", "c", "d", "s"][draw(4)].repeat(1 + draw(4)));
        let name = part[1..].split([' ', '>', '/']).next().unwrap();
        if !part.ends_with("/>") && !part.contains("</") {
            open.push(name);
        }
    }
    for name in open.iter().rev() {
        text += &["</", name, ">"].concat();
    }
    text += "</scxml>";
    for _ in 0..draw(8).saturating_sub(5) {
        let place = draw(text.len());
        if text.is_char_boundary(place) && text.is_char_boundary(place + 1) {
            text.replace_range(place..=place, ["", "<", "'", "x", " ", "ä", "/"][draw(7)]);
        }
    }
    text
}

#[test]
fn whatever_is_read_is_a_chart_that_runs_or_is_refused_with_a_sentence() {
    let (mut read, mut refused) = (0, std::collections::BTreeSet::new());
    for seed in 0..8_000 {
        let text = damaged(seed);
        let imported = match read_scxml(&text) {
            Ok(imported) => imported,
            Err(error) => {
                let sentence = error.to_string();
                let has_place = sentence.starts_with("Line ") || matches!(error, ScxmlError::NotXml { .. });
                assert!(
                    (has_place || sentence.contains("no state chart")) && sentence.ends_with('.'),
                    "{sentence}\n{text}"
                );
                refused.insert(sentence.split_once(": ").map(|(_, rest)| rest.to_owned()));
                continue;
            }
        };
        read += 1;
        for entity in imported.project.entities() {
            assert_eq!(imported.project.fault(&entity), None, "{text}");
        }
        let again = read_scxml(&statecraft::exchange::scxml::write_scxml(&imported.project)).unwrap();
        assert_eq!(again.project, imported.project, "{text}");
        let machine = Machine::of(&imported.project);
        let mut memory = machine.memory(1, ContactKey(1), None);
        let mut reaction = Reaction::new(true);
        machine.react(&mut memory, &Stimulus::Start(Time(0)), &mut reaction);
        for _ in 0..3 {
            machine.react(&mut memory, &Stimulus::Timer, &mut reaction);
            let event = imported.event_for("e").and_then(|id| machine.event_slots(&[id])[0]);
            machine.react(
                &mut memory,
                &Stimulus::Event { time: Time(9), event, fields: Fields::default() },
                &mut reaction,
            );
        }
    }
    assert!(read > 400 && refused.len() > 100, "{read} read, {} sentences", refused.len());
}

#[test]
fn shapes_that_make_no_sense_are_refused_with_their_line() {
    for (inside, sentence) in [
        ("<state id='a'/>\n<state id='a'/>", "Line 3: the id a is taken."),
        ("<state id='a'>\n<transition target='b'/></state>", "Line 3: there is no state b."),
        (
            "<state id='a' initial='b'>\n<state id='c'/></state>\n<state id='b'/>",
            "Line 2: b is not inside a, which begins there.",
        ),
        ("<state id='a' initial='a'>\n<state id='c'/></state>", "Line 2: a is not inside a, which begins there."),
        (
            "<state id='a'><initial>\n<transition target='b'/></initial><state id='c'/></state><state id='b'/>",
            "Line 3: b is not inside a, which begins there.",
        ),
        ("<state id='a'><initial/><state id='c'/></state>", "Line 2: <initial> has no transition."),
        ("<state id='a' initial=''><state id='c'/></state>", "Line 2: no state is named."),
        ("<final id='f'>\n<state id='a'/></final>", "Line 3: a <state> cannot be here."),
        ("<state id='a'/>\n<history id='h' type='wide'/>", "Line 3: there is no history of type wide."),
        ("<state id='a'><onentry><cancel/></onentry></state>", "Line 2: <cancel> does not say what it cancels."),
        (
            "<state id='a'><onentry>\n<send/></onentry></state>",
            "Line 3: <send> needs either \"event\" or \"eventexpr\".",
        ),
        (
            "<state id='a'><onentry><foreach item='x'/></onentry></state>",
            "Line 2: <foreach> has no attribute \"array\".",
        ),
        (
            "<state id='a'><onentry><if cond='true'><else/><else/></if></onentry></state>",
            "Line 2: nothing may follow the branch of <else>.",
        ),
        ("<datamodel><data expr='1'/></datamodel><state id='a'/>", "Line 2: <data> has no attribute \"id\"."),
        (
            "<datamodel><data id='x'/>\n<data id='x'/></datamodel><state id='a'/>",
            "Line 3: the variable x is declared twice.",
        ),
    ] {
        assert_eq!(read_scxml(&chart(inside)).expect_err(inside).to_string(), sentence, "{inside}");
    }
}

#[test]
fn what_would_grow_without_end_is_refused_or_unknown() {
    let power = "Math.pow(".repeat(40) + "x" + &", 8)".repeat(40);
    let inside = format!(
        "<datamodel><data id='x' expr='1'/></datamodel><state id='a'><transition cond='{power} == 1'/></state>"
    );
    assert!(read_scxml(&chart(&inside)).unwrap_err().to_string().contains("function Math.pow()"));
    let doubled: Vec<String> = (1..60).map(|n| format!("<data id='x{n}' expr='x{0} + x{0}'/>", n - 1)).collect();
    let inside = format!("<datamodel><data id='x0' expr=\"'ab'\"/>{}</datamodel><state id='a'/>", doubled.concat());
    assert!(read_scxml(&chart(&inside)).unwrap_err().to_string().contains("start value that is no constant"));
    let puts: Vec<String> = (1..60)
        .map(|n| format!("<assign location='x{n}' expr='x{0}'/><assign location='x{n}' expr='x{0}'/>", n - 1))
        .collect();
    let data: Vec<String> = (0..60).map(|n| format!("<data id='x{n}' expr=\"'e'\"/>")).collect();
    let (data, puts) = (data.concat(), puts.concat());
    let inside =
        format!("<datamodel>{data}</datamodel><state id='a'><onentry>{puts}<send eventexpr='x59'/></onentry></state>");
    let read = read_scxml(&chart(&inside));
    assert!(read.is_err_and(|error| error.to_string().contains("event name that is computed")));
    // A text that is doubled again and again is unknown in the end.
    let text = chart(
        "<datamodel><data id='x' expr=\"'ab'\"/></datamodel>
         <state id='a'><transition cond='x' target='a'><assign location='x' expr='x + x'/></transition>
         <transition target='b'/></state><state id='b'/>",
    );
    let imported = read_scxml(&text).unwrap();
    let machine = Machine::of(&imported.project);
    let mut memory = machine.memory(1, ContactKey(1), None);
    machine.react(&mut memory, &Stimulus::Start(Time(0)), &mut Reaction::new(false));
    let resting: Vec<_> = memory.leaves().iter().map(|slot| machine.node_id(*slot)).collect();
    assert_eq!(resting, [imported.states["b"]]);
}
