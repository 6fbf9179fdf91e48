//! What the matrix says of a chart, against what a reader finds in it; and against what the machine does.

mod samples;

use statecraft::analysis::Matrix;
use statecraft::analysis::matrix::{Filter, Kind, Rest, proposals};
use statecraft::exchange::matrix::{to_csv, to_json};
use statecraft::exchange::matrix_page::to_html;
use statecraft::model::sample::{SAMPLES, Sample};
use statecraft::model::{Answer, Asked, Contact, ContactId, Dataset, Edit, Occurrence, Place, Project, Time, notation};
use statecraft::simulation::{Machine, Outcome, Run, Story};

/// A cell as one sign: `m` moves, `s` stays, `d` depends, `^` inherited, `=` another region, `.` undecided, `x` ignored,
/// `q` a question, `-` not asked, `w` a timer waits anew. Where something is left: `p` depends and `%` inherited with the
/// rest undecided, `r` depends and a timer waits anew for the rest, `~` another region with the rest undecided, `a` depends
/// and `u` inherited without anybody knowing.
fn sign(kind: Kind, rest: Rest) -> char {
    match (kind, rest) {
        (Kind::Moves, Rest::Nothing) => 'm',
        (Kind::Stays, Rest::Nothing) => 's',
        (Kind::Splits, Rest::Undecided) => 'p',
        (Kind::Splits, Rest::Unclear) => 'a',
        (Kind::Splits, Rest::Restarts) => 'r',
        (Kind::Splits, _) => 'd',
        (Kind::Inherited, Rest::Undecided) => '%',
        (Kind::Inherited, Rest::Unclear) => 'u',
        (Kind::Inherited, _) => '^',
        (Kind::Beside, Rest::Beside) => '=',
        (Kind::Beside, Rest::Undecided) => '~',
        (Kind::Restarts, Rest::Restarts) => 'w',
        (Kind::Ignored, Rest::Ignored) => 'x',
        (Kind::Question, Rest::Question) => 'q',
        (Kind::Undecided, Rest::Undecided) => '.',
        (Kind::NotAsked, Rest::NotAsked) => '-',
        other => panic!("no cell is {other:?}"),
    }
}

/// A line per state: its name, then a sign per column.
fn signs(matrix: &Matrix) -> Vec<String> {
    let row = |row: usize| {
        let cells = (0..matrix.columns.len()).map(|column| matrix.cell(row, column));
        let signs: Vec<String> = cells.map(|cell| sign(cell.kind, cell.rest).to_string()).collect();
        format!("{}: {}", matrix.rows[row].label, signs.join(" "))
    };
    (0..matrix.rows.len()).map(row).collect()
}

#[track_caller]
fn check(project: &Project, columns: &str, rows: &[&str]) {
    let matrix = Matrix::of(project);
    let asked: Vec<String> = (0..matrix.columns.len()).map(|column| matrix.column_label(column)).collect();
    assert_eq!(asked.join(", "), columns);
    let found = signs(&matrix);
    println!("{}: {columns}\n{}\n", project.info.name, found.join("\n"));
    assert_eq!(found, rows);
}

#[track_caller]
fn check_chart(chart: &str, columns: &str, rows: &[&str]) {
    check(&notation::parse(chart).expect("the chart reads"), columns, rows);
}

#[test]
fn conditions_in_a_row_split_a_cell_and_what_they_leave_is_told() {
    check_chart(
        "attribute fit: choice D < C < B < A\nattribute vip: yes/no\nevent go
         A --go [fit >= B]--> X\nA --go [fit < B]--> X\nA --go [fit is unknown]--> (stay)
         B --go [fit >= B]--> X\nB --go [fit < B]--> X
         C --go [vip = yes]--> X\nC --go--> (stay)
         D --go [chance(30%)]--> X
         E --go [count(go) >= 1]--> X
         F --go [count(go) < 1]--> X
         G --go [fit >>]--> X",
        "go, silence",
        &["A: d .", "X: . .", "B: p .", "C: d .", "D: p .", "E: m .", "F: . .", "G: p ."],
    );
}

