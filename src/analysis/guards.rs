//! What conditions leave open and what they take twice: proved by going through all cases, with a contact that shows it.
//! What cannot be decided so is said to be undecided, with the reason.
//!
//! Looks at the conditions alone: whether a journey leads to such a contact is for the simulator to find out. A day counts
//! as 24 hours where clocks change.

mod asked;
mod case;
mod linear;
mod puzzle;
mod read;
mod relation;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

pub use case::Case;
use puzzle::{Found, Setting, find};
use read::{Catalog, Read};
use relation::{Children, Tree, children};

use crate::model::formula::Expr;
use crate::model::{Action, EventId, Events, Formula, Node, NodeId, Project, Transition, TransitionId, Trigger};

/// What arrows wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Occasion {
    Event(EventId),
    /// An event that no arrow names.
    OtherEvent,
    /// The timer of an arrow is due.
    Timer(TransitionId),
    /// Something has been processed.
    Always,
    /// A group is done.
    Done(NodeId),
}

/// Whether an arrow is ever taken where others stand before it.
#[derive(Clone, Debug, PartialEq)]
pub enum Reach {
    /// For this contact.
    Taken(Case),
    /// Its condition holds for nobody.
    Never,
    /// Whenever it holds, one of the others holds too and comes first.
    Hidden,
    /// Why that was not decided.
    Unclear(String),
}

/// What becomes of those for whom no condition holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Rest {
    /// There is nobody.
    Nobody,
    /// For this contact, nothing happens.
    Somebody(Case),
    /// Why that was not decided.
    Unclear(String),
}

/// What can be said of arrows that wait for the same, in the order in which they are asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Coverage {
    /// Of each arrow.
    pub reach: Vec<Reach>,
    pub rest: Rest,
}

impl Coverage {
    /// Whether something happens in every case.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.rest == Rest::Nobody
    }
}

/// The conditions of a project, ready to be asked about.
pub struct Guards<'a> {
    project: &'a Project,
    arrows: BTreeMap<NodeId, Vec<&'a Transition>>,
    /// Events that the chart raises itself: they are not counted then.
    raised: BTreeSet<EventId>,
    children: Rc<Children>,
}

impl<'a> Guards<'a> {
    #[must_use]
    pub fn new(project: &'a Project) -> Self {
        let lists = project.nodes.values().flat_map(|node| [&node.on_entry, &node.on_exit, &node.on_begin]);
        let mut raised = BTreeSet::new();
        for action in lists.chain(project.transitions.values().map(|arrow| &arrow.actions)).flatten() {
            raises(action, &mut raised);
        }
        Self { project, arrows: project.arrows_by_source(), raised, children: Rc::new(children(project)) }
    }

    /// The arrows that are asked when a contact is in `at`, in that order: interrupts of the groups around it from the
    /// outside in, then its own arrows and those of the groups from the inside out, each in rank.
    #[must_use]
    pub fn in_order(&self, at: NodeId, occasion: Occasion) -> Vec<&'a Transition> {
        let mut around: Vec<NodeId> = std::iter::successors(Some(at), |id| self.project.nodes.get(id)?.parent)
            .take(self.arrows.len() + self.project.nodes.len())
            .collect();
        let of = |node: &NodeId, interrupt: bool| {
            let own = self.arrows.get(node).into_iter().flatten().copied();
            own.filter(move |arrow| arrow.interrupt == interrupt && waits_for(arrow, occasion))
        };
        let mut found: Vec<&Transition> = around.iter().flat_map(|node| of(node, false)).collect();
        around.reverse();
        let interrupts: Vec<&Transition> = around.iter().flat_map(|node| of(node, true)).collect();
        found.splice(0..0, interrupts);
        found
    }

    /// Which of these arrows are ever taken by somebody in `at`, and who is left over. The order is the one given.
    #[must_use]
    pub fn coverage(&self, at: NodeId, occasion: Occasion, arrows: &[&Transition]) -> Coverage {
        let mut questions = self.questions(at, occasion, arrows);
        let reach = (0..arrows.len()).map(|index| questions.reach(index)).collect();
        Coverage { reach, rest: questions.rest() }
    }

    /// Whether there can be somebody, in whatever state, for whom these conditions hold and fail so when the event comes.
    /// Without a state there is nobody.
    #[must_use]
    pub fn is_possible_somewhere(&self, event: EventId, wishes: &[(&Formula, bool)]) -> bool {
        let places: Vec<(usize, bool)> = wishes.iter().enumerate().map(|(place, (_, holds))| (place, *holds)).collect();
        let is_possible = |state: &Node| {
            let asking = Transition::new(TransitionId(u32::MAX), state.id, None, Trigger::Unset);
            let asking = |guard: &Formula| Transition { guard: guard.clone(), ..asking.clone() };
            let asked: Vec<Transition> = wishes.iter().map(|(guard, _)| asking(guard)).collect();
            let asked: Vec<&Transition> = asked.iter().collect();
            self.questions(state.id, Occasion::Event(event), &asked).somebody(&places) != Answer::Nobody
        };
        let is_asked_where = |(guard, _): &(&Formula, bool)| {
            let mut found = false;
            if let Ok(Some(expr)) = guard.parse() {
                expr.visit(&mut |part| found |= matches!(part, Expr::In(_)));
            }
            found
        };
        // Where no condition asks for the state, what holds in one holds in all.
        let states = if wishes.iter().any(is_asked_where) { usize::MAX } else { 1 };
        self.project.states().take(states).any(is_possible)
    }

    /// Asks about these arrows, one thing after the other.
    #[must_use]
    pub fn questions(&self, at: NodeId, occasion: Occasion, arrows: &[&Transition]) -> Questions<'a> {
        let exprs: Vec<Option<Expr>> = arrows.iter().map(|arrow| arrow.guard.parse().ok().flatten()).collect();
        let mut catalog = Catalog::default();
        catalog.look_at_clocks(exprs.iter().flatten(), &self.project.zone());
        let guards = arrows.iter().map(|arrow| catalog.read(self.project, arrow)).collect();
        let event = match occasion {
            Occasion::Event(event) => Some(event),
            _ => None,
        };
        let setting = Setting {
            project: self.project,
            tree: Tree::new(self.project, Rc::clone(&self.children), at),
            counted: event.filter(|event| !self.raised.contains(event)),
            no_fields: matches!(occasion, Occasion::Timer(_)),
        };
        Questions { at, setting, catalog, guards, ids: arrows.iter().map(|arrow| arrow.id).collect() }
    }
}

