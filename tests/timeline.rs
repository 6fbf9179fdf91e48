//! The timeline of a run against the run itself: random charts with groups, parallels, resumes, timers and loops over
//! random histories, looked at at random instants.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;
use statecraft::model::{Dataset, EventId, Project, Time, notation};
use statecraft::simulation::by_hand::{Sent, alone};
use statecraft::simulation::report::SendTally;
use statecraft::simulation::timeline::{By, Counts, Looks, MOST_MOVES, Missing, Moment, Timeline};
use statecraft::simulation::waiting::Meaning;
use statecraft::simulation::{Cause, Machine, Memory, Observer, Outcome, Progress, Run, World};

const HOUR: i64 = 3_600_000;
const STATES: [&str; 8] = ["A", "B", "Out", "P", "Left", "L1", "L2", "R1"];
const TARGETS: [&str; 12] = ["A", "B", "Out", "P", "Left", "L1", "L2", "R1", "R2", "Over", "Back", "(stay)"];
const TRIGGERS: [&str; 9] = [
    "a",
    "b",
    "c",
    "any event",
    "after 2 h",
    "after 1 h without a, then every 3 h",
    "after 5 h since any event",
    "always [count(a) > 2]",
    "done(Left)",
];

#[derive(Clone, Debug)]
struct Arrow {
    source: usize,
    target: usize,
    trigger: usize,
    guard: usize,
    interrupt: bool,
}

fn arrow() -> impl Strategy<Value = Arrow> {
    (0..STATES.len(), 0..TARGETS.len(), 0..TRIGGERS.len(), 0..4_usize, any::<bool>())
        .prop_map(|(source, target, trigger, guard, interrupt)| Arrow { source, target, trigger, guard, interrupt })
}

/// Contacts with hours between events, and events by number.
type Histories = Vec<Vec<(i64, u16)>>;

fn histories() -> impl Strategy<Value = Histories> {
    prop::collection::vec(prop::collection::vec((0..6_i64, 0..3_u16), 0..10), 1..6)
}

/// Two states, and two regions side by side, one of which remembers; a flat chart has only the first three.
fn chart(arrows: &[Arrow], flat: bool) -> String {
    let mut text = String::from("start A\nevent a\nevent b\nevent c\nstate A\nstate B\nstate Out\nend Over\n");
    if !flat {
        text.push_str(
            "parallel P\ngroup Left in P\nstate L1 in Left\nstate L2 in Left\nresume Back in Left\n
             group Right in P\nstate R1 in Right\nstate R2 in Right\n",
        );
    }
    for arrow in arrows {
        let (source, target) = if flat {
            (STATES[arrow.source % 3], ["A", "B", "Out", "Over", "(stay)"][arrow.target % 5])
        } else {
            (STATES[arrow.source], TARGETS[arrow.target])
        };
        let trigger = if flat && arrow.trigger == 8 { "a" } else { TRIGGERS[arrow.trigger] };
        let mark = if arrow.interrupt && ["P", "Left"].contains(&source) { "!" } else { "" };
        let guard = ["", "", " [chance(50%)]", " [count(b) >= 2]"][arrow.guard];
        let guard = if trigger.contains('[') { "" } else { guard };
        writeln!(text, "{source} --{mark}{trigger}{guard}--> {target}").expect("memory takes it");
    }
    text
}

fn dataset(histories: &Histories) -> Dataset {
    let names = ["a", "b", "c"].map(String::from).to_vec();
    let mut dataset = Dataset { first: vec![0], event_names: names, ..Dataset::default() };
    for (number, history) in histories.iter().enumerate() {
        dataset.contacts.push(format!("contact {number}"));
        let mut time = 0;
        for (later, code) in history {
            time += later * HOUR;
            dataset.times.push(Time(time));
            dataset.codes.push(*code);
        }
        dataset.first.push(u32::try_from(dataset.times.len()).expect("few"));
    }
    dataset
}

struct Played {
    project: Project,
    dataset: Dataset,
    events: Vec<EventId>,
    until: Time,
}

