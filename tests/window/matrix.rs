//! The Matrix workspace.

use std::fmt::Write as _;

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use statecraft::model::sample::{SAMPLES, Sample};
use statecraft::model::{Answer, EntityId, notation};

use super::driver::Window;
use super::results::copied;

fn white_paper() -> Window {
    let mut window = Window::with_project(&Sample::by_key("white-paper").unwrap().project());
    window.ctrl(Key::Num2);
    window.rest();
    window
}

/// What a screen reader says of a cell.
#[track_caller]
fn cell(window: &Window, name: &str) -> String {
    let wanted = name.to_owned();
    let node = window.one(name, move |node| node.role() == Role::Cell && node.label().as_ref() == Some(&wanted));
    node.accesskit_node().value().unwrap_or_default()
}

#[track_caller]
fn press_cell(window: &mut Window, name: &str) {
    let wanted = name.to_owned();
    window.one(name, move |node| node.role() == Role::Cell && node.label().as_ref() == Some(&wanted)).click_accesskit();
    window.rest();
}

/// The cell that the cursor is on.
fn here(window: &Window) -> String {
    let found =
        window.harness.query_all_by(|node| node.role() == Role::Cell && node.data().is_selected() == Some(true));
    let labels: Vec<String> = found.filter_map(|node| node.accesskit_node().label()).collect();
    labels.join(" and ")
}

#[test]
fn it_is_a_table_to_a_screen_reader() {
    let window = white_paper();
    assert_eq!(cell(&window, "download in Unknown"), "→ Known");
    assert_eq!(cell(&window, "download in MQL"), "undecided");
    assert_eq!(cell(&window, "download in Educating"), "→ MQL / SelfServe, else undecided");
    assert_eq!(cell(&window, "unsubscribe in MQL"), "→ Unsubscribed (Contactable)");
    let table = window.one("the table", |node| node.role() == Role::Table);
    let data = table.accesskit_node();
    assert_eq!((data.data().row_count(), data.data().column_count()), (Some(8), Some(7)));
    let node = window.one("a cell", |node| node.label().as_deref() == Some("download in Known"));
    let node = node.accesskit_node();
    assert_eq!((node.data().row_index(), node.data().column_index()), (Some(2), Some(1)));
    window.sees("13 undecided cells, 1 in part");
}

#[test]
fn arrows_walk_and_the_selection_goes_along() {
    let mut window = white_paper();
    press_cell(&mut window, "download in Known");
    assert_eq!(window.selected(), Some(window.node("Known").into()));
    window.key(Key::ArrowDown);
    window.key(Key::ArrowRight);
    assert_eq!(here(&window), "unsubscribe in Educating");
    assert_eq!(window.selected(), Some(window.node("Educating").into()));
    window.key(Key::End);
    assert_eq!(here(&window), "silence in Educating");
    window.key(Key::ArrowRight);
    assert_eq!(here(&window), "silence in Educating", "there is no way out of the table");
    window.key(Key::F8);
    assert_eq!(here(&window), "download in MQL", "the next one that is not decided");
    window.key(Key::F8);
    assert_eq!(here(&window), "download in Recycled");
    window.ctrl(Key::Num1);
    assert_eq!(window.selected(), Some(window.node("Recycled").into()), "it is selected on the canvas, too");
    window.press("accept → SAL");
    window.ctrl(Key::Num2);
    assert_eq!(here(&window), "accept in MQL", "and what is selected there is looked at here");
}

#[test]
fn a_cell_is_ignored_on_purpose_and_taken_back() {
    let mut window = white_paper();
    press_cell(&mut window, "download in MQL");
    window.sees("Nobody has said what shall happen.");
    window.press("Ignore on purpose");
    window.write("Why nothing shall happen", "Sales is on it");
    window.write("Who decided", "Anna");
    window.press("Ignore");
    let decision = window.project().decisions.values().next().expect("one").clone();
    assert_eq!(
        (decision.answer, decision.text.as_str(), decision.who.as_str()),
        (Answer::Ignored, "Sales is on it", "Anna")
    );
    assert_eq!(cell(&window, "download in MQL"), "ignored: Sales is on it");
    window.sees("12 undecided cells, 1 in part");

    let states = window.project().nodes.len();
    window.key(Key::Delete);
    assert_eq!(window.project().decisions.len(), 0, "Delete takes the answer back");
    assert_eq!(window.project().nodes.len(), states, "and no state with it");
    window.key(Key::Delete);
    assert_eq!(window.project().nodes.len(), states);
    window.ctrl(Key::Z);
    assert_eq!(cell(&window, "download in MQL"), "ignored: Sales is on it");
}

