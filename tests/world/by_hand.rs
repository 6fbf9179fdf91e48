//! Events sent by hand to invented contacts: one future is another one, everything else stays as it was.

use statecraft::model::{GeneratorId, Population, Project, Time, notation};
use statecraft::simulation::by_hand::Sent;
use statecraft::simulation::timeline::MOST_MOVES;
use statecraft::simulation::{Cast, Entry, Machine, Progress, Timeline};

const SEED: u64 = 3;
const UNTIL: &str = "2026-03-01";

/// Of the common kind, which is played in numbers, as long as nobody sends anything.
const PLAIN: &str = "start A
    A --go--> B
    A --look [count(look) >= 9]--> C
    B --look--> A
    behaviour looks: 0.3 per 1 day -> look
    population People: 40 contacts from 2026-01-01 over 20 days";

/// Everything else that a world knows, teams apart.
const RICH: &str = "attribute fit: choice C < B < A
    start A
    A --go / send(mail)--> B
    A --look [count(look) >= 4]--> C
    B --after 3 days without look--> A
    B --answer--> C
    C --after 20 days / refer()--> Done
    end Done
    behaviour looks: 0.3 per 1 day, shape 0.7 [fit >= B] -> look 80 %
    behaviour reads: when sent mail, after exponential 2 days -> answer 50 %
    population People: 40 contacts from 2026-01-01 over 20 days
      draw fit: C 30 %, B 30 %, A 40 %
      earlier look: 0 50 %, 2 50 % within 30 days";

struct Told {
    project: Project,
    machine: Machine,
    cast: Cast,
}

impl Told {
    fn new(text: &str) -> Self {
        let project = notation::parse(text).expect("the notation reads");
        let machine = Machine::of(&project);
        let generator: GeneratorId = *project.generators.keys().next().expect("a population");
        let until = Time::parse(UNTIL, &project.zone()).expect("a time");
        let load = |_| Err(String::from("nothing is imported"));
        let (cast, problems) =
            Cast::of(&project, &machine, Population::Generated(generator), Some(until), load).expect("somebody");
        assert_eq!(problems, [], "the world has problems");
        Self { project, machine, cast }
    }

    fn sent(&self, contact: u32, time: &str, event: &str) -> Sent {
        let event = self.project.event_by_name(event).expect("an event").id;
        Sent { contact, time: Time::parse(time, &self.project.zone()).expect("a time"), event }
    }

    fn story(&self, contact: usize) -> Vec<Entry> {
        self.cast.run(&self.machine, None, SEED).story(contact).entries
    }

    /// The first one who has begun and is still where journeys begin; who that is, is luck.
    fn somebody_in_a(&self, time: &str) -> usize {
        let time = Time::parse(time, &self.project.zone()).expect("a time");
        let waits = |contact: &usize| {
            let mut past = self.story(*contact);
            past.retain(|entry| entry.time < time);
            !past.is_empty() && past.iter().all(|entry| entry.arrows.is_empty())
        };
        (0..40).find(waits).expect("somebody is in A")
    }

    fn alone(&self, contact: usize, sent: &[Sent]) -> Cast {
        self.cast.alone(&self.project, &self.machine, contact, sent).expect("nobody waits for anybody")
    }

    fn story_with(&self, contact: usize, sent: &[Sent]) -> Vec<Entry> {
        let alone = self.alone(contact, sent);
        let story = alone.run(&self.machine, None, SEED).story(0);
        assert_eq!(story.contact, self.cast.contact_name(contact));
        story.entries
    }

    /// `2026-01-05 09:30 visit: moved from A to B`.
    fn lines(&self, entries: &[Entry]) -> Vec<String> {
        let line = |entry: &Entry| {
            let (time, cause) = (entry.time.display_in(&self.project.zone()), entry.cause_in_words(&self.project));
            format!("{time} {cause}: {}", entry.outcome_in_words(&self.project))
        };
        entries.iter().map(line).collect()
    }

    fn timeline(&self) -> Timeline {
        let run = self.cast.run(&self.machine, None, SEED);
        Timeline::new(&run, 2, &Progress::default(), MOST_MOVES).expect("nobody cancelled")
    }

    fn with(&self, timeline: &Timeline, contact: u32, sent: &[Sent]) -> Timeline {
        let alone = self.alone(contact as usize, sent);
        timeline.with(contact, &alone.run(&self.machine, None, SEED), MOST_MOVES).expect("few moves")
    }
}