#[test]
fn one_arrow_can_wait_for_several_events_and_for_any() {
    check_chart(
        "event a\nevent b\nevent c\nA --a or c--> B\nB --any event--> (stay)",
        "a, b, c, silence",
        &["A: m . m .", "B: s s s ."],
    );
    // What the journey tells itself is not one of the events that *any* means, though it is one of *every*.
    check_chart(
        "event told\nevent go\nA --go / raise(told)--> B\nB --any event--> (stay)\nC --every event--> (stay)",
        "told, go, silence",
        &["A: . m .", "B: . s .", "C: s s ."],
    );
}

#[test]
fn groups_answer_for_their_states_and_interrupts_before_them() {
    check_chart(
        "event go\nevent stop\nevent maybe
         group G\nstate A in G\nstate B in G\nstate C in G\nend Z
         G --go--> Z\nG --!stop--> Z\nG --!maybe [count(maybe) = 3]--> Z
         A --go--> B\nA --stop--> B\nA --maybe--> B
         B --go [count(go) = 1]--> A",
        "go, stop, maybe, silence",
        // In A the interrupt leaves nothing for the arrow on stop.
        &["A: m ^ d .", "B: d ^ % .", "C: ^ ^ % ."],
    );
}

#[test]
fn how_long_somebody_is_here_means_something_else_in_a_group() {
    check_chart(
        "group G\nstate A in G\nend Z\nA --after 24 h--> Z\nG --go [time_here <= 24 h]--> Z\nA --stop [time_here <= 1 day]--> Z",
        "go, stop, silence",
        // A day can have 23 hours.
        &["A: % a m"],
    );
}

#[test]
fn nothing_is_asked_where_nobody_rests() {
    check_chart(
        "event go\ngroup G\nstate A in G\nend Done in G\nend Over\nA --go--> Through\nThrough --always--> Done\nG --!go--> Over",
        "go, silence",
        &["A: ^ .", "Done: ^ -", "Through: - -"],
    );
}

#[test]
fn timers_answer_silence_and_the_clock_each_at_its_moment() {
    check_chart(
        "A --after 3 days--> (stay)\nA --after 9 days without go--> B\nB --at Mon 09:00 [count(go) > 1]--> A\nB --go--> A
         C --after 3 days since any event--> A\nC --every 09:00--> A",
        "go, silence, time of day",
        &["A: w d .", "B: m . p", "C: . m m"],
    );
}

#[test]
fn what_starts_a_timer_anew_is_decided_where_the_timer_names_it() {
    let chart = "event click\nevent visit\nevent told\ngroup G\nstate A in G\nstate B in G
         G --after 7 days without click--> Z
         A --after 3 days since visit--> B\nA --click [count(click) > 2] / raise(told)--> B
         B --after 30 days without any event--> A\nB --after 9 days without told--> A
         ignored B on click: they read";
    check_chart(
        chart,
        "click, visit, told, silence",
        // No timer hears of what the journey tells itself, and nobody has said of a visit in B what it shall do.
        &["A: r w . d", "B: x . . d", "Z: . . . ."],
    );
    let project = notation::parse(chart).expect("the chart reads");
    let matrix = Matrix::of(&project);
    let lines = |row, column: usize| matrix.cell(row, column).lines(&project, matrix.columns[column].asked).join("; ");
    assert_eq!(lines(0, 1), "\"after 3 days since visit\" starts anew");
    assert_eq!(lines(0, 0), "if count(click) > 2: → B; raise told; else \"after 7 days without click\" starts anew");
    assert_eq!(lines(1, 1), "\"after 30 days without any event\" starts anew; undecided");
    assert_eq!(matrix.cell(0, 1).short(&project), "timer restarts: after 3 days since visit");
    assert_eq!(matrix.cell(0, 0).short(&project), "→ B, else a timer restarts");
}

