//! A projection that follows a drag: only what depends on the dragged cards is made anew. Arrows between cards that move
//! together are carried along, arrows between those and others find a new way, and everything else keeps its place until
//! the drop.

use egui::Vec2;

use super::label::{self, Crowd};
use super::obstacles::Obstacles;
use super::places::Places;
use super::projection::{Moved, Projection};
use super::route::{Ends, Lifted};
use super::sketch::{Pen, Sketch};
use super::text::Ruler;
use crate::model::Project;

/// All that a drag leaves alone.
pub(super) struct Still {
    lifted: Lifted,
    obstacles: Obstacles,
    crowd: Crowd,
}

/// How a card comes to its new place.
#[derive(Clone, Copy)]
enum Step {
    Stays,
    Moves(Vec2),
    /// It also has another size.
    Changes,
}

/// What becomes of an arrow.
enum Fate {
    Stays,
    Carried(Vec2),
    MadeAnew,
}

impl Projection {
    /// Draws what is being dragged where it is now. Of the same revision as before. Gives how many arrows were made anew.
    pub(super) fn follow(&mut self, project: &Project, ruler: &Ruler, moved: &Moved, counted: bool) -> usize {
        let pen = Pen { project, ruler, counted, pulled: moved.shift.bend };
        let steps = self.step_cards(project, moved);
        let fates = self.fates(&steps, &pen);
        let mut anew = Vec::new();
        for (number, fate) in fates.iter().enumerate() {
            match fate {
                Fate::Stays => {}
                Fate::Carried(by) => {
                    if let Some(edge) = self.chart.edge_mut(self.edges[number]) {
                        edge.payload_mut().carry(*by);
                    }
                }
                Fate::MadeAnew => anew.push(number),
            }
        }
        let lifted = Lifted {
            cards: steps.iter().map(|step| !matches!(step, Step::Stays)).collect(),
            arrows: fates.iter().map(|fate| !matches!(fate, Fate::Stays)).collect(),
        };
        if lifted.cards.contains(&true) || lifted.arrows.contains(&true) {
            self.lift(lifted);
            self.draw_anew(&pen, &steps, &anew);
        }
        self.pulled = pen.pulled.map(|(arrow, _)| arrow);
        anew.len()
    }

    /// Puts every card where it is now.
    fn step_cards(&mut self, project: &Project, moved: &Moved) -> Vec<Step> {
        let nodes = project.document_order();
        let places = Places::of(project, &nodes, moved, |node| self.sizes[&node.id]);
        let mut steps = Vec::with_capacity(self.order.len());
        for index in &self.order {
            let Some(drawn) = self.chart.node_mut(*index) else { continue };
            let card = drawn.payload_mut();
            let rect = places.rects[&card.id];
            if card.hollow {
                card.is_lane = places.is_lane(&project.nodes[&card.id]);
                card.dividers = places.dividers_of(card.id).to_vec();
            }
            let from = std::mem::replace(&mut card.rect, rect);
            let resized = (from.size() - rect.size()).length() > 0.01;
            steps.push(if from == rect {
                Step::Stays
            } else if resized {
                Step::Changes
            } else {
                Step::Moves(rect.min - from.min)
            });
            drawn.set_location(rect.center());
        }
        steps
    }

    fn fates(&self, steps: &[Step], pen: &Pen) -> Vec<Fate> {
        let pulled = pen.pulled.map(|(arrow, _)| arrow);
        let pulled = [pulled, self.pulled].map(|arrow| arrow.and_then(|arrow| self.drawn_as(arrow)));
        let fate =
            |(number, ends): (usize, &Ends)| match (steps[ends.source], steps[ends.target.unwrap_or(ends.source)]) {
                _ if pulled.contains(&Some(self.edges[number])) => Fate::MadeAnew,
                (Step::Stays, Step::Stays) => Fate::Stays,
                (Step::Moves(one), Step::Moves(other)) if (one - other).length() < 0.01 => Fate::Carried(one),
                _ => Fate::MadeAnew,
            };
        self.ends.iter().enumerate().map(fate).collect()
    }