/// Some conditions, in the order in which they are asked.
pub struct Questions<'a> {
    at: NodeId,
    setting: Setting<'a>,
    catalog: Catalog,
    guards: Vec<Read>,
    ids: Vec<TransitionId>,
}

/// A case, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Case(Case),
    /// There is none: all were looked at.
    Nobody,
    /// Why that was not decided.
    Unclear(String),
}

impl Questions<'_> {
    /// Somebody for whom these conditions, by place, hold and fail so.
    pub fn somebody(&mut self, wishes: &[(usize, bool)]) -> Answer {
        let reads: Vec<(&Read, bool)> = wishes.iter().map(|(index, holds)| (&self.guards[*index], *holds)).collect();
        match find(&self.setting, &mut self.catalog, &reads) {
            Found::Case(settled) => Answer::Case(Case::of(&self.setting, &self.catalog, self.at, &settled)),
            Found::Nothing => Answer::Nobody,
            Found::Unclear(why) => Answer::Unclear(why),
        }
    }

    /// Somebody for whom all of these hold.
    pub fn together(&mut self, places: &[usize]) -> Answer {
        self.somebody(&places.iter().map(|place| (*place, true)).collect::<Vec<_>>())
    }

    /// Whether the arrow is ever taken.
    pub fn reach(&mut self, index: usize) -> Reach {
        let mut wishes: Vec<(usize, bool)> = (0..index).map(|earlier| (earlier, false)).collect();
        wishes.push((index, true));
        match self.somebody(&wishes) {
            Answer::Case(case) => Reach::Taken(case),
            Answer::Unclear(why) => Reach::Unclear(why),
            Answer::Nobody => match self.together(&[index]) {
                Answer::Nobody => Reach::Never,
                Answer::Case(_) | Answer::Unclear(_) => Reach::Hidden,
            },
        }
    }

    /// Who is left over.
    pub fn rest(&mut self) -> Rest {
        let nobody: Vec<(usize, bool)> = (0..self.guards.len()).map(|index| (index, false)).collect();
        match self.somebody(&nobody) {
            Answer::Case(case) => Rest::Somebody(case),
            Answer::Nobody => Rest::Nobody,
            Answer::Unclear(why) => Rest::Unclear(why),
        }
    }

    /// Whether the condition holds for everybody.
    pub fn always(&mut self, index: usize) -> Answer {
        self.somebody(&[(index, false)])
    }

    /// The arrows asked about, by place.
    #[must_use]
    pub fn ids(&self) -> &[TransitionId] {
        &self.ids
    }
}

fn waits_for(arrow: &Transition, occasion: Occasion) -> bool {
    match (&arrow.trigger, occasion) {
        (Trigger::On(Events::Only(events)), Occasion::Event(event)) => events.contains(&event),
        (Trigger::On(Events::Any | Events::Every), Occasion::Event(_) | Occasion::OtherEvent)
        | (Trigger::On(Events::Every), Occasion::Done(_))
        | (Trigger::Always, Occasion::Always) => true,
        (Trigger::Done(node), Occasion::Done(done)) => *node == done,
        (
            Trigger::After(_) | Trigger::AfterWithout(..) | Trigger::AfterSince(..) | Trigger::At(..),
            Occasion::Timer(id),
        ) => arrow.id == id,
        _ => false,
    }
}

fn raises(action: &Action, raised: &mut BTreeSet<EventId>) {
    match action {
        Action::Raise(event) => drop(raised.insert(*event)),
        Action::Schedule(message) => drop(raised.insert(message.event)),
        Action::Block(actions) => actions.iter().for_each(|action| raises(action, raised)),
        Action::If(branches) => {
            branches.iter().flat_map(|branch| &branch.actions).for_each(|action| raises(action, raised));
        }
        _ => {}
    }
}
