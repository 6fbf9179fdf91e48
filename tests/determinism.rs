//! The same input gives the same bits: on any number of threads, in halves, after closing the file, and backwards.

#[path = "common/random.rs"]
mod random;

use proptest::prelude::*;
use random::{ACTIONS, Arrow, DAY, Histories, arrow, chart, codes, dataset, histories};
use statecraft::document::Document;
use statecraft::model::{Dataset, DatasetId, DatasetInfo, Project, Time, notation};
use statecraft::simulation::{By, Cause, Machine, Outcome, Playback, Progress, Report, Resting, Run, Stories};

fn project(arrows: &[Arrow], entry: usize, beside: bool) -> Project {
    notation::parse(&chart(arrows, entry, beside)).expect("it reads")
}

/// More contacts than a thread takes at once, with these histories in turn.
fn many(histories: &Histories) -> Histories {
    histories.iter().cycle().take(2_100).cloned().collect()
}

fn until(dataset: &Dataset) -> Option<Time> {
    dataset.span().map(|(_, last)| Time(last.0 + 5 * DAY))
}

/// All that a run over everybody says.
fn everything(run: &Run, threads: usize) -> (Report, Resting, Stories) {
    let progress = Progress::default();
    let (report, resting) = run.played(threads, &progress).expect("not cancelled");
    let (again, stories) = run.stories(threads, &progress).expect("not cancelled");
    assert_eq!(again, report);
    assert_eq!(run.report(threads, &progress).expect("not cancelled"), report);
    assert_eq!(progress.contacts(), 3 * run.contact_count());
    (report, resting, stories)
}