impl Played {
    fn of(text: &str, histories: &Histories) -> Self {
        let project = notation::parse(text).unwrap_or_else(|error| panic!("{error} in {text}"));
        let dataset = dataset(histories);
        let events = dataset.event_names.iter().map(|name| project.event_by_name(name).expect("declared").id).collect();
        Self { project, dataset, events, until: Time(40 * HOUR) }
    }

    fn run<'a>(&'a self, machine: &'a Machine, until: Time) -> Run<'a> {
        Run::new(machine, &self.dataset, &self.events, Some(until), 7)
    }
}

fn timeline(run: &Run, threads: usize) -> Timeline {
    Timeline::new(run, threads, &Progress::default(), MOST_MOVES).expect("few moves")
}

/// Where everybody is at the end of a run, stopped contacts apart, and what a report says.
#[derive(Default, PartialEq, Debug)]
struct End {
    whereabouts: Vec<Vec<u32>>,
}

impl Observer for End {
    fn finished(&mut self, _: usize, memory: &Memory) {
        let active = memory.active().map(|node| u32::try_from(node).expect("few")).collect();
        self.whereabouts.push(if memory.halted() { Vec::new() } else { active });
    }
}

fn agrees(machine: &Machine, counts: &Counts, run: &Run) {
    let mut report = run.report(1, &Progress::default()).expect("nobody cancels");
    if let Some(newcomers) = report.newcomers.take() {
        report = report.merged(*newcomers);
    }
    for node in 0..machine.node_count() {
        let tally = report.states[&machine.node_id(node)];
        let found = (u64::from(counts.resting[node]), u64::from(counts.entered[node]));
        assert_eq!(found, (tally.resting, tally.entered), "{} until {:?}", machine.node_name(node), run.until());
    }
    for arrow in 0..machine.arrow_count() {
        assert_eq!(u64::from(counts.fired[arrow]), report.arrows[&machine.arrow_id(arrow)].fired);
    }
    assert_eq!(u64::from(counts.begun), report.contacts);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn at_any_instant_it_is_as_if_the_run_had_ended_there(
        arrows in prop::collection::vec(arrow(), 1..12),
        flat in any::<bool>(),
        histories in histories(),
        times in prop::collection::vec(0..45_i64, 1..6),
    ) {
        let played = Played::of(&chart(&arrows, flat), &histories);
        let machine = Machine::of(&played.project);
        let timeline = timeline(&played.run(&machine, played.until), 2);
        for hour in times.into_iter().chain([40]) {
            for time in [Time(hour * HOUR), Time(hour * HOUR - 1)] {
                let time = time.min(played.until);
                let run = played.run(&machine, time);
                let done = timeline.done_at(time);
                let counts = timeline.counts(done);
                agrees(&machine, &counts, &run);
                let mut end = End::default();
                run.follow(0..run.contact_count(), &mut end);
                let found = (0..).take(run.contact_count()).map(|contact| timeline.whereabouts(contact, done));
                prop_assert_eq!(found.collect::<Vec<_>>(), end.whereabouts);
            }
        }
    }

    #[test]
    fn it_is_the_same_on_any_number_of_threads_and_by_the_slow_way(
        arrows in prop::collection::vec(arrow(), 1..12),
        flat in any::<bool>(),
        histories in histories(),
    ) {
        let played = Played::of(&chart(&arrows, flat), &histories);
        let machine = Machine::of(&played.project);
        let run = played.run(&machine, played.until);
        let one = timeline(&run, 1);
        for threads in [2, 3, 16] {
            let other = timeline(&run, threads);
            prop_assert_eq!(one.moves(), other.moves());
            prop_assert_eq!(one.ways(), other.ways());
        }
        prop_assert!(one.moves().is_sorted_by_key(|one| (one.time, one.contact)));
        // A contact that is put in again is as it was.
        for contact in 0..run.contact_count() {
            let all = (&played.dataset, &played.events[..]);
            let (alone, events) = alone(&played.project, all, contact, &[]).expect("few events");
            let run = Run::new(&machine, &alone, &events, Some(played.until), 7);
            prop_assert_eq!(run.story(0), played.run(&machine, played.until).story(contact));
            let number = u32::try_from(contact).expect("few");
            let patched = one.with(number, &run, &Progress::default(), MOST_MOVES).expect("few moves");
            prop_assert_eq!(one.moves(), patched.moves());
            prop_assert_eq!(one.ways(), patched.ways());
        }
    }

    #[test]
    fn steps_lead_through_every_move_and_back_again(
        arrows in prop::collection::vec(arrow(), 1..12),
        histories in histories(),
    ) {
        let played = Played::of(&chart(&arrows, false), &histories);
        let machine = Machine::of(&played.project);
        let timeline = timeline(&played.run(&machine, played.until), 1);
        let mut stops = vec![0];
        while let Some(next) = timeline.next_step(stops[stops.len() - 1]) {
            stops.push(next);
        }
        prop_assert_eq!(stops[stops.len() - 1], timeline.moves().len());
        let mut back = vec![timeline.moves().len()];
        while let Some(before) = timeline.step_before(back[back.len() - 1]) {
            back.push(before);
        }
        back.reverse();
        prop_assert_eq!(&stops, &back);
        for contact in 0..u32::try_from(played.dataset.contacts.len()).expect("few") {
            for (own, place) in timeline.moves_of(contact).iter().enumerate() {
                let time = timeline.moves()[*place as usize].time;
                prop_assert_eq!(timeline.done_within(time, contact, own + 1), *place as usize + 1);
            }
        }
        prop_assert_eq!(timeline.density(13).iter().sum::<usize>(), timeline.moves().len());
    }

    #[test]
    fn a_watched_condition_is_told_as_often_as_the_stories_say(
        arrows in prop::collection::vec(arrow(), 1..12),
        histories in histories(),
    ) {
        let played = Played::of(&chart(&arrows, false), &histories);
        let machine = Machine::of(&played.project);
        let run = played.run(&machine, played.until);
        let all: Vec<usize> = (0..machine.arrow_count()).collect();
        let looks = Looks::new(&run, &all, 2, &Progress::default(), MOST_MOVES).expect("few looks");
        prop_assert_eq!(&looks, &Looks::new(&run, &all, 1, &Progress::default(), MOST_MOVES).expect("few looks"));
        let mut refused: BTreeMap<(Time, usize, u32), u32> = BTreeMap::new();
        for contact in 0..run.contact_count() {
            for entry in run.story(contact).entries.iter().filter(|entry| entry.outcome != Outcome::Halted) {
                for (arrow, _) in &entry.why_not {
                    let slot = all.iter().find(|slot| machine.arrow_id(**slot) == *arrow).expect("it is in the chart");
                    *refused.entry((entry.time, contact, u32::try_from(*slot).expect("few"))).or_default() += 1;
                }
            }
        }
        for ((time, contact, arrow), _) in refused {
            let told = looks.all().iter().any(|look| {
                (look.time, look.contact as usize, look.arrow, look.held) == (time, contact, arrow, false)
            });
            prop_assert!(told, "a refusal at {time:?} was not told");
        }
        let some: Vec<usize> = all.iter().copied().step_by(2).collect();
        let fewer = Looks::new(&run, &some, 1, &Progress::default(), MOST_MOVES).expect("few looks");
        let wanted: Vec<_> = looks.all().iter().filter(|look| look.arrow % 2 == 0).copied().collect();
        prop_assert_eq!(fewer.all(), &wanted[..]);
    }
}