#[test]
fn an_answer_is_written_without_the_mouse() {
    let mut window = white_paper();
    press_cell(&mut window, "download in MQL");
    window.press("Ignore on purpose");
    assert!(window.is_focused("Why nothing shall happen"), "it can be written at once");
    window.typed("Sales is on it");
    window.key(Key::Enter);
    assert_eq!(cell(&window, "download in MQL"), "ignored: Sales is on it");
}

#[test]
fn the_cases_of_an_event_take_no_more_room_than_there_is() {
    let mut window = white_paper();
    press_cell(&mut window, "download in Educating");
    window.press("Split by count(download)");
    let width = |window: &Window| {
        let field = window.one("a case", |node| node.value().as_deref() == Some("3rd and later"));
        field.rect().right()
    };
    let before = width(&window);
    for _ in 0..20 {
        window.step();
    }
    assert!((width(&window) - before).abs() < 0.1 && before < 1_280.0, "{before} and then {}", width(&window));
}

#[test]
fn a_group_that_is_done_is_answered_in_its_end() {
    let mut window = Window::with(
        "event go\nevent again\ngroup G\nstate A in G\nend E in G\nstart G\nA --go--> E\nG --again--> B\nB --back--> G",
    );
    window.ctrl(Key::Num2);
    window.rest();
    assert_eq!(cell(&window, "done G in A"), "–");
    assert_eq!(cell(&window, "done G in E"), "undecided");
    press_cell(&mut window, "done G in E");
    window.press("Draw the arrow");
    window.choose("choose", "B");
    window.press("Draw");
    assert_eq!(cell(&window, "done G in E"), "→ B (G)");
}

#[test]
fn a_question_can_be_left_for_everything_in_a_group() {
    let mut window = white_paper();
    press_cell(&mut window, "silence in Known");
    window.press("Leave a question");
    assert!(window.is_disabled("Leave the question"), "there is nothing to find out yet");
    window.write("What is to be found out", "How long do we wait?");
    window.write("Who asks", "Ben");
    window.choose("Known", "everything in Contactable");
    window.press("Leave the question");
    assert_eq!(cell(&window, "silence in Unknown"), "question: How long do we wait?");
    assert_eq!(cell(&window, "silence in MQL"), "stays", "where an arrow answers there is no question");
    let decision = window.project().decisions.values().next().expect("one");
    assert_eq!(decision.place.state, window.node("Contactable"));
}

#[test]
fn an_arrow_is_drawn_from_a_cell_in_one_step() {
    let mut window = white_paper();
    press_cell(&mut window, "silence in Educating");
    window.key(Key::Enter);
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the method itself has too narrow a lifetime")]
    let focused = window.harness.query_all_by(|node| node.is_focused());
    let focused = focused.filter_map(|node| node.accesskit_node().label());
    assert_eq!(focused.collect::<Vec<_>>(), ["Draw the arrow"], "Enter leads to the answers");
    window.press("Draw the arrow");
    window.write("When", "after 60 days without download");
    window.write("Only if", "fit >= B");
    window.choose("choose", "Recycled");
    window.press("Draw");
    let arrow = window.arrow("Educating", "Recycled").clone();
    assert_eq!(arrow.guard.text(), "fit >= B");
    assert_eq!(cell(&window, "silence in Educating"), "→ Recycled, else undecided");
    window.press("Edit this arrow");
    assert_eq!(window.selected(), Some(EntityId::from(arrow.id)));
    window.ctrl(Key::Z);
    assert_eq!(cell(&window, "silence in Educating"), "undecided");
}

#[test]
fn a_column_is_split_with_one_press_and_each_case_is_decided() {
    let mut window = white_paper();
    press_cell(&mut window, "download in Educating");
    window.press("Split by count(download)");
    assert_eq!(cell(&window, "download [1st] in Educating"), "undecided");
    assert_eq!(cell(&window, "download [1st] in Known"), "→ Educating");
    window.sees("3rd and later");
    press_cell(&mut window, "download [2nd] in Educating");
    window.press("Ignore on purpose");
    window.press("Ignore");
    assert_eq!(cell(&window, "download [2nd] in Educating"), "ignored");
    assert_eq!(cell(&window, "download [1st] in Educating"), "undecided");
    window.press("Put the column together again");
    assert!(window.has("download in Educating"));
    assert_eq!(window.project().decisions.len(), 0);
}

#[test]
fn what_is_looked_for_is_shown_and_copied() {
    let mut window = white_paper();
    window.press("Undecided only");
    assert!(!window.has("unsubscribe in MQL") && window.has("download in MQL"));
    let text = copied(&mut window, "Copy: matrix");
    assert!(
        text.starts_with(
            "state\tstage\towner\tdownload\taccept\treject\tsilence\nUnknown\tengage\tMarketing\t→ Known\t"
        ),
        "{text}"
    );
    window.choose("all owners", "Sales");
    assert_eq!(copied(&mut window, "Copy: matrix"), "state\tstage\towner\tdownload\nMQL\tconvert\tSales\tundecided\n");
    window.press("Show all");
    assert!(window.has("unsubscribe in Known"));
}

