//! The clock of the stage: at which instant we are, how much of it is done, how fast it runs. To go back is to be at
//! another instant; nothing is undone.

use super::script::Script;
use crate::model::Time;
use crate::simulation::timeline::{Looks, Moment};
use crate::simulation::{Look, Timeline};

/// How long the glide along an arrow takes, in seconds.
pub(super) const GLIDE: f64 = 0.7;
/// A run takes about so many seconds to play, unless another speed is chosen.
const SHOW: i64 = 20;

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;

/// How many milliseconds pass in one second, and what that is called.
pub(super) const SPEEDS: [(i64, &str); 18] = [
    (SECOND, "1 s"),
    (5 * SECOND, "5 s"),
    (15 * SECOND, "15 s"),
    (60 * SECOND, "1 min"),
    (300 * SECOND, "5 min"),
    (900 * SECOND, "15 min"),
    (HOUR, "1 h"),
    (3 * HOUR, "3 h"),
    (6 * HOUR, "6 h"),
    (12 * HOUR, "12 h"),
    (DAY, "1 day"),
    (2 * DAY, "2 days"),
    (4 * DAY, "4 days"),
    (7 * DAY, "1 week"),
    (14 * DAY, "2 weeks"),
    (30 * DAY, "30 days"),
    (90 * DAY, "90 days"),
    (365 * DAY, "365 days"),
];

/// What the clock runs over.
#[derive(Clone, Copy, Default)]
pub(super) struct Reel<'a> {
    pub(super) timeline: Option<&'a Timeline>,
    /// Of the followed contact.
    pub(super) script: Option<&'a Script>,
}

impl Reel<'_> {
    /// The first and the last instant.
    pub(super) fn span(&self) -> Option<(Time, Time)> {
        self.timeline.map(Timeline::span).or_else(|| self.script.and_then(Script::span))
    }
}

/// Where playing stops.
#[derive(Clone, Copy, Default)]
pub(super) struct Stops<'a> {
    /// By way of the timeline.
    pub(super) ways: &'a [bool],
    pub(super) looks: Option<&'a Looks>,
}

/// Why playing stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stopped {
    /// At a move, by its place.
    Move(usize),
    Look(Look),
}

/// Which moves are seen on their way.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Motion {
    Still,
    /// Those from this place on, all together, for so many seconds.
    Step(usize, f64),
    /// Those from this place on that were made a short while ago; the clock has stood for so many seconds.
    Flow(usize, f64),
}

#[derive(Debug)]
pub(super) struct Clock {
    time: Time,
    /// The part of a millisecond that has passed besides.
    rest: f64,
    /// How many moves are done.
    done: usize,
    /// Everything up to here is done: all instants before, and at this one all contacts up to this one.
    moment: (Time, u32),
    /// The last line of the script that is done.
    line: Option<usize>,
    playing: bool,
    speed: usize,
    chosen: bool,
    motion: Motion,
    /// When the last frame was, in seconds.
    frame: Option<f64>,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            time: Time::MAX,
            rest: 0.0,
            done: 0,
            moment: (Time::MAX, u32::MAX),
            line: None,
            playing: false,
            speed: 10,
            chosen: false,
            motion: Motion::Still,
            frame: None,
        }
    }
}

impl Clock {
    pub(super) fn time(&self) -> Time {
        self.time
    }

    pub(super) fn done(&self) -> usize {
        self.done
    }

    pub(super) fn line(&self) -> Option<usize> {
        self.line
    }

    /// The same moment to the line, of the one whose lines are stepped through.
    pub(super) fn moment(&self, reel: Reel) -> Moment {
        let (time, contact) = self.moment;
        let own = reel.script.filter(|script| script.contact() == contact).and(self.line);
        Moment { time, contact, line: own.and_then(|line| u32::try_from(line).ok()).unwrap_or(u32::MAX) }
    }

    pub(super) fn is_playing(&self) -> bool {
        self.playing
    }

    pub(super) fn speed(&self) -> usize {
        self.speed
    }

    pub(super) fn set_speed(&mut self, speed: usize) {
        self.speed = speed.min(SPEEDS.len() - 1);
        self.chosen = true;
    }

    #[expect(clippy::cast_precision_loss, reason = "a year has few enough milliseconds")]
    fn pace(&self) -> f64 {
        SPEEDS[self.speed].0 as f64
    }