const LOOP: &str = "start A\nA --a--> B\nB --a--> A\nevent b\nevent c";

#[test]
fn an_event_sent_by_hand_changes_the_future_of_one_contact() {
    let played = Played::of(LOOP, &vec![vec![(0, 1), (9, 0)], vec![(0, 1), (9, 0)]]);
    let machine = Machine::of(&played.project);
    let before = timeline(&played.run(&machine, played.until), 1);
    let event = played.project.event_by_name("a").expect("declared").id;
    let sent = [Sent { contact: 1, time: Time(4 * HOUR), event }];
    let (dataset, events) =
        alone(&played.project, (&played.dataset, &played.events), 1, &sent).expect("three kinds of events");
    let run = Run::new(&machine, &dataset, &events, Some(played.until), 7);
    let after = before.with(1, &run, &Progress::default(), MOST_MOVES).expect("few moves");
    let hours = |timeline: &Timeline, contact: u32| -> Vec<i64> {
        timeline.moves_of(contact).iter().map(|place| timeline.moves()[*place as usize].time.0 / HOUR).collect()
    };
    assert_eq!(hours(&after, 0), [0, 9]);
    assert_eq!(hours(&after, 1), [0, 4, 9]);
    assert_eq!((before.whereabouts(1, 4), after.whereabouts(1, 5)), (vec![1], vec![0]));
}

