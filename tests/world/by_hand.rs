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
        timeline
            .with(contact, &alone.run(&self.machine, None, SEED), &Progress::default(), MOST_MOVES)
            .expect("few moves")
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
        // By the contact from whom they come down, since the numbers of those who were won are others.
        let of = |timeline: &Timeline, theirs: bool| -> Vec<_> {
            let newcomers = timeline.newcomers();
            let name = |contact: u32| {
                let newcomer = newcomers.get(contact as usize).map(|newcomer| newcomer.root);
                (newcomer.unwrap_or(contact), newcomers.path(contact as usize))
            };
            let own = timeline.moves().iter().map(|one| (one.time, name(one.contact), timeline.way(one).clone()));
            let mut own: Vec<_> = own.filter(|(_, (root, _), _)| (*root == somebody) == theirs).collect();
            own.sort_by_key(|(time, name, _)| (*time, name.clone()));
            own
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
    assert_eq!(happened[2], "2026-01-20 00:00 look: after the end in Done");
}

/// Who is asked is answered by a team, one after the other; who leaves is waited for no more. Whoever is answered may win
/// another one.
const TEAM: &str = "attribute fit: choice C < B < A
    event mark
    start A
    A --ask--> B
    A --leave--> Out
    B --leave--> Out
    B --answer [chance(50%)] / refer()--> C
    B --answer--> A
    end Out
    team Reps: 2 people, 10 a week each, Mon–Fri 09:00–17:00
    behaviour asks: 0.2 per 1 day in A -> ask
    behaviour answers: on B, after exponential 1 h, cancelled on leaving, by team Reps -> answer 80 %
    population People: 60 contacts from 2026-01-01
      draw fit: C 30 %, B 60 %, A 10 %
      earlier mark: 1 100 % within 1 day";

impl Told {
    /// Everybody, with what was sent.
    fn everybody(&self, sent: &[Sent]) -> Cast {
        self.cast.with_sent(&self.machine, sent).expect("they wait for each other")
    }

    fn stories(&self, cast: &Cast) -> Vec<Vec<Entry>> {
        let run = cast.run(&self.machine, None, SEED);
        (0..run.contact_count()).map(|contact| run.story(contact).entries).collect()
    }
}

#[test]
fn where_a_team_serves_them_everybody_is_played_again_and_others_wait_differently() {
    let told = Told::new(TEAM);
    assert!(told.cast.is_shared());
    assert!(told.cast.alone(&told.project, &told.machine, 0, &[]).is_none());
    assert!(!Told::new(RICH).cast.is_shared());
    assert!(Told::new(RICH).cast.with_sent(&told.machine, &[]).is_none());
    let before = told.stories(&told.cast);
    assert_eq!(told.stories(&told.everybody(&[])), before, "nothing was sent");
    let sent = told.sent(4, "2026-01-12 10:00", "leave");
    let after = told.stories(&told.everybody(std::slice::from_ref(&sent)));
    let past = |entries: &[Entry]| -> Vec<Entry> {
        entries.iter().take_while(|entry| entry.time < sent.time).cloned().collect()
    };
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(past(before), past(after), "the past stays as it was");
    }
    let others = (0..60).filter(|contact| *contact != 4 && before[*contact] != after[*contact]).count();
    assert!(others > 5, "{others} others have another future");
    assert!(told.lines(&after[4]).contains(&String::from("2026-01-12 10:00 leave: moved from B to Out")));
}

/// An event that is sent is as if the world had brought it about: the same to the last bit, for everybody. Those whom
/// others have won have no past, and so no mark.
#[test]
fn what_is_shown_is_a_run_with_that_event() {
    let told = Told::new(TEAM);
    let best: Vec<u32> = (0_u32..)
        .zip(told.stories(&told.cast))
        .filter(|(_, story)| story[0].values.contains(&(String::from("fit"), String::from("A"))))
        .map(|(contact, _)| contact)
        .collect();
    assert!((3..15).contains(&best.len()), "{best:?}");
    for event in ["ask", "leave", "answer"] {
        let sent: Vec<Sent> = best.iter().map(|contact| told.sent(*contact, "2026-01-09 11:00", event)).collect();
        let by_hand = told.everybody(&sent);
        let world = Told::new(&TEAM.replace(
            "population",
            &format!(
                "behaviour sends: at start [fit >= A and count(mark) = 1], after 203 h -> {event}\n    population"
            ),
        ));
        let (run, other) = (by_hand.run(&told.machine, None, SEED), world.cast.run(&world.machine, None, SEED));
        let report = |run: &statecraft::simulation::Run| run.report(2, &Progress::default()).expect("nobody cancelled");
        let (found, expected) = (report(&run), report(&other));
        assert!(found.newcomers.is_some(), "some are won");
        assert_eq!(found, expected, "{event}");
        assert_ne!(found, report(&told.cast.run(&told.machine, None, SEED)), "{event} changes something");
        let build = |run| Timeline::new(run, 2, &Progress::default(), MOST_MOVES).expect("few moves");
        let (found, expected) = (build(&run), build(&other));
        assert_eq!((found.moves(), found.ways()), (expected.moves(), expected.ways()));
        assert_eq!(found.newcomers(), expected.newcomers());
    }
}

#[test]
fn how_they_wait_is_found_out_once_for_all_runs_that_are_alike() {
    let told = Told::new(TEAM);
    let run = told.cast.run(&told.machine, None, SEED);
    let waits = run.waits(&Progress::default()).expect("nobody cancelled");
    let other = told.cast.run(&told.machine, None, SEED).knowing(&waits);
    assert_eq!((0..60).map(|contact| other.story(contact).entries).collect::<Vec<_>>(), told.stories(&told.cast));
    let cancelled = Progress::default();
    cancelled.cancel();
    assert!(told.cast.run(&told.machine, None, SEED).waits(&cancelled).is_none());
}

/// Those whom the contact wins are part of its future.
#[test]
fn another_future_wins_others() {
    let told = Told::new(
        "start A
        A --go / refer()--> B
        A --look--> (stay)
        B --look / refer()--> B
        B --after 30 days--> C
        behaviour looks: 0.1 per 1 day -> look
        behaviour goes: at start, after exponential 30 days -> go 60 %
        population People: 40 contacts from 2026-01-01 over 20 days",
    );
    let timeline = told.timeline();
    let roots = |timeline: &Timeline| -> Vec<(u32, Time)> {
        let newcomers = timeline.newcomers();
        (40..40 + newcomers.len()).filter_map(|number| newcomers.get(number)).map(|one| (one.root, one.start)).collect()
    };
    for contact in 0..40_u32 {
        let shown = told.with(&timeline, contact, &[told.sent(contact, "2026-01-21 12:00", "go")]);
        let others =
            |all: Vec<(u32, Time)>| -> Vec<_> { all.into_iter().filter(|(root, _)| *root != contact).collect() };
        assert_eq!(others(roots(&shown)), others(roots(&timeline)));
        // All counts are those of a run in which that happens.
        let alone = told.alone(contact as usize, &[told.sent(contact, "2026-01-21 12:00", "go")]);
        let alone = Timeline::new(&alone.run(&told.machine, None, SEED), 1, &Progress::default(), MOST_MOVES);
        let own = roots(&shown).into_iter().filter(|(root, _)| *root == contact).count();
        assert_eq!(own, alone.expect("few moves").newcomers().len());
        let back = told.with(&shown, contact, &[]);
        assert_eq!(
            (back.moves(), back.ways(), back.newcomers()),
            (timeline.moves(), timeline.ways(), timeline.newcomers())
        );
    }
}
