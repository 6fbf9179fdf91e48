//! Whoever looks on while contacts are played, and how what set something off is named: by slot, in few bytes.

use super::condition::Fields;
use super::meetings::Meeting;
use super::memory::Memory;
use super::newcomers::Newcomer;
use super::react::{Effect, Outcome, Reaction, Step};
use crate::model::Time;

/// Looks on while contacts are played, one after the other.
pub trait Observer {
    /// Whether [`Self::finished`] looks at attributes and scores.
    const ASKS_FOR_VALUES: bool = true;

    /// Whether nothing more is taken in, so that playing can end.
    fn is_full(&self) -> bool {
        false
    }

    /// The contact that is played next was won by another one; what [`Self::finished`] says of who it is means nothing.
    fn newcomer(&mut self, _newcomer: &Newcomer) {}
    /// The journey of the contact begins.
    fn began(&mut self, _time: Time) {}
    /// Whether [`Self::occasion`] is to be called.
    fn wants_occasion(&self) -> bool {
        false
    }

    /// What the contact is about to react to.
    fn occasion(&mut self, _occasion: &Occasion) {}
    fn left(&mut self, _node: usize, _time: Time) {}
    /// An arrow was taken.
    fn took(&mut self, _arrow: usize, _time: Time) {}
    fn entered(&mut self, _node: usize, _time: Time) {}
    fn effect(&mut self, _effect: &Effect, _time: Time) {}
    /// An action failed, or the contact was stopped.
    fn failed(&mut self) {}
    /// The condition of a watched arrow was looked at; see [`super::Run::watch`].
    fn looked(&mut self, _look: Look) {}
    /// Something came to a state where the contact rests; told where somebody asks, see [`super::Meetings`].
    fn met(&mut self, _meeting: Meeting) {}
    /// A recorded event has been consumed.
    fn processed(&mut self, _outcome: Outcome) {}
    /// All that one cause set off has happened; a line of a story. A contact that was halted by it is nowhere any more.
    fn line(&mut self, _by: By, _time: Time, _outcome: Outcome) {}
    /// The contact at the end of the run.
    fn finished(&mut self, contact: usize, memory: &Memory);
}

/// The condition of an arrow was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Look {
    pub time: Time,
    pub contact: u32,
    pub arrow: u32,
    /// Whether it held.
    pub held: bool,
}

impl Look {
    pub(super) fn of(time: Time, contact: usize, arrow: usize, held: bool) -> Self {
        let small = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        Self { time, contact: small(contact), arrow: small(arrow), held }
    }
}

/// What set a line off, by slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Start,
    /// The occurrence of this place in the dataset.
    Row(usize),
    /// An event of the world, which is recorded nowhere.
    Event(usize),
    /// The timer of this arrow.
    Timer(usize),
    /// An event that the chart had scheduled for itself.
    Scheduled(usize),
    /// Quiet hours were over, for which a message had waited.
    QuietHoursOver,
}

impl By {
    /// What was due.
    pub(super) fn of_timer(reaction: &Reaction) -> Self {
        match (reaction.timer, reaction.scheduled) {
            (Some(arrow), _) => Self::Timer(arrow),
            (None, Some(event)) => Self::Scheduled(event),
            (None, None) => Self::QuietHoursOver,
        }
    }
}

/// What a contact reacts to, and what that brings.
#[derive(Clone, Copy)]
pub struct Occasion<'a> {
    pub by: By,
    /// The slot of the event, if it is one from outside; `None` also for one that the catalogue does not know.
    pub event: Option<usize>,
    pub fields: Fields<'a>,
}

impl Occasion<'_> {
    /// Of what brings nothing.
    pub(super) fn bare(by: By) -> Self {
        Self { by, event: None, fields: Fields::default() }
    }
}

/// Tells an observer what happened in one reaction.
pub(super) fn tell(observer: &mut impl Observer, by: By, memory: &Memory, reaction: &Reaction) {
    if by == By::Start {
        observer.began(memory.now);
    }
    for step in &reaction.steps {
        match step {
            Step::Left(node) => observer.left(*node, memory.now),
            Step::Took(arrow) => observer.took(*arrow, memory.now),
            Step::Entered(node) => observer.entered(*node, memory.now),
            Step::Effect(effect) => observer.effect(effect, memory.now),
            Step::Failed(_) => observer.failed(),
        }
    }
    // A halted contact consumes nothing more.
    if reaction.outcome != Outcome::Halted || !reaction.steps.is_empty() {
        if reaction.recorded {
            observer.processed(reaction.outcome);
        }
        observer.line(by, memory.now, reaction.outcome);
    }
}