#[test]
fn a_circle_stops_at_the_instant_at_which_it_began() {
    let text = "start A\nA --a--> B\nB --always--> C\nC --always--> B\nevent b\nevent c";
    let played = Played::of(text, &vec![vec![(0, 1), (5, 0)]]);
    let machine = Machine::of(&played.project);
    let run = played.run(&machine, played.until);
    let timeline = timeline(&run, 1);
    let last = timeline.moves().last().expect("two moves");
    assert_eq!((last.time, timeline.way(last).by), (Time(5 * HOUR), By::Halt));
    let story = run.story(0);
    let last = story.entries.last().expect("three entries");
    assert_eq!((last.time, last.outcome, &last.cause), (Time(5 * HOUR), Outcome::Halted, &Cause::Event("a".into())));
}

#[test]
fn mean_times_count_visits_under_way() {
    let played = Played::of(LOOP, &vec![vec![(0, 1), (4, 0)], vec![(2, 1)]]);
    let machine = Machine::of(&played.project);
    let timeline = timeline(&played.run(&machine, played.until), 1);
    let mean = |hour: i64, node: usize| {
        let time = Time(hour * HOUR);
        timeline.counts(timeline.done_at(time)).mean_time(node, time).map(|time| time / HOUR)
    };
    // The first contact is in A for four hours, the second from the second hour on.
    assert_eq!((mean(0, 0), mean(3, 0), mean(6, 0), mean(10, 0)), (Some(0), Some(2), Some(4), Some(6)));
    assert_eq!((mean(3, 1), mean(10, 1)), (None, Some(6)));
}

#[test]
fn too_many_moves_are_said_and_cancelling_ends_it() {
    let histories: Histories = vec![vec![(1, 0); 9]; 4];
    let played = Played::of(LOOP, &histories);
    let machine = Machine::of(&played.project);
    let run = played.run(&machine, played.until);
    let build = |most| Timeline::new(&run, 2, &Progress::default(), most).map(|timeline| timeline.moves().len());
    assert_eq!(build(40), Ok(40));
    assert_eq!(build(39), Err(Missing::TooMany(39)));
    let progress = Progress::default();
    progress.cancel();
    assert_eq!(Timeline::new(&run, 2, &progress, MOST_MOVES).err(), Some(Missing::Cancelled));
}

#[test]
fn it_takes_about_twenty_four_bytes_a_move() {
    let histories: Histories = vec![vec![(1, 0); 100]; 500];
    let played = Played::of(LOOP, &histories);
    let machine = Machine::of(&played.project);
    let timeline = timeline(&played.run(&machine, Time(1_000 * HOUR)), 2);
    assert_eq!(timeline.moves().len(), 50_500);
    assert!(timeline.bytes() <= 25 * timeline.moves().len(), "{} bytes", timeline.bytes());
}

