//! Where cards stand: every node of a journey gets a place, so that arrows run one way where they can, few of them cross, and
//! cards and labels have room. The same journey always gets the same drawing. Knows nothing of screens, fonts or the run.

mod layers;
mod lines;
mod order;
mod ranks;
mod room;

use std::collections::{BTreeMap, BTreeSet};

use self::layers::{Arrow, Block};
pub use self::room::{Extent, Surroundings};
use crate::model::{Node, NodeId, NodeKind, Point, Project};

/// The width of a card.
pub const CARD_WIDTH: f32 = 192.0;
/// Around what a group holds: on the left, on the right and below; and above, where its name stands.
pub const FRAME: f32 = 24.0;
pub const FRAME_TOP: f32 = 68.0;
/// Between the lanes of a parallel.
const LANE_GAP: f32 = 40.0;

/// New places for the nodes of `project`: for those in `only` with all that they hold, else for all. What is arranged keeps
/// its middle.
#[must_use]
pub fn tidy(project: &Project, only: &BTreeSet<NodeId>) -> Vec<(NodeId, Point)> {
    let chosen = chosen(project, only);
    let nesting = Nesting::new(project, &chosen);
    let mut drawn = nesting.draw(None);
    // To the grid before anything is measured, so that tidying what is tidy moves nothing.
    for (_, place) in &mut drawn.places {
        *place = Point::new(snapped(place.x), snapped(place.y));
    }
    let mut rects = Bounds::default();
    let mut before = Bounds::default();
    for (id, place) in &drawn.places {
        if !nesting.is_hollow(*id) {
            rects.add(*place);
            before.add(project.nodes[id].position);
        }
    }
    let (to, from) = (before.middle(), rects.middle());
    let by = Point::new(snapped(to.x - from.x), snapped(to.y - from.y));
    let moved = |place: Point| Point::new(place.x + by.x, place.y + by.y);
    drawn.places.into_iter().filter(|(id, _)| chosen.contains(id)).map(|(id, place)| (id, moved(place))).collect()
}

/// `project` with every node in a new place.
#[must_use]
pub fn tidied(mut project: Project) -> Project {
    for (id, place) in tidy(&project, &BTreeSet::new()) {
        if let Some(node) = project.nodes.get_mut(&id) {
            node.position = place;
        }
    }
    project
}

/// These and everything inside them, or everything.
fn chosen(project: &Project, only: &BTreeSet<NodeId>) -> BTreeSet<NodeId> {
    let mut chosen = BTreeSet::new();
    for (_, node) in project.document_order() {
        let inside = node.parent.is_some_and(|parent| chosen.contains(&parent));
        if only.is_empty() || only.contains(&node.id) || inside {
            chosen.insert(node.id);
        }
    }
    chosen
}

/// To the grid of eight points.
fn snapped(value: f32) -> f32 {
    (value / 8.0).round() * 8.0
}

struct Bounds {
    low: Point,
    high: Point,
}

impl Default for Bounds {
    fn default() -> Self {
        let (low, high) = (f32::INFINITY, f32::NEG_INFINITY);
        Self { low: Point::new(low, low), high: Point::new(high, high) }
    }
}

impl Bounds {
    fn add(&mut self, place: Point) {
        self.low = Point::new(self.low.x.min(place.x), self.low.y.min(place.y));
        self.high = Point::new(self.high.x.max(place.x), self.high.y.max(place.y));
    }

    fn middle(&self) -> Point {
        if self.low.x.is_finite() {
            Point::new(f32::midpoint(self.low.x, self.high.x), f32::midpoint(self.low.y, self.high.y))
        } else {
            Point::default()
        }
    }
}

/// What is inside what, of the nodes that are arranged.
struct Nesting<'a> {
    project: &'a Project,
    surroundings: Surroundings<'a>,
    children: BTreeMap<Option<NodeId>, Vec<NodeId>>,
    /// The arrows between the children of a group, wherever inside of them they begin and end.
    arrows: BTreeMap<Option<NodeId>, Vec<Arrow<NodeId>>>,
}

/// What a group holds, drawn around the middle of its frame.
#[derive(Default)]
struct Drawn {
    places: Vec<(NodeId, Point)>,
    /// From the middle to the edges of the frame.
    half: Point,
    /// From the middle to the edges of all that is drawn.
    extent: Extent,
}

