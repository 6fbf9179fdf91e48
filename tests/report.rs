//! What a report says of journeys small enough to work out by hand.

use std::collections::BTreeMap;

use statecraft::analysis::results::{self, Conversion, Handover, Leak, Stay};
use statecraft::analysis::sheet::Cell;
use statecraft::model::{Assumption, Dataset, Project, Time, Zone, notation};
use statecraft::simulation::report::{Ending, SendTally, StepTally, Times};
use statecraft::simulation::{Machine, Progress, Report, Run};

fn time(text: &str) -> Time {
    Time::parse(text, &Zone::default()).expect("a time")
}

fn report_of(project: &Project, until: &str) -> Report {
    let (dataset, codes) = Dataset::of_samples(project);
    let machine = Machine::of(project);
    Run::new(&machine, &dataset, &codes, Some(time(until)), 1).report(2, &Progress::default()).expect("not cancelled")
}

/// The project of a notation and its report.
fn played(text: &str, until: &str) -> (Project, Report) {
    let project = notation::parse(text).expect("it reads");
    let report = report_of(&project, until);
    (project, report)
}

/// Whole days with how often they were counted.
fn days(times: &Times) -> Vec<(f64, u64)> {
    times.bins().map(|(bin, count)| ((Times::middle(bin) / 8_640_000.0).round() / 10.0, count)).collect()
}

#[test]
fn time_in_a_state_is_that_of_finished_visits_and_of_those_that_go_on() {
    let (project, report) = played(
        "start A\nA --go--> B\nB --back--> A\n
         contact X\n2026-01-01 other, 2026-01-03 go, 2026-01-04 back\n
         contact Y\n2026-01-01 other, 2026-01-05 go\n
         event other",
        "2026-01-11",
    );
    let stays = |name: &str| &report.stays[&project.node_by_name(name).expect("it is there").id];
    assert_eq!((days(&stays("A").finished), days(&stays("A").inside)), (vec![(2.0, 1), (4.0, 1)], vec![(7.0, 1)]));
    assert_eq!((days(&stays("B").finished), days(&stays("B").inside)), (vec![(1.0, 1)], vec![(6.0, 1)]));
}

const SALES: &str = "start Lead
event reject: reason
Lead --call / notify(Sales: call)--> MQL
MQL --accept--> SAL
MQL --reject--> Recycled
MQL --after 2 days / notify(Manager: late)--> (stay)
MQL --after 9 days--> Stale
SAL --after 1 day--> SAL
";