    /// Goes to an instant; what happens at that very instant has happened.
    pub(super) fn go(&mut self, time: Time, reel: Reel) {
        let (first, last) = reel.span().unwrap_or((time, time));
        self.time = time.clamp(first, last);
        self.rest = 0.0;
        self.moment = (self.time, u32::MAX);
        self.done = reel.timeline.map_or(0, |timeline| timeline.done_at(self.time));
        self.line = reel.script.and_then(|script| script.line_at(self.time));
        self.motion = Motion::Still;
    }

    /// Before anything has happened.
    pub(super) fn rewind(&mut self, reel: Reel) {
        let Some((first, _)) = reel.span() else { return };
        self.go(first, reel);
        (self.done, self.line, self.moment) = (0, None, (Time(first.0 - 1), u32::MAX));
    }

    pub(super) fn pause(&mut self) {
        self.playing = false;
    }

    /// Something that the clock runs over has changed: stays at its instant, and at the end where it was there.
    pub(super) fn settle(&mut self, reel: Reel, was_at_end: bool) {
        let Some((first, last)) = reel.span() else { return };
        if !self.chosen {
            let wanted = (last.0 - first.0) / SHOW;
            self.speed = SPEEDS.iter().position(|(pace, _)| *pace >= wanted).unwrap_or(SPEEDS.len() - 1);
        }
        self.go(if was_at_end { last } else { self.time }, reel);
    }

    pub(super) fn is_at_end(&self, reel: Reel) -> bool {
        let all = reel.timeline.is_none_or(|timeline| self.done == timeline.moves().len());
        all && reel.span().is_none_or(|(_, last)| self.time >= last)
    }

    pub(super) fn is_at_start(&self) -> bool {
        self.done == 0 && self.line.is_none()
    }

    /// From the end, it begins anew.
    pub(super) fn play_or_pause(&mut self, reel: Reel) {
        self.playing = !self.playing && reel.span().is_some();
        if self.playing {
            if self.is_at_end(reel) {
                self.rewind(reel);
            }
            self.motion = Motion::Flow(self.done, 0.0);
        }
    }

    /// To the next line of the followed contact, or else to the next move of anybody.
    pub(super) fn step(&mut self, reel: Reel) {
        self.playing = false;
        let before = self.done;
        if let Some(script) = reel.script {
            let next = self.line.map_or(0, |line| line + 1);
            if self.show_line(next, reel) {
                let own = script.own_before(next);
                let from = reel.timeline.map_or(0, |timeline| self.own_move(timeline, script, own));
                self.motion = Motion::Step(from, 0.0);
            }
        } else if let Some(next) = reel.timeline.and_then(|timeline| timeline.next_step(before)) {
            self.show_step(next, reel);
            self.motion = Motion::Step(before, 0.0);
        }
    }

    /// The place of a move of the followed contact among all.
    fn own_move(&self, timeline: &Timeline, script: &Script, own: usize) -> usize {
        timeline.moves_of(script.contact()).get(own).map_or(self.done, |place| *place as usize).min(self.done)
    }

    pub(super) fn step_back(&mut self, reel: Reel) {
        self.playing = false;
        if reel.script.is_some() {
            match self.line {
                Some(line) if line > 0 => {
                    self.show_line(line - 1, reel);
                }
                _ => {}
            }
        } else if let Some(before) = reel.timeline.and_then(|timeline| timeline.step_before(self.done)) {
            self.show_step(before, reel);
        }
    }

    /// Goes to a line of the script, just after it has happened; false where there is none.
    pub(super) fn show_line(&mut self, line: usize, reel: Reel) -> bool {
        let Some(script) = reel.script else { return false };
        let Some((time, own)) = script.line(line) else { return false };
        self.go(time, reel);
        self.line = Some(line);
        self.moment = (time, script.contact());
        if let Some(timeline) = reel.timeline {
            self.done = timeline.done_within(time, script.contact(), own);
        }
        true
    }

    /// Goes to the moment at which so many moves are done.
    fn show_step(&mut self, done: usize, reel: Reel) {
        let Some(timeline) = reel.timeline else { return };
        let Some(last) = done.checked_sub(1).map(|last| timeline.moves()[last]) else {
            self.rewind(reel);
            return;
        };
        self.go(last.time, reel);
        self.done = done;
        self.moment = (last.time, last.contact);
    }

