//! A date and time as it stands in a file, and the instant it means. Checks the calendar by itself, as a table of a million
//! rows is mostly dates in UTC; clock changes are left to [`Zone`].

use crate::model::{Time, Zone};

/// A date and time as it is written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Civil {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    millisecond: i64,
    /// Milliseconds ahead of UTC, if written.
    offset: Option<i64>,
}

impl Civil {
    pub(super) fn compact(text: &str) -> Option<Self> {
        if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (year, month, day) = (integer(&text[..4])?, integer(&text[4..6])?, integer(&text[6..])?);
        Self { year, month, day, ..Self::default() }.checked()
    }

    /// `2026-03-01`, `2026-03-01 14:30` and `2026-03-01T14:30:00`, with a `Z` or without; `None` says nothing.
    pub(super) fn iso(text: &[u8]) -> Option<Self> {
        let (text, offset) = match text {
            [text @ .., b'Z'] if text.len() > 10 => (text, Some(0)),
            text => (text, None),
        };
        let pair = |at: usize| {
            let (tens, ones) = (text[at].wrapping_sub(b'0'), text[at + 1].wrapping_sub(b'0'));
            (tens < 10 && ones < 10).then(|| i64::from(tens * 10 + ones))
        };
        if !matches!(text.len(), 10 | 16 | 19) || text[4] != b'-' || text[7] != b'-' {
            return None;
        }
        let mut civil =
            Self { year: pair(0)? * 100 + pair(2)?, month: pair(5)?, day: pair(8)?, offset, ..Self::default() };
        if text.len() > 10 {
            if !matches!(text[10], b' ' | b'T') || text[13] != b':' {
                return None;
            }
            (civil.hour, civil.minute) = (pair(11)?, pair(14)?);
        }
        if text.len() > 16 {
            if text[16] != b':' {
                return None;
            }
            civil.second = pair(17)?;
        }
        civil.checked()
    }

    pub(super) fn year_first(text: &str) -> Option<Self> {
        let (year, mark, rest) = leading_number(text, 4)?;
        if text.len() - rest.len() != 4 || !matches!(mark, '-' | '/' | '.') {
            return None;
        }
        let (month, second_mark, rest) = leading_number(rest.get(1..)?, 2)?;
        if mark != second_mark {
            return None;
        }
        let (day, _, rest) = leading_number(rest.get(1..)?, 2)?;
        Self { year, month, day, ..Self::default() }.with_clock(rest)?.checked()
    }

    pub(super) fn year_last(text: &str, day_and_month: fn(i64, i64) -> (i64, i64)) -> Option<Self> {
        let (first, mark, rest) = leading_number(text, 2)?;
        let (second, second_mark, rest) = leading_number(rest.get(1..)?, 2)?;
        if !matches!(mark, '-' | '/' | '.') || mark != second_mark {
            return None;
        }
        let rest = rest.get(1..)?;
        let (year, _, after) = leading_number(rest, 4)?;
        let year = match rest.len() - after.len() {
            4 => year,
            2 if year < 69 => 2000 + year,
            2 => 1900 + year,
            _ => return None,
        };
        let (day, month) = day_and_month(first, second);
        Self { year, month, day, ..Self::default() }.with_clock(after)?.checked()
    }

    /// Reads `T14:30:00.123+01:00`, ` 2:30 PM` or nothing.
    fn with_clock(mut self, text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(self);
        }
        let text = text.strip_prefix(['T', 't', ' ', ','])?.trim_start();
        let (hour, _, rest) = leading_number(text, 2)?;
        let (minute, _, mut rest) = leading_number(rest.strip_prefix(':')?, 2)?;
        (self.hour, self.minute) = (hour, minute);
        if let Some(seconds) = rest.strip_prefix(':') {
            (self.second, _, rest) = leading_number(seconds, 2)?;
            if let Some(fraction) = rest.strip_prefix(['.', ',']) {
                let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
                // Finer than a millisecond is cut, as `Time` counts milliseconds.
                let kept = &fraction[..digits.min(3)];
                self.millisecond = integer(kept)? * [1, 100, 10, 1][kept.len()];
                rest = &fraction[digits..];
            }
        }
        let rest = rest.trim();
        if rest.eq_ignore_ascii_case("am") || rest.eq_ignore_ascii_case("pm") {
            if !(1..=12).contains(&self.hour) {
                return None;
            }
            self.hour = self.hour % 12 + if rest.eq_ignore_ascii_case("pm") { 12 } else { 0 };
        } else if !rest.is_empty() {
            self.offset = Some(offset(rest)?);
        }
        Some(self)
    }

    fn checked(self) -> Option<Self> {
        let leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        let days = match self.month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        let valid = (1..=9999).contains(&self.year)
            && (1..=days).contains(&self.day)
            && self.hour < 24
            && self.minute < 60
            && self.second < 60;
        valid.then_some(self)
    }

    pub(super) fn instant(self, zone: &Zone) -> Option<Time> {
        if self.offset.is_none() && !zone.is_utc() {
            let Self { year, month, day, hour, minute, second, millisecond, .. } = self;
            let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millisecond:03}");
            return Time::parse(&text, zone).ok();
        }
        let seconds = ((self.days() * 24 + self.hour) * 60 + self.minute) * 60 + self.second;
        in_range(seconds * 1000 + self.millisecond - self.offset.unwrap_or(0))
    }

    /// Days since 1970-01-01, counted in years that begin in March so that the leap day comes last.
    fn days(self) -> i64 {
        let year = if self.month > 2 { self.year } else { self.year - 1 };
        let day_of_year = (153 * ((self.month + 9) % 12) + 2) / 5 + self.day - 1;
        year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
    }
}

/// `Z`, `UTC`, `+01:00`, `-0330` or `+01`, in milliseconds.
fn offset(text: &str) -> Option<i64> {
    if ["Z", "UTC", "GMT"].iter().any(|name| text.eq_ignore_ascii_case(name)) {
        return Some(0);
    }
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.strip_prefix('-')?),
    };
    let (hours, _, rest) = leading_number(rest, 2)?;
    let minutes = match rest.strip_prefix(':').unwrap_or(rest) {
        "" if rest.is_empty() => 0,
        rest => leading_number(rest, 2).filter(|(_, _, after)| after.is_empty())?.0,
    };
    (hours <= 25 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60_000)
}

/// A number of at most `longest` digits, the letter after it (a space at the end), and the text from that letter on.
fn leading_number(text: &str, longest: usize) -> Option<(i64, char, &str)> {
    let digits = text.bytes().take(longest).take_while(u8::is_ascii_digit).count();
    let rest = &text[digits..];
    Some((integer(&text[..digits])?, rest.chars().next().unwrap_or(' '), rest))
}

pub(super) fn integer(text: &str) -> Option<i64> {
    if text.is_empty() || text.len() > 18 {
        return None;
    }
    text.bytes().try_fold(0, |value, byte| byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0')))
}

pub(super) fn in_range(milliseconds: i64) -> Option<Time> {
    (Time::MIN.0..=Time::MAX.0).contains(&milliseconds).then_some(Time(milliseconds))
}