#[test]
fn the_machine_starts_the_timer_anew_as_the_matrix_says() {
    let chart = "start A\nA --after 7 days without click--> Z\ncontact Anna\n2026-03-01 click, 2026-03-05 click";
    let project = notation::parse(chart).expect("the chart reads");
    assert_eq!(signs(&Matrix::of(&project)), ["A: w m", "Z: . ."]);
    let (machine, (dataset, codes)) = (Machine::of(&project), Dataset::of_samples(&project));
    let until = Time::parse("2026-04-01", &project.zone()).ok();
    let story = Run::new(&machine, &dataset, &codes, until, 1).story(0);
    let told: Vec<_> = story.entries.iter().skip(1).map(|entry| (entry.time, entry.outcome)).collect();
    let at = |text| Time::parse(text, &project.zone()).expect("a time");
    assert_eq!(
        told,
        [
            (at("2026-03-01"), Outcome::Ignored),
            (at("2026-03-05"), Outcome::Ignored),
            (at("2026-03-12"), Outcome::Moved)
        ]
    );
}

#[test]
fn groups_that_are_done_are_asked_about_in_their_ends() {
    let waited = "event go\ngroup G\nstate A in G\nend Well in G\nend Badly in G\nend Z
         A --go [count(go) > 1]--> Well\nA --go--> Badly\nG --done G [count(go) > 1]--> Z";
    check_chart(waited, "go, done G, silence", &["A: d - .", "Well: - % -", "Badly: - % -"]);
    // Nobody waits for it, and but for the emergency exit nothing leads on: the end is the end.
    let over = "event go\nevent stop\ngroup G\nstate A in G\nend E in G\nend Z\nA --go--> E\nG --!stop--> Z";
    check_chart(over, "go, stop, silence", &["A: m ^ .", "E: - ^ -"]);
    check_chart(
        &format!("{over}\nignored E on done G by Anna: that was it"),
        "go, stop, done G, silence",
        &["A: m ^ - .", "E: - ^ x -"],
    );
    // Something else leads on from the end, or hears of everything.
    check_chart(GOES_ON, "go, again, done G, silence", &["A: m ^ - .", "E: - ^ . -", "B: . . - ."]);
    let hears = "event go\ngroup G\nstate A in G\nend E in G\nA --go--> E\nG --every event--> (stay)";
    check_chart(hears, "go, done G, silence", &["A: m - .", "E: ^ ^ -"]);
    // A parallel is done with its last part. Another region hears of the first.
    check_chart(
        "event e\nparallel P\ngroup R in P\ngroup S in P\nstate A in R\nend B in R\nstate C in S\nend D in S\nend Z
         A --e--> B\nC --e--> D\nP --done P--> Z\nC --done R--> D",
        "e, done P, done R, silence",
        &["A: m - - .", "B: - ^ ~ -", "C: m - m .", "D: - ^ - -"],
    );
}

/// From the end of G an event leads on.
const GOES_ON: &str = "event go\nevent again\ngroup G\nstate A in G\nend E in G\nA --go--> E\nG --again--> B";

#[test]
fn an_end_can_be_decided_about_only_where_its_group_is_done() {
    let project = notation::parse(GOES_ON).expect("the chart reads");
    let (group, end) = (project.node_by_name("G").expect("G").id, project.node_by_name("E").expect("E").id);
    let decide = |asked| {
        let places = vec![Place { state: end, asked, bucket: None }];
        Edit::Decide { places, answer: Answer::Ignored, text: String::new(), who: String::new() }
    };
    let decided = after(&project, &decide(Asked::Done(group)));
    assert_eq!(signs(&Matrix::of(&decided))[1], "E: - ^ x -");
    assert!(decide(Asked::Silence).plan(&project).is_err());
    // What was decided goes with the group.
    assert!(after(&decided, &Edit::Delete(vec![group.into()])).decisions.is_empty());
    let drawn = Edit::AddBranch { source: group, target: None, trigger: String::from("done G"), guard: String::new() };
    assert_eq!(signs(&Matrix::of(&after(&project, &drawn)))[1], "E: - ^ ^ -");
}