#[test]
fn a_hand_over_ends_by_what_makes_the_contact_leave_the_state() {
    let (project, report) = played(
        &format!(
            "{SALES}
             contact A\n2026-01-01 call, 2026-01-02 accept
             contact B\n2026-01-01 call, 2026-01-02 reject (reason = \"timing\")
             contact C\n2026-01-01 call, 2026-01-04 reject (reason = \"timing\")
             contact D\n2026-01-01 call, 2026-01-02 reject
             contact E\n2026-01-01 call
             contact F\n2026-01-19 call"
        ),
        "2026-01-20",
    );
    let event = |name: &str| Ending::Event(project.event_by_name(name).expect("it is there").id);
    let stale = project
        .transitions
        .values()
        .find(|arrow| arrow.target.is_some_and(|target| project.node_label(target) == "Stale"));
    let stale = Ending::Timer(stale.expect("it is there").id);
    let sales = &report.handovers["Sales"];
    assert_eq!((sales.count(), sales.open), (6, 1));
    assert_eq!(
        sales.ended,
        BTreeMap::from([
            ((event("accept"), String::new()), 1),
            ((event("reject"), String::from("timing")), 2),
            ((event("reject"), String::new()), 1),
            ((stale, String::new()), 1),
        ])
    );
    let manager = &report.handovers["Manager"];
    assert_eq!((manager.count(), manager.open), (2, 0));
    assert_eq!(manager.ended[&(event("reject"), String::from("timing"))], 1);
}

#[test]
fn a_hand_over_beside_other_regions_belongs_to_its_own() {
    let (project, report) = played(
        "start P\nparallel P\ngroup One in P\ngroup Two in P\nstate A in One\nstate B in One\nstate C in Two\nstate D in Two
         A --ask / notify(Sales: hello)--> B\nC --go--> D\nB --answer--> A
         contact X\n2026-01-01 ask, 2026-01-02 go, 2026-01-03 answer",
        "2026-02-01",
    );
    let answer = project.event_by_name("answer").expect("it is there").id;
    assert_eq!(report.handovers["Sales"].ended, BTreeMap::from([((Ending::Event(answer), String::new()), 1)]));
}

#[test]
fn contacts_leak_where_they_got_no_further() {
    let text = |name: &str, events: &str| format!("contact {name}\n2026-01-01 {events}\n");
    let contacts: String = [
        ("A", "visit, 2026-01-02 apply, 2026-01-03 sign"),
        ("B", "visit, 2026-01-02 apply"),
        ("C", "visit, 2026-01-02 stop"),
        ("D", "visit"),
        ("E", "visit, 2026-01-02 apply, 2026-01-03 decline"),
        ("F", "other"),
    ]
    .into_iter()
    .map(|(name, events)| text(name, events))
    .collect();
    let (project, report) = played(
        &format!(
            "event other
             group All\nstate Start in All\nstate Seen in All\nstate Applied in All\nend Signed\nend Gone\nend Declined
             start Start
             Start --visit / convert(visit)--> Seen
             Seen --apply / convert(application, 10)--> Applied
             Seen --after 8 days--> Start
             Applied --sign / convert(signed, 500)--> Signed
             Applied --decline--> Declined
             All --!stop--> Gone
             {contacts}"
        ),
        "2026-01-20",
    );
    assert_eq!(Machine::of(&project).conversion_points(), ["visit", "application", "signed"]);
    let step = |name: Option<&str>| report.steps[&name.map(str::to_owned)];
    assert_eq!(step(None), StepTally { stuck: 1, ..StepTally::default() });
    assert_eq!(step(Some("visit")), StepTally { lost: 1, expired: 1, ..StepTally::default() });
    assert_eq!(step(Some("application")), StepTally { lost: 1, stuck: 1, expired: 0, cents: 2_000 });
    assert_eq!(step(Some("signed")), StepTally { lost: 1, cents: 51_000, ..StepTally::default() });
    assert_eq!((report.value.count, report.value.sum), (6, 53_000));
    assert_eq!(report.conversions["application"].contacts, 3);
}

#[test]
fn conversions_count_contacts_once_and_are_discounted_from_the_start_of_each() {
    let mut project = notation::parse(
        "start A\nA --pay / convert(payment, 100)--> A
         contact X\n2026-01-01 pay, 2026-01-31 10:30 pay, 2027-01-01 06:00 pay\ncontact Y\n2026-06-01 pay",
    )
    .expect("it reads");
    let plain = report_of(&project, "2028-01-01").conversions["payment"];
    assert_eq!((plain.count, plain.contacts, plain.cents), (4, 2, 40_000));
    project.info.discount = Some(Assumption::guessed(0.01));
    // After no month, one month of 365.25/12 days, twelve of them; and another contact at its own start.
    let expected = 10_000 + 9_901 + 8_874 + 10_000;
    assert_eq!(report_of(&project, "2028-01-01").conversions["payment"].cents, expected);
}

#[test]
fn messages_are_counted_by_touchpoint_and_by_contact() {
    let (project, report) = played(
        "start A\nA --go / send(mail)--> A\nA --call / send(phone)--> A
         contact X\n2026-01-01 go, 2026-01-02 go, 2026-01-03 call\ncontact Y\n2026-01-01 go\ncontact Z\n2026-01-01 other\nevent other",
        "2026-02-01",
    );
    let mail = project.touchpoint_by_name("mail").expect("it is there").id;
    assert_eq!(report.sends.touchpoints[&mail], SendTally { sent: 3, ..SendTally::default() });
    assert_eq!(report.sends.per_contact, BTreeMap::from([(0, 1), (1, 1), (3, 1)]));
    assert_eq!((report.sends.total().delivered(), report.sends.capped_contacts), (4, 0));
}

#[test]
fn results_are_worked_out_from_the_report() {
    let contacts: String = ["A", "B", "C", "D"]
        .into_iter()
        .zip([
            "visit, 2026-01-03 buy, 2026-01-04 buy",
            "visit, 2026-01-05 reject (reason = \"price\")",
            "visit",
            "other",
        ])
        .flat_map(|(name, events)| ["contact ", name, "\n2026-01-01 ", events, "\n"].map(str::to_owned))
        .collect();
    let (project, report) = played(
        &format!(
            "event other\nevent reject: reason
             start Start\nend Gone
             Start --visit / convert(visit); notify(Sales: call)--> Seen
             Seen --buy / convert(order, 50)--> Bought\nBought --buy / convert(order, 50)--> Bought
             Seen --reject--> Gone
             {contacts}"
        ),
        "2026-01-11",
    );
    let points = Machine::of(&project).conversion_points();
    let conversions = results::conversions(&points, &report);
    assert_eq!((conversions[0].contacts, conversions[0].all, conversions[0].step), (3, 4, (3, 4)));
    assert_eq!((conversions[1].contacts, conversions[1].count, conversions[1].step), (1, 2, (1, 3)));
    let leaks = results::leaks(&points, &report);
    assert_eq!((leaks[0].label(), leaks[0].reached, leaks[0].stuck), (String::from("start → visit"), 4, 1));
    assert_eq!((leaks[1].lost, leaks[1].stuck, leaks[1].worth, leaks[1].money()), (1, 1, Some(100.0), Some(200.0)));
    let stays = results::stays(&project, &report);
    let seen = stays.iter().find(|stay| stay.state == "Seen").expect("it was entered");
    assert_eq!((seen.visits, seen.inside, seen.ninth), (3, 1, None));
    // Two thirds are over: one after two days, one after four.
    assert!((seen.median.expect("two thirds left") - 4.0).abs() < 0.04, "{seen:?}");
    let handovers = results::handovers(&project, &report);
    let rows: Vec<_> = handovers.iter().map(|row| (row.outcome.as_str(), row.reason.as_str(), row.count)).collect();
    assert_eq!(rows, [("reject", "price", 1), ("buy", "", 1), ("still open", "", 1)]);
    assert_eq!(results::most_messages(&report), Some(0));
    let values = results::values(&report);
    assert_eq!(values.rows[0][1..3], [Cell::Number(100.0), Cell::Number(25.0)]);
    for sheet in [
        Conversion::sheet(&conversions),
        Leak::sheet(&leaks),
        Stay::sheet(&stays),
        Handover::sheet(&handovers),
        results::sends(&project, &report),
        values,
    ] {
        assert!(sheet.rows.iter().all(|row| row.len() == sheet.head.len()), "{sheet:?}");
    }
}