#[test]
fn an_event_means_something_where_an_arrow_a_timer_or_a_rule_waits_for_it() {
    let text = "start A\nevent d\nscore s\nrule b: s + 1\nA --a--> B\nB --after 2 h without c--> A
                group G\nstate In in G\nG --!d--> A\nB --any event--> In";
    let project = notation::parse(text).expect("it reads");
    let machine = Machine::of(&project);
    let node =
        |name: &str| (0..machine.node_count()).find(|slot| machine.node_name(*slot).ends_with(name)).expect("a node");
    let event = |name: &str| machine.event_slots(&[project.event_by_name(name).expect("an event").id])[0].expect("one");
    let meaning = |active: &[usize], name: &str| machine.meaning(active, event(name));
    assert_eq!(meaning(&[node("A")], "a"), Some(Meaning::Arrow));
    assert_eq!(meaning(&[node("A")], "b"), Some(Meaning::Rule));
    assert_eq!(meaning(&[node("A")], "c"), None);
    assert_eq!(meaning(&[node("B")], "c"), Some(Meaning::Arrow), "any event");
    assert_eq!(meaning(&[node("G"), node("In")], "d"), Some(Meaning::Arrow), "an interrupt");
    assert_eq!(meaning(&[node("G"), node("In")], "a"), None);
    let silent = notation::parse("start B\nevent c\nB --after 2 h without c--> A").expect("it reads");
    let machine = Machine::of(&silent);
    let event = machine.event_slots(&[silent.event_by_name("c").expect("one").id])[0].expect("one");
    assert_eq!(machine.meaning(&[0], event), Some(Meaning::Timer));
}

/// Of a world as of a history.
#[test]
fn invented_contacts_are_where_a_run_that_ends_there_has_them() {
    let world = "start A\nA --go--> B\nB --back--> A\nB --after 20 days--> Out\nend Out
                 behaviour goes: 0.1 per 1 day -> go\nbehaviour returns: on B, after 5 days -> back 50 %
                 population People: 300 contacts from 2026-01-01 over 30 days";
    let project = notation::parse(world).expect("it reads");
    let (machine, problems) = Machine::compile(&project);
    assert_eq!(problems, []);
    let generator = *project.generators.keys().next().expect("a population");
    let (world, problems) = World::compile(&project, &machine, generator);
    assert_eq!(problems, []);
    let start = Time::parse("2026-01-01", &project.zone()).expect("a date").0;
    let run = |day: i64| Run::of_world(&machine, &world, Time(start + day * 24 * HOUR), 3);
    let timeline = timeline(&run(200), 2);
    assert!(timeline.moves().len() > 1_000, "{}", timeline.moves().len());
    for day in [0, 3, 17, 60, 199, 200] {
        let time = Time(start + day * 24 * HOUR);
        agrees(&machine, &timeline.counts(timeline.done_at(time)), &run(day));
    }
}

/// With messages that wait, are kept back and dropped, and with contacts who win others, who win others.
const MESSAGES: &str = "touchpoint mail: e-mail\ntouchpoint text: SMS\nstart A
    A --go / send(mail); send(text)--> B\nB --back [chance(60%)] / refer(); send(mail)--> A\nB --after 9 days--> Out\nend Out
    policy cap 2 e-mail in 7 days\npolicy quiet 21:00–08:00\npolicy drop held
    behaviour goes: 0.4 per 1 day, shape 0.8 -> go\nbehaviour returns: on B, after exponential 2 days -> back 70 %
    population People: 200 contacts from 2026-01-01 over 20 days";

struct Invented {
    machine: Machine,
    world: World,
    start: Time,
}

impl Invented {
    fn new(text: &str) -> Self {
        let project = notation::parse(text).expect("it reads");
        let (machine, problems) = Machine::compile(&project);
        assert_eq!(problems, []);
        let generator = *project.generators.keys().next().expect("a population");
        let (world, problems) = World::compile(&project, &machine, generator);
        assert_eq!(problems, []);
        let start = Time::parse("2026-01-01", &project.zone()).expect("a date");
        Self { machine, world, start }
    }

    fn hour(&self, hour: i64) -> Time {
        Time(self.start.0 + hour * HOUR)
    }

    fn run(&self, hour: i64) -> Run<'_> {
        Run::of_world(&self.machine, &self.world, self.hour(hour), 3)
    }
}

