//! Whole frames of the matrix of 200 states and 100 columns while it is scrolled, walked through and edited, beside a table
//! of two words in each cell that is painted by hand and can do nothing but be scrolled: `cargo bench --bench matrix`.
//!
//! A frame is input, panels, table and tessellation, on one core and without a graphics card. Both sides take turns in one
//! run; each line is the median of its frames, what 95 of 100 stay below, and the ratio of the medians. At 60 frames a
//! second there are 16.7 ms for one.

#[path = "common/screen.rs"]
mod screen;
#[path = "common/turns.rs"]
mod turns;
#[path = "common/window.rs"]
mod window;

use std::fmt::Write as _;

use egui::{
    Align2, CentralPanel, Color32, Event, FontId, Key, Modifiers, MouseWheelUnit, Rect, Stroke, StrokeKind, TouchPhase,
    Vec2, pos2, vec2,
};
use screen::Screen;
use statecraft::model::{Project, notation};
use turns::{Frames, percentile, take_turns};
use window::Window;

const STATES: usize = 200;
const EVENTS: usize = 99;
const ROUNDS: usize = 120;
const CELL: Vec2 = vec2(138.0, 50.0);

impl Frames for Window {
    fn frame(&mut self, events: Vec<Event>) {
        self.frame(events);
    }
}

/// Ten groups of twenty states; each state answers six events, some of them for some contacts only, and a silence. The cell
/// at the top left is ignored on purpose. Silence is the hundredth column.
fn journey() -> Project {
    let mut text = String::from("attribute fit: choice D < C < B < A\nscore points\n");
    for event in 0..EVENTS {
        let _ = writeln!(text, "event e{event}");
    }
    text.push_str("start S0\nend Gone\n");
    for group in 0..10 {
        let _ = writeln!(text, "group G{group}");
    }
    for state in 0..STATES {
        let _ = writeln!(text, "state S{state} in G{}", state / 20);
    }
    for group in 0..10 {
        let _ = writeln!(text, "G{group} --!e98--> Gone");
    }
    for state in 0..STATES {
        for arrow in 0..6 {
            let (event, target) = (1 + (state * 7 + arrow * 13) % 97, (state * 11 + arrow * 17 + 1) % STATES);
            let guard = match arrow {
                0 => format!(" [count(e{event}, 60 days) >= 3 and fit >= B]"),
                1 => String::from(" [points < 50 or fit < B]"),
                _ => String::new(),
            };
            let _ = writeln!(text, "S{state} --e{event}{guard}--> S{target}");
        }
        let _ = writeln!(text, "S{state} --after 30 days--> S{}", (state + 1) % STATES);
    }
    text.push_str("ignored S0 on e0 by Anna: too early\n");
    notation::parse(&text).expect("it reads")
}

/// Nothing but the words of a table that fit into the window.
#[derive(Default)]
struct Painted {
    screen: Screen,
    offset: Vec2,
}

impl Frames for Painted {
    fn frame(&mut self, events: Vec<Event>) {
        let offset = &mut self.offset;
        self.screen.frame(events, |ui| {
            CentralPanel::no_frame().show(ui, |ui| {
                let view = ui.available_rect_before_wrap();
                *offset = (*offset - ui.input(egui::InputState::smooth_scroll_delta)).max(Vec2::ZERO);
                let painter = ui.painter_at(view);
                let stroke = Stroke::new(1.0, Color32::DARK_GRAY);
                for row in 0..STATES {
                    for column in 0..=EVENTS {
                        let corner = view.min + vec2(at(column) * CELL.x, at(row) * CELL.y) - *offset;
                        let cell = Rect::from_min_size(corner, CELL).shrink(2.0);
                        if !view.intersects(cell) {
                            continue;
                        }
                        painter.rect(cell, 4.0, Color32::WHITE, stroke, StrokeKind::Inside);
                        let (upper, lower) = (pos2(cell.left() + 34.0, cell.top() + 14.0), cell.left_bottom());
                        let lower = pos2(lower.x + 34.0, lower.y - 14.0);
                        let text = |place, word: String, size| {
                            painter.text(place, Align2::LEFT_CENTER, word, FontId::proportional(size), Color32::BLACK);
                        };
                        text(upper, format!("S{}", (row * 7 + column) % STATES), 14.0);
                        text(lower, format!("e{column} in S{row}"), 12.0);
                    }
                }
            });
        });
    }
}

#[expect(clippy::cast_precision_loss, reason = "cells of a table")]
fn at(place: usize) -> f32 {
    place as f32
}

/// What the hand does in each frame.
#[derive(Clone, Copy)]
enum Hand {
    Rests,
    Down,
    Across,
    Walks,
    Edits,
}

impl Hand {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Rests, "pointer moves"),
        (Self::Down, "scroll down"),
        (Self::Across, "scroll across"),
        (Self::Walks, "walk by key"),
        (Self::Edits, "edit and undo"),
    ];

    fn events(self, round: usize) -> Vec<Event> {
        let (middle, odd) = (pos2(620.0, 430.0), round % 2 == 1);
        // There in the first half, back in the second.
        let way = if round < ROUNDS / 2 { -90.0 } else { 90.0 };
        let (unit, phase, modifiers) = (MouseWheelUnit::Point, TouchPhase::Move, Modifiers::NONE);
        let wheel = |delta| Event::MouseWheel { unit, delta, modifiers, phase };
        let press = |key, modifiers| {
            [true, false].map(|pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers })
        };
        match self {
            Self::Rests => vec![Event::PointerMoved(middle + vec2(if odd { 3.0 } else { 0.0 }, 0.0))],
            Self::Down => vec![Event::PointerMoved(middle), wheel(vec2(0.0, way))],
            Self::Across => vec![Event::PointerMoved(middle), wheel(vec2(way, 0.0))],
            Self::Walks => {
                press(if round < ROUNDS / 2 { Key::ArrowDown } else { Key::ArrowUp }, Modifiers::NONE).into()
            }
            // What was decided about the first cell is taken back, and taken back again.
            Self::Edits if odd => press(Key::Z, Modifiers::COMMAND).into(),
            Self::Edits => press(Key::Delete, Modifiers::NONE).into(),
        }
    }
}

fn main() {
    println!("hand            frame ms  95 of 100  by hand ms  ratio  frames that fit in 16.7 ms");
    let mut ours = Window::on(&journey(), None);
    ours.press(Key::Num2, Modifiers::COMMAND);
    let mut theirs = Painted::default();
    for (hand, name) in Hand::ALL {
        let sides: [&mut dyn Frames; 2] = [&mut ours, &mut theirs];
        let [frames, by_hand] = take_turns(sides, ROUNDS, |round| hand.events(round));
        let (frame, by_hand) = (percentile(&frames, 50), percentile(&by_hand, 50));
        println!(
            "{name:14}  {frame:8.2}  {:9.2}  {by_hand:10.2}  {:5.1}  {:5.1}",
            percentile(&frames, 95),
            frame / by_hand,
            16.7 / frame
        );
    }
}