    /// Sees to it that nothing of `lifted` is among what stays.
    fn lift(&mut self, mut lifted: Lifted) {
        if let Some(still) = &self.still {
            lifted.join(&still.lifted);
            if lifted == still.lifted {
                return;
            }
        }
        let obstacles = self.routes.obstacles(&self.bodies(), &lifted);
        let mut crowd = Crowd::default();
        for (_, card) in self.cards().enumerate().filter(|(place, _)| !lifted.cards[*place]) {
            crowd.add_card(card.solid());
        }
        for (number, arrow) in self.arrows().enumerate().filter(|(number, _)| !lifted.arrows[*number]) {
            crowd.add_label(arrow.label_rect);
            crowd.add_line(number, &arrow.line);
        }
        self.still = Some(Still { lifted, obstacles, crowd });
    }

    fn draw_anew(&mut self, pen: &Pen, steps: &[Step], anew: &[usize]) {
        let Some(still) = self.still.take_if(|_| !anew.is_empty()) else { return };
        let bodies = self.bodies();
        let (mut obstacles, mut crowd) = (Obstacles::default(), Crowd::default());
        for (place, card) in self.cards().enumerate().filter(|(place, _)| still.lifted.cards[*place]) {
            obstacles.add_body(place, &bodies[place]);
            crowd.add_card(card.solid());
        }
        let mut is_anew = vec![false; self.edges.len()];
        for number in anew {
            is_anew[*number] = true;
        }
        for (number, arrow) in self.arrows().enumerate() {
            if still.lifted.arrows[number] && !is_anew[number] {
                crowd.add_label(arrow.label_rect);
            }
        }
        // An arrow whose middle is pulled keeps its own way.
        let stays = |place: usize| matches!(steps[place], Step::Stays);
        let is_led = |ends: Ends| !stays(ends.source) || ends.target.is_some_and(|target| !stays(target));
        let led: Vec<usize> = anew.iter().copied().filter(|number| is_led(self.ends[*number])).collect();
        let mut own: Vec<_> = anew.iter().filter_map(|number| Some((*number, self.drawn(*number)?.own))).collect();
        for (number, curve) in self.routes.again(&bodies, &self.ends, &led, &still.obstacles, obstacles) {
            if let Ok(place) = own.binary_search_by_key(&number, |(number, _)| *number) {
                own[place].1 = curve;
            }
        }
        let sketch = |(number, own)| {
            let members = self.drawn(number)?.members.clone();
            Some(Sketch::new(pen, number, members, self.ends[number], &bodies, own))
        };
        let sketches: Vec<Sketch> = own.into_iter().filter_map(sketch).collect();
        let wishes: Vec<_> = sketches.iter().map(Sketch::wish).collect();
        let rects = label::place(&wishes, &still.crowd, crowd);
        for (sketch, rect) in sketches.into_iter().zip(rects) {
            if let Some(edge) = self.chart.edge_mut(self.edges[sketch.number]) {
                let spoken = std::mem::take(&mut edge.payload_mut().spoken);
                *edge.payload_mut() = sketch.drawn(pen.project, spoken, rect);
            }
        }
        self.still = Some(still);
    }
}

