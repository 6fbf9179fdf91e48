//! What the check says of a journey without running it: what is certain, and nothing of what may be meant.

use statecraft::analysis::{findings, problems};
use statecraft::model::{Edit, notation};
use statecraft::simulation::{Kind, Severity};

/// Errors and warnings, but for cases that conditions leave open, which have tests of their own.
#[track_caller]
fn check(chart: &str, expected: &[&str]) {
    let mut found = problems(&notation::parse(chart).unwrap());
    found.retain(|problem| problem.severity > Severity::Hint && problem.kind != Kind::Gap);
    assert_eq!(found.len(), expected.len(), "{chart}: {found:#?}");
    for (problem, expected) in found.iter().zip(expected) {
        assert!(problem.message.contains(expected), "{chart}: {}", problem.message);
    }
}

/// The warnings of a journey that has no other problem than those of the arrows from A.
fn check_arrows(declared: &str, arrows: &str, expected: &[&str]) {
    check(&format!("{declared}\nstart A\nend B\nend C\nA --leave--> B\nA --leave by C--> C\n{arrows}"), expected);
}

const KNOWN: &str = "attribute fit: choice D < C < B < A\nattribute segment: text\nattribute opted: yes/no
    attribute n: number\nscore s\nevent go: reason, n -> n\nevent other\ntouchpoint hello\ntouchpoint bye";

#[test]
fn conditions_that_can_hold_at_once_depend_on_their_order() {
    let overlap = "from holding at once; then the arrow from A to B is taken";
    for (one, two) in [
        ("fit >= B", "s >= 50"),
        ("s >= 20", "s <= 50"),
        ("fit <= B and s > 5", "fit >= B and s > 3"),
        ("count(go) >= 3", "count(go, 60 days) <= 5"),
        ("event.reason in (a, b)", "event.reason in (b, c)"),
        ("event.reason != a", "event.reason != b"),
        ("segment = smb", "not opted"),
        ("last(touchpoint) != hello", "last(touchpoint) in (hello, bye) and s > 1"),
        ("since(other) > 3 days", "since(other) < 5 days"),
        ("not fit >= B", "n > 2 and segment != smb"),
        ("s > n", "s > 5"),
        ("s + 1 > 3", "fit = A"),
        ("s > 5 or n > 5", "fit = A"),
        ("time_here > 3 days", "count_here(go) > 3"),
        ("min(n, s) > 2", "n - s > 1"),
        ("since(other) > 1 month", "since(other) < 33 days"),
    ] {
        let arrows = format!("A --go [{one}]--> B\nA --go [{two}]--> C");
        check_arrows(KNOWN, &arrows, &[overlap]);
    }
    check_arrows(KNOWN, "A --go or other [s > 1]--> B\nA --go [fit = A]--> C", &[overlap]);
    check_arrows(KNOWN, "A --any event [s > 1]--> B\nA --go [fit = A]--> C", &[overlap]);
    check_arrows(KNOWN, "A --always [s > 1]--> B\nA --always [fit = A]--> C", &[overlap]);
}

#[test]
fn nothing_is_said_where_it_is_not_certain_or_plainly_meant() {
    for (one, two) in [
        // They exclude each other.
        ("fit >= B", "fit < B"),
        ("s >= 50", "s < 50"),
        ("count(go) > 2", "count(go) < 3"),
        ("count(go) = 1", "count(go, 90 days) >= 4"),
        ("count(go, 7 days) >= 4", "count(go, 30 days) < 4"),
        ("count_here(go) > 3", "count(go) <= 3"),
        ("fit = B", "fit in (A, C, D)"),
        ("fit is unknown", "fit >= D"),
        ("not fit >= B", "fit >= B"),
        ("opted", "not opted"),
        ("opted = yes", "opted = no"),
        ("event.reason = timing", "event.reason in (fit, duplicate)"),
        ("event.reason = timing", "event.reason != timing"),
        ("time_here <= 24 h", "time_here > 24 h"),
        ("last(touchpoint) = hello", "last(touchpoint) = bye"),
        ("3 < n", "n < 3"),
        // A general one after a special one is how \"else\" is drawn.
        ("s >= 50", "s >= 20"),
        ("fit >= B and s >= 50", "s >= 50"),
        ("count(go, 60 days) >= 3", "count(go) >= 3"),
        ("count(go) <= 3", "count(go, 60 days) <= 3"),
        ("fit = A", "fit is not unknown"),
        // The attribute has the value that the event brings.
        ("n > 5", "event.n < 3"),
        // Draws part contacts on purpose.
        ("chance(50%)", "chance(50%)"),
        // Nobody can tell.
        ("since(other) > 1 month", "since(other) < 31 days"),
        ("n * s > 5", "n * s > 7"),
        ("remainder(n, 2) = 1", "s > 3"),
    ] {
        check_arrows(KNOWN, &format!("A --go [{one}]--> B\nA --go [{two}]--> C"), &[]);
    }
    check_arrows(KNOWN, "A --go [s > 1]--> B\nA --other [fit = A]--> C", &[]);
    check_arrows(KNOWN, "A --go [s > 1]--> B\nA --go [fit = A]--> B", &[]);
    check_arrows(KNOWN, "A --go [s > 1]--> B\nA --go--> C", &[]);
}