/// The contacts for which `wanted` says yes, with their occurrences.
fn part(histories: &Histories, wanted: &[bool], yes: bool) -> Histories {
    histories.iter().zip(wanted.iter().cycle()).filter(|(_, own)| **own == yes).map(|(own, _)| own.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_result_does_not_depend_on_threads(
        arrows in prop::collection::vec(arrow(), 0..12), entry in 0..ACTIONS.len(), histories in histories(), beside in any::<bool>(),
    ) {
        let project = project(&arrows, entry, beside);
        let (machine, dataset) = (Machine::of(&project), dataset(&many(&histories)));
        let run = Run::new(&machine, &dataset, &codes(&project), until(&dataset), 1);
        let alone = everything(&run, 1);
        for threads in [2, 8] {
            prop_assert!(everything(&run, threads) == alone, "{} threads", threads);
        }
    }

    #[test]
    fn halves_add_up_to_the_whole(
        arrows in prop::collection::vec(arrow(), 0..12), entry in 0..ACTIONS.len(), histories in histories(), beside in any::<bool>(),
        split in prop::collection::vec(any::<bool>(), 1..9),
    ) {
        let project = project(&arrows, entry, beside);
        let machine = Machine::of(&project);
        let histories = many(&histories);
        let end = until(&dataset(&histories));
        let report = |histories: &Histories| {
            let dataset = dataset(histories);
            Run::new(&machine, &dataset, &codes(&project), end, 1).report(2, &Progress::default()).expect("not cancelled")
        };
        let (one, other) = (report(&part(&histories, &split, true)), report(&part(&histories, &split, false)));
        let whole = report(&histories);
        prop_assert_eq!(&one.clone().merged(other.clone()), &whole);
        prop_assert_eq!(&other.merged(one), &whole);
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lines_kept_for_everybody_are_those_of_each_story(
        arrows in prop::collection::vec(arrow(), 0..12), entry in 0..ACTIONS.len(), histories in histories(), beside in any::<bool>(),
    ) {
        let project = project(&arrows, entry, beside);
        let (machine, dataset) = (Machine::of(&project), dataset(&histories));
        let run = Run::new(&machine, &dataset, &codes(&project), until(&dataset), 1);
        let (_, stories) = run.stories(2, &Progress::default()).expect("not cancelled");
        for contact in 0..run.contact_count() {
            let mut lines = stories.lines(contact);
            let story = run.story(contact).entries;
            // What a contact does after it was stopped is not consumed.
            for told in story.iter().filter(|entry| entry.outcome != Outcome::Halted || !entry.errors.is_empty()) {
                let line = lines.next().expect("a line for each entry");
                let arrows: Vec<_> = line.arrows.iter().map(|arrow| machine.arrow_id(*arrow as usize)).collect();
                let same_cause = match (&told.cause, line.by) {
                    (Cause::Start, By::Start) => true,
                    (Cause::Event(name), By::Row(row)) => *name == dataset.event_names[usize::from(dataset.codes[row])],
                    (Cause::Timer(arrow), By::Timer(slot)) => *arrow == machine.arrow_id(slot),
                    _ => false,
                };
                prop_assert!(same_cause, "{:?} {:?}", told.cause, line.by);
                prop_assert_eq!((line.time, line.outcome, arrows), (told.time, told.outcome, told.arrows.clone()));
            }
            prop_assert!(lines.next().is_none(), "contact {}", contact);
        }
    }

    #[test]
    fn any_line_is_the_same_from_the_nearest_memory_and_from_the_start(
        arrows in prop::collection::vec(arrow(), 0..12), entry in 0..ACTIONS.len(), histories in histories(), beside in any::<bool>(),
        every in 1..6_usize,
    ) {
        let project = project(&arrows, entry, beside);
        let (machine, dataset) = (Machine::of(&project), dataset(&histories));
        let run = Run::new(&machine, &dataset, &codes(&project), until(&dataset), 1);
        for contact in 0..run.contact_count() {
            let story = run.story(contact).entries;
            let playback = Playback::with_marks(&run, contact, every);
            let fresh = Playback::with_marks(&run, contact, usize::MAX);
            prop_assert_eq!(playback.len(), story.len());
            for (line, entry) in story.iter().enumerate().rev() {
                let memory = playback.memory_after(&run, line + 1).expect("a line of the story");
                let again = fresh.memory_after(&run, line + 1).expect("a line of the story");
                prop_assert_eq!(format!("{memory:?}"), format!("{again:?}"));
                prop_assert_eq!(machine.known_values(&memory), entry.values.clone());
                let states: Vec<_> = memory.leaves().iter().map(|leaf| machine.node_id(*leaf)).collect();
                prop_assert_eq!(&states, &entry.to);
                prop_assert_eq!(&playback.entries(&run, line, 3)[..], &story[line..story.len().min(line + 3)]);
            }
            prop_assert!(playback.memory_after(&run, story.len() + 1).is_none());
        }
    }
}

#[test]
fn a_closed_and_reopened_project_gives_the_same_report() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("journey.statecraft");
    let arrows: Vec<Arrow> = (0..12)
        .map(|place| Arrow {
            source: place % 5,
            target: (place * 3 + 1) % 7,
            trigger: place % 5,
            guard: place % 10,
            action: place % ACTIONS.len(),
            interrupt: false,
        })
        .collect();
    let drawn = project(&arrows, 2, false);
    let history = |contact: u16| -> Vec<(i64, u16, u8, u8)> {
        let small = |number: u16| u8::try_from(number).expect("a small number");
        let event = |event: u16| (i64::from((contact + event) % 9), event % 4, small(contact % 8), small(event % 4));
        (0..contact % 9).map(event).collect()
    };
    let histories: Histories = (0..3_000).map(history).collect();
    let dataset = dataset(&histories);
    let report = |document: &Document, id: DatasetId| {
        let project = document.project();
        let (machine, dataset) = (Machine::of(project), document.dataset(id).expect("it reads"));
        let events = &project.datasets[&id].events;
        everything(&Run::new(&machine, &dataset, events, until(&dataset), 1), 2)
    };
    let mut document = Document::create(&path, &drawn).expect("it writes");
    let info = DatasetInfo::named("history", "history.csv");
    let names = dataset.event_names.clone();
    document.import(info, dataset, names).expect("it fits");
    let id = *document.project().datasets.keys().next().expect("it was imported");
    let before = report(&document, id);
    document.flush(std::time::Duration::from_secs(30)).expect("it is saved");
    drop(document);
    let after = report(&Document::open(&path).expect("it opens"), id);
    assert!(before == after);
    assert!(before.0.arrows.values().any(|arrow| arrow.fired > 0));
}

#[test]
fn a_very_long_story_can_be_read_from_behind() {
    let project = notation::parse(
        "start A
         score visits
         event visit
         rule visit: visits + 1
         A --visit [count(visit, 30 days) >= 3]--> B
         B --visit [chance(30%)]--> A
         B --after 9 days without visit--> A",
    )
    .expect("it reads");
    let history = (0..100_000_i64).map(|step| ((step * 7) % 4, 0, 0, 0)).collect();
    let mut dataset = dataset(&vec![history]);
    dataset.event_names[0] = String::from("visit");
    let (machine, event) = (Machine::of(&project), project.event_by_name("visit").expect("it is there").id);
    let run = Run::new(&machine, &dataset, &[event], None, 1);
    let playback = Playback::of(&run, 0);
    let last = playback.len();
    assert!(last > 100_000);
    let fresh = Playback::with_marks(&run, 0, usize::MAX);
    for back in [0, 1, 2, 3, 300, 50_000, 99_999] {
        let near = playback.memory_after(&run, last - back).expect("a line of the story");
        let far = fresh.memory_after(&run, last - back).expect("a line of the story");
        assert_eq!(format!("{near:?}"), format!("{far:?}"), "{back} lines back");
    }
    assert_eq!(playback.entries(&run, last - 1, 9).len(), 1);
}
