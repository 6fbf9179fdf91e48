//! Two versions of a journey on the same contacts and the same luck, in the Results workspace.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use statecraft::model::notation;

use super::driver::Window;
use super::results::{copied, results, shop, tells, told};

const WORLD: &str = "start Lead
Lead --buy / convert(order, 50)--> Customer
behaviour decides: at start, after 1 day -> buy 30 %
population People: 200 contacts from 2026-01-01
scenario Base on People until 2026-02-01";

#[track_caller]
fn compare(window: &mut Window) {
    window.press("Compare");
    window.press("Compare both");
    window.until("they were compared", |window| told(window, "On seed 1, ").is_some());
}

/// The row of the table that was copied, by the name of the measure.
#[track_caller]
fn row<'a>(table: &'a str, measure: &str) -> Vec<&'a str> {
    let line = table.lines().find(|line| line.starts_with(&format!("{measure}\t")));
    line.unwrap_or_else(|| panic!("no {measure} in {table}")).split('\t').skip(1).collect()
}

/// Gives the path in the dialog that asks for another project.
fn choose_file(window: &mut Window, path: &std::path::Path) {
    window.press("Compare");
    window.choose("An earlier version", "Another project file");
    window.press("Choose a file…");
    window.sees("Compare with another project");
    window.harness.get_all_by_role(egui::accesskit::Role::TextInput).last().unwrap().focus();
    window.rest();
    window.key_with(Key::A, Modifiers::COMMAND);
    window.typed(&path.display().to_string());
    window.press("Choose");
}

#[test]
fn a_journey_is_compared_with_what_it_was_before_a_probability_was_changed() {
    let mut window = Window::with_project(&notation::parse(WORLD).unwrap());
    results(&mut window);
    window.press("Compare");
    tells(&window, "Nothing was changed in this project yet");
    assert!(window.is_disabled("Compare both"));
    window.ctrl(Key::Num1);
    window.outline("decides");
    window.fill("Chance of buy", "60");
    window.ctrl(Key::Num4);
    let title = window.document().undo_title().unwrap().to_owned();
    results(&mut window);
    assert_eq!(window.shown("Earlier version"), format!("As it was before: {title}"));
    compare(&mut window);
    tells(&window, "Model result");
    tells(
        &window,
        &format!(
            "The other version is this journey as it was before: {title}. Both ran on the same 200 contacts and the same \
             luck, seeds 1 to 20."
        ),
    );
    let table = copied(&mut window, "Copy Compare");
    let bought = row(&table, "Contacts that reach order");
    let number = |column: usize| bought[column].parse::<f64>().unwrap();
    assert!((number(0) - 0.6).abs() < 0.05 && (number(1) - 0.3).abs() < 0.05, "{table}");
    assert!((number(2) + 0.3).abs() < 0.05 && number(3) < number(2) && number(2) < number(4), "{table}");
    assert_eq!(bought[5..], ["0", "0", "20"], "in no repeat more, in none the same");
    tells(&window, "Contacts that reach order, −");
    let told =
        |node: &egui_kittest::kittest::AccessKitNode<'_>| node.value().or_else(|| node.label()).unwrap_or_default();
    let more = move |node: &egui_kittest::kittest::AccessKitNode<'_>| {
        told(node).starts_with("and ") && told(node).ends_with(" more")
    };
    assert_eq!(window.harness.query_all_by(more).count(), 1, "more than ten go another way");
    // Whoever buys at 30 % does so at 60 % too, so the other says that nothing happens.
    tells(&window, "This version: buy: moved from Lead to Customer");
    tells(&window, "The other: nothing");
}

#[test]
fn where_somebody_goes_another_way_is_shown_in_simulate() {
    let mut window = Window::with_project(&shop());
    window.outline("buy → Bought");
    window.fill("Condition", "count(buy) > 1");
    results(&mut window);
    compare(&mut window);
    let shows = |node: &egui_kittest::kittest::AccessKitNode<'_>| {
        node.label().filter(|label| label.starts_with("Show C") && label.ends_with(" in Simulate"))
    };
    let name = window.harness.query_all_by(move |node| shows(node).is_some()).next().and_then(|node| {
        use egui_kittest::kittest::NodeT as _;
        node.accesskit_node().label()
    });
    let name = name.expect("somebody goes another way");
    window.press(&name);
    let contact = name.trim_start_matches("Show ").trim_end_matches(" in Simulate");
    assert_eq!(window.workbench().simulator().story().unwrap().contact, contact);
    let time = window.workbench().simulator().time().expect("the clock stands somewhere");
    assert_eq!(time.display_in(&window.project().zone()), "2026-01-03 00:00");
}

#[test]
fn an_unchanged_version_comes_to_the_same() {
    let mut window = Window::with_project(&shop());
    let copy = window.path("copy.statecraft");
    window.document().save_copy(&copy).unwrap();
    results(&mut window);
    choose_file(&mut window, &copy);
    compare(&mut window);
    tells(&window, "The other version is copy.statecraft.");
    tells(&window, "Both come to the same numbers in all of 20 repeats.");
    tells(&window, "On seed 1, all contacts live through the same in both versions.");
    let table = copied(&mut window, "Copy Compare");
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!((cells[3], cells[4], cells[5]), ("0", "0", "0"), "{line}");
        assert_eq!(cells[6..], ["0", "20", "20"], "{line}");
    }
    // Whatever was compared belongs to the drawing as it was.
    window.ctrl(Key::Num1);
    window.outline("buy → Bought");
    window.fill("Condition", "count(buy) > 1");
    results(&mut window);
    assert_eq!(told(&window, "Both come to the same numbers"), None);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let mut window = Window::with_project(&notation::parse(WORLD).unwrap());
    results(&mut window);
    window.press("Compare");
    window.choose("An earlier version", "A sample");
    window.press("Compare both");
    window.until("it was refused", |window| {
        told(window, "The other version has no generated population People.").is_some()
    });
    let nothing = window.path("nothing.statecraft");
    window.choose("A sample", "An earlier version");
    choose_file(&mut window, &nothing);
    window.press("Compare both");
    window.until("it was refused", |window| told(window, "There is no file ").is_some());

    let mut window = Window::with_project(&shop());
    results(&mut window);
    window.press("Compare");
    window.choose("An earlier version", "A sample");
    compare(&mut window);
    tells(&window, "The other version does not know these events, so nothing waits for them: visit");
    tells(&window, "Cannot be measured in both, since things are compared by name: ");
    window.comes_to_rest();
}

#[test]
fn a_comparison_can_be_stopped() {
    let mut window = Window::with_project(&notation::parse(&WORLD.replace("200 contacts", "50000 contacts")).unwrap());
    results(&mut window);
    window.press("Compare");
    window.choose("An earlier version", "A sample");
    let same = window.path("same.statecraft");
    window.document().save_copy(&same).unwrap();
    window.choose("A sample", "An earlier version");
    choose_file(&mut window, &same);
    window.choose("20 seeds", "200 seeds");
    window.press("Compare both");
    tells(&window, " of 400 runs");
    window.press("Stop");
    assert_eq!(told(&window, " of 400 runs"), None);
    tells(&window, "This journey and another version on the same contacts and the same luck");
    assert!(!window.is_disabled("Compare both"));
    window.comes_to_rest();
}
