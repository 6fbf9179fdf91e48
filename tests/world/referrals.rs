//! Contacts whom others have won.

use super::common::{Setting, check_close};
use statecraft::simulation::Progress;

#[test]
fn a_referral_starts_at_that_moment_and_counts_for_itself() {
    let setting = Setting::new(
        "start A\nA --after 10 days / refer()--> B\nA --visit--> (stay)
         behaviour visits: every 3 days -> visit
         population People: 7 contacts from 2026-01-01",
    );
    // Those who start go to B after 10 days; those whom they won on the 21st; those whom these won on the 31st.
    let report = setting.report("2026-01-31", 1);
    let referred = report.referred.expect("there are some");
    assert_eq!((report.contacts, referred.contacts), (7, 21));
    let state = |place: usize| referred.states.values().nth(place).expect("a state").resting;
    assert_eq!((state(0), state(1)), (7, 14));
    // 30, 20, 10 days and none at all for those who started on the last day.
    assert_eq!((report.events, referred.events), (70, 7 * (6 + 3)));
}

#[test]
fn those_who_were_won_are_drawn_under_their_own_ids() {
    let text = |contacts: u32| {
        format!(
            "attribute fit: choice B < A\nstart A
             A --after 1 day [fit >= A] / refer(); refer()--> B\nA --visit--> (stay)
             behaviour visits: 0.5 per 1 day -> visit
             population People: {contacts} contacts from 2026-01-01
               draw fit: A 30 %"
        )
    };
    // A branching process with a mean of 0.6: after ten generations 1.5 · (1 - 0.6^10) per contact, less the first.
    let setting = Setting::new(&text(4_000));
    let report = setting.report("2026-01-11", 3);
    let referred = report.referred.expect("there are some");
    let mean: f64 = (1..=10).map(|generation| 0.6_f64.powi(generation)).sum();
    // The variance of the whole family is 4 · 0.3 · 0.7 / (1 - 0.6)^3 at most.
    check_close(referred.contacts, 4_000.0 * mean, f64::sqrt(4_000.0 * 0.84 / 0.064));
    // Twice the contacts, the same referrals of the first.
    let more = Setting::new(&text(1)).report("2026-01-11", 3);
    assert_eq!(more.contacts, 1);
}

#[test]
fn in_replay_a_referral_is_only_an_effect() {
    let setting = Setting::new(
        "start A\nA --go / refer()--> B\npopulation People: 1 contacts from 2026-01-01\ncontact Anna:
         2026-01-02 go",
    );
    let (dataset, codes) = statecraft::model::Dataset::of_samples(&setting.project);
    let run = statecraft::simulation::Run::new(&setting.machine, &dataset, &codes, None, 1);
    assert_eq!(run.report(1, &Progress::default()).expect("nobody cancelled").referred, None);
    assert_eq!(run.story(0).entries[1].effects, ["started another contact"]);
}

#[test]
fn a_population_that_grows_without_bound_can_be_cancelled() {
    let setting = Setting::new(
        "start A\nA --always / refer()--> B\nA --x--> (stay)\npopulation People: 1 contacts from 2026-01-01",
    );
    let progress = Progress::default();
    let report = std::thread::scope(|scope| {
        let run = scope.spawn(|| setting.run("2026-01-02", 1).report(1, &progress));
        while progress.referred() < 1_000 {
            std::thread::yield_now();
        }
        progress.cancel();
        run.join().expect("no panic")
    });
    assert_eq!(report, None);
}

/// Ten million contacts; a minute without optimisation.
#[test]
#[ignore = "takes long without optimisation"]
fn a_population_that_grows_without_bound_is_stopped_and_said_so() {
    for team in ["", "team Reps: 1 person, 10 a week each, Mon–Fri 09:00–17:00\nbehaviour b: on B, by team Reps -> x\n"]
    {
        let setting = Setting::new(&format!(
            "start A\nA --always / refer()--> B\nA --x--> (stay)\n{team}population People: 3 contacts from 2026-01-01"
        ));
        let report = setting.report("2026-01-02", 1);
        assert_eq!((report.contacts, report.referred, report.endless_referrals), (3, None, true));
    }
}
