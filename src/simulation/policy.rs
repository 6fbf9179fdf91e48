//! The send policy with its names looked up. What passes it is decided in [`super::react`].

use super::condition::Term;
use super::memory::Memory;
use crate::model::{Channel, Duration, Hours, Time, Zone};

/// What may be sent to whom, how often and when.
#[derive(Clone, Debug, Default)]
pub(super) struct Policy {
    /// Whether it lets everything pass, so that nobody need ask.
    pub(super) is_empty: bool,
    pub(super) consent: Option<Term>,
    pub(super) suppression: Option<Term>,
    pub(super) caps: Vec<Cap>,
    pub(super) quiet: Vec<Quiet>,
    pub(super) drop_when_left: bool,
    /// For how many milliseconds sends are remembered: at least the longest window of a cap.
    pub(super) keep: i64,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Cap {
    pub(super) channel: Option<Channel>,
    pub(super) most: u32,
    pub(super) within: Duration,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Quiet {
    pub(super) channel: Option<Channel>,
    pub(super) hours: Hours,
}

/// A message that waits for the end of quiet hours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub(super) until: Time,
    pub(super) order: u64,
    pub(super) touchpoint: usize,
    /// The node that it belongs to, and its visit.
    pub(super) visit: (usize, u32),
}

impl Policy {
    /// Whether one more message by this channel would be too many.
    pub(super) fn is_capped(&self, channel: Channel, memory: &Memory) -> bool {
        self.caps.iter().filter(|cap| cap.channel.is_none_or(|capped| capped == channel)).any(|cap| {
            let start = memory.now.minus(cap.within, &memory.zone);
            let recent = memory.sends.iter().rev().take_while(|(time, _)| *time > start);
            let count = recent.filter(|(_, sent)| cap.channel.is_none_or(|capped| capped == *sent)).count();
            count >= cap.most as usize
        })
    }

    /// When the quiet hours end that cover this time, if any do.
    pub(super) fn quiet_until(&self, channel: Channel, zone: &Zone, time: Time) -> Option<Time> {
        let concerned = self.quiet.iter().filter(|quiet| quiet.channel.is_none_or(|quiet| quiet == channel));
        let covering = concerned.filter(|quiet| zone.is_within(quiet.hours, time));
        covering.map(|quiet| zone.end_of(quiet.hours, time)).max()
    }
}
