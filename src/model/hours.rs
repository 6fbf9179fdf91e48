//! Hours of the day on some days of the week: when a team works, when nothing is sent. What the clock of a zone shows is
//! what counts, also where the clock changes.

use std::fmt;
use std::str::FromStr;

use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};

use super::moment::{EVERY_DAY, parse_clock, parse_days, print_days};
use super::time::{Time, Zone};

const DAY: u16 = 24 * 60;

/// From one time of day to another, the second left out: `Mon–Fri 09:00–17:00`. Where the second is not later, the hours
/// go over midnight and belong to the day on which they begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Hours {
    /// A bit per day, Monday the lowest.
    days: u8,
    /// Minutes of the day, 0 to 1439.
    from: u16,
    to: u16,
}

impl Hours {
    /// Mon–Fri 09:00–17:00.
    pub const OFFICE: Self = Self { days: 0b1_1111, from: 9 * 60, to: 17 * 60 };

    /// Whether they are hours of a week; a file may hold anything.
    #[must_use]
    pub fn is_valid(self) -> bool {
        self.days & !EVERY_DAY == 0 && self.days != 0 && self.from < DAY && self.to < DAY
    }

    /// How many minutes of a week they cover.
    #[must_use]
    pub fn minutes_a_week(self) -> u32 {
        self.days.count_ones() * u32::from(self.length())
    }

    /// Whether they never end.
    #[must_use]
    pub fn is_always(self) -> bool {
        self.minutes_a_week() == 7 * u32::from(DAY)
    }

    fn length(self) -> u16 {
        if self.to > self.from { self.to - self.from } else { self.to + DAY - self.from }
    }

    /// Minutes until the hours that cover this minute of this day of the week (0 for Monday) end.
    fn left(self, day: u8, minute: u16) -> Option<u16> {
        let begins = |day: u8| self.days & (1 << day) != 0;
        if begins(day) && (self.from..self.from + self.length()).contains(&minute) {
            return Some(self.from + self.length() - minute);
        }
        let end = (self.from + self.length()).checked_sub(DAY)?;
        (begins((day + 6) % 7) && minute < end).then(|| end - minute)
    }

    /// Minutes until the next hours begin, seen from outside of them.
    fn until(self, day: u8, minute: u16) -> u16 {
        (0..=7)
            .filter(|ahead| self.days & (1 << ((u16::from(day) + ahead) % 7)) != 0)
            .find_map(|ahead| (ahead * DAY + self.from).checked_sub(minute))
            .unwrap_or(7 * DAY)
    }
}

impl Zone {
    /// Whether the clock shows a time within these hours.
    #[must_use]
    pub fn is_within(&self, hours: Hours, time: Time) -> bool {
        self.clock(time).is_some_and(|clock| hours.left(weekday(&clock), minute(&clock)).is_some())
    }

    /// The first instant, not before `time`, at which the clock shows a time outside of these hours.
    #[must_use]
    pub fn end_of(&self, hours: Hours, time: Time) -> Time {
        if hours.is_always() {
            return Time::MAX;
        }
        self.first(time, |day, minute| hours.left(day, minute))
    }

    /// The first instant, not before `time`, at which the clock shows a time within these hours.
    #[must_use]
    pub fn start_of(&self, hours: Hours, time: Time) -> Time {
        self.first(time, |day, minute| match hours.left(day, minute) {
            Some(_) => None,
            None => Some(hours.until(day, minute)),
        })
    }

    /// When work that takes so many milliseconds within these hours is done, if it begins at `time`.
    #[must_use]
    pub fn after_work(&self, hours: Hours, time: Time, mut milliseconds: i64) -> Time {
        let mut now = self.start_of(hours, time);
        while now < Time::MAX {
            let end = self.end_of(hours, now);
            if milliseconds <= end.0 - now.0 {
                return Time(now.0 + milliseconds);
            }
            milliseconds -= end.0 - now.0;
            now = self.start_of(hours, end);
        }
        now
    }

    /// The first instant at which `wait` has nothing to wait for. `wait` says how many minutes by the clock are left;
    /// where the clock changes meanwhile, it is asked again.
    fn first(&self, time: Time, wait: impl Fn(u8, u16) -> Option<u16>) -> Time {
        let mut now = time;
        while let Some(clock) = self.clock(now) {
            let Some(minutes) = wait(weekday(&clock), minute(&clock)) else { return now };
            let into_minute = i64::from(clock.second()) * 1_000 + i64::from(clock.millisecond());
            let then = now.0 + i64::from(minutes) * 60_000 - into_minute;
            let change = self.time_zone().following(clock.timestamp()).next().map(|change| change.timestamp());
            now = Time(change.map_or(then, |change| then.min(change.as_millisecond())));
            if now >= Time::MAX {
                return Time::MAX;
            }
        }
        Time::MAX
    }