impl Lifted {
    /// Adds all of `other`.
    fn join(&mut self, other: &Self) {
        for (own, others) in [(&mut self.cards, &other.cards), (&mut self.arrows, &other.arrows)] {
            own.iter_mut().zip(others).for_each(|(own, other)| *own |= *other);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Write as _;

    use egui::{Context, RawInput, vec2};

    use super::super::projection::Shift;
    use super::*;
    use crate::model::{NodeId, Point, TransitionId, notation};

    fn drawn(text: &str, mut look: impl FnMut(&Project, &Ruler, Projection)) {
        let project = notation::parse(text).unwrap();
        let mut output = Context::default().run_ui(RawInput::default(), |ui| {
            let ruler = Ruler::new(ui.painter());
            let moved = Moved { shift: &Shift::default(), glide: None };
            look(&project, &ruler, Projection::new(&project, &ruler, &moved, false));
        });
        // Nobody uploads them here.
        output.textures_delta.clear();
    }

    fn follow(projection: &mut Projection, project: &Project, ruler: &Ruler, shift: &Shift) -> usize {
        projection.follow(project, ruler, &Moved { shift, glide: None }, false)
    }

    fn dragged(nodes: &[NodeId], by: Vec2) -> Shift {
        Shift { nodes: nodes.iter().copied().collect(), by, bend: None }
    }

    /// A thousand states in a grid with 1,500 arrows, most of them short.
    fn thousand() -> String {
        let mut text = String::new();
        for state in 0..1_000 {
            writeln!(text, "state S{state} at {}, {}", state % 40 * 280, state / 40 * 160).unwrap();
        }
        for arrow in 0..1_500 {
            let from = arrow % 1_000;
            let to = match arrow % 10 {
                0 => (arrow * 7 + 3) % 1_000,
                1..5 => (from + 40) % 1_000,
                _ => (from + 1) % 1_000,
            };
            writeln!(text, "S{from} --go--> S{to}").unwrap();
        }
        text
    }

    #[test]
    fn of_a_thousand_states_a_drag_makes_only_the_arrows_at_the_dragged_card_anew() {
        drawn(&thousand(), |project, ruler, mut projection| {
            let card = project.node_by_name("S500").unwrap().id;
            let at_it: BTreeSet<TransitionId> = project
                .transitions
                .values()
                .filter(|arrow| arrow.source == card || arrow.target == Some(card))
                .map(|arrow| arrow.id)
                .collect();
            assert!(at_it.len() >= 3, "{at_it:?}");
            for step in [1.0, 2.0, -40.0, 0.0] {
                let before: Vec<_> = projection.arrows().cloned().collect();
                let shift = dragged(&[card], vec2(24.0, 16.0) * step);
                assert_eq!(follow(&mut projection, project, ruler, &shift), at_it.len());
                let at = project.nodes[&card].position;
                let rect = projection.card(card).unwrap().rect;
                assert!((rect.center() - egui::pos2(at.x, at.y) - shift.by).length() < 0.01);
                for (before, after) in before.iter().zip(projection.arrows()) {
                    let stays = (before.curve, before.label_rect) == (after.curve, after.label_rect);
                    assert_eq!(stays, !at_it.contains(&after.id), "{}", after.spoken);
                    let joined = &project.transitions[&after.id];
                    for (end, node) in [(0.0, Some(joined.source)), (1.0, joined.target)] {
                        if node == Some(card) {
                            let end = after.curve.at(end);
                            assert!(rect.expand(0.1).contains(end) && !rect.shrink(0.1).contains(end), "{end:?}");
                        }
                    }
                }
            }
        });
    }

    #[test]
    fn what_is_dragged_together_keeps_its_arrows() {
        let text = "state A at 0, 0\nstate B at 320, 0\nstate C at 640, 0\nA --x--> B\nB --x--> C\nA --x--> A";
        drawn(text, |project, ruler, mut projection| {
            let [a, b] = ["A", "B"].map(|name| project.node_by_name(name).unwrap().id);
            let before: Vec<_> = projection.arrows().cloned().collect();
            let by = vec2(40.0, 80.0);
            assert_eq!(follow(&mut projection, project, ruler, &dragged(&[a, b], by)), 1);
            for (before, after) in before.iter().zip(projection.arrows()) {
                let led = after.curve.at(0.3) - before.curve.at(0.3) - by;
                let label = after.label_rect.center() - before.label_rect.center() - by;
                let carried = led.length() < 0.01 && label.length() < 0.01;
                assert_eq!(carried, after.target != project.node_by_name("C").map(|node| node.id));
            }
        });
    }

    #[test]
    fn an_arrow_that_is_pulled_bends_alone_and_finds_back() {
        let text = "state A at 0, 0\nstate B at 320, 0\nA --x--> B\nB --x--> A";
        drawn(text, |project, ruler, mut projection| {
            let before: Vec<_> = projection.arrows().cloned().collect();
            let pull = |bend| Shift { bend: Some((before[0].id, bend)), ..Shift::default() };
            assert_eq!(follow(&mut projection, project, ruler, &pull(Some(Point::new(0.0, 90.0)))), 1);
            let after: Vec<_> = projection.arrows().cloned().collect();
            assert!(after[0].is_bent && after[0].curve.at(0.5).y > 80.0);
            assert_eq!((after[1].curve, after[1].label_rect), (before[1].curve, before[1].label_rect));
            assert_eq!(follow(&mut projection, project, ruler, &pull(None)), 1);
            assert_eq!(projection.arrows().next().unwrap().curve, before[0].curve);
        });
    }
}
