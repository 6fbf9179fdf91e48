//! Drawings without effort: tidying, and pictures of what is drawn.

use egui::{Event, Key, Modifiers, PointerButton};
use egui_kittest::kittest::Queryable as _;
use statecraft::model::Point;

use super::driver::Window;

const PILE: &str = "start A\nstate A at 0, 0\nstate B at 300, 50\nstate C at 0, 300\nstate Far at 900, 600\n\
    A --go--> B\nB --on--> C\nC --back--> A\nC --far--> Far\nFar --back--> A";

fn place(window: &Window, name: &str) -> Point {
    window.project().nodes[&window.node(name)].position
}

fn shift_click(window: &mut Window, name: &str) {
    let (pos, modifiers) = (window.place(name), Modifiers::SHIFT);
    window.harness.event(Event::ModifiersChanged(modifiers));
    window.harness.event(Event::PointerMoved(pos));
    window.step();
    for pressed in [true, false] {
        window.harness.event(Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers });
        window.step();
    }
    window.harness.event(Event::ModifiersChanged(Modifiers::NONE));
    for _ in 0..30 {
        window.step();
    }
}

#[test]
fn tidying_is_one_step_that_can_be_undone() {
    let mut window = Window::with(PILE);
    let before = window.project().clone();
    window.key_with(Key::T, Modifiers::COMMAND | Modifiers::SHIFT);
    let tidy = window.project().clone();
    assert_ne!(tidy, before);
    assert_eq!(window.document().undo_title(), Some("tidy layout"));
    window.ctrl(Key::Z);
    assert_eq!(*window.project(), before);
    window.ctrl(Key::Y);
    window.comes_to_rest();
    window.press("Tidy");
    window.until("it says so", |window| window.shows("Everything stands where it should"));
    assert_eq!(*window.project(), tidy);
}

#[test]
fn of_several_selected_states_only_these_are_arranged() {
    let mut window = Window::with(PILE);
    let far = place(&window, "Far");
    for name in ["A", "B", "C"] {
        shift_click(&mut window, name);
    }
    window.press("Tidy");
    assert_eq!(place(&window, "Far"), far);
    assert_ne!(place(&window, "A"), place(&window, "B"));
    assert_eq!(window.document().undo_title(), Some("tidy layout"));
}

#[test]
fn a_picture_of_the_journey_is_written_where_the_user_says() {
    let mut window = Window::with(PILE);
    window.key_with(Key::E, Modifiers::COMMAND | Modifiers::SHIFT);
    window.sees("Export a picture");
    let path = window.path("wall.svg");
    window.harness.get_all_by_role(egui::accesskit::Role::TextInput).last().unwrap().focus();
    window.rest();
    window.ctrl(Key::A);
    window.typed(&path.display().to_string());
    window.press("Export");
    window.until("it is written", |window| window.shows(&format!("The picture is in {}.", path.display())));
    let svg = std::fs::read_to_string(&path).unwrap();
    assert!(svg.starts_with("<svg") && svg.contains("<title>Far</title>"));
}
