//! Durations, wall-clock times and repeats on the contact's calendar, with every clock change of eleven zones as a row.

use std::path::PathBuf;

use statecraft::model::{Dataset, Duration, Time, Unit, Zone, notation};
use statecraft::simulation::{Cause, Machine, Run};

const SECOND: i64 = 1_000;
const DAY: i64 = 86_400_000;

/// The instants at which the timers of one contact fired, on the clock of its zone.
fn fired(chart: &str, zone: &str, start: &str, until: &str, events: &str) -> Vec<String> {
    let text = format!("zone {zone}\n{chart}\ncontact Anna: start = {start}\n{events}");
    let project = notation::parse(&text).expect("it reads");
    let (machine, problems) = Machine::compile(&project);
    assert_eq!(problems, []);
    let (dataset, codes) = Dataset::of_samples(&project);
    let zone = project.zone();
    let until = Some(Time::parse(until, &zone).expect("a time"));
    let story = Run::new(&machine, &dataset, &codes, until, 1).story(0);
    let timers = story.entries.iter().filter(|entry| matches!(entry.cause, Cause::Timer(_)));
    timers.map(|entry| entry.time.display_in(&zone)).collect()
}

#[test]
fn a_repeating_timer_counts_from_its_first_time_without_drift() {
    assert_eq!(
        fired("A --after 90 days, then every 30 days--> (stay)", "UTC", "2026-01-01", "2026-06-15", ""),
        ["2026-04-01 00:00", "2026-05-01 00:00", "2026-05-31 00:00"]
    );
    // The end of January, month after month: February is short, March is not.
    assert_eq!(
        fired("A --after 1 month, then every 1 month--> (stay)", "UTC", "2025-12-31", "2026-04-30", ""),
        ["2026-01-31 00:00", "2026-02-28 00:00", "2026-03-31 00:00", "2026-04-30 00:00"]
    );
}

#[test]
fn rearming_starts_the_repeats_over() {
    assert_eq!(
        fired(
            "A --after 7 days without click, then every 2 days--> (stay)",
            "UTC",
            "2026-01-01",
            "2026-01-22",
            "2026-01-11 12:00 click"
        ),
        ["2026-01-08 00:00", "2026-01-10 00:00", "2026-01-18 12:00", "2026-01-20 12:00"]
    );
}

#[test]
fn a_repeat_ends_when_the_state_is_left_and_asks_its_guard_each_time() {
    assert_eq!(
        fired(
            "start A\nA --after 1 day, then every 1 day--> (stay)\nA --go--> B",
            "UTC",
            "2026-01-01",
            "2026-02-01",
            "2026-01-03 12:00 go"
        ),
        ["2026-01-02 00:00", "2026-01-03 00:00"]
    );
    // Refused on the 2nd, taken on the 3rd.
    let chart = "start A\nend B\nA --after 1 day, then every 1 day [count(go) >= 1]--> B";
    assert_eq!(
        fired(chart, "UTC", "2026-01-01", "2026-02-01", "2026-01-02 12:00 go"),
        ["2026-01-02 00:00", "2026-01-03 00:00"]
    );
}

#[test]
fn a_wall_clock_time_is_the_next_one_on_the_contacts_clock() {
    assert_eq!(fired("A --at Mon–Fri 09:00--> B", "UTC", "2026-01-02 09:00", "2026-02-01", ""), ["2026-01-05 09:00"]);
    assert_eq!(fired("A --at 09:00--> B", "UTC", "2026-01-02 08:59", "2026-02-01", ""), ["2026-01-02 09:00"]);
    assert_eq!(
        fired("A --every Mon–Fri 09:00--> (stay)", "Europe/Berlin", "2026-03-26 10:00", "2026-03-31 12:00", ""),
        ["2026-03-27 09:00", "2026-03-30 09:00", "2026-03-31 09:00"]
    );
    // 02:30 does not exist on the 29th: the first valid instant instead.
    assert_eq!(
        fired("A --every 02:30--> (stay)", "Europe/Berlin", "2026-03-28 00:00", "2026-03-30 12:00", ""),
        ["2026-03-28 02:30", "2026-03-29 03:00", "2026-03-30 02:30"]
    );
    // It comes twice on the 25th: the first time only.
    assert_eq!(
        fired("A --every 02:30--> (stay)", "Europe/Berlin", "2026-10-24 12:00", "2026-10-26 12:00", ""),
        ["2026-10-25 02:30", "2026-10-26 02:30"]
    );
}

/// One clock change, as `transitions.csv` tells it.
struct Change {
    zone: Zone,
    name: String,
    /// The first instant after it.
    instant: Time,
    last_before: String,
    first_after: String,
    /// In seconds, forwards.
    shift: i64,
}