#[test]
fn messages_and_those_whom_others_win_are_as_in_a_run_that_ends_there() {
    let invented = Invented::new(MESSAGES);
    let timeline = timeline(&invented.run(60 * 24), 2);
    assert!(timeline.newcomers().len() > 300, "{}", timeline.newcomers().len());
    let (mut held, mut dropped) = (0, 0);
    for hour in (0..60 * 24).step_by(37).chain([60 * 24]) {
        let time = invented.hour(hour);
        let run = invented.run(hour);
        agrees(&invented.machine, &timeline.counts(timeline.done_at(time)), &run);
        let report = run.report(2, &Progress::default()).expect("nobody cancels");
        let mut expected = report.sends;
        for (touchpoint, tally) in report.newcomers.map(|newcomers| newcomers.sends.touchpoints).unwrap_or_default() {
            let sum = expected.touchpoints.entry(touchpoint).or_default();
            *sum = [*sum, tally].into_iter().fold(SendTally::default(), SendTally::plus);
        }
        let found = timeline.sends(Moment { time, contact: u32::MAX, line: u32::MAX });
        assert_eq!(found, expected.touchpoints, "hour {hour}");
        held += found.values().map(|tally| tally.waiting).sum::<u64>();
        dropped += found.values().map(|tally| tally.dropped + tally.capped).sum::<u64>();
    }
    assert!(held > 50 && dropped > 1_000, "{held} held, {dropped} kept back");
}

#[test]
fn messages_are_counted_line_by_line() {
    let invented = Invented::new(MESSAGES);
    let run = invented.run(60 * 24);
    let timeline = timeline(&run, 1);
    // Of a contact alone: all up to a line, less all before its first.
    let wanted = |moment: Moment| timeline.sends(moment).values().map(SendTally::wanted).sum::<u64>();
    let mut counted = 0;
    for contact in 1..60 {
        let entries = run.story(contact as usize).entries;
        for (line, entry) in (0_u32..).zip(&entries) {
            let at = |line| Moment { time: entry.time, contact, line };
            let before = line.checked_sub(1).filter(|before| entries[*before as usize].time == entry.time);
            let before = before.map_or(Moment { contact: contact - 1, ..at(u32::MAX) }, at);
            let new = wanted(at(line)) - wanted(before);
            let due = entry.cause == Cause::QuietHoursOver;
            // What comes at the end of quiet hours was counted when it was held.
            let sends = entry.effects.iter().filter(|effect| !due && !effect.contains("another contact")).count();
            assert_eq!(new, sends as u64, "line {line}: {:?}", entry.effects);
            counted += sends;
        }
    }
    assert!(counted > 200, "{counted}");
}

#[test]
fn those_whom_others_win_have_the_same_numbers_on_any_number_of_threads_and_stories_of_their_own() {
    let invented = Invented::new(MESSAGES);
    let run = invented.run(60 * 24);
    let one = timeline(&run, 1);
    for threads in [2, 7] {
        let other = timeline(&run, threads);
        assert_eq!((one.moves(), one.ways(), one.newcomers()), (other.moves(), other.ways(), other.newcomers()));
    }
    let newcomers = one.newcomers();
    let mut grandchildren = 0;
    for number in 200..200 + newcomers.len() {
        let newcomer = newcomers.get(number).expect("one of them");
        let path = newcomers.path(number).expect("a path");
        grandchildren += usize::from(path.matches('/').count() > 1);
        let story = run.story_of_newcomer(newcomer, path);
        assert_eq!(story.entries[0].time, newcomer.start);
        let all = one.moves().len();
        let nodes = one.whereabouts(u32::try_from(number).expect("few"), all).into_iter();
        let found: Vec<_> = nodes.map(|node| invented.machine.node_id(node as usize)).collect();
        assert_eq!(found, story.entries.last().expect("a start").to, "{}", story.contact);
    }
    assert!(grandchildren > 20, "{grandchildren}");
    assert_eq!((newcomers.get(199), newcomers.path(200 + newcomers.len())), (None, None));
}

#[test]
fn where_a_line_of_contacts_ends_the_run_has_no_timeline() {
    let invented = Invented::new(
        "start A\nA --always / refer()--> B\nA --x--> (stay)\npopulation People: 1 contacts from 2026-01-01",
    );
    let build = |most| Timeline::new(&invented.run(1), 2, &Progress::default(), most).err();
    assert_eq!(build(50_000), Some(Missing::TooMany(50_000)));
}
