//! What is written on arrows, and where: on a chip that lies on no card and, where there is room, on no other chip and
//! no other arrow.

use egui::{Pos2, Rect, Vec2, vec2};
use egui_phosphor::regular as icon;

use super::buckets::Buckets;
use super::geometry::Curve;
use super::text::{Ruler, TIE};
use super::withheld;
use crate::model::trigger_text::print_trigger;
use crate::model::{Action, Project, Transition, Trigger};

pub(super) const TRIGGER_SIZE: f32 = 12.5;
pub(super) const GUARD_SIZE: f32 = 11.0;
pub(super) const COUNT_SIZE: f32 = 13.0;
const PADDING: Vec2 = vec2(8.0, 4.0);

/// The words on an arrow, broken into lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Label {
    pub(super) trigger: Vec<String>,
    pub(super) guard: Vec<String>,
    /// Room on the canvas, with padding.
    pub(super) size: Vec2,
    /// Where the text of the guard begins, from the top of the chip.
    pub(super) guard_top: f32,
    /// Below a count, the room for what the send policy kept back, if the arrow sends anything.
    pub(super) withheld_height: Option<f32>,
}

impl Label {
    /// In lines of at most `width`. With a count, which a run keeps changing, there is no guard.
    pub(super) fn new(project: &Project, arrow: &Transition, ruler: &Ruler, width: f32, counted: bool) -> Self {
        let words = trigger_words(project, arrow);
        let mut trigger = ruler.broken(&words, TRIGGER_SIZE, width, 3);
        if trigger.lines.last().is_some_and(|line| line.ends_with('…')) {
            // Where there is little room, more of the words goes before what belongs together.
            trigger = ruler.broken(&words.replace(TIE, " "), TRIGGER_SIZE, width, 3);
        }
        let mut size = trigger.size;
        let guard_top = PADDING.y + size.y;
        let (mut guard, mut withheld_height) = (Vec::new(), None);
        if counted {
            let room = ruler.broken("000,000×", COUNT_SIZE, f32::INFINITY, 1).size;
            size = vec2(size.x.max(room.x), size.y + room.y);
            if withheld::is_possible(project, &arrow.actions) {
                let room = ruler.broken(&withheld::widest(), withheld::SIZE, f32::INFINITY, 1).size;
                size = vec2(size.x.max(room.x), size.y + room.y);
                withheld_height = Some(room.y);
            }
        } else if !arrow.guard.is_empty() {
            let broken = ruler.broken(
                &format!("if {}", arrow.guard.text().trim()),
                GUARD_SIZE,
                width,
                if width < 110.0 { 1 } else { 2 },
            );
            size = vec2(size.x.max(broken.size.x), size.y + broken.size.y);
            guard = broken.lines;
        }
        Self { trigger: trigger.lines, guard, size: size + 2.0 * PADDING, guard_top, withheld_height }
    }

    /// Of several arrows that are drawn as one.
    pub(super) fn merged(count: usize, ruler: &Ruler) -> Self {
        let words = ruler.broken(&format!("{} {count} arrows", icon::STACK), TRIGGER_SIZE, 150.0, 1);
        let guard_top = PADDING.y + words.size.y;
        Self { trigger: words.lines, size: words.size + 2.0 * PADDING, guard_top, ..Self::default() }
    }
}

pub(super) fn padding() -> Vec2 {
    PADDING
}

/// The trigger in words, with icons for interrupts, arrows that do not leave their source, timers, `always` and what the arrow does.
fn trigger_words(project: &Project, arrow: &Transition) -> String {
    let before = match &arrow.trigger {
        Trigger::Unset => icon::QUESTION,
        Trigger::After(_) | Trigger::AfterWithout(..) | Trigger::AfterSince(..) | Trigger::At(..) => icon::CLOCK,
        Trigger::Done(_) => icon::CHECK_CIRCLE,
        Trigger::Always => icon::LIGHTNING,
        Trigger::On(_) => "",
    };
    let words = match &arrow.trigger {
        Trigger::Unset => String::from("no trigger"),
        trigger => print_trigger(project, trigger),
    };
    let words = tied(&words);
    let after = arrow.actions.first().map_or("", action_icon);
    let interrupts = if arrow.interrupt { icon::HAND_PALM } else { "" };
    let stays_inside = if !arrow.restart && project.ends_inside(arrow) { icon::ANCHOR } else { "" };
    [interrupts, stays_inside, before, &words, after]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(&TIE.to_string())
}

