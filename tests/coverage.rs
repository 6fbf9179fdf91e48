//! How often cells of the matrix are met, against a plain count; and contacts that are found so that they meet one.

use std::collections::BTreeMap;

use statecraft::analysis::coverage::{Met, propose};
use statecraft::analysis::{Coverage, Matrix};
use statecraft::model::sample::SAMPLES;
use statecraft::model::{Asked, Edit, Event, NodeId, Place, Population, Project, notation};
use statecraft::simulation::story::Cause;
use statecraft::simulation::{Cast, Machine, Progress};

/// The counts of a population, and the stories behind them.
fn counted(project: &Project, population: Population, threads: usize) -> Coverage {
    with_run(project, population, |run| {
        Coverage::of(project, &Matrix::of(project), run, threads, &Progress::default()).expect("it ends")
    })
}

fn with_run<T>(project: &Project, population: Population, look: impl FnOnce(&statecraft::simulation::Run) -> T) -> T {
    let machine = Machine::of(project);
    let scenario = project.scenarios.values().find(|scenario| scenario.population == population);
    let until = scenario.and_then(|scenario| scenario.until);
    let no_history = |_| Err(String::from("no history is asked for"));
    let (cast, _) = Cast::of(project, &machine, population, until, no_history).expect("it can be run");
    look(&cast.run(&machine, until, 1))
}

/// A line per state: its name, then how often each column was met.
fn lines(project: &Project, coverage: &Coverage) -> Vec<String> {
    let matrix = Matrix::of(project);
    let word = |met| match met {
        Met::Times(times) => times.to_string(),
        Met::Never => String::from("never"),
        Met::Nothing => String::from("-"),
    };
    let cells = |row| (0..matrix.columns.len()).map(move |column| word(coverage.met(row, column)));
    (0..matrix.rows.len())
        .map(|row| format!("{}: {}", matrix.rows[row].label, cells(row).collect::<Vec<_>>().join(" ")))
        .collect()
}

#[track_caller]
fn check(chart: &str, expected: &[&str]) {
    let project = notation::parse(chart).expect("the chart reads");
    assert_eq!(lines(&project, &counted(&project, Population::Samples, 1)), expected);
}

#[test]
fn events_count_where_the_contact_rests_and_timers_where_they_are_due() {
    check(
        "event visit\nevent buy\nstate Lead\nstart Lead\nstate Customer\nend Lapsed
Lead --buy--> Customer
Lead --after 10 days--> Lapsed
contact Anna
  2026-03-01 visit, 2026-03-02 visit, 2026-03-03 buy, 2026-03-04 visit
contact Ben
  2026-03-01 visit, 2026-03-20 visit",
        // What came to Ben after the end came to nobody any more.
        &["Lead: 3 1 1", "Customer: 1 never -"],
    );
}

#[test]
fn a_group_that_is_done_is_met_in_the_end_that_it_is_done_with() {
    check(
        "event go\nevent no\ngroup G\nstate A in G\nend Well in G\nend Badly in G\nstate B\nstart G
A --go--> Well\nA --no--> Badly\nG --done G--> B
contact Anna
  2026-03-01 go
contact Ben
  2026-03-01 go",
        &["A: 2 never - -", "Well: - - 2 -", "Badly: - - never -", "B: never never - -"],
    );
    let chart = "event go\nevent no\ngroup G\nstate A in G\nend Well in G\nend Badly in G\nstart G
A --go--> Well\nA --no [count(go) = 0]--> Badly\nG --done G--> B";
    let project = notation::parse(chart).expect("the chart reads");
    let (group, end) = (project.node_by_name("G").expect("G").id, project.node_by_name("Badly").expect("Badly").id);
    let place = Place { state: end, asked: Asked::Done(group), bucket: None };
    let shown = propose(&project, place, &Progress::default()).expect("somebody who does not want to");
    assert_eq!(shown.contact.occurrences.len(), 1);
}

