//! Drawings that nobody arranged by hand can be read: no card lies on another, no label on a card or a label, and few arrows
//! cross.

use std::collections::BTreeSet;

use egui::{Pos2, Rect};
use statecraft::gui::Overlay;
use statecraft::layout::{tidied, tidy};
use statecraft::model::sample::SAMPLES;
use statecraft::model::{Edit, NodeId, Project};

use crate::screen::{App, Screen};

/// What is on the screen, and what of it lies on what.
struct Drawing {
    cards: Vec<(String, Rect)>,
    labels: Vec<(String, Rect)>,
    curves: Vec<Vec<Pos2>>,
}

impl Drawing {
    fn of(project: &Project, counted: bool) -> Self {
        let mut app = App::new("journey x");
        app.project = project.clone();
        app.overlay = counted.then(Overlay::default);
        let screen = Screen::with(app);
        let canvas = &screen.app().canvas;
        let is_leaf = |id: &NodeId| project.nodes.values().all(|node| node.parent != Some(*id));
        let leaves = project.nodes.values().filter(|node| is_leaf(&node.id));
        let arrows = || project.transitions.values();
        Self {
            cards: leaves.map(|node| (node.name.clone(), canvas.card_on_screen(node.id).unwrap())).collect(),
            labels: arrows()
                .map(|arrow| (project.describe(arrow.id.into()), canvas.label_on_screen(arrow.id).unwrap()))
                .collect(),
            curves: arrows()
                .map(|arrow| {
                    let at = |step: u8| canvas.arrow_on_screen(arrow.id, f32::from(step) / 40.0).unwrap();
                    (0..=40).map(at).collect()
                })
                .collect(),
        }
    }

    /// Everything that lies on something else.
    fn overlaps(&self) -> Vec<String> {
        let mut overlaps = Vec::new();
        let (cards, labels) = (&self.cards, &self.labels);
        let mut look = |(one, at): &(String, Rect), (other, there): &(String, Rect)| {
            let both = at.intersect(*there);
            if both.width() > 0.5 && both.height() > 0.5 {
                overlaps.push(format!("{one} on {other}"));
            }
        };
        for (place, card) in cards.iter().enumerate() {
            cards[place + 1..].iter().for_each(|other| look(card, other));
        }
        for (place, label) in labels.iter().enumerate() {
            cards.iter().chain(&labels[place + 1..]).for_each(|other| look(label, other));
        }
        overlaps
    }

    /// How many pairs of arrows cross, without those that part or meet at a card.
    fn crossings(&self) -> usize {
        let mut crossings = 0;
        for (place, one) in self.curves.iter().enumerate() {
            for other in &self.curves[place + 1..] {
                let crossed = one[2..39].windows(2).any(|a| other[2..39].windows(2).any(|b| cross(a, b)));
                crossings += usize::from(crossed);
            }
        }
        crossings
    }

    /// How many arrows run across a card.
    fn hidden(&self) -> usize {
        let within =
            |rect: &Rect| self.curves.iter().filter(|line| line[2..39].iter().any(|at| rect.contains(*at))).count();
        self.cards.iter().map(|(_, rect)| within(&rect.shrink(3.0))).sum()
    }
}

fn cross(a: &[Pos2], b: &[Pos2]) -> bool {
    let side = |p: Pos2, q: Pos2, r: Pos2| (q - p).rot90().dot(r - p) > 0.0;
    side(a[0], a[1], b[0]) != side(a[0], a[1], b[1]) && side(b[0], b[1], a[0]) != side(b[0], b[1], a[1])
}

#[test]
fn samples_can_be_read_as_they_are_and_tidied() {
    // Of each sample at most so many pairs of arrows cross, and so many run across a card.
    let most = [
        ("white-paper", 0, 0),
        ("abandoned-cart", 2, 0),
        ("silent-week", 2, 0),
        ("lead-definition", 1, 0),
        ("full-lifecycle", 1, 0),
        ("buying-group", 1, 0),
        ("subscription", 0, 0),
        ("application-form", 1, 0),
        ("repeat-purchase", 0, 0),
    ];
    assert_eq!(most.map(|(key, ..)| key).as_slice(), SAMPLES.iter().map(|sample| sample.key).collect::<Vec<_>>());
    let mut faults = Vec::new();
    for (sample, (key, crossings, hidden)) in SAMPLES.iter().zip(most) {
        // As it is opened, and arranged anew; in Design, and in a run, where cards are higher.
        for counted in [false, true] {
            let [shipped, tidy] = [sample.project(), tidied(sample.project())].map(|it| Drawing::of(&it, counted));
            for overlap in shipped.overlaps().iter().chain(&tidy.overlaps()) {
                faults.push(format!("{key} (in a run: {counted}): {overlap}"));
            }
            if tidy.crossings() > crossings || tidy.hidden() > hidden {
                faults.push(format!("{key}: {} crossings, {} across cards", tidy.crossings(), tidy.hidden()));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn cards_glide_to_where_they_are_tidied() {
    let mut screen = Screen::new("start A\nstate A at 0, 0\nstate B at 600, 700\nA --go--> B");
    let apart = |screen: &Screen| (screen.card("A") - screen.card("B")).length() / screen.app().canvas.zoom();
    let before = apart(&screen);
    let app = screen.0.state_mut();
    let moves = tidy(&app.project, &BTreeSet::new());
    let project = app.project.clone();
    app.canvas.glide_from(&project);
    app.perform(Edit::Tidy(moves));
    let mut way = vec![before];
    for _ in 0..13 {
        screen.0.step();
        way.push(apart(&screen));
    }
    let after = way[13];
    assert!(after + 100.0 < before, "{way:?}");
    assert!(way[2] < before && way[2] > after + 1.0, "it jumps: {way:?}");
    assert!(way.windows(2).all(|pair| pair[1] <= pair[0] + 0.5), "back and forth: {way:?}");
    assert!((way[12] - after).abs() < 0.01, "not there after 200 ms: {way:?}");
}
