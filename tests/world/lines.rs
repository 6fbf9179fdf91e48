//! Lines kept for everybody and lines read one by one are those of each story, in a world as with recorded events.

use statecraft::simulation::{Cause, Outcome, Playback, Progress, Run};

use super::common::Setting;
use super::w2::Workload;

/// Compares everybody's stories with what is kept of them and with what is played from the nearest memory; how many lines
/// each kind of cause has.
fn compare(run: &Run) -> [usize; 4] {
    let progress = Progress::default();
    let (report, stories) = run.stories(2, &progress).expect("nobody cancelled");
    assert_eq!(Some(report), run.report(1, &progress));
    let mut kinds = [0; 4];
    let (machine, mut line_count) = (run.machine(), 0);
    for contact in 0..run.contact_count() {
        let story = run.story(contact).entries;
        let mut lines = stories.lines(contact);
        for told in story.iter().filter(|entry| entry.outcome != Outcome::Halted || !entry.errors.is_empty()) {
            let line = lines.next().expect("a line for each entry");
            let arrows: Vec<_> = line.arrows.iter().map(|arrow| machine.arrow_id(*arrow as usize)).collect();
            assert_eq!(
                (run.cause(line.by), line.time, line.outcome, arrows),
                (told.cause.clone(), told.time, told.outcome, told.arrows.clone()),
                "contact {contact}"
            );
            kinds[match told.cause {
                Cause::Start | Cause::Scheduled(_) => 0,
                Cause::Event(_) => 1,
                Cause::Timer(_) => 2,
                Cause::QuietHoursOver => 3,
            }] += 1;
        }
        assert_eq!(lines.next(), None, "contact {contact}");
        line_count += story.len();
        let playback = Playback::with_marks(run, contact, 3);
        assert_eq!(playback.len(), story.len());
        for line in (0..story.len()).rev() {
            assert_eq!(playback.entries(run, line, 2)[..], story[line..story.len().min(line + 2)], "contact {contact}");
            let memory = playback.memory_after(run, line + 1).expect("a line of the story");
            assert_eq!(machine.known_values(&memory), story[line].values);
        }
    }
    assert_eq!(stories.line_count(), line_count);
    kinds
}

#[test]
fn a_world_of_rates_alone() {
    let workload = Workload::new(60);
    let run = workload.run(3);
    assert!(run.is_express());
    let [starts, events, timers, held] = compare(&run);
    assert!(starts == 60 && events > 600 && timers > 60 && held == 0, "{starts} {events} {timers} {held}");
}

#[test]
fn teams_delays_referrals_and_quiet_hours() {
    let setting = Setting::new(
        "touchpoint mail: e-mail\nscore points\nrule visit: points + event.worth
         policy quiet 21:00–08:00
         start A\nA --visit [points >= 4] / send(mail)--> B\nA --visit / notify(Reps: look)--> (stay)
         B --answer / send(mail); refer()--> C\nB --after 3 days--> A
         C --after 20 h / send(mail)--> A\nB --read / points = 0--> (stay)
         team Reps: 2 people, 10 a week each, Mon–Fri 09:00–17:00
         behaviour visits: 1.5 per 1 day -> visit (worth = 2)
         behaviour reads: when sent mail, after 5 h -> read 60 %
         behaviour answers: on B, by team Reps, after 30 min -> answer
         population People: 40 contacts from 2026-01-02 10:00",
    );
    let run = setting.run("2026-02-15", 7);
    assert!(!run.is_express());
    let [starts, events, timers, held] = compare(&run);
    assert!(starts == 40 && events > 400 && timers > 40 && held > 20, "{starts} {events} {timers} {held}");
}
