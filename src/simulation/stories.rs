//! Everybody's stories in few bytes, for whoever looks at all contacts at once, as `benches/w1.rs` does; the window and the
//! command line tell one contact at a time and have no need of it. Kept is a line per event and timer, with its time, what
//! set it off, how it ended and the arrows taken. What a line does not hold (states, effects, values, why and why not) is
//! told by [`super::Run::story`] and [`super::Playback`], which run that contact once more: the same run, so the same to the
//! last bit.

use super::memory::Memory;
use super::observer::{By, Observer, Occasion};
use super::react::{Effect, Outcome};
use super::report::Tally;
use crate::model::Time;

/// What happened to each contact of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stories {
    /// Of as many contacts each, but for the last.
    parts: Vec<Part>,
}

/// The lines of some contacts, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    /// By contact: where its lines end.
    ends: Vec<u32>,
    lines: Vec<Packed>,
    arrows: Vec<u32>,
}

/// One line in twenty bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Packed {
    /// In bytes, since four of them would otherwise lie idle.
    time: [u8; 8],
    /// Its place among the occurrences, the events or the arrows.
    by: u32,
    /// Where its arrows end.
    arrows: u32,
    kind: Kind,
    outcome: Outcome,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Kind {
    Start,
    Row,
    Event,
    Timer,
    Scheduled,
    QuietHoursOver,
}

/// One line of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'s> {
    pub time: Time,
    pub by: By,
    pub outcome: Outcome,
    /// The arrows taken, in order, by slot.
    pub arrows: &'s [u32],
}

impl Stories {
    pub(super) fn of(parts: Vec<Part>) -> Self {
        Self { parts }
    }

    /// The lines of one contact, in order.
    pub fn lines(&self, contact: usize) -> impl Iterator<Item = Line<'_>> {
        let share = self.parts.first().map_or(1, |part| part.ends.len().max(1));
        self.parts.get(contact / share).into_iter().flat_map(move |part| part.lines(contact % share))
    }

    /// All lines of everybody.
    pub fn line_count(&self) -> usize {
        self.parts.iter().map(|part| part.lines.len()).sum()
    }

    /// The bytes that they take.
    pub fn bytes(&self) -> usize {
        let size = |part: &Part| {
            part.ends.capacity() * size_of::<u32>()
                + part.lines.capacity() * size_of::<Packed>()
                + part.arrows.capacity() * size_of::<u32>()
        };
        self.parts.iter().map(size).sum()
    }
}

impl Part {
    fn lines(&self, contact: usize) -> impl Iterator<Item = Line<'_>> {
        let start = contact.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        let end = self.ends.get(contact).map_or(start, |end| *end as usize);
        let mut arrows = start.checked_sub(1).map_or(0, |before| self.lines[before].arrows as usize);
        self.lines[start..end].iter().map(move |line| {
            let first = std::mem::replace(&mut arrows, line.arrows as usize);
            let by = line.by as usize;
            let by = match line.kind {
                Kind::Start => By::Start,
                Kind::Row => By::Row(by),
                Kind::Event => By::Event(by),
                Kind::Timer => By::Timer(by),
                Kind::Scheduled => By::Scheduled(by),
                Kind::QuietHoursOver => By::QuietHoursOver,
            };
            Line {
                time: Time(i64::from_le_bytes(line.time)),
                by,
                outcome: line.outcome,
                arrows: &self.arrows[first..arrows],
            }
        })
    }
}

/// Keeps the lines of some contacts while they are counted.
pub(super) struct Recorder<'t, 'm> {
    tally: &'t mut Tally<'m>,
    part: Part,
}

impl<'t, 'm> Recorder<'t, 'm> {
    /// With room for as much as the last part needed.
    pub(super) fn new(tally: &'t mut Tally<'m>, last: Option<&Part>) -> Self {
        let part = last.map_or_else(Part::default, |last| Part {
            ends: Vec::with_capacity(last.ends.len()),
            lines: Vec::with_capacity(last.lines.len()),
            arrows: Vec::with_capacity(last.arrows.len()),
        });
        Self { tally, part }
    }

    pub(super) fn finish(mut self) -> Part {
        self.part.lines.shrink_to_fit();
        self.part.arrows.shrink_to_fit();
        self.part
    }
}

impl Observer for Recorder<'_, '_> {
    const ASKS_FOR_VALUES: bool = false;

    #[inline]
    fn wants_occasion(&self) -> bool {
        self.tally.wants_occasion()
    }

    fn occasion(&mut self, occasion: &Occasion) {
        self.tally.occasion(occasion);
    }

    #[inline]
    fn left(&mut self, node: usize, time: Time) {
        self.tally.left(node, time);
    }

    #[inline]
    fn took(&mut self, arrow: usize, time: Time) {
        self.tally.took(arrow, time);
        self.part.arrows.push(small(arrow));
    }

    #[inline]
    fn entered(&mut self, node: usize, time: Time) {
        self.tally.entered(node, time);
    }

    fn effect(&mut self, effect: &Effect, time: Time) {
        self.tally.effect(effect, time);
    }

    fn failed(&mut self) {
        self.tally.failed();
    }

    #[inline]
    fn processed(&mut self, outcome: Outcome) {
        self.tally.processed(outcome);
    }

    #[inline]
    fn line(&mut self, by: By, time: Time, outcome: Outcome) {
        let (kind, by) = match by {
            By::Start => (Kind::Start, 0),
            By::Row(row) => (Kind::Row, row),
            By::Event(event) => (Kind::Event, event),
            By::Timer(arrow) => (Kind::Timer, arrow),
            By::Scheduled(event) => (Kind::Scheduled, event),
            By::QuietHoursOver => (Kind::QuietHoursOver, 0),
        };
        let arrows = small(self.part.arrows.len());
        self.part.lines.push(Packed { time: time.0.to_le_bytes(), by: small(by), arrows, kind, outcome });
    }

    fn finished(&mut self, contact: usize, memory: &Memory) {
        self.tally.finished(contact, memory);
        self.part.ends.push(small(self.part.lines.len()));
    }
}

/// Places in a dataset and a chart have so many bits, and what some contacts do fits into memory.
fn small(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