#[test]
fn an_event_moves_the_contact_and_leaves_its_past_as_it_was() {
    for text in [PLAIN, RICH] {
        let told = Told::new(text);
        let somebody = told.somebody_in_a("2026-01-28 12:00");
        let sent = told.sent(u32::try_from(somebody).expect("few"), "2026-01-28 12:00", "go");
        let (before, after) = (told.story(somebody), told.story_with(somebody, std::slice::from_ref(&sent)));
        let past = before.iter().take_while(|entry| entry.time < sent.time).count();
        assert!(past > 0, "the journey has begun");
        assert_eq!(before[..past], after[..past]);
        assert_eq!(told.lines(&after)[past], "2026-01-28 12:00 go: moved from A to B");
        assert_ne!(before[past..], after[past + 1..], "the future is another one");
    }
}

#[test]
fn nobody_else_is_moved_and_taken_back_everything_is_as_it_was() {
    for text in [PLAIN, RICH] {
        let told = Told::new(text);
        let timeline = told.timeline();
        let somebody = u32::try_from(told.somebody_in_a("2026-01-28 12:00")).expect("few");
        let shown = told.with(&timeline, somebody, &[told.sent(somebody, "2026-01-28 12:00", "go")]);
        let of = |timeline: &Timeline, own: bool| -> Vec<_> {
            let own = timeline.moves().iter().filter(|one| (one.contact == somebody) == own);
            own.map(|one| (one.time, one.contact, timeline.way(one).clone())).collect()
        };
        assert_eq!(of(&timeline, false), of(&shown, false));
        assert_ne!(of(&timeline, true), of(&shown, true));
        let back = told.with(&shown, somebody, &[]);
        assert_eq!((back.moves(), back.ways()), (timeline.moves(), timeline.ways()));
    }
}

#[test]
fn without_any_event_a_contact_alone_is_as_it_is_among_the_others() {
    for text in [PLAIN, RICH] {
        let told = Told::new(text);
        for contact in 0..40 {
            // What was sent to somebody else is none of its business.
            let other = told.sent(u32::try_from(contact + 1).expect("few"), "2026-01-28 12:00", "go");
            assert_eq!(told.story_with(contact, &[other]), told.story(contact));
        }
        let run = told.cast.run(&told.machine, None, SEED);
        let all = run.report(2, &Progress::default()).expect("nobody cancelled");
        let alone = (0..40).map(|contact| {
            let alone = told.alone(contact, &[]);
            alone.run(&told.machine, None, SEED).report(1, &Progress::default()).expect("nobody cancelled")
        });
        assert_eq!(alone.reduce(statecraft::simulation::Report::merged).expect("somebody"), all);
    }
}

#[test]
fn at_one_instant_people_come_first_then_what_was_sent_in_order_then_what_is_due() {
    let told = Told::new(
        "start A
        A --tick--> (stay)
        A --after 2 days--> B
        event one
        event two
        behaviour ticks: every 1 day -> tick
        population People: 1 contacts from 2026-01-01",
    );
    let at = "2026-01-03";
    let sent = [told.sent(0, at, "two"), told.sent(0, at, "one"), told.sent(0, "2026-01-02", "one")];
    let happened = told.lines(&told.story_with(0, &sent));
    assert_eq!(
        happened[..7],
        [
            "2026-01-01 00:00 start: entered A",
            "2026-01-02 00:00 tick: stayed in A",
            "2026-01-02 00:00 one: ignored: nothing in A waits for it",
            "2026-01-03 00:00 tick: stayed in A",
            "2026-01-03 00:00 two: ignored: nothing in A waits for it",
            "2026-01-03 00:00 one: ignored: nothing in A waits for it",
            "2026-01-03 00:00 after 2 days: moved from A to B",
        ]
    );
}

#[test]
fn what_comes_before_the_journey_is_remembered_and_what_comes_after_it_is_told() {
    let told = Told::new(
        "start A
        A --look [count(look) >= 2]--> Done
        end Done
        behaviour looks: every 1 day -> look
        population People: 1 contacts from 2026-01-10",
    );
    let sent = [told.sent(0, "2026-01-09", "look"), told.sent(0, "2026-01-20", "look")];
    let happened = told.lines(&told.story_with(0, &sent));
    assert_eq!(happened.len(), 3);
    assert_eq!(happened[1], "2026-01-11 00:00 look: moved from A to Done");
    assert!(happened[2].ends_with("look: after the end in Done"), "{happened:?}");
}

#[test]
fn where_a_team_serves_them_nobody_is_alone() {
    let told = Told::new(
        "start A
        A --answer--> B
        team Reps: 1 people, 10 a week each, Mon–Fri 09:00–17:00
        behaviour answers: on A, by team Reps -> answer
        population People: 3 contacts from 2026-01-02 10:00",
    );
    assert!(told.cast.is_shared());
    assert!(told.cast.alone(&told.project, &told.machine, 0, &[]).is_none());
    assert!(!Told::new(RICH).cast.is_shared());
}
