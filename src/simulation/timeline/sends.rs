//! What became of messages, in order of time, so that it can be told of any instant.

use std::collections::BTreeMap;

use crate::model::{Time, TouchpointId};
use crate::simulation::report::{SendTally, Sending};
use crate::simulation::run::Progress;

/// So many are counted one by one.
const EVERY: usize = 2_048;

/// How many lines of which contact are done at which instant; everything earlier, and at that instant all contacts before
/// it, are done too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    pub time: Time,
    pub contact: u32,
    /// The last line that is done, from 0; beyond all for the whole instant.
    pub line: u32,
}

/// What became of one message, and in which line of whose story.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noted {
    pub(super) moment: Moment,
    pub(super) sending: Sending,
}

/// By touchpoint.
pub type Tallies = BTreeMap<TouchpointId, SendTally>;

#[derive(Clone, Debug, Default)]
pub(super) struct Sends {
    noted: Vec<Noted>,
    /// Before every so many, from none on.
    snapshots: Vec<Tallies>,
}

impl Sends {
    /// In order of moments. `None` if it was cancelled.
    pub(super) fn of(noted: Vec<Noted>, progress: &Progress) -> Option<Self> {
        let mut tallies = Tallies::new();
        let mut snapshots = vec![Tallies::new()];
        for part in noted.chunks(EVERY) {
            if progress.is_cancelled() {
                return None;
            }
            count(&mut tallies, part);
            snapshots.push(tallies.clone());
        }
        Some(Self { noted, snapshots })
    }

    pub(super) fn all(&self) -> &[Noted] {
        &self.noted
    }

    pub(super) fn at(&self, moment: Moment) -> Tallies {
        let done = self.noted.partition_point(|noted| noted.moment <= moment);
        let snapshot = done / EVERY;
        let mut tallies = self.snapshots[snapshot].clone();
        count(&mut tallies, &self.noted[snapshot * EVERY..done]);
        tallies
    }
}

fn count(tallies: &mut Tallies, noted: &[Noted]) {
    for one in noted {
        tallies.entry(one.sending.touchpoint).or_default().count(one.sending);
    }
}
