//! `render`: pictures without a display.

use std::fs;

use super::{Desk, keys};

#[cfg(not(feature = "gui"))]
#[test]
fn a_build_that_cannot_draw_says_so() {
    Desk::with_project().refuses_with(&["render", "p", "p.png"], &["cannot draw", "feature gui"]);
}

#[cfg(feature = "gui")]
#[test]
fn a_journey_is_drawn_without_a_display() {
    let desk = Desk::with_project();
    for (name, begin) in [("p.png", &b"\x89PNG"[..]), ("p.svg", b"<svg"), ("p.PDF", b"%PDF-")] {
        let output = desk.command(&["render", "p", name]).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").output();
        assert_eq!(output.unwrap().status.code(), Some(0), "{name}");
        assert!(fs::read(desk.path(name)).unwrap().starts_with(begin), "{name}");
    }
}

#[cfg(feature = "gui")]
#[test]
fn its_json_says_what_was_drawn() {
    let desk = Desk::with_project();
    let [once, twice] = ["1", "2"].map(|scale| desk.json(&["render", "p", &format!("{scale}.png"), "--scale", scale]));
    assert_eq!(keys(&once), ["arrows", "file", "height", "states", "width"]);
    assert_eq!(once["width"].as_f64().map(|width| width * 2.0), twice["width"].as_f64());
    let part = desk.json(&["render", "p", "part.svg", "--theme", "dark", "--selection", "New", "repeat"]);
    assert_eq!(part["states"], 2);
    assert!(part["arrows"].as_u64() < once["arrows"].as_u64());
}

#[cfg(feature = "gui")]
#[test]
fn what_cannot_be_drawn_is_refused() {
    let desk = Desk::with_project();
    desk.refuses_with(&["render", "p", "p.gif"], &["p.gif", ".png, .svg or .pdf"]);
    desk.refuses_with(&["render", "p", "p"], &[".png, .svg or .pdf"]);
    desk.refuses_with(&["render", "p", "p.svg", "--scale", "2"], &["--scale is for PNG"]);
    desk.refuses_with(&["render", "p", "p.png", "--scale", "9"], &["from 1 to 4"]);
    desk.refuses_with(&["render", "p", "p.png", "--selection", "Nowhere"], &["no state \"Nowhere\""]);
    desk.refuses_with(&["render", "nothing", "p.png"], &["There is no file", "nothing"]);
    desk.refuses_with(&["render", "p", "no/where/p.png"], &["no/where/p.png cannot be written"]);
    desk.prints(&["new", "empty"]);
    desk.refuses_with(&["render", "empty", "e.png"], &["no states yet"]);
}

#[cfg(feature = "gui")]
#[test]
fn a_picture_that_is_there_is_only_replaced_when_asked() {
    let desk = Desk::with_project();
    desk.file("p.svg", "mine");
    desk.refuses_with(&["render", "p", "p.svg"], &["exists already"]);
    assert_eq!(fs::read(desk.path("p.svg")).unwrap(), b"mine");
    desk.prints(&["render", "p", "p.svg", "--replace"]);
    assert!(fs::read(desk.path("p.svg")).unwrap().starts_with(b"<svg"));
}