#[test]
fn what_another_condition_leaves_nothing_to_never_fires() {
    let shadow = "stands before it, waits for the same and has a condition that holds whenever this one does";
    for (one, two) in [
        ("s >= 20", "s >= 50"),
        ("s >= 20", "s >= 50 and fit = A"),
        ("fit >= C", "fit in (A, B)"),
        ("count(go) >= 3", "count(go, 60 days) >= 3"),
        ("count(go, 30 days) < 3", "count(go, 60 days) < 3"),
        ("event.reason != a", "event.reason = b"),
        ("opted = yes", "opted"),
    ] {
        check_arrows(KNOWN, &format!("A --go [{one}]--> B\nA --go [{two}]--> C"), &[shadow]);
    }
    for (one, two) in [("s >= 20 or fit = A", "fit = A and s > 3"), ("not (s < 5 and n < 5)", "s > 5")] {
        check_arrows(KNOWN, &format!("A --go [{one}]--> B\nA --go [{two}]--> C"), &[shadow]);
    }
    let together = "A --go [s < 5]--> B\nA --go [s >= 3]--> B\nA --go [fit = A]--> C";
    check_arrows(KNOWN, together, &["one of the arrows before it is taken"]);
    check_arrows(KNOWN, "A --go [since(go) > 3 days]--> B", &["nothing can pass its condition"]);
    check_arrows(KNOWN, "A --go [in(B)]--> B", &["nothing can pass its condition"]);
    for never in ["fit >= B and fit < B", "count(go) < 0", "s > 3 and s < 2", "event.reason = a and event.reason = b"] {
        check_arrows(KNOWN, &format!("A --go [{never}]--> B"), &["nothing can pass its condition"]);
    }
    let group = "group G\nstate A in G\nend Z\nend Y\n";
    check(&format!("{group}A --on--> Z\nG --stop--> Z\nG --!stop--> Y"), &["stands before it"]);
    check(&format!("{group}A --on--> Z\nG --!stop--> Y\nG --stop--> Z"), &["stands before it"]);
}

#[test]
fn always_arrows_that_go_round_in_circles_are_told_once() {
    let circle = "go round in circles: B → C → B.";
    let way = "start A\nend Z\nA --go--> B\n";
    check(&format!("{way}B --always--> C\nC --always--> B\nC --go--> Z"), &[circle]);
    check(&format!("{way}B --always--> C\nC --always [count(go) > 1]--> B\nC --go--> Z"), &[]);
    check(&format!("{way}B --always [count(go) > 9]--> Z\nB --always--> C\nC --always--> B"), &[]);
    check(&format!("{way}B --always--> (stay)\nB --go--> Z"), &["in circles: B → B."]);
    check(&format!("{way}B --always--> B\nB --go--> Z"), &["in circles: B → B."]);
    check(
        &format!("{way}group G\nstate B in G\nstate C in G\nB --always--> C\nG --always--> G\nG --go--> Z"),
        &["in circles: B → C → B"],
    );
    check(&format!("{way}B --always--> C\nC --go--> Z"), &[]);
}