/// With a number and its unit kept in one line: `after 48 h`.
fn tied(words: &str) -> String {
    let mut number = false;
    let tie = |letter: char| {
        let tie = if letter == ' ' && number { TIE } else { letter };
        number = letter.is_ascii_digit();
        tie
    };
    words.chars().map(tie).collect()
}

fn action_icon(action: &Action) -> &'static str {
    match action {
        Action::Send(_) => icon::PAPER_PLANE_TILT,
        Action::AddScore { .. } => icon::PLUS_CIRCLE,
        Action::Set { .. } => icon::PENCIL_SIMPLE,
        Action::Notify { .. } => icon::BELL,
        Action::Convert { .. } => icon::TARGET,
        Action::Refer => icon::USER_PLUS,
        Action::Raise(_) | Action::Schedule(_) => icon::LIGHTNING,
        Action::Cancel(_) | Action::Fail(_) => icon::PROHIBIT,
        Action::Block(actions) => actions.first().map_or("", action_icon),
        Action::If(_) => icon::GIT_BRANCH,
    }
}

/// A label to be placed: its size and the arrow it belongs to.
pub(super) struct Wish<'a> {
    /// The place of its arrow among all arrows.
    pub(super) number: usize,
    pub(super) size: Vec2,
    pub(super) curve: &'a Curve,
    pub(super) line: &'a [Pos2],
    /// For loops: away from the card.
    pub(super) outward: Option<Vec2>,
}

/// What labels keep clear of.
pub(super) struct Crowd {
    cards: Buckets,
    labels: Buckets,
    lines: Buckets,
}

impl Default for Crowd {
    fn default() -> Self {
        Self { cards: Buckets::wide(), labels: Buckets::wide(), lines: Buckets::fine() }
    }
}

impl Crowd {
    pub(super) fn add_card(&mut self, rect: Rect) {
        self.cards.insert(0, rect);
    }

    pub(super) fn add_label(&mut self, rect: Rect) {
        self.labels.insert(0, rect);
    }

    /// `number`: the place of its arrow among all arrows.
    pub(super) fn add_line(&mut self, number: usize, line: &[Pos2]) {
        for point in line {
            self.lines.insert(number, Rect::from_min_max(*point, *point));
        }
    }
}

/// A place for every label, clear of what stays in `still` and what is in `moving`. Short arrows choose first, for they have
/// the least choice.
pub(super) fn place(wishes: &[Wish], still: &Crowd, mut moving: Crowd) -> Vec<Rect> {
    for wish in wishes {
        moving.add_line(wish.number, wish.line);
    }
    let mut order: Vec<(usize, f32)> = wishes.iter().map(|wish| wish.curve.length()).enumerate().collect();
    order.sort_by(|one, other| one.1.total_cmp(&other.1).then(one.0.cmp(&other.0)));
    let mut rects = vec![Rect::NOTHING; wishes.len()];
    for (index, _) in order {
        let mut best = (f32::INFINITY, Rect::NOTHING);
        for (centre, effort) in candidates(&wishes[index]) {
            if effort >= best.0 {
                continue;
            }
            let rect = Rect::from_center_size(centre, wishes[index].size);
            if let Some(cost) = cost(rect, effort, wishes[index].number, [still, &moving], best.0) {
                best = (cost, rect);
            }
        }
        rects[index] = best.1;
        moving.add_label(best.1);
    }
    rects
}

