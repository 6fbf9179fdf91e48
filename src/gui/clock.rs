//! Times of the system's clock, as the window shows them.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::model::Time;

/// The time of day: `12:04`.
pub(super) fn time(at: SystemTime) -> String {
    moment(at).local_clock()
}

/// The time of day after its day: `26 November 12:04`.
pub(super) fn day_and_time(at: SystemTime) -> String {
    moment(at).local_day_and_clock()
}

fn moment(at: SystemTime) -> Time {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    Time(i64::try_from(since.as_millis()).unwrap_or(0))
}