#[test]
fn an_always_arrow_does_not_notice_that_time_passes() {
    let known = "attribute n: number\nscore plain\nscore s: half-life 30 days\nevent go\nevent buy";
    for (guard, timer) in [
        ("time_here >= 3 days", "after 3 days\""),
        ("since(buy) > 2 weeks", "after 2 weeks since buy\""),
        ("not (since(buy) < 30 days)", "after 30 days since buy\""),
        ("count(buy, 60 days) < 1", "after 1 day, then every 1 day\""),
        ("plain > 3 and s < 10", "after 1 day, then every 1 day\""),
        ("s > -10", "after 1 day"),
        ("not s >= 10", "after 1 day"),
        ("10 > s", "after 1 day"),
        ("s < n", "after 1 day"),
        ("s + 1 < 10", "after 1 day"),
    ] {
        check_arrows(known, &format!("A --always [{guard}]--> B"), &[timer]);
    }
    for guard in [
        "time_here < 3 days",
        "since(buy) < 3 days",
        "count(buy, 60 days) >= 3",
        "count(buy) > 3",
        "s >= 10",
        "s > 0",
        "s < 0",
        "not s < 10",
        "plain < 10",
        "n = 3",
    ] {
        check_arrows(known, &format!("A --always [{guard}]--> B"), &[]);
        check_arrows(known, &format!("A --go [not ({guard})]--> B"), &[]);
    }
}

#[test]
fn a_timer_that_another_forestalls_never_comes() {
    let never = "always leaves A before it is due";
    for (early, late, expected) in [
        ("after 7 days", "after 30 days", true),
        ("after 7 days", "after 30 days [count(go) > 1]", true),
        ("after 7 days", "after 1 week", true),
        ("after 30 days", "after 7 days", true),
        ("after 7 days [count(go) > 1]", "after 30 days", false),
        ("after 23 h", "after 1 day", false),
        ("after 23 h", "after 3 days", true),
        ("after 30 days", "after 1 month", false),
        ("after 1 month", "after 40 days", true),
        ("after 1 month", "after 2 months", true),
        ("after 7 days", "after 8 days without go", true),
        ("after 7 days", "after 8 days since go", false),
        ("after 7 days without go", "after 8 days", false),
        ("after 7 days without go", "after 30 days without go", true),
        ("after 7 days without go", "after 30 days without go or leave", true),
        ("after 7 days without go or leave", "after 30 days without go", false),
        ("after 7 days without any event", "after 30 days without any event", true),
    ] {
        check_arrows("event go", &format!("A --{early}--> B\nA --{late}--> C"), &[never][..usize::from(expected)]);
    }
    check_arrows("event go", "A --after 7 days--> (stay)\nA --after 30 days--> B", &[]);
    check_arrows("event go", "A --after 7 days--> A\nA --after 30 days--> B", &[never]);
    let group = "start A\ngroup G\nstate A in G\nstate D in G\nend Z\nA --go--> D\nA --leave--> Z\n";
    check(&format!("{group}G --after 7 days--> Z\nD --after 8 days--> Z"), &["always leaves G before"]);
    check(&format!("{group}G --after 7 days--> D\nD --after 8 days--> Z"), &["always leaves G before"]);
    check(&format!("{group}D --after 7 days--> Z\nG --after 8 days--> Z"), &[]);
}

#[test]
fn a_name_that_could_mean_the_event_is_told() {
    let known = "attribute value: number\nattribute fit: number\nevent buy: value, fit -> fit\nscore s";
    let told = "\"value\" means the attribute here, not the value that buy brings. Write event.value";
    check_arrows(known, "A --buy [value > 100]--> B", &[told]);
    check_arrows(known, "A --buy / convert(sale, value)--> B", &[told]);
    check_arrows(&format!("{known}\nrule buy: s + value"), "", &[told]);
    check_arrows(known, "A --buy [fit > 100 and event.value > 3]--> B", &[]);
    check_arrows(known, "A --other [value > 100]--> B", &[]);
}

#[test]
fn a_share_over_100_is_an_error() {
    check_arrows("", "A --go [chance(130%)]--> B", &["at character 8: expected a share between 0% and 100%"]);
}

#[test]
fn a_name_that_only_the_event_knows_is_told_how_to_write() {
    check_arrows("event go: amount", "A --go [amount > 1]--> B", &["write event.amount for what the event brings"]);
}