#[test]
fn a_group_that_is_done_is_a_column_in_every_format() {
    let chart = "event go\ngroup G\nstate A in G\nend E in G\nend Z\nA --go--> E\nG --done G--> Z";
    let project = notation::parse(chart).expect("the chart reads");
    let matrix = Matrix::of(&project);
    let view = matrix.view(&Filter::default(), None);
    let csv = to_csv(&project, &matrix, &view, None);
    assert_eq!(csv, "state,stage,owner,go,done G,silence\nA,,,→ E,–,undecided\nE,,,–,→ Z (G),–\n");
    let page = to_html(&project, &matrix, &view, None);
    assert!(page.contains("<th scope=\"col\">done G</th>") && page.contains("→ Z (from G)"), "{page}");
    let all = to_json(&project, &matrix, false, None);
    assert_eq!(all["asked"], serde_json::json!(["go", "done G", "silence"]));
    let cell = &all["cells"][4];
    assert_eq!((&cell["state"], &cell["asked"], &cell["timer"]), (&"E".into(), &"done G".into(), &false.into()));
    assert_eq!((&cell["kind"], &cell["branches"][0]["trigger"]), (&"inherited".into(), &"done G".into()));
}

#[test]
fn regions_of_a_parallel_answer_for_one_another() {
    // Payment answers in each of its states: in Profile nothing is left to ask. The other way round Done is an end.
    check_chart(
        "event paid\nevent filled
         parallel P\ngroup Payment in P\ngroup Profile in P
         state Unpaid in Payment\nstate Paid in Payment\nstate Empty in Profile\nend Done in Profile
         Unpaid --paid--> Paid\nPaid --paid--> (stay)\nEmpty --filled--> Done",
        "paid, filled, silence",
        &["Unpaid: m ~ .", "Paid: s ~ .", "Empty: = m .", "Done: - - -"],
    );
    // What is missing is asked once, in the region that it is missing in.
    check_chart(
        "event e\nparallel P\ngroup R in P\ngroup S in P\nstate A in R\nstate B in S\nstate C in S\nB --e--> C",
        "e, silence",
        &["A: = .", "B: m .", "C: . ."],
    );
    // Two regions that rely on each other leave something open.
    check_chart(
        "event e\nparallel P\ngroup R in P\ngroup S in P\nstate A in R\nstate D in R\nstate B in S\nstate C in S
         B --e--> C\nA --e--> D",
        "e, silence",
        &["A: m .", "D: ~ .", "B: m .", "C: ~ ."],
    );
}

#[test]
fn what_is_decided_on_paper_counts_where_no_arrow_answers() {
    check_chart(
        "event go\nevent stop\ngroup G\nstate A in G\nstate B in G\nA --go--> B\nA --stop [count(stop) > 2]--> B
         ignored A on go by Anna: not any more\nignored A on stop: twice is nothing\nquestion B on go by Ben: why?
         ignored G on silence: they come back\nquestion B on silence: do they?",
        "go, stop, silence",
        &["A: m d x", "B: q . q"],
    );
}

#[test]
fn each_case_of_a_column_is_decided_on_its_own() {
    let chart = "event go\nA --go [count(go) >= 3]--> B\nA --go [count(go) = 1]--> (stay)\nB --go--> A\nC --never--> A";
    let cases = "split go: 1st [count(go) = 1], 2nd [count(go) = 2], 3rd and later [count(go) >= 3]";
    check_chart(
        &format!("{chart}\n{cases}\nignored C on go [2nd]"),
        "go [1st], go [2nd], go [3rd and later], never, silence",
        &["A: s . m . .", "B: m m m . .", "C: . x . m ."],
    );
    check_chart(
        &format!("{chart}\nsplit go: 1st [count(go) = 1]\nignored C on go"),
        "go [1st], go [otherwise], never, silence",
        &["A: s p . .", "B: m m . .", "C: . x m ."],
    );
}