impl<'a> Nesting<'a> {
    fn new(project: &'a Project, chosen: &BTreeSet<NodeId>) -> Self {
        let mut around = BTreeSet::new();
        for id in chosen {
            let mut at = Some(*id);
            while let Some(id) = at.filter(|id| around.insert(*id)) {
                at = project.nodes.get(&id).and_then(|node| node.parent);
            }
        }
        let mut children: BTreeMap<Option<NodeId>, Vec<NodeId>> = BTreeMap::new();
        for (_, node) in project.document_order().into_iter().filter(|(_, node)| around.contains(&node.id)) {
            children.entry(node.parent).or_default().push(node.id);
        }
        let mut arrows: BTreeMap<Option<NodeId>, Vec<Arrow<NodeId>>> = BTreeMap::new();
        for arrow in project.transitions.values() {
            let Some(target) = arrow.target else { continue };
            if !around.contains(&arrow.source) || !around.contains(&target) {
                continue;
            }
            if let Some((parent, from, to)) = siblings(project, arrow.source, target) {
                let label = room::label(project, arrow);
                arrows.entry(parent).or_default().push(Arrow { from, to, label });
            }
        }
        Self { project, surroundings: Surroundings::of(project), children, arrows }
    }

    fn is_hollow(&self, id: NodeId) -> bool {
        self.children.contains_key(&Some(id))
    }

    /// The children of `parent` and all they hold.
    fn draw(&self, parent: Option<NodeId>) -> Drawn {
        let ids = self.children.get(&parent).map(Vec::as_slice).unwrap_or_default();
        let inside: Vec<Drawn> = ids.iter().map(|id| self.inside(*id)).collect();
        let blocks: Vec<Block> = inside.iter().map(|drawn| Block { extent: drawn.extent, half: drawn.half }).collect();
        let kind = parent.and_then(|id| self.project.nodes.get(&id)).map(|node| node.kind);
        let centres = if kind == Some(NodeKind::Parallel) {
            lanes(&blocks)
        } else {
            let place = |id: &NodeId| ids.iter().position(|other| other == id);
            let arrows: Vec<Arrow<usize>> = self
                .arrows
                .get(&parent)
                .into_iter()
                .flatten()
                .filter_map(|arrow| {
                    Some(Arrow { from: place(&arrow.from)?, to: place(&arrow.to)?, label: arrow.label })
                })
                .collect();
            layers::arranged(&blocks, &arrows, self.first(parent).and_then(|id| place(&id)))
        };
        let all = blocks.iter().zip(&centres);
        let mut frame = all.fold(Extent::NONE, |all, (block, centre)| all.with(block.extent.at(*centre)));
        if let Some(group) = parent {
            frame = frame.wider(FRAME, FRAME_TOP);
            frame.left += self.surroundings.inside(group);
        }
        let middle = frame.middle();
        let back = Point::new(-middle.x, -middle.y);
        let mut places = Vec::new();
        for ((id, drawn), centre) in ids.iter().zip(inside).zip(&centres) {
            let at = Point::new(centre.x - middle.x, centre.y - middle.y);
            places.push((*id, at));
            places.extend(drawn.places.into_iter().map(|(id, place)| (id, Point::new(place.x + at.x, place.y + at.y))));
        }
        Drawn { places, half: frame.half(), extent: frame.at(back) }
    }

    /// A node with what it holds and what it wants around it.
    fn inside(&self, id: NodeId) -> Drawn {
        let mut drawn = if self.is_hollow(id) { self.draw(Some(id)) } else { Drawn::default() };
        if drawn.places.is_empty() {
            drawn.half = Point::new(CARD_WIDTH / 2.0, room::CARD_HEIGHT / 2.0);
            drawn.extent = Extent::around(drawn.half);
        }
        drawn.extent = drawn.extent.with(self.surroundings.around(id, drawn.half));
        drawn
    }

    /// Where arrows begin inside `parent`.
    fn first(&self, parent: Option<NodeId>) -> Option<NodeId> {
        let start = match parent {
            Some(group) => self.project.nodes.get(&group)?.initial?,
            None => self.project.info.start?,
        };
        ancestors(self.project, start).find(|node| node.parent == parent).map(|node| node.id)
    }
}

