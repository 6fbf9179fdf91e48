//! Times of day on some days of the week: `09:00`, `Mon–Fri 09:00`, `Mon, Thu 18:30`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
pub(super) const EVERY_DAY: u8 = 0b111_1111;

/// A time of day on the clock of the contact, on some days of the week or on all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Moment {
    /// A bit per day, Monday the lowest.
    days: u8,
    /// Of the day, 0 to 1439.
    minute: u16,
}

impl Moment {
    /// Every day at that hour and minute; `None` where the clock has no such time.
    #[must_use]
    pub fn daily(hour: u16, minute: u16) -> Option<Self> {
        (hour < 24 && minute < 60).then_some(Self { days: EVERY_DAY, minute: hour * 60 + minute })
    }

    /// Whether it is a time of a day of the week; a file may hold anything.
    #[must_use]
    pub fn is_valid(self) -> bool {
        self.days & !EVERY_DAY == 0 && self.days != 0 && self.minute < 24 * 60
    }

    /// Whether it falls on that day of the week, 0 for Monday.
    #[must_use]
    pub fn falls_on(self, day: u8) -> bool {
        day < 7 && self.days & (1 << day) != 0
    }

    #[must_use]
    pub fn hour(self) -> u16 {
        self.minute / 60
    }

    #[must_use]
    pub fn minute(self) -> u16 {
        self.minute % 60
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print_days(self.days, f)?;
        write!(f, "{:02}:{:02}", self.hour(), self.minute())
    }
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let problem = || format!("\"{text}\" is no time of day; write 09:00, Mon–Fri 09:00 or Mon, Thu 18:30");
        let (days, clock) = text.rsplit_once(char::is_whitespace).unwrap_or(("", text));
        let minute = parse_clock(clock).ok_or_else(problem)?;
        let days = parse_days(days).ok_or_else(problem)?;
        Ok(Self { days, minute })
    }
}

/// `Mon–Fri ` and the like; nothing for every day.
pub(super) fn print_days(days: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if days == EVERY_DAY {
        return Ok(());
    }
    let chosen: Vec<usize> = (0..7).filter(|day| days & (1 << day) != 0).collect();
    // Runs of three or more are written as a range.
    let mut parts = Vec::new();
    let mut rest = chosen.as_slice();
    while let [first, ..] = rest {
        let run = rest.iter().enumerate().take_while(|(offset, day)| **day == first + offset).count();
        if run >= 3 {
            parts.push(format!("{}–{}", DAYS[*first], DAYS[first + run - 1]));
        } else {
            parts.extend(rest[..run].iter().map(|day| DAYS[*day].to_owned()));
        }
        rest = &rest[run..];
    }
    write!(f, "{} ", parts.join(", "))
}

/// A bit per day, Monday the lowest; every day where none is named.
pub(super) fn parse_days(text: &str) -> Option<u8> {
    if text.trim().is_empty() {
        return Some(EVERY_DAY);
    }
    let day = |name: &str| DAYS.iter().position(|day| day.eq_ignore_ascii_case(name.trim()));
    let mut chosen = 0;
    for part in text.split(',') {
        let (first, last) = part.split_once(['–', '-']).unwrap_or((part, part));
        let (first, last) = day(first).zip(day(last))?;
        // Fri–Mon goes over the end of the week.
        let length = (last + 7 - first) % 7;
        for step in 0..=length {
            chosen |= 1 << ((first + step) % 7);
        }
    }
    Some(chosen)
}

/// Minutes of the day, 0 to 1439.
pub(super) fn parse_clock(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let number = |text: &str| if text.len() <= 2 { text.parse::<u16>().ok() } else { None };
    let (hour, minute) = number(hour).zip(number(minute))?;
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_print_as_they_are_read() {
        for text in ["09:00", "Mon–Fri 09:00", "Mon, Thu 18:30", "Mon, Wed–Sun 00:00", "Sat, Sun 23:59"] {
            assert_eq!(text.parse::<Moment>().unwrap().to_string(), text);
        }
        assert_eq!("Fri-Mon 7:05".parse::<Moment>().unwrap().to_string(), "Mon, Fri–Sun 07:05");
        for text in ["", "noon", "25:00", "09:60", "Mon", "Someday 09:00", "009:00"] {
            assert!(text.parse::<Moment>().unwrap_err().contains("Mon–Fri 09:00"), "{text}");
        }
    }
}
