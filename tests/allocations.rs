//! Looking at a condition takes no memory: this program counts every allocation, so it stands by itself.

use statecraft::model::{Time, Value, notation};
use statecraft::simulation::condition::Fields;
use statecraft::simulation::{Machine, Outcome, Reaction, Stimulus};

const DAY: i64 = 86_400_000;

/// Allocations of a hundred events that no arrow takes because `guard` does not hold.
fn allocations(guard: &str, region: &str) -> u64 {
    let project = notation::parse(&format!(
        "start A{region}
        attribute n: number
        attribute t: text
        attribute fit: choice D < C < B < A
        score s: half-life 30 days
        touchpoint hello: e-mail
        event ask: x -> n, w -> t
        event never
        rule ask: s + 10, at most 30 in 7 days
        rule ask [n > 1]: s - event.x
        A --never / send(hello)--> (stay)
        A --ask [{guard}]--> B"
    ))
    .expect("it reads");
    let (machine, problems) = Machine::compile(&project);
    assert_eq!(problems, [], "{guard}");
    let mut memory = machine.memory(1, statecraft::simulation::luck::ContactKey::of("Anna"), None);
    let mut reaction = Reaction::new(false);
    machine.react(&mut memory, &Stimulus::Start(Time(0)), &mut reaction);
    let fit = project.attribute_by_name("fit").expect("it is there").id;
    machine.set_attribute(&mut memory, fit, &Value::Text(String::from("C")));
    let slots = ["ask", "never"].map(|name| project.event_by_name(name).expect("it is there").id);
    let events = machine.event_slots(&slots);
    let fields = ["x", "w"].map(|name| machine.field_slot(name).expect("it is there"));
    let given = [(fields[0], Value::Number(2.0)), (fields[1], Value::Text(String::from("a word of some length")))];
    let mut day = 0;
    let mut play = |event: usize, times: usize| {
        for _ in 0..times {
            day += 1;
            let stimulus =
                Stimulus::Event { time: Time(day * DAY), event: events[event], fields: Fields::given(&given) };
            machine.react(&mut memory, &stimulus, &mut reaction);
            assert_ne!(reaction.outcome, Outcome::Moved, "{guard}");
        }
    };
    // What is remembered finds its room first.
    play(1, 1);
    play(0, 300);
    allocation_counter::measure(|| play(0, 100)).count_total
}

#[test]
fn conditions_take_no_memory() {
    let beside = "\nparallel P\ngroup R in P\nstate A in R\nstate B in R\ngroup Other in P\nstate Idle in Other";
    for guard in [
        "",
        "count(ask) < 1",
        "count(ask) >= 9999 and s < 0",
        "count(ask, 60 days) >= 3 and count(never) > 1",
        "count(ask, 60 days) >= 300",
        "count(ask, 2 months) >= 300 or count_here(ask) < 1",
        "fit >= B",
        "fit in (A, B) or fit = D",
        "t = red or t in (blue, \"green\")",
        "event.w = red or event.w in (blue, green) or event.x > 2",
        "event.w is unknown or t is unknown or last(touchpoint) is unknown",
        "last(touchpoint) != hello",
        "last(touchpoint) in (hello) and not t != red",
        "since(never) < 1 day and time_here > 3 weeks",
        "min(s, n, 3) * 2 + -event.x > max(100, count(ask) - 1000)",
        "quotient(s, n) < -1 or remainder(count(ask), 7) > event.x * 4",
        "in(B) or chance(0%)",
        "yes and no",
    ] {
        let guard = if guard.is_empty() { "count(never) > 1" } else { guard };
        assert_eq!(allocations(guard, ""), 0, "{guard}");
        assert_eq!(allocations(guard, beside), 0, "{guard}, beside another region");
    }
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocation_counter::measure(|| drop(std::hint::black_box(Box::new(7)))).count_total, 1);
}