#[test]
fn a_state_may_stand_beside_others_without_a_group() {
    let parallel =
        "start P\nparallel P\nstate A in P\ngroup R in P\nstate B in R\nend Z\nend Y in R\nP --go--> Z\nB --y--> Y";
    check(parallel, &[]);
    check(&format!("{parallel}\nP --done P--> Z"), &["A stands directly in P and never ends, so P is never done."]);
    check(&format!("{parallel}\nend X in P\nP --done R--> Z"), &["X is an end directly in a parallel"]);
}

/// The kinds of what is said, hints included.
#[track_caller]
fn kinds(chart: &str, expected: &[(Severity, Kind)]) {
    let found = problems(&notation::parse(chart).unwrap());
    let kinds: Vec<(Severity, Kind)> = found.iter().map(|problem| (problem.severity, problem.kind)).collect();
    assert_eq!(kinds, expected, "{chart}: {found:#?}");
}

#[test]
fn conditions_that_forget_somebody_are_told_with_a_contact() {
    let way = "start A\nend B\nend C\nattribute fit: choice D < C < B < A\nA --leave--> B\nA --leave by C--> C\n";
    let found = findings(&notation::parse(&format!("{way}A --go [fit >= B]--> B\nA --go [fit < C]--> C")).unwrap());
    assert_eq!((found[0].problem.kind, found[0].problem.severity), (Kind::Gap, Severity::Warning));
    assert_eq!(found[0].case.as_ref().unwrap().to_string(), "fit = C");
    assert_eq!(found[0].fix.as_ref().unwrap().label, "Add an arrow for the rest");
    let (gap, hint) = ((Severity::Warning, Kind::Gap), (Severity::Hint, Kind::Gap));
    kinds(&format!("{way}A --go [fit >= B]--> B\nA --go [fit < B]--> C"), &[gap]);
    kinds(&format!("{way}A --go [fit >= B]--> B\nA --go [fit < B]--> C\nA --go [fit is unknown]--> C"), &[]);
    kinds(&format!("{way}A --go [fit >= B]--> B\nA --go [not fit >= B]--> C"), &[]);
    kinds(&format!("{way}A --go [fit >= B]--> B\nA --go--> C"), &[]);
    kinds(&format!("{way}A --go [fit >= B]--> B"), &[hint]);
    kinds(&format!("{way}A --go [chance(100%)]--> B"), &[(Severity::Hint, Kind::Always)]);
    kinds(&format!("{way}A --go [count(go, 1 day) >= 1]--> B"), &[(Severity::Hint, Kind::Always)]);
    // Of a group around: its arrow takes the rest.
    let group = "start A\ngroup G\nstate A in G\nend Z\nscore s\nA --go [s > 1]--> Z\n";
    kinds(&format!("{group}G --go--> Z"), &[]);
    kinds(&format!("{group}G --go [s < 2]--> Z"), &[]);
    kinds(&format!("{group}G --stop--> Z"), &[hint]);
}

#[test]
fn messages_that_nobody_stops_are_told_with_their_number() {
    let way = "start A\nend Z\ntouchpoint hi\nA --go--> Z\nB --go--> Z\n";
    let (warning, hint) = ((Severity::Warning, Kind::SendingLoop), (Severity::Hint, Kind::SendingLoop));
    kinds(&format!("{way}A --after 1 day / send(hi)--> B\nB --after 2 days--> A"), &[warning]);
    kinds(&format!("{way}A --after 20 days / send(hi)--> B\nB --after 20 days--> A"), &[hint]);
    kinds(&format!("{way}A --after 1 day--> B\nB --after 2 days--> A"), &[]);
    kinds(&format!("{way}A --after 1 day / send(hi)--> B\nB --after 2 days [count_here(go) > 3]--> A"), &[]);
    kinds(&format!("{way}A --after 1 day, then every 1 day / send(hi)--> (stay)\nA --on--> B"), &[warning]);
    kinds(&format!("{way}A --after 1 day, then every 1 month / send(hi)--> (stay)\nA --on--> B"), &[hint]);
}