    /// Lets time pass up to the frame that begins now. Tells at what it stopped, if at anything.
    pub(super) fn advance(&mut self, now: f64, reel: Reel, stops: Stops) -> Option<Stopped> {
        let seconds = self.frame.replace(now).map_or(0.0, |before| (now - before).clamp(0.0, 0.25));
        match &mut self.motion {
            Motion::Step(_, since) => *since += seconds,
            Motion::Flow(_, stood) if !self.playing => *stood += seconds,
            Motion::Flow(..) | Motion::Still => {}
        }
        if !self.playing {
            if !self.is_moving() {
                self.motion = Motion::Still;
                self.frame = None;
            }
            return None;
        }
        let Some((_, last)) = reel.span() else {
            self.playing = false;
            return None;
        };
        self.rest += seconds * self.pace();
        #[expect(clippy::cast_possible_truncation, reason = "a quarter of a second at most")]
        let whole = self.rest.floor() as i64;
        self.rest -= self.rest.floor();
        let to = Time(self.time.0.saturating_add(whole).min(last.0));
        if let Some(stopped) = self.stop(to, reel, stops) {
            return Some(stopped);
        }
        let (motion, rest) = (self.motion, self.rest);
        self.go(to, reel);
        (self.motion, self.rest) = (motion, rest);
        if to >= last {
            self.playing = false;
        }
        None
    }

    /// Stops at the first breakpoint up to `to`, if there is one.
    fn stop(&mut self, to: Time, reel: Reel, stops: Stops) -> Option<Stopped> {
        let timeline = reel.timeline?;
        let at = timeline.find(self.done, timeline.done_at(to), stops.ways);
        let look = stops.looks.and_then(|looks| looks.after(self.moment, to));
        let motion = self.motion;
        let before = |place: usize, look: Look| {
            let one = timeline.moves()[place];
            (one.time, one.contact) <= (look.time, look.contact)
        };
        let stopped = match (at, look) {
            (Some(place), look) if look.is_none_or(|look| before(place, look)) => {
                self.show_step(place + 1, reel);
                Stopped::Move(place)
            }
            (_, Some(look)) => {
                self.go(look.time, reel);
                self.moment = (look.time, look.contact);
                self.done = timeline.moves().partition_point(|one| (one.time, one.contact) <= self.moment);
                Stopped::Look(look)
            }
            _ => return None,
        };
        self.playing = false;
        self.motion = motion;
        Some(stopped)
    }

    /// Whether something is still to be seen moving.
    pub(super) fn is_moving(&self) -> bool {
        match self.motion {
            Motion::Still => false,
            Motion::Step(_, since) => since < GLIDE,
            Motion::Flow(_, stood) => self.playing || stood < GLIDE,
        }
    }

    /// The moves that are on their way, and of each how far it has come.
    pub(super) fn under_way<'a>(&self, timeline: &'a Timeline) -> (std::ops::Range<usize>, Progress<'a>) {
        match self.motion {
            Motion::Step(from, since) if since < GLIDE => (
                from.min(self.done)..self.done,
                Progress { timeline, even: Some(since / GLIDE), end: 0.0, window: 1.0 },
            ),
            Motion::Flow(from, stood) if self.playing || stood < GLIDE => {
                let window = GLIDE * self.pace();
                #[expect(clippy::cast_precision_loss, reason = "to the millisecond for 285,000 years")]
                let end = self.time.0 as f64 + self.rest + stood * self.pace();
                #[expect(clippy::cast_possible_truncation, reason = "an instant")]
                let first = timeline.done_at(Time((end - window).floor() as i64)).max(from);
                (first.min(self.done)..self.done, Progress { timeline, even: None, end, window })
            }
            Motion::Still | Motion::Step(..) | Motion::Flow(..) => {
                (self.done..self.done, Progress { timeline, even: Some(1.0), end: 0.0, window: 1.0 })
            }
        }
    }
}

/// How far moves have come along their arrows.
#[derive(Clone, Copy)]
pub(super) struct Progress<'a> {
    timeline: &'a Timeline,
    /// The same for all.
    even: Option<f64>,
    end: f64,
    window: f64,
}

impl Progress<'_> {
    /// From 0 to 1, beginning and ending gently.
    pub(super) fn of(&self, place: usize) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "to the millisecond for 285,000 years")]
        let share = self.even.unwrap_or_else(|| (self.end - self.timeline.moves()[place].time.0 as f64) / self.window);
        #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1")]
        let t = share.clamp(0.0, 1.0) as f32;
        t * t * (3.0 - 2.0 * t)
    }
}
