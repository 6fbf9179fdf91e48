//! The Results workspace.

use egui::{Key, Modifiers, OutputCommand};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use statecraft::model::sample::SAMPLES;
use statecraft::model::{Assumption, Project, notation};

use super::driver::Window;

const SHOP: &str = "journey Shop
about Who deserves the coupon? Compare those who got one.
start Start
event reject: reason
touchpoint mail: e-mail
end Gone
Start --visit [chance(50%)] / convert(visit); send(mail); notify(Sales: call)--> Seen
Seen --buy / convert(order, 50)--> Bought
Seen --reject--> Gone
Seen --after 30 days--> Late
";

pub(crate) fn shop() -> Project {
    let contact = |number: u32| {
        let then = match number % 4 {
            0 => "2026-01-03 buy",
            1 => "2026-01-04 reject (reason = \"=1+1\")",
            2 => "2026-01-02 other",
            _ => "2026-03-01 other",
        };
        format!("contact C{number}\n2026-01-01 visit, {then}\n")
    };
    let contacts: String = (0..40).map(contact).collect();
    notation::parse(&format!("{SHOP}event other\n{contacts}")).unwrap()
}

pub(crate) fn results(window: &mut Window) {
    window.ctrl(Key::Num4);
    window.until("the run is over", |window| {
        let played = window.workbench().simulator().played();
        played.is_some_and(|played| played.key.revision == window.document().revision())
    });
}

/// What a screen reader says that has these words in it, also of what would have to be scrolled to.
pub(crate) fn told(window: &Window, words: &str) -> Option<String> {
    let says = |node: &egui_kittest::kittest::AccessKitNode<'_>| node.label().or_else(|| node.value());
    let wanted = words.to_owned();
    let found = window.harness.query_all_by(move |node| says(node).is_some_and(|text| text.contains(&wanted)));
    let mut texts = found.filter_map(|node| says(&node.accesskit_node()));
    texts.next()
}

#[track_caller]
pub(crate) fn tells(window: &Window, words: &str) -> String {
    told(window, words).unwrap_or_else(|| panic!("nothing says {words:?}: {:?}", window.painted()))
}

/// What the button puts on the clipboard.
#[track_caller]
pub(crate) fn copied(window: &mut Window, button: &str) -> String {
    let wanted = button.to_owned();
    window.one(button, move |node| node.label().is_some_and(|label| label == wanted)).click_accesskit();
    let mut copied = None;
    for _ in 0..4 {
        window.step();
        for command in &window.harness.output().platform_output.commands {
            if let OutputCommand::CopyText(text) = command {
                copied = Some(text.clone());
            }
        }
    }
    copied.expect("something was copied")
}

#[test]
fn the_question_comes_first_and_the_numbers_that_answer_it() {
    let mut window = Window::with_project(&shop());
    results(&mut window);
    window.sees("Who deserves the coupon?");
    window.sees("Model result");
    assert!(!window.painted().iter().any(|text| text.to_lowercase().contains("forecast")));
    let report = window.workbench().simulator().played().unwrap().report.clone();
    let visits = report.conversions["visit"].contacts;
    let words = format!("visit: {:.1} %, {visits} of 40", 100.0 * f64::from(u32::try_from(visits).unwrap()) / 40.0);
    assert_eq!(tells(&window, "visit: "), words);
    tells(&window, "Value of a contact: ");
}

#[test]
fn every_sample_has_results_and_no_two_things_share_a_name() {
    for sample in SAMPLES {
        let mut window = Window::with_project(&sample.project());
        results(&mut window);
        window.sees("Conversion");
        window.comes_to_rest();
    }
}

#[test]
fn a_table_is_copied_with_its_numbers_and_without_formulas() {
    let mut window = Window::with_project(&shop());
    results(&mut window);
    let conversion = copied(&mut window, "Copy Conversion");
    assert!(conversion.starts_with("Point\tContacts\tOf all\t"), "{conversion}");
    let report = window.workbench().simulator().played().unwrap().report.clone();
    let order = report.conversions["order"];
    assert!(conversion.lines().any(|line| line.starts_with(&format!("order\t{}\t", order.contacts))), "{conversion}");
    let handovers = copied(&mut window, "Copy Hand-overs");
    assert!(handovers.contains("Sales\treject\t'=1+1\t"), "{handovers}");
}

#[test]
fn a_table_is_exported_as_a_file() {
    let mut window = Window::with_project(&shop());
    results(&mut window);
    window.press("Export Leakage");
    window.sees("Export a table");
    let path = window.path("leaks");
    window.harness.get_all_by_role(egui::accesskit::Role::TextInput).last().unwrap().focus();
    window.rest();
    window.key_with(Key::A, Modifiers::COMMAND);
    window.typed(&path.display().to_string());
    window.press("Export");
    let text = std::fs::read_to_string(path.with_extension("csv")).unwrap();
    assert!(text.starts_with("Step,Got there,Lost,Expired,Stuck,Leaked"), "{text}");
    assert!(text.contains("start → visit,40,"), "{text}");
    window.sees("The table is in");
}

#[test]
fn chance_and_assumptions_are_asked_for_apart() {
    let mut project = shop();
    project.info.discount = Some(Assumption { low: Some(0.0), high: Some(0.1), ..Assumption::guessed(0.01) });
    let mut window = Window::with_project(&project);
    results(&mut window);
    window.press("Chance");
    window.press("Repeat");
    window.until("it was repeated", |window| told(window, "Nine of ten of 20 repeats").is_some());
    window.press("Assumptions");
    window.press("Vary 1 number");
    window.until("it was varied", |window| told(window, "The widest first.").is_some());
    window.comes_to_rest();
    // What belongs to another drawing is not shown beside new numbers.
    window.ctrl(Key::Num1);
    window.outline("buy → Bought");
    window.fill("Condition", "count(buy) > 1");
    results(&mut window);
    assert_eq!((told(&window, "Nine of ten of 20 repeats"), told(&window, "The widest first.")), (None, None));
}

#[test]
fn where_nothing_is_left_to_chance_it_says_so() {
    let mut window = Window::with("start A\nA --go / convert(sale)--> B\ncontact X\n2026-01-01 go");
    results(&mut window);
    window.press("Chance");
    window.press("Repeat");
    window.until("it was repeated", |window| told(window, "nothing is left to chance").is_some());
    tells(&window, "No number of this journey has a range.");
}

#[test]
fn what_is_empty_says_what_to_do() {
    let mut window = Window::with("start A\nA --go--> B\nB --back--> A\ncontact X\n2026-01-01 go");
    results(&mut window);
    window.sees("No step counts as a conversion yet.");
    window.sees("Write the question that this journey answers into its note");
    for (part, sentence) in [
        ("Leakage", "there are no steps"),
        ("Messages", "Nothing was to be sent."),
        ("Hand-overs", "Nobody was handed over."),
        ("Value", "No conversion was worth anything."),
    ] {
        window.press(part);
        tells(&window, sentence);
    }
    let mut window = Window::with("start A\nA --go--> B\nB --back--> A");
    results(&mut window);
    window.sees("Nobody entered the journey in this run.");
}

#[test]
fn nothing_is_changed_in_results() {
    let mut window = Window::with_project(&shop());
    results(&mut window);
    let before = window.project().clone();
    window.ctrl(Key::A);
    for key in [Key::Delete, Key::F2, Key::Insert] {
        window.key(key);
    }
    window.ctrl(Key::G);
    window.key(Key::F5);
    results(&mut window);
    assert_eq!(*window.project(), before);
    window.sees("Who deserves the coupon?");
}