#[test]
fn where_a_column_is_split_the_first_case_that_holds_is_met() {
    check(
        "event visit\nstate Lead\nstart Lead\nstate Known
split visit: third [count(visit) = 3], later [count(visit) >= 3]
Lead --visit [count(visit) >= 2]--> Known
contact Anna
  2026-03-01 visit, 2026-03-02 visit, 2026-03-03 visit, 2026-03-04 visit, 2026-03-05 visit",
        &["Lead: never never 2 -", "Known: 1 2 never -"],
    );
}

#[test]
fn cases_may_ask_what_happened_since_the_contact_came_there() {
    check(
        "event visit\nevent go\nstate Lead\nstart Lead\nstate Known
split visit: again [count_here(visit) >= 2]
Lead --go--> Known
contact Anna
  2026-03-01 visit, 2026-03-02 go, 2026-03-03 visit, 2026-03-04 visit",
        &["Lead: never 1 1 -", "Known: 1 1 never -"],
    );
}

#[test]
fn a_timer_of_a_group_counts_in_the_state_inside_even_if_its_condition_fails() {
    check(
        "event go\nevent never\ngroup Inside\nstate A in Inside\nstart A\nstate B in Inside\nend Lost
A --go--> B
Inside --after 2 days [count(never) > 0]--> Lost
contact Anna
  2026-03-01 go, 2026-03-09 go",
        &["A: 1 never never", "B: 1 never 1"],
    );
}

#[test]
fn what_the_journey_raises_itself_counts_too() {
    check(
        "event go\nevent told\nstate A\nstart A\nstate B\nstate C
A --go / raise(told)--> B
B --told--> C
contact Anna
  2026-03-01 go, 2026-03-02 told",
        &["A: 1 never -", "B: never 1 -", "C: never 1 -"],
    );
}

#[test]
fn a_plain_count_over_the_stories_comes_to_the_same() {
    let mut compared = 0;
    for sample in SAMPLES {
        let mut project = sample.project();
        project.generators.values_mut().for_each(|generator| generator.contacts = 300);
        let generated = project.generators.keys().copied().map(Population::Generated);
        for population in std::iter::once(Population::Samples).chain(generated) {
            let scenario = project.scenarios.values().find(|scenario| scenario.population == population);
            if scenario.is_none() && population != Population::Samples {
                continue;
            }
            let plain = with_run(&project, population, |run| {
                let mut plain: BTreeMap<(NodeId, String), u64> = BTreeMap::new();
                for contact in 0..run.contact_count() {
                    for entry in run.story(contact).entries {
                        if let Cause::Event(name) | Cause::Scheduled(name) = entry.cause {
                            for leaf in entry.from {
                                *plain.entry((leaf, name.clone())).or_default() += 1;
                            }
                        }
                    }
                }
                plain
            });
            let (matrix, coverage) = (Matrix::of(&project), counted(&project, population, 1));
            // Stories do not tell what the journey raises.
            let drawn = format!("{:?}{:?}", project.transitions, project.nodes);
            // And they are those of the contacts who start by themselves.
            if drawn.contains("Refer") && population != Population::Samples {
                continue;
            }
            let is_raised = |event: &Event| drawn.contains(&format!("Raise({:?})", event.id));
            for (row, state) in matrix.rows.iter().enumerate() {
                for event in project.events.values().filter(|event| !is_raised(event)) {
                    let columns = (0..matrix.columns.len())
                        .filter(|column| matrix.columns[*column].asked == Asked::Event(event.id));
                    let times = |column| if let Met::Times(times) = coverage.met(row, column) { times } else { 0 };
                    let expected = plain.get(&(state.state, event.name.clone())).copied().unwrap_or(0);
                    // A last case that takes everything leaves no column for the rest.
                    assert_eq!(
                        columns.map(times).sum::<u64>(),
                        expected,
                        "{}: {} in {}",
                        project.info.name,
                        event.name,
                        state.label
                    );
                    compared += expected;
                }
            }
        }
    }
    println!("{compared} meetings compared");
    assert!(compared > 1_000, "{compared}");
}