/// Places to try, each with how far it is from ideal.
fn candidates(wish: &Wish) -> Vec<(Pos2, f32)> {
    let mut out = Vec::with_capacity(45);
    if let Some(outward) = wish.outward {
        let apex = wish.curve.at(0.5);
        let above = apex + outward * (wish.size.y / 2.0 + 3.0);
        for (sideways, effort) in [(0.0, 0.0), (0.3, 6.0), (-0.3, 6.0), (0.6, 12.0), (-0.6, 12.0)] {
            out.push((above + vec2(sideways * wish.size.x, 0.0), effort));
        }
        let beside = apex - outward * 16.0;
        for side in [1.0, -1.0] {
            out.push((beside + vec2(side * (wish.size.x / 2.0 + 24.0), 0.0), 14.0));
        }
        // Where many loops stand around one card, their labels go further out.
        for (ring, effort) in [(18.0, 22.0), (36.0, 40.0), (58.0, 60.0), (84.0, 80.0)] {
            for (sideways, more) in [(0.0, 0.0), (0.5, 6.0), (-0.5, 6.0), (1.0, 12.0), (-1.0, 12.0)] {
                out.push((above + outward * ring + vec2(sideways * wish.size.x, 0.0), effort + more));
            }
        }
        return out;
    }
    for (t, effort) in [
        (0.5, 0.0),
        (0.44, 4.0),
        (0.56, 4.0),
        (0.37, 10.0),
        (0.63, 10.0),
        (0.3, 16.0),
        (0.7, 16.0),
        (0.22, 26.0),
        (0.78, 26.0),
    ] {
        let on = wish.curve.at(t);
        let along = wish.curve.direction(t);
        let across = vec2(-along.y, along.x);
        let reach = wish.size.dot(across.abs()) / 2.0 + 3.0;
        out.push((on, effort));
        for side in [-1.0, 1.0] {
            out.push((on + across * side * reach, effort + 26.0));
            out.push((on + across * side * (reach + 16.0), effort + 60.0));
        }
    }
    out
}

/// What a place costs, if that is less than `least`.
fn cost(rect: Rect, effort: f32, own: usize, crowds: [&Crowd; 2], least: f32) -> Option<f32> {
    let shared = |other: Rect| {
        let both = rect.intersect(other);
        if both.is_positive() { both.area() } else { 0.0 }
    };
    let on_cards: f32 =
        crowds.iter().flat_map(|crowd| crowd.cards.near(rect)).map(|(_, at)| shared(at.expand(5.0))).sum();
    let on_labels: f32 =
        crowds.iter().flat_map(|crowd| crowd.labels.near(rect)).map(|(_, at)| shared(at.expand(3.0))).sum();
    let covered = (on_cards + on_labels) * 0.5;
    if effort + covered >= least {
        return None;
    }
    let around = rect.expand(3.0);
    let points = crowds.iter().flat_map(|crowd| crowd.lines.near(around));
    let on_lines = points.filter(|(line, at)| *line != own && around.contains(at.min)).count();
    let cost = effort + (covered + f32::from(u16::try_from(on_lines).unwrap_or(u16::MAX)) * 9.0);
    (cost < least).then_some(cost)
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    fn straight(y: f32) -> Curve {
        Curve([pos2(100.0, y), pos2(150.0, y), pos2(250.0, y), pos2(300.0, y)])
    }

    fn placed(curves: &[Curve], cards: &[Rect], size: Vec2) -> Vec<Rect> {
        let lines: Vec<_> = curves.iter().map(Curve::polyline).collect();
        let wish = |(number, (curve, line))| Wish { number, size, curve, line, outward: None };
        let wishes: Vec<_> =
            curves.iter().zip(&lines).map(|(curve, line)| (curve, line.as_slice())).enumerate().map(wish).collect();
        let mut crowd = Crowd::default();
        for card in cards {
            crowd.add_card(*card);
        }
        place(&wishes, &Crowd::default(), crowd)
    }

    #[test]
    fn a_label_with_room_lies_in_the_middle_of_its_arrow() {
        let rects = placed(&[straight(0.0)], &[], vec2(80.0, 20.0));
        assert!(rects[0].center().distance(pos2(200.0, 0.0)) < 1.0);
    }

    #[test]
    fn labels_avoid_cards_and_one_another() {
        let card = Rect::from_center_size(pos2(200.0, 4.0), vec2(60.0, 40.0));
        let rects = placed(&[straight(0.0), straight(24.0)], &[card], vec2(60.0, 22.0));
        assert!(!rects[0].intersects(card) && !rects[1].intersects(card), "{rects:?}");
        assert!(!rects[0].intersects(rects[1]), "{rects:?}");
    }
}
