//! Super-states, regions, ends, resumes and interrupts: a line per case, as in `journeys.rs`.

mod common;

use statecraft::model::{Dataset, Project, Time, notation};
use statecraft::simulation::{Machine, Run, Severity, Step, Story};

/// Runs one contact with `events` and compares its story, in short.
#[track_caller]
fn check_journey(chart: &str, events: &str, expected: &str) {
    let (project, story) = story(chart, events);
    assert_eq!(common::in_short(&project, &story), expected);
}

fn story(chart: &str, events: &str) -> (Project, Story) {
    let project = notation::parse(&format!("{chart}\ncontact Anna: start = 2026-01-01\n{events}")).expect("it reads");
    let (machine, problems) = Machine::compile(&project);
    let errors: Vec<_> = problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let (dataset, codes) = Dataset::of_samples(&project);
    let until = Time::parse("2026-12-31", &project.zone()).ok();
    (project.clone(), Run::new(&machine, &dataset, &codes, until, 1).story(0))
}

const NESTED: &str = "start Outside
    state Outside
    group Contactable at 0, 0
    entry send(in group)
    exit send(out of group)
    state Lead in Contactable at 0, 0
    entry send(in lead)
    exit send(out of lead)
    state Customer in Contactable at 0, 0
    entry send(in customer)
    exit send(out of customer)
    end Unsubscribed
    Outside --enter / send(arrow)--> Contactable
    Lead --buy / send(arrow)--> Customer
    Contactable --!unsubscribe--> Unsubscribed";

#[test]
fn a_group_is_entered_outside_in_and_left_inside_out() {
    check_journey(
        NESTED,
        "2026-01-02 enter, 2026-01-03 buy, 2026-01-04 unsubscribe, 2026-01-05 buy",
        "→ Outside; enter → Lead / arrow, in group, in lead; buy → Customer / out of lead, arrow, in customer; \
         unsubscribe → Unsubscribed / out of customer, out of group; buy ∎",
    );
}

#[test]
fn what_a_leaf_does_not_answer_its_group_does() {
    let chart = "start A
        group G
        state A in G
        state B in G
        end Z
        A --go [count(go) = 1]--> B
        G --go--> Z";
    check_journey(chart, "2026-01-02 go, 2026-01-03 go", "→ A; go → B; go → Z");
}

#[test]
fn an_interrupt_cannot_be_shadowed_and_the_outermost_comes_first() {
    let chart = |outer: &str, inner: &str| {
        format!(
            "start A
            group Out
            group In in Out
            state A in In
            state B in In
            end Left
            end Gone
            A --stop--> B
            Out --{outer}stop--> Gone
            In --{inner}stop--> Left"
        )
    };
    check_journey(&chart("", ""), "2026-01-02 stop", "→ A; stop → B");
    check_journey(&chart("", "!"), "2026-01-02 stop", "→ A; stop → Left");
    check_journey(&chart("!", "!"), "2026-01-02 stop", "→ A; stop → Gone");
}

const REGIONS: &str = "start Life
    parallel Life
    group Mail in Life
    state Quiet in Mail
    state Loud in Mail
    end MailDone in Mail
    group Shop in Life
    state Browsing in Shop
    state Buying in Shop
    end ShopDone in Shop
    end Over
    Quiet --click--> Loud
    Loud --close--> MailDone
    Browsing --click--> Buying
    Buying --pay--> ShopDone
    Life --done Life--> Over
    Life --leave--> Over";

#[test]
fn every_region_answers_the_same_event() {
    check_journey(
        REGIONS,
        "2026-01-02 click, 2026-01-03 close, 2026-01-04 pay",
        "→ Quiet and Browsing; click → Loud and Buying; close → MailDone and Buying; pay → Over",
    );
    check_journey(
        REGIONS,
        "2026-01-02 click, 2026-01-03 leave",
        "→ Quiet and Browsing; click → Loud and Buying; leave → Over",
    );
}

#[test]
fn only_what_changed_is_told_beside_other_regions() {
    let (project, story) = story(REGIONS, "2026-01-02 click, 2026-01-03 close");
    assert_eq!(story.entries[2].outcome_in_words(&project), "moved from Loud to MailDone");
}

#[test]
fn of_two_arrows_that_leave_the_same_state_the_inner_one_is_taken_else_the_earlier() {
    let chart = "start P
        parallel P
        group R in P
        state A in R
        group S in P
        state X in S
        state Y in S
        end One
        end Two
        A --go--> One
        X --go--> Two";
    check_journey(chart, "2026-01-02 go", "→ A and X; go → One");
    let chart = "start P
        parallel P
        group R in P
        state A in R
        group S in P
        state X in S
        state Y in S
        end One
        X --go--> Y
        P --go--> One";
    check_journey(chart, "2026-01-02 go", "→ A and X; go → A and Y");
}

#[test]
fn a_resume_returns_to_what_was_left_last_and_at_first_to_the_beginning() {
    let chart = "start Away
        state Away
        group Form
        resume Back in Form
        state Details in Form
        state Documents in Form
        Away --return--> Back
        Details --next--> Documents
        Form --leave--> Away";
    check_journey(
        chart,
        "2026-01-02 return, 2026-01-03 next, 2026-01-04 leave, 2026-01-05 return",
        "→ Away; return → Details; next → Documents; leave → Away; return → Documents",
    );
}