#[test]
fn what_the_cases_leave_is_asked_wherever_it_can_be() {
    // In A nobody is left over; in B everybody is. Where nobody is, nothing is asked.
    check_chart(
        "event go\nA --go--> B\nB --back--> A\nsplit go: elsewhere [not in(B)]",
        "go [elsewhere], go [otherwise], back, silence",
        &["A: m - . .", "B: - . m ."],
    );
}

#[test]
fn what_is_proposed_covers_every_contact() {
    for sample in SAMPLES {
        let project = sample.project();
        for event in project.events.keys() {
            for proposal in proposals(&project, *event) {
                let split = after(&project, &Edit::SetBuckets(*event, proposal.buckets.clone()));
                let matrix = Matrix::of(&split);
                let cases = matrix.columns.iter().filter(|column| column.asked == Asked::Event(*event));
                let cases: Vec<_> = cases.filter_map(|column| column.case.clone()).collect();
                let names: Vec<_> = proposal.buckets.iter().map(|bucket| bucket.name.clone()).collect();
                assert_eq!(cases, names, "{} by {}: nothing is left for \"otherwise\"", sample.key, proposal.by);
                assert!(statecraft::analysis::problems(&split) == statecraft::analysis::problems(&project));
            }
        }
    }
}

fn after(project: &Project, edit: &Edit) -> Project {
    let mut project = project.clone();
    for change in edit.plan(&project).expect("the edit is possible") {
        change.apply(&mut project);
    }
    project
}

#[test]
fn every_answer_closes_its_cell_alone() {
    let project = Sample::by_key("white-paper").expect("it ships").project();
    let before = Matrix::of(&project);
    for (row, column, cell) in before.cells().filter(|(_, _, cell)| cell.is_open()) {
        let places = vec![before.place(row, column)];
        let ignored = Edit::Decide { places, answer: Answer::Ignored, text: String::new(), who: String::new() };
        let decided = Matrix::of(&after(&project, &ignored));
        for (other_row, other_column, other) in decided.cells() {
            if (other_row, other_column) == (row, column) {
                assert_eq!(other.rest, Rest::Ignored);
                assert_eq!(other.branches, cell.branches);
            } else {
                assert_eq!(other, before.cell(other_row, other_column));
            }
        }
        let Place { state, asked, .. } = before.place(row, column);
        let trigger = match asked {
            Asked::Event(_) | Asked::Done(_) => project.asked_label(asked),
            Asked::Silence => String::from("after 30 days"),
            Asked::Clock => String::from("at 09:00"),
        };
        let drawn = after(&project, &Edit::AddBranch { source: state, target: None, trigger, guard: String::new() });
        let drawn = Matrix::of(&drawn);
        let expected = if cell.branches.is_empty() { Kind::Stays } else { Kind::Splits };
        assert_eq!((drawn.cell(row, column).kind, drawn.cell(row, column).rest), (expected, Rest::Nothing));
        assert_eq!(drawn.counts().open(), before.counts().open() - 1);
    }
}

