//! The journey on the wall: bars away, larger type, nobody named, a story line by line.

use egui::Key;
use statecraft::gui::Look;

use crate::driver::Window;

const SHOP: &str = "start New\nstate Known\nevent buy\nNew --buy--> Known\nKnown --buy [count(buy) >= 3]--> New\n\
                    contact Anna Smith\n2026-03-01 buy, 2026-03-02 buy, 2026-03-03 buy";

#[test]
fn a_story_is_presented_line_by_line_and_without_the_name() {
    let mut window = Window::with(SHOP);
    window.ctrl(Key::Num3);
    window.until("it ran", |window| window.workbench().simulator().time().is_some());
    window.press("Anna Smith");
    window.key(Key::Home);
    let before = window.harness.ctx.zoom_factor();
    window.key(Key::F11);
    window.rest();
    assert!(window.harness.ctx.zoom_factor() > before, "type is larger");
    assert!(!window.has("Menu"), "the bar is away");
    assert!(!window.shows("Anna"), "nobody is named");
    let mut told = Vec::new();
    for _ in 0..4 {
        window.key(Key::ArrowRight);
        told.push(window.painted().join(" "));
    }
    for (line, words) in told.iter().zip(["entered New", "moved from New to Known", "no condition held", "moved from"])
    {
        assert!(line.contains(words), "{words:?} is not in {line:?}");
        assert!(!line.contains("Anna"));
    }
    assert!(told[2].contains("count(buy) was 2"), "why not");
    window.key(Key::PageUp);
    window.sees("no condition held");
    window.key(Key::Escape);
    window.rest();
    assert!(window.has("Menu"));
    window.sees("Anna Smith");
    assert!((window.harness.ctx.zoom_factor() - before).abs() < f32::EPSILON);
}

#[test]
fn nothing_is_changed_while_presenting_and_the_presentation_ends_with_its_project() {
    let mut window = Window::with(SHOP);
    let before = window.project().clone();
    let scale = window.harness.ctx.zoom_factor();
    window.key(Key::F11);
    window.ctrl(Key::A);
    for key in [Key::Delete, Key::ArrowRight, Key::F2] {
        window.key(key);
    }
    assert_eq!(*window.project(), before);
    window.key(Key::Escape);
    window.key(Key::F11);
    window.ctrl(Key::W);
    window.rest();
    assert!(window.on_start_screen());
    assert!((window.harness.ctx.zoom_factor() - scale).abs() < f32::EPSILON);
}

#[test]
fn the_look_goes_round_by_light_dark_and_high_contrast() {
    assert_eq!(Look::ALL.map(Look::next), [Look::Dark, Look::HighContrast, Look::Light]);
}