#[test]
fn threads_and_their_order_do_not_matter() {
    let mut compared = 0;
    for sample in SAMPLES {
        let mut project = sample.project();
        project.generators.values_mut().for_each(|generator| generator.contacts = 5_000);
        let populations: Vec<Population> = project.scenarios.values().map(|scenario| scenario.population).collect();
        for population in populations.into_iter().filter(|population| *population != Population::Samples) {
            assert_eq!(counted(&project, population, 1), counted(&project, population, 4), "{}", project.info.name);
            compared += 1;
        }
    }
    assert!(compared > 0);
}

/// The project after somebody has taken the contact in, which is one step of undo.
fn with_sample(project: &Project, contact: &statecraft::model::Contact) -> Project {
    let mut with = project.clone();
    for change in Edit::AddSample(contact.clone()).plan(project).expect("it can be taken in") {
        change.apply(&mut with);
    }
    with
}

#[test]
fn every_contact_that_is_proposed_meets_its_cell() {
    for sample in SAMPLES {
        let project = sample.project();
        let (matrix, before) = (Matrix::of(&project), counted(&project, Population::Samples, 1));
        let (met, all) = before.share();
        let never: Vec<(usize, usize)> = before.never().collect();
        let mut found = 0;
        let mut missed = Vec::new();
        for (row, column) in &never {
            let place: Place = matrix.place(*row, *column);
            let Some(shown) = propose(&project, place, &Progress::default()) else {
                missed.push(project.place_label(place));
                continue;
            };
            let with = with_sample(&project, &shown.contact);
            let last = shown.story.entries.last().expect("something happens").time;
            let machine = Machine::of(&with);
            let (cast, _) =
                Cast::of(&with, &machine, Population::Samples, None, |_| Err(String::from("no history"))).unwrap();
            let run = cast.run(&machine, Some(last), 1);
            let after = Coverage::of(&with, &Matrix::of(&with), &run, 1, &Progress::default()).unwrap();
            assert!(matches!(after.met(*row, *column), Met::Times(_)), "{}", project.place_label(place));
            found += 1;
        }
        println!(
            "{}: of {all} cells {met} met by samples, {found} more by proposals; none found: {missed:?}",
            project.info.name
        );
        assert!(found * 2 >= never.len(), "{}: only {found} of {}", project.info.name, never.len());
    }
}

#[test]
fn a_case_and_a_timer_are_found_and_what_cannot_be_is_not() {
    let project = notation::parse(
        "event visit\nevent buy\nstate Lead\nstart Lead\nstate Known\nstate Waiting\nend Lapsed
split visit: third [count(visit, 30 days) = 3], never [count(visit) < 0]
Lead --buy--> Known
Known --visit [count(buy) >= 2]--> Waiting
Waiting --after 10 days--> Lapsed",
    )
    .unwrap();
    let matrix = Matrix::of(&project);
    let coverage = counted(&project, Population::Samples, 1);
    let found: Vec<String> = coverage
        .never()
        .map(|(row, column)| {
            let place = matrix.place(row, column);
            let found = propose(&project, place, &Progress::default());
            let events = found.map(|shown| {
                assert!(shown.contact.name.starts_with("Meets "));
                shown.contact.occurrences.iter().map(|one| project.events[&one.event].name.clone()).collect::<Vec<_>>()
            });
            format!(
                "{}: {}",
                project.place_label(place),
                events.map_or(String::from("none"), |events| events.join(" "))
            )
        })
        .collect();
    println!("{found:#?}");
    assert!(found.contains(&String::from("visit [third] in Lead: visit visit visit")));
    assert!(found.contains(&String::from("visit [never] in Lead: none")));
    assert!(found.contains(&String::from("silence in Waiting: buy buy visit")));
}

#[test]
fn looking_can_be_called_off() {
    let project =
        notation::parse("event visit\nstate Lead\nstart Lead\nsplit visit: never [count(visit) < 0]").unwrap();
    let (matrix, progress) = (Matrix::of(&project), Progress::default());
    progress.cancel();
    assert_eq!(propose(&project, matrix.place(0, 0), &progress), None);
}