#[test]
fn what_is_looked_for_is_what_is_shown() {
    let project = Sample::by_key("white-paper").expect("it ships").project();
    let matrix = Matrix::of(&project);
    let shown = |filter: Filter| {
        let view = matrix.view(&filter, None);
        let rows: Vec<&str> = view.rows.iter().map(|row| matrix.rows[*row].label.as_str()).collect();
        let columns: Vec<String> = view.columns.iter().map(|column| matrix.column_label(*column)).collect();
        format!("{} × {}", rows.join(", "), columns.join(", "))
    };
    let open = Filter { open: true, ..Filter::default() };
    assert_eq!(shown(open), "Unknown, Known, Educating, MQL, Recycled × download, accept, reject, silence");
    let sales = Filter { owner: Some(String::from("Sales")), open: true, ..Filter::default() };
    assert_eq!(shown(sales), "MQL × download");
    let text = |text: &str| shown(Filter { text: text.to_owned(), ..Filter::default() });
    assert_eq!(text("KNOWN"), "Unknown, Known × download, unsubscribe, complaint, accept, reject, silence");
    assert!(text("silence").ends_with("Recycled × silence"));
    assert_eq!(text("nothing like it"), " × ");
    assert_eq!(matrix.owners(), ["Marketing", "Sales"]);
}

/// The story of one contact that starts in a state; the event comes a minute later, if there is one.
fn story(project: &Project, row: usize, matrix: &Matrix, asked: Asked) -> Story {
    let mut project = project.clone();
    project.info.start = Some(matrix.rows[row].state);
    let start = Time::parse("2026-01-01", &project.zone()).expect("a time");
    let minute = Time(start.0 + 60_000);
    let occurrences = match asked {
        Asked::Event(event) => vec![Occurrence { time: minute, event, fields: std::collections::BTreeMap::new() }],
        Asked::Silence | Asked::Clock | Asked::Done(_) => Vec::new(),
    };
    let id = ContactId(1);
    let contact = Contact {
        id,
        name: String::from("Anna"),
        zone: String::new(),
        start: Some(start),
        attributes: std::collections::BTreeMap::new(),
        occurrences,
        note: String::new(),
    };
    project.contacts = [(id, contact)].into();
    let (machine, _) = Machine::compile(&project);
    let (dataset, codes) = Dataset::of_samples(&project);
    let until = if matches!(asked, Asked::Event(_)) { minute } else { Time(start.0 + 400 * 86_400_000) };
    Run::new(&machine, &dataset, &codes, Some(until), 1).story(0)
}

#[test]
fn the_machine_does_what_the_matrix_says() {
    for sample in SAMPLES {
        let project = sample.project();
        let matrix = Matrix::of(&project);
        for (row, column, cell) in matrix.cells() {
            let asked = matrix.columns[column].asked;
            let story = story(&project, row, &matrix, asked);
            let told = format!("{}: {} in {}", sample.key, matrix.column_label(column), matrix.rows[row].label);
            // The first line is the start.
            let outcome = story.entries.get(1).map(|entry| entry.outcome);
            let acts = matches!(outcome, Some(Outcome::Moved | Outcome::Stayed));
            match (cell.branches.as_slice(), cell.rest, asked) {
                ([], _, Asked::Event(_)) => assert_eq!(outcome, Some(Outcome::Ignored), "{told}"),
                ([], _, _) => assert_eq!(outcome, None, "{told}"),
                (_, Rest::Nothing, _) => assert!(acts, "{told}: {outcome:?}"),
                // It depends on the contact.
                _ => assert!(acts || outcome == Some(Outcome::Refused), "{told}: {outcome:?}"),
            }
            if let (Kind::Moves, [branch]) = (cell.kind, cell.branches.as_slice()) {
                let target = project.transitions[&branch.arrow].target;
                assert_eq!(outcome, Some(Outcome::Moved), "{told}");
                let reached = &story.entries[1].to;
                let inside = |node: &statecraft::model::NodeId| {
                    let parent = |id: &statecraft::model::NodeId| project.nodes[id].parent;
                    std::iter::successors(Some(*node), parent).any(|around| Some(around) == target)
                };
                let resumes = target.is_some_and(|id| project.nodes[&id].kind == statecraft::model::NodeKind::Resume);
                assert!(resumes || reached.iter().any(inside), "{told}: {reached:?}");
            }
        }
    }
}
