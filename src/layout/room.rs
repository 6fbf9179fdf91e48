//! How much room cards, labels and loops need, measured without a font: letters are counted, and counted wide.

use std::collections::BTreeMap;

use crate::model::trigger_text::print_trigger;
use crate::model::{NodeId, Point, Project, Transition, Trigger};

/// A card with a name of two lines, and in a run with room for those who rest there.
pub(super) const CARD_HEIGHT: f32 = 104.0;
/// Letters of a label are about so wide.
const LETTER: f32 = 7.0;
const LINE: f32 = 15.5;
/// A label is broken into lines of this width.
const WIDEST: f32 = 132.0;
const PADDING: Point = Point::new(16.0, 8.0);
/// The mark of the start stands so high above its card.
const START_MARK: f32 = 36.0;

/// Distances from a middle to four edges.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Extent {
    pub left: f32,
    pub right: f32,
    pub top: f32,
    pub bottom: f32,
}

impl Extent {
    /// Of nothing yet.
    pub(super) const NONE: Self = {
        let less = f32::NEG_INFINITY;
        Self { left: less, right: less, top: less, bottom: less }
    };

    pub(super) fn around(half: Point) -> Self {
        Self { left: half.x, right: half.x, top: half.y, bottom: half.y }
    }

    /// Seen from a middle from which this one lies at `place`.
    pub(super) fn at(self, place: Point) -> Self {
        Self {
            left: self.left - place.x,
            right: self.right + place.x,
            top: self.top - place.y,
            bottom: self.bottom + place.y,
        }
    }

    pub(super) fn with(self, other: Self) -> Self {
        Self {
            left: self.left.max(other.left),
            right: self.right.max(other.right),
            top: self.top.max(other.top),
            bottom: self.bottom.max(other.bottom),
        }
    }

    pub(super) fn wider(self, by: f32, above: f32) -> Self {
        Self { left: self.left + by, right: self.right + by, top: self.top + above, bottom: self.bottom + by }
    }

    /// The point halfway between its edges.
    pub(super) fn middle(self) -> Point {
        if self.left.is_finite() {
            Point::new((self.right - self.left) / 2.0, (self.bottom - self.top) / 2.0)
        } else {
            Point::default()
        }
    }

    pub(super) fn half(self) -> Point {
        if self.left.is_finite() {
            Point::new(f32::midpoint(self.right, self.left), f32::midpoint(self.bottom, self.top))
        } else {
            Point::default()
        }
    }
}

/// The chip with the words of an arrow.
pub(super) fn label(project: &Project, arrow: &Transition) -> Point {
    let words = if arrow.trigger == Trigger::Unset { 11.0 } else { width(&print_trigger(project, &arrow.trigger)) };
    let signs = f32::from(u8::from(!matches!(arrow.trigger, Trigger::On(_))))
        + f32::from(u8::from(!arrow.actions.is_empty()))
        + f32::from(u8::from(arrow.interrupt));
    let trigger = (words + 2.5 * signs) * LETTER;
    let guard = if arrow.guard.is_empty() { 0.0 } else { (width(arrow.guard.text()) + 3.0) * LETTER * 0.88 };
    let broken = (trigger / (WIDEST * 0.85)).ceil();
    let lines = if trigger <= WIDEST { 1.0 } else { broken.clamp(2.0, 3.0) };
    // In a run a count stands where the condition was.
    let below = if guard > WIDEST { 2.0 } else { 1.25 };
    Point::new(trigger.max(guard).clamp(40.0, WIDEST) + PADDING.x, (lines + below) * LINE + PADDING.y)
}

/// In letters of ours; those of East Asia are twice as wide.
fn width(text: &str) -> f32 {
    text.trim().chars().map(|letter| if letter >= '\u{1100}' { 1.9 } else { 1.0 }).sum()
}

/// What stands around cards and frames besides other cards: loops with their labels, and the mark of the start.
pub struct Surroundings<'a> {
    project: &'a Project,
    loops: BTreeMap<NodeId, Vec<&'a Transition>>,
    /// Arrows from a group to what it holds.
    inwards: BTreeMap<NodeId, Vec<&'a Transition>>,
}

impl<'a> Surroundings<'a> {
    #[must_use]
    pub fn of(project: &'a Project) -> Self {
        let mut surroundings = Self { project, loops: BTreeMap::new(), inwards: BTreeMap::new() };
        for arrow in project.transitions.values() {
            if arrow.target.is_none_or(|target| target == arrow.source) {
                surroundings.loops.entry(arrow.source).or_default().push(arrow);
            } else if project.ends_inside(arrow) {
                surroundings.inwards.entry(arrow.source).or_default().push(arrow);
            }
        }
        surroundings
    }

    /// Of a card or a frame of this size, with all that belongs to it.
    #[must_use]
    pub fn around(&self, id: NodeId, half: Point) -> Extent {
        let mut extent = Extent::around(half);
        if self.project.info.start == Some(id) {
            extent.top += START_MARK;
        }
        let loops = self.loops.get(&id).into_iter().flatten().copied();
        // Two find room above and two below; more stand in rings around them.
        let (stays, own): (Vec<&Transition>, Vec<&Transition>) = loops.partition(|arrow| arrow.target.is_none());
        let over = own.len().saturating_sub(2);
        let under = stays.len().saturating_sub(2);
        for (arrows, more, above) in [(own, under, true), (stays, over, false)] {
            let labels = arrows.iter().map(|arrow| label(self.project, arrow));
            let size = labels.fold(Point::default(), |all, label| Point::new(all.x.max(label.x), all.y.max(label.y)));
            let count = arrows.len() + more;
            if count == 0 {
                continue;
            }
            let rings = f32::from(u8::try_from(count.div_ceil(2)).unwrap_or(u8::MAX));
            let crowd = if count > 1 { 18.0 } else { 0.0 };
            let height = 44.0 * rings + size.y.max(30.0) + crowd;
            let aside = (half.x - 38.0 + size.x / 2.0).max(half.x);
            extent = extent.with(Extent {
                left: if count > 1 { aside } else { half.x },
                right: aside,
                top: half.y + if above { height } else { 0.0 },
                bottom: half.y + if above { 0.0 } else { height },
            });
        }
        extent
    }

    /// Room at the left edge inside a frame, for the labels of arrows that lead from it to what it holds.
    #[must_use]
    pub fn inside(&self, id: NodeId) -> f32 {
        let inwards = self.inwards.get(&id).into_iter().flatten();
        inwards.map(|arrow| label(self.project, arrow).x + 24.0).fold(0.0, f32::max)
    }
}