fn changes() -> Option<Vec<Change>> {
    let folder = std::env::var_os("STATECRAFT_TEST_DATA").map(PathBuf::from)?;
    let mut reader =
        csv::Reader::from_path(folder.join("nasty/timezones/transitions.csv")).expect("the table of changes");
    let utc = Zone::default();
    let change = |row: csv::StringRecord| Change {
        zone: Zone::named(&row[0]).expect("a zone"),
        name: format!("{} {}", &row[0], &row[1]),
        instant: Time::parse(&row[1], &utc).expect("an instant"),
        last_before: row[2].to_owned(),
        first_after: row[5].to_owned(),
        shift: row[9].parse().expect("a number of seconds"),
    };
    Some(reader.records().map(|row| change(row.expect("a row"))).collect())
}

/// The clock's reading as if it were UTC, for counting on it.
fn reading(local: &str) -> Time {
    Time::parse(local, &Zone::default()).expect("a reading")
}

fn on_clock(reading: Time) -> String {
    reading.display_in(&Zone::default())
}

#[test]
fn every_clock_change_is_met_as_the_calendar_has_it() {
    let Some(changes) = changes() else {
        println!("skipped: STATECRAFT_TEST_DATA is not set");
        return;
    };
    assert_eq!(changes.len(), 927);
    for change in &changes {
        let Change { zone, name, instant, shift, .. } = change;
        let (before, after) = (reading(&change.last_before), reading(&change.first_after));
        let parse = |reading: Time| Time::parse(&on_clock(reading), zone).expect("a reading of the clock");
        // The readings on both sides are what they should be.
        assert_eq!(Time(instant.0 - SECOND).display_in(zone), on_clock(before), "{name}: before");
        assert_eq!(instant.display_in(zone), on_clock(after), "{name}: after");
        if *shift > 0 {
            // A gap: every time in it, its first and its last second and its middle, is the first valid instant.
            for skipped in [before.0 + SECOND, i64::midpoint(before.0, after.0) / SECOND * SECOND, after.0 - SECOND] {
                assert_eq!(parse(Time(skipped)), *instant, "{name}: {}", on_clock(Time(skipped)));
            }
            assert_eq!(parse(before), Time(instant.0 - SECOND), "{name}: the last second before the gap");
        } else if *shift < 0 {
            // An overlap: every time in it means its first occurrence, before the change.
            for twice in [after.0, i64::midpoint(after.0, before.0) / SECOND * SECOND, before.0] {
                let found = parse(Time(twice));
                assert!(found < *instant, "{name}: {}", on_clock(Time(twice)));
                assert_eq!(found.display_in(zone), on_clock(Time(twice)), "{name}");
            }
        }
        // A calendar day over the change is a day on the clock; 24 hours are 24 hours.
        let noon = Time(before.0 / DAY * DAY - DAY / 2);
        let start = parse(noon);
        let next = start.plus(Duration::days(1), zone);
        assert_eq!(next, parse(Time(noon.0 + DAY)), "{name}: a day");
        assert_eq!(start.plus(Duration::new(24, Unit::Hour), zone).0 - start.0, DAY, "{name}: 24 hours");
        // Counting back over it ends where counting on began, wherever the clock has that time once.
        let later = Time(before.0 / DAY * DAY + 3 * DAY + DAY / 2);
        assert_eq!(
            parse(later).minus(Duration::days(5), zone),
            parse(Time(later.0 - 5 * DAY)),
            "{name}: five days back"
        );
    }
    println!("{} clock changes", changes.len());
}

#[test]
fn timers_meet_every_clock_change_as_the_calendar_has_it() {
    let Some(changes) = changes() else {
        println!("skipped: STATECRAFT_TEST_DATA is not set");
        return;
    };
    for change in changes.iter().filter(|change| change.shift > 0) {
        // Due in the middle of the gap, two days after entry at the same reading of the clock.
        let skipped = i64::midpoint(reading(&change.last_before).0, reading(&change.first_after).0) / 60_000 * 60_000;
        let entry = Time::parse(&on_clock(Time(skipped - 2 * DAY)), &change.zone).expect("a reading");
        let due = entry.plus(Duration::days(2), &change.zone);
        assert_eq!(due, change.instant, "{}: two days", change.name);
        let clock = on_clock(Time(skipped));
        let moment = clock.split(' ').nth(1).and_then(|clock| clock.parse().ok()).expect("a time of day");
        let next = change.zone.next(moment, Time(change.instant.0 - 60_000)).expect("a next time");
        assert!(next >= change.instant, "{}: {clock} came before it exists", change.name);
    }
}
