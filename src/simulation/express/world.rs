//! Invented contacts in numbers only. What happens next depends on where the contact is, so it is asked for one by one.

use super::table::SLOTS;
use super::{Express, Traveller};
use crate::model::{Time, Value};
use crate::simulation::luck::Fortune;
use crate::simulation::observer::{By, Observer};
use crate::simulation::react::Outcome;
use crate::simulation::run::{Player, Progress};
use crate::simulation::world::{Play, World};

/// How many events of one contact happen before somebody asks whether to go on.
const EVENTS_BETWEEN_LOOKS: u32 = 4_096;

impl<'a> Express<'a> {
    /// Makes ready what the contacts of a world are drawn as; `false` where that has no number.
    pub(in crate::simulation) fn populate(&mut self, world: &World) -> bool {
        let numbers = world.numbers(|value| match value {
            Value::Unknown => Some(f64::NAN),
            Value::Number(number) => Some(*number),
            Value::Text(text) => Some(self.word(text)),
            Value::YesNo(_) | Value::Time(_) => None,
        });
        let Some(numbers) = numbers else { return false };
        self.drawn = numbers;
        true
    }

    /// Plays one contact and leaves in the player's memory where it rests and what is known of it.
    pub(in crate::simulation) fn play_world(
        &self,
        contact: usize,
        play: &Play<'a>,
        player: &mut Player<'a>,
        observer: &mut impl Observer,
        progress: &Progress,
    ) {
        let memory = &mut player.memory;
        let (key, start) = play.world.starts(contact, play.seed());
        let Some(plain) = play.world.plain().filter(|_| start <= play.until()) else {
            self.hand_over(None, memory, observer);
            return;
        };
        let rates = &mut player.room.rates;
        let fortune = Fortune::of(play.seed(), key);
        plain.begin(rates, fortune, start, play.until());
        let mut last = start.0;
        let mut on = Traveller { row: self.fresh, leaf: 0, now: last, at_this_instant: 1, ended: false, halted: false };
        for number in &self.drawn {
            on.row[number.slot % SLOTS] = number.draw(fortune);
        }
        observer.began(start);
        on.enter(&self.start, observer);
        self.settle(&mut on, observer);
        observer.line(By::Start, Time(on.now), Outcome::Moved);
        let mut events = 0_u32;
        while !on.ended && !on.halted {
            let next = plain.next(rates, on.leaf, Time(on.now), play.until());
            let horizon = next.map_or(play.until().0, |(time, ..)| time.0 - 1);
            if self.wait(&mut on, (last, events == 0), horizon, observer) {
                continue;
            }
            let Some((time, place, outcome)) = next else { break };
            plain.take(rates, place);
            let event = self.events[outcome];
            let by = By::Event(event);
            if time.0 > on.now {
                (on.now, on.at_this_instant) = (time.0, 1);
            } else if !on.advance(time.0) {
                observer.failed();
                observer.processed(Outcome::Halted);
                observer.line(by, Time(on.now), Outcome::Halted);
                break;
            }
            last = on.now;
            self.event(&mut on, by, event, outcome, observer);
            events += 1;
            if events.is_multiple_of(EVENTS_BETWEEN_LOOKS) && progress.is_cancelled() {
                break;
            }
        }
        self.hand_over(Some(&on), memory, observer);
    }
}