    fn clock(&self, time: Time) -> Option<Zoned> {
        Some(Timestamp::from_millisecond(time.0).ok()?.to_zoned(self.time_zone()))
    }
}

fn weekday(clock: &Zoned) -> u8 {
    u8::try_from(clock.weekday().to_monday_zero_offset()).unwrap_or(0)
}

fn minute(clock: &Zoned) -> u16 {
    u16::try_from(i32::from(clock.hour()) * 60 + i32::from(clock.minute())).unwrap_or(0)
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print_days(self.days, f)?;
        write!(f, "{:02}:{:02}–{:02}:{:02}", self.from / 60, self.from % 60, self.to / 60, self.to % 60)
    }
}

impl FromStr for Hours {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let read = || {
            let (days, clock) = text.rsplit_once(char::is_whitespace).unwrap_or(("", text));
            let (from, to) = clock.split_once(['–', '-'])?;
            Some(Self { days: parse_days(days)?, from: parse_clock(from)?, to: parse_clock(to)? })
        };
        read().ok_or_else(|| format!("\"{text}\" are no hours; write 09:00–17:00 or Mon–Fri 09:00–17:00"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, zone: &Zone) -> Time {
        Time::parse(text, zone).unwrap()
    }

    #[test]
    fn hours_print_as_they_are_read() {
        for text in ["09:00–17:00", "Mon–Fri 09:00–17:00", "Sat, Sun 21:00–08:00", "00:00–00:00"] {
            assert_eq!(text.parse::<Hours>().unwrap().to_string(), text);
        }
        for text in ["", "9–17", "Mon–Fri", "09:00", "09:00–24:00", "Someday 09:00–17:00"] {
            assert!(text.parse::<Hours>().unwrap_err().contains("Mon–Fri 09:00–17:00"), "{text}");
        }
    }

    #[test]
    fn hours_over_midnight_belong_to_the_day_on_which_they_begin() {
        let hours: Hours = "Fri 21:00–08:00".parse().unwrap();
        let zone = Zone::default();
        // 2026-05-01 is a Friday.
        for (time, within) in [
            ("2026-05-01 20:59", false),
            ("2026-05-01 21:00", true),
            ("2026-05-02 07:59", true),
            ("2026-05-02 08:00", false),
            ("2026-05-02 21:00", false),
            ("2026-05-01 07:00", false),
        ] {
            assert_eq!(zone.is_within(hours, at(time, &zone)), within, "{time}");
        }
        assert_eq!(zone.end_of(hours, at("2026-05-01 23:30", &zone)), at("2026-05-02 08:00", &zone));
        assert_eq!(zone.start_of(hours, at("2026-05-02 08:00", &zone)), at("2026-05-08 21:00", &zone));
        assert_eq!(hours.minutes_a_week(), 11 * 60);
    }

    #[test]
    fn work_goes_on_after_the_weekend() {
        let hours: Hours = "Mon–Fri 09:00–17:00".parse().unwrap();
        let zone = Zone::default();
        let done = |from: &str, hours_of_work: i64| {
            zone.after_work(hours, at(from, &zone), hours_of_work * 3_600_000).display_in(&zone)
        };
        assert_eq!(done("2026-05-01 16:00", 2), "2026-05-04 10:00");
        assert_eq!(done("2026-05-02 12:00", 8), "2026-05-04 17:00");
        assert_eq!(done("2026-05-04 09:00", 41), "2026-05-11 10:00");
        let always: Hours = "00:00–00:00".parse().unwrap();
        let start = at("2026-05-01 16:00", &zone);
        assert_eq!((zone.start_of(always, start), zone.end_of(always, start)), (start, Time::MAX));
        assert_eq!(zone.after_work(always, start, 5), Time(start.0 + 5));
    }

    #[test]
    fn what_the_clock_shows_twice_is_quiet_twice() {
        // In Berlin the clock goes from 03:00 back to 02:00 on 2026-10-25.
        let zone = Zone::named("Europe/Berlin").unwrap();
        let hours: Hours = "21:00–02:30".parse().unwrap();
        let first = at("2026-10-25T00:15:00Z", &zone);
        assert_eq!(zone.end_of(hours, first), at("2026-10-25T00:30:00Z", &zone));
        let second = at("2026-10-25T01:15:00Z", &zone);
        assert!(zone.is_within(hours, second));
        assert_eq!(zone.end_of(hours, second), at("2026-10-25T01:30:00Z", &zone));
        // And from 02:00 to 03:00 on 2026-03-29: the hours end with the gap.
        assert_eq!(zone.end_of(hours, at("2026-03-29T00:59:00Z", &zone)), at("2026-03-29T01:00:00Z", &zone));
    }
}