#[test]
fn a_move_inside_a_group_restarts_it_or_not() {
    let chart = |restart: bool| {
        let chart = "start A
            group G
            entry send(in)
            exit send(out)
            state A in G
            state B in G
            G --go--> B";
        let mut project = notation::parse(&format!("{chart}\ncontact X\n2026-01-02 go")).unwrap();
        for arrow in project.transitions.values_mut() {
            arrow.restart = restart;
        }
        let machine = Machine::of(&project);
        let (dataset, codes) = Dataset::of_samples(&project);
        common::in_short(&project, &Run::new(&machine, &dataset, &codes, None, 1).story(0))
    };
    assert_eq!(chart(true), "→ A / in; go → B / out, in");
    assert_eq!(chart(false), "→ A / in; go → B");
}

#[test]
fn a_timer_of_a_group_runs_on_while_its_inside_changes() {
    let chart = "start A
        group G
        state A in G
        state B in G
        end Z
        A --go--> B
        G --after 10 days--> Z";
    let (_, story) = story(chart, "2026-01-06 go");
    assert_eq!(story.entries.len(), 3);
    assert_eq!(story.entries[2].time.0 - story.entries[0].time.0, 10 * 86_400_000);
}

#[test]
fn here_means_the_node_whose_arrow_asks() {
    let chart = "start A
        group G
        state A in G
        state B in G
        end Z
        A --go--> B
        B --go [count_here(go) >= 2]--> A
        G --go [count_here(go) >= 3 and time_here >= 3 days]--> Z";
    check_journey(chart, "2026-01-02 go, 2026-01-03 go, 2026-01-04 go", "→ A; go → B; go ✗; go → A");
    check_journey(
        &chart.replace(">= 2]--> A", ">= 9]--> A"),
        "2026-01-02 go, 2026-01-03 go, 2026-01-04 go",
        "→ A; go → B; go ✗; go → Z",
    );
}

#[test]
fn a_group_is_done_when_its_end_is_entered_and_the_journey_goes_on() {
    let chart = "start Step
        group Steps
        state Step in Steps
        end Finished in Steps
        state Next
        Step --go--> Finished
        Steps --done Steps--> Next";
    check_journey(chart, "2026-01-02 go", "→ Step; go → Next");
}

#[test]
fn a_resume_of_a_parallel_returns_to_every_region() {
    let chart = "start A
        parallel P
        resume Back in P
        group One in P
        state A in One
        state B in One
        group Two in P
        state X in Two
        state Y in Two
        state Away
        A --go--> B
        X --go--> Y
        P --leave--> Away
        Away --back--> Back";
    check_journey(
        chart,
        "2026-01-02 go, 2026-01-03 leave, 2026-01-04 back",
        "→ A and X; go → B and Y; leave → Away; back → A and X",
    );
    let mut project = notation::parse(chart).unwrap();
    project.nodes.values_mut().filter(|node| node.name == "Back").for_each(|node| node.deep = true);
    let machine = Machine::of(&project);
    let mut memory = machine.memory(1, statecraft::simulation::luck::ContactKey(1), None);
    let mut reaction = statecraft::simulation::Reaction::new(false);
    machine.react(&mut memory, &statecraft::simulation::Stimulus::Start(Time(0)), &mut reaction);
    for (time, name) in (1..).zip(["go", "leave", "back"]) {
        let event = machine.event_slots(&[project.event_by_name(name).unwrap().id])[0];
        let fields = statecraft::simulation::condition::Fields::default();
        let stimulus = statecraft::simulation::Stimulus::Event { time: Time(time), event, fields };
        machine.react(&mut memory, &stimulus, &mut reaction);
    }
    let resting: Vec<&str> = memory.leaves().iter().map(|slot| machine.node_name(*slot)).collect();
    assert_eq!(resting, ["B", "Y"]);
}

#[test]
fn nesting_that_makes_no_sense_is_a_problem_that_says_so() {
    for (chart, expected) in [
        ("group G", "nothing inside"),
        ("state A\nresume H", "stands in no group"),
        ("parallel P\nend A in P", "where nothing can end"),
    ] {
        let (_, problems) = Machine::compile(&notation::parse(chart).unwrap());
        assert!(problems.iter().any(|problem| problem.message.contains(expected)), "{chart}: {problems:#?}");
    }
}

#[test]
fn a_group_that_does_not_say_where_it_begins_is_a_problem_and_runs_all_the_same() {
    let mut project = notation::parse("start A\ngroup G\nstate A in G").unwrap();
    project.nodes.values_mut().for_each(|node| node.initial = None);
    let (machine, problems) = Machine::compile(&project);
    assert!(problems.iter().any(|problem| problem.message.contains("has no initial state; its first, A, is taken")));
    assert_eq!(machine.node_count(), 2);
}

#[test]
fn steps_come_in_document_order() {
    let project = notation::parse(REGIONS).unwrap();
    let machine = Machine::of(&project);
    let mut memory = machine.memory(1, statecraft::simulation::luck::ContactKey(1), None);
    let mut reaction = statecraft::simulation::Reaction::new(false);
    machine.react(&mut memory, &statecraft::simulation::Stimulus::Start(Time(0)), &mut reaction);
    let entered: Vec<&str> = reaction
        .steps
        .iter()
        .filter_map(|step| if let Step::Entered(node) = step { Some(machine.node_name(*node)) } else { None })
        .collect();
    assert_eq!(entered, ["Life", "Mail", "Quiet", "Shop", "Browsing"]);
}

#[test]
fn silence_in_a_group_is_counted_while_its_inside_changes() {
    let chart = "start A
        group G
        state A in G
        state B in G
        state Z
        A --go--> B
        G --after 24 h without any event--> Z";
    check_journey(chart, "2026-01-01 12:00 go", "→ A; go → B; after 24 h without any event → Z");
    check_journey(
        chart,
        "2026-01-01 12:00 go, 2026-01-02 12:00 look",
        "→ A; go → B; look –; after 24 h without any event → Z",
    );
    check_journey(chart, "2026-01-03 go", "→ A; after 24 h without any event → Z; go –");
}
