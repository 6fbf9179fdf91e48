//! The Simulate workspace.

use egui::Key;
use statecraft::model::sample::SAMPLES;
use statecraft::model::{NodeId, Project, grouped};
use statecraft::simulation::{Cast, Machine, Progress, Report};

use super::driver::Window;

const LOOP: &str = "start A\nA --go [count(go) >= 2]--> B\nB --back--> A
contact Ann\n2026-01-01 go, 2026-01-02 go, 2026-01-03 back
contact Bob\n2026-01-01 go";

/// What the library makes of it, without any window.
fn report(project: &Project) -> Report {
    let machine = Machine::of(project);
    let scenario = project.scenarios.values().next().unwrap();
    let load = |_| unreachable!("no sample has an imported history");
    let (cast, _) = Cast::of(project, &machine, scenario.population, scenario.until, load).unwrap();
    cast.run(&machine, scenario.until, scenario.seed).report(2, &Progress::default()).unwrap()
}

fn simulate(window: &mut Window) {
    window.ctrl(Key::Num3);
    ran(window);
}

/// Waits for the run of what is drawn now.
fn ran(window: &mut Window) {
    window.until("the run is over", |window| {
        let played = window.workbench().simulator().played();
        played.is_some_and(|played| played.key.revision == window.document().revision())
            && !window.shows("running")
            && window.workbench().simulator().time().is_some()
    });
}

fn resting(window: &Window, node: NodeId) -> u64 {
    window.workbench().simulator().played().unwrap().report.states.get(&node).map_or(0, |tally| tally.resting)
}

#[test]
fn the_counts_of_every_sample_are_those_of_the_library() {
    for sample in SAMPLES {
        let project = sample.project();
        let mut window = Window::with_project(&project);
        simulate(&mut window);
        let expected = report(&project);
        assert_eq!(window.workbench().simulator().played().unwrap().report, expected);
        window.sees(&format!("{} contacts, {} events", grouped(expected.contacts), grouped(expected.events)));
        window.sees("Where everybody is");
        for (node, tally) in &expected.states {
            // Those who were won by others are on the stage, too.
            let newcomers = expected.newcomers.as_ref().and_then(|others| others.states.get(node));
            window.sees(&grouped(tally.entered + newcomers.map_or(0, |others| others.entered)));
        }
    }
}

#[test]
fn a_story_says_why_and_why_not() {
    let mut window = Window::with(LOOP);
    simulate(&mut window);
    window.press("Bob");
    window.sees("The story of");
    window.sees("count(go) was 1, needs at least 2");
    window.press("Ann");
    window.sees("Because count(go)");
    window.press("Everybody");
    window.sees("Where everybody is");
}

#[test]
fn a_story_is_stepped_through_both_ways() {
    let mut window = Window::with(LOOP);
    simulate(&mut window);
    window.press("Ann");
    let last = window.workbench().simulator().story().unwrap().entries.len();
    window.sees(&format!("{last} of {last}"));
    for line in (1..last).rev() {
        window.key_with(Key::F7, egui::Modifiers::SHIFT);
        window.sees(&format!("{line} of {last}"));
    }
    window.press("Step");
    window.sees(&format!("2 of {last}"));
    window.press("Step back");
    window.sees(&format!("1 of {last}"));
    window.key(Key::F6);
    window.until("it has played to the end", |window| window.shows(&format!("{last} of {last}")));
    window.comes_to_rest();
}

#[test]
fn a_changed_drawing_runs_anew() {
    let mut window = Window::with(LOOP);
    simulate(&mut window);
    let (a, b) = (window.node("A"), window.node("B"));
    assert_eq!((resting(&window, a), resting(&window, b)), (2, 0));
    window.ctrl(Key::Num1);
    window.outline("go → B");
    window.fill("Condition", "");
    simulate(&mut window);
    assert_eq!((resting(&window, a), resting(&window, b)), (1, 1));
    window.ctrl(Key::Z);
    ran(&mut window);
    assert_eq!((resting(&window, a), resting(&window, b)), (2, 0));
}

#[test]
fn until_ends_the_run_and_a_wrong_date_is_said() {
    let mut window = Window::with(LOOP);
    simulate(&mut window);
    window.write("Until", "the day after");
    let said = window.painted().into_iter().filter(|text| text.contains("the day after")).count();
    assert!(said >= 2, "no sentence: {:?}", window.painted());
    window.fill("Until", "2026-01-02");
    ran(&mut window);
    window.until("it ran", |window| {
        window.workbench().simulator().played().is_some_and(|played| played.key.until.is_some())
    });
    assert_eq!(resting(&window, window.node("B")), 1);
    window.fill("Until", "2026-13-77");
    window.rest();
    assert_eq!(resting(&window, window.node("B")), 1, "a wrong date changed the run");
    window.sees("2026-13-77");
    window.fill("Until", "");
    window.until("it ran", |window| {
        window.workbench().simulator().played().is_some_and(|played| played.key.until.is_none())
    });
    assert_eq!(resting(&window, window.node("B")), 0);
}

#[test]
fn without_contacts_it_says_what_to_do() {
    let mut window = Window::with("start A\nA --go--> B\nB --back--> A");
    simulate(&mut window);
    window.sees("There are no sample contacts yet.");
}

#[test]
fn nothing_is_drawn_in_simulate() {
    let mut window = Window::with(LOOP);
    simulate(&mut window);
    let before = window.project().clone();
    window.click("A");
    for key in [Key::Delete, Key::F2, Key::ArrowRight, Key::Insert] {
        window.key(key);
    }
    assert_eq!(*window.project(), before);
}

#[test]
fn a_journey_without_anything_runs() {
    let mut window = Window::with("journey Nothing");
    simulate(&mut window);
    window.comes_to_rest();
}