/// Below one another, beginning at the same edge.
fn lanes(blocks: &[Block]) -> Vec<Point> {
    let mut top = 0.0;
    let place = |block: &Block| {
        let centre = Point::new(snapped(block.half.x), snapped(top + block.extent.top));
        top = centre.y + block.extent.bottom + LANE_GAP;
        centre
    };
    blocks.iter().map(place).collect()
}

fn ancestors(project: &Project, id: NodeId) -> impl Iterator<Item = &Node> {
    std::iter::successors(project.nodes.get(&id), |node| node.parent.and_then(|parent| project.nodes.get(&parent)))
}

/// The innermost group around both, and the two of its children that hold them; none where one holds the other.
fn siblings(project: &Project, one: NodeId, other: NodeId) -> Option<(Option<NodeId>, NodeId, NodeId)> {
    let mut ones: Vec<&Node> = ancestors(project, one).collect();
    let mut others: Vec<&Node> = ancestors(project, other).collect();
    let mut parent = None;
    loop {
        let (from, to) = (ones.pop()?.id, others.pop()?.id);
        if from != to {
            return Some((parent, from, to));
        }
        parent = Some(from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::notation;

    fn place(project: &Project, name: &str) -> Point {
        project.node_by_name(name).expect("a state").position
    }

    fn tidied_journey(text: &str) -> Project {
        tidied(notation::parse(text).expect("a journey"))
    }

    #[test]
    fn a_chain_is_a_straight_line() {
        let project = tidied_journey("journey x\nstate A\nstate B\nstate C\nA --b--> B\nB --c--> C\n");
        let [a, b, c] = ["A", "B", "C"].map(|name| place(&project, name));
        assert!((a.y - b.y).abs() < 0.1 && (b.y - c.y).abs() < 0.1, "{a:?} {b:?} {c:?}");
        assert!(a.x + CARD_WIDTH < b.x && b.x + CARD_WIDTH < c.x, "{a:?} {b:?} {c:?}");
    }

    #[test]
    fn lanes_lie_below_one_another_and_begin_at_the_same_edge() {
        let text = "journey x\nparallel P\ngroup One in P\nstate A in One\nstate B in One\ngroup Two in P\nstate C in Two\n\
            state D in Two\nA --b--> B\nC --d--> D\n";
        let project = tidied_journey(text);
        let [a, c] = ["A", "C"].map(|name| place(&project, name));
        assert!((a.x - c.x).abs() < 0.1 && a.y + 100.0 < c.y, "{a:?} {c:?}");
    }

    #[test]
    fn only_what_is_chosen_moves_and_it_keeps_its_middle() {
        let text = "journey x\nstate A at 0, 0\nstate B at 8, 8\nstate Far at 4000, 4000\nA --b--> B\nB --c--> Far\n";
        let project = notation::parse(text).expect("a journey");
        let ids = ["A", "B"].map(|name| project.node_by_name(name).expect("a state").id);
        let places = tidy(&project, &BTreeSet::from(ids));
        assert_eq!(places.iter().map(|(id, _)| *id).collect::<Vec<_>>(), ids);
        let middle = f32::midpoint(places[0].1.x, places[1].1.x);
        assert!((middle - 4.0).abs() <= 8.0, "{places:?}");
    }

    #[test]
    fn the_same_journey_always_gets_the_same_drawing() {
        let text =
            "journey x\nstate A\nstate B\nstate C\nA --b--> B\nB --a--> A\nA --c--> C\nC --b--> B\nC --x--> (stay)\n";
        let once = tidied_journey(text);
        assert_eq!(once, tidied_journey(text));
        let again = tidied(once.clone());
        let apart = |id: &NodeId| {
            let (from, to) = (once.nodes[id].position, again.nodes[id].position);
            (from.x - to.x).abs().max((from.y - to.y).abs())
        };
        assert!(once.nodes.keys().all(|id| apart(id) < 0.1), "tidying what is tidy moves it");
    }

    #[test]
    fn nothing_is_arranged_in_an_empty_journey() {
        assert_eq!(tidy(&Project::named("x"), &BTreeSet::new()), []);
    }
}