#[test]
fn what_a_journey_says_of_itself_is_a_hint() {
    let hint = |kind| [(Severity::Hint, kind)];
    kinds("start A\nstate A stage engage owner X\nend Z stage retain\nA --go--> Z", &hint(Kind::NoOwner));
    kinds("start A\nstate A stage retain owner X\nend Z owner X\nA --go--> Z", &hint(Kind::NoStage));
    kinds("start A\nstate A stage engage\nend Z stage convert\nA --buy--> Z", &hint(Kind::EndsAtPurchase));
    let world = "start A\nend Z\nA --go--> Z\nA --come--> Z\nbehaviour goes: on A -> go";
    kinds(world, &hint(Kind::EventNobodyBrings));
    let warning = |kind| [(Severity::Warning, kind)];
    kinds("start A\nend Z\nA --go--> Z\nbehaviour goes: on A -> laugh, go 0 %", &warning(Kind::EventNobodyHears));
    let dead = "start A\nend B\nend Z\nscore s\nA --go--> Z\nA --go [s > 3]--> B";
    kinds(dead, &[(Severity::Warning, Kind::Shadowed), (Severity::Warning, Kind::UnreachableUnderConditions)]);
}

#[test]
fn fixes_do_away_with_what_they_are_offered_for() {
    use statecraft::model::Project;
    let fixed = |chart: &str, kind: Kind| {
        let mut project: Project = notation::parse(chart).unwrap();
        let found = findings(&project);
        let finding = found.iter().find(|finding| finding.problem.kind == kind).unwrap_or_else(|| panic!("{chart}"));
        let edit: Edit = finding.fix.clone().unwrap_or_else(|| panic!("{chart}: no fix")).edit;
        for change in edit.plan(&project).unwrap() {
            change.apply(&mut project);
        }
        assert!(problems(&project).iter().all(|problem| problem.kind != kind), "{chart}: {:#?}", problems(&project));
    };
    fixed("start A\nA --go--> B", Kind::Trap);
    fixed("start A\nend Z\nscore s\nA --go [s > 3]--> Z\nA --go [s < 3]--> A\nA --x--> Z", Kind::Gap);
    fixed("start A\nend Z\nscore s\nA --go [s > 3]--> Z\nA --go [s > 5]--> A\nA --go--> A", Kind::Shadowed);
    fixed("start A\nend Z\nscore s\nA --go--> Z\nA --go--> A", Kind::Shadowed);
    fixed("start A\nend Z\nscore s\nA --go--> Z\nA --go2 [s > 3 and s < 2]--> A", Kind::Never);
    fixed("start A\nend Z\nA --go--> Z\nA --go2 [chance(100%)]--> Z", Kind::Always);
    fixed("start A\nend Z\nA --go--> Z\nA --after 3 days--> Z\nA --after 5 days--> Z", Kind::TimerNeverDue);
    fixed("start A\nend Z\nA --go--> Z\nA --always [time_here > 3 days]--> Z", Kind::AlwaysByTime);
    fixed("start A\nend Z\nA --go--> Z\nstate C\nC --go--> Z", Kind::Unreachable);
}

#[test]
fn mistakes_in_the_cases_of_an_event_are_told_at_the_event() {
    let chart = |cases: &str| format!("event go\nevent back\nstart A\nA --go--> B\nB --back--> A\nsplit go: {cases}");
    check(&chart("1st [count(go) = 1], later [count(go) > 1]"), &[]);
    check(&chart("there [in(B)], 1st [count(go) = 1], rest []"), &[]);
    check(&chart("1st [count(go) >], later []"), &["Case \"1st\" of go: \"count(go) >\" cannot be read"]);
    check(&chart("1st [count(gone) = 1]"), &["Case \"1st\" of go: there is no event named \"gone\""]);
    check(
        &chart("all [count(go) >= 1], later [count(go) > 1]"),
        &["Nobody is in the case \"later\" of go: the cases before it take everybody"],
    );
    check(&chart("none [count(go) < 1], rest []"), &["Nobody is in the case \"none\" of go: nothing can pass"]);

    let project = notation::parse(&chart("none [count(go) < 1], odd [fit >]")).unwrap();
    let found = findings(&project);
    let (wrong, dead) = (&found[0], &found[1]);
    let event = project.event_by_name("go").unwrap().id;
    assert_eq!((wrong.problem.severity, wrong.problem.at), (Severity::Error, event.into()));
    assert_eq!((dead.problem.severity, dead.problem.at), (Severity::Warning, event.into()));
    let fix = dead.fix.as_ref().expect("the case can go");
    let mut without = project.clone();
    for change in fix.edit.plan(&project).unwrap() {
        change.apply(&mut without);
    }
    let names: Vec<&str> = without.events[&event].buckets.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names, ["odd"]);
}
