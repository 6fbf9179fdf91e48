//! Whole frames of the canvas at 1,000 and 10,000 states while it is panned, zoomed and edited, beside a canvas that is
//! painted by hand and can do nothing else: `cargo bench --bench canvas`.
//!
//! A frame is input, panels, canvas and tessellation, on one core and without a graphics card. Both sides take turns in one
//! run, and each line is the median of its frames with their ratio. At 60 frames a second there are 16.7 ms for one.

#[path = "common/grid.rs"]
mod grid;
#[path = "common/painted.rs"]
mod painted;
#[path = "common/screen.rs"]
mod screen;
#[path = "common/turns.rs"]
mod turns;
#[path = "common/window.rs"]
mod window;

use egui::{Event, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, TouchPhase, pos2, vec2};
use grid::grid;
use painted::Painted;
use statecraft::model::NodeId;
use turns::{Frames, percentile, take_turns};
use window::Window;

const ROUNDS: usize = 120;

impl Frames for Window {
    fn frame(&mut self, events: Vec<Event>) {
        self.frame(events);
    }
}

/// Where a card in view lies on the screen.
fn a_card(window: &Window, states: u32) -> Pos2 {
    let canvas = window.app.workbench().expect("a project is open").canvas();
    let middle = pos2(620.0, 430.0);
    let cards = (1..=states).filter_map(|id| canvas.card_on_screen(NodeId(id))).map(|card| card.center());
    cards.min_by(|one, other| one.distance(middle).total_cmp(&other.distance(middle))).expect("there are cards")
}

fn button(pos: Pos2, pressed: bool) -> Vec<Event> {
    let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
    vec![Event::PointerMoved(pos), Event::PointerButton { pos, button, pressed, modifiers }]
}

/// What the hand does in each frame.
#[derive(Clone, Copy)]
enum Hand {
    Rests,
    Pans,
    Zooms,
    Drags,
    Edits,
}

impl Hand {
    /// The last one moves the card that was dragged before, which is an edit in each frame.
    const ALL: [(Self, &'static str); 5] = [
        (Self::Rests, "pointer moves"),
        (Self::Pans, "pan"),
        (Self::Zooms, "zoom"),
        (Self::Drags, "drag a card"),
        (Self::Edits, "move by key"),
    ];

    fn events(self, round: usize, card: Pos2) -> Vec<Event> {
        let back = round % 2 == 1;
        let wheel = |delta, modifiers| Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta,
            modifiers,
            phase: TouchPhase::Move,
        };
        let middle = pos2(640.0, 400.0);
        match self {
            Self::Rests => vec![Event::PointerMoved(middle + vec2(if back { 3.0 } else { 0.0 }, 0.0))],
            Self::Pans => {
                vec![Event::PointerMoved(middle), wheel(vec2(0.0, if back { 24.0 } else { -24.0 }), Modifiers::NONE)]
            }
            Self::Zooms => {
                vec![Event::PointerMoved(middle), wheel(vec2(0.0, if back { 30.0 } else { -30.0 }), Modifiers::COMMAND)]
            }
            Self::Drags => {
                let way = if back { 8.0 } else { 16.0 };
                vec![Event::PointerMoved(card + vec2(24.0 + way, 24.0 + way))]
            }
            Self::Edits => {
                let key = if back { Key::ArrowLeft } else { Key::ArrowRight };
                let modifiers = Modifiers::NONE;
                [true, false]
                    .map(|pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers })
                    .into()
            }
        }
    }
}

/// The median frame of each, in milliseconds.
fn medians(ours: &mut Window, theirs: &mut Painted, hand: Hand, card: Pos2) -> [f64; 2] {
    if matches!(hand, Hand::Drags) {
        ours.frame(button(card, true));
        theirs.frame(button(card, true));
    }
    let times = take_turns([&mut *ours, &mut *theirs], ROUNDS, |round| hand.events(round, card));
    if matches!(hand, Hand::Drags) {
        ours.frame(button(card, false));
        theirs.frame(button(card, false));
    }
    times.map(|times| percentile(&times, 50))
}

fn main() {
    println!("states  arrows  zoom  hand            frame ms  by hand ms  ratio  frames that fit in 16.7 ms");
    for (states, arrows) in [(1_000, 1_500), (10_000, 15_000)] {
        let project = grid(states, arrows);
        for whole in [true, false] {
            let mut ours = Window::on(&project, None);
            if !whole {
                ours.press(Key::Num0, Modifiers::COMMAND);
            }
            let mut theirs = Painted::on(&project, if whole { None } else { Some(1.0) });
            for (hand, name) in Hand::ALL {
                let card = a_card(&ours, states);
                let [frame, by_hand] = medians(&mut ours, &mut theirs, hand, card);
                let zoom = if whole { "fit " } else { "100%" };
                println!(
                    "{states:6}  {arrows:6}  {zoom}  {name:14}  {frame:8.2}  {by_hand:10.2}  {:5.1}  {:5.1}",
                    frame / by_hand,
                    16.7 / frame
                );
            }
        }
    }
}