#[test]
fn it_is_written_as_a_page_to_print() {
    let mut window = white_paper();
    window.press("Page: matrix");
    window.sees("Write a page to print");
    let path = window.path("wall");
    window.harness.get_all_by_role(Role::TextInput).last().unwrap().focus();
    window.rest();
    window.key_with(Key::A, Modifiers::COMMAND);
    window.typed(&path.display().to_string());
    window.press("Export");
    let text = std::fs::read_to_string(path.with_extension("html")).unwrap();
    assert!(text.contains("what have we not decided?"), "{text}");
    window.sees("The page is in");
}

#[test]
fn every_sample_comes_to_rest_there_and_no_two_things_share_a_name() {
    for sample in SAMPLES {
        let mut window = Window::with_project(&sample.project());
        window.ctrl(Key::Num2);
        window.comes_to_rest();
        assert!(!here(&window).is_empty(), "{}", sample.key);
    }
}

#[test]
fn of_a_large_matrix_only_what_is_in_sight_is_drawn() {
    let mut journey = String::new();
    for number in 0..200 {
        let _ = writeln!(journey, "S{number} --e{}--> S{}", number % 100, (number + 1) % 200);
    }
    let mut window = Window::with_project(&notation::parse(&journey).unwrap());
    window.ctrl(Key::Num2);
    window.rest();
    let cells = |window: &Window| window.harness.query_all_by(|node| node.role() == Role::Cell).count();
    assert!((20..400).contains(&cells(&window)), "{}", cells(&window));
    press_cell(&mut window, "e0 in S0");
    window.key(Key::End);
    for _ in 0..40 {
        window.key(Key::PageDown);
    }
    assert_eq!(here(&window), "silence in S199", "the last cell is brought into sight");
    assert!((20..400).contains(&cells(&window)), "{}", cells(&window));
}

#[test]
fn an_empty_journey_says_what_to_do_first() {
    let mut window = Window::with("journey Nothing");
    window.ctrl(Key::Num2);
    window.rest();
    window.sees("No states yet");
    window.key(Key::ArrowDown);
    window.key(Key::F8);
}

/// Somebody downloads once, and nobody ever unsubscribes.
fn lived_through() -> Window {
    let mut window = Window::with(
        "event download\nevent leave\nstate Lead\nstart Lead\nstate Known\nend Gone
Lead --download--> Known
Known --leave--> Gone
contact Anna
  2026-03-01 download, 2026-03-02 download",
    );
    window.ctrl(Key::Num2);
    window.rest();
    window
}

#[test]
fn how_often_each_cell_was_met_stands_in_it() {
    let mut window = lived_through();
    assert_eq!(cell(&window, "download in Lead"), "→ Known");
    window.press("How often met");
    window.until("it was counted", |window| cell(window, "download in Lead").contains("met"));
    assert_eq!(cell(&window, "download in Lead"), "→ Known; met once");
    assert_eq!(cell(&window, "leave in Known"), "→ Gone; never met");
    assert_eq!(cell(&window, "silence in Lead"), "undecided", "there is no timer to meet");
    press_cell(&mut window, "download in Known");
    window.sees("Met once in the run that Simulate shows");
    assert!(!window.shows("Find a contact that meets it"));

    window.press("Never met");
    assert_eq!(window.harness.query_all_by(|node| node.role() == Role::Cell).count(), 2, "leave, in both states");
    window.press("How often met");
    assert_eq!(cell(&window, "download in Lead"), "→ Known", "and with the counts the filter goes");
}

#[test]
fn a_contact_that_meets_a_cell_is_found_and_taken_in_as_one_step() {
    let mut window = lived_through();
    window.press("How often met");
    window.until("it was counted", |window| cell(window, "download in Lead").contains("met"));
    press_cell(&mut window, "leave in Known");
    window.sees("Never met in the run that Simulate shows");
    window.press("Find a contact that meets it");
    window.until("it was found", |window| window.has("A contact that meets it"));
    window.sees("Found so that somebody meets leave in Known.");
    window.press("Add to samples");
    assert_eq!(window.project().contacts.len(), 2);
    window.until("it was counted again", |window| cell(window, "leave in Known") == "→ Gone; met once");
    window.ctrl(Key::Z);
    assert_eq!(window.project().contacts.len(), 1);
    window.until("it was counted again", |window| cell(window, "leave in Known") == "→ Gone; never met");
}
