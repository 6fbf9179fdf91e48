//! How a column writes its dates. Promises one form for the whole column: it is decided from the values, held by each
//! row, and never guessed where day and month could be exchanged.

use std::fmt;
use std::str::FromStr;

use super::civil::{Civil, in_range, integer};
use super::column::text;
use crate::model::{Time, Zone};

/// How dates and times are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeFormat {
    /// `2026-03-01`, `2026/03/01 14:30`, `2026-03-01T14:30:00+01:00` and what else [`Time::parse`] reads.
    YearFirst,
    /// `20260301`.
    Compact,
    /// `1.3.2026`, `01/03/26 14:30`.
    DayFirst,
    /// `3/1/2026`, `03/01/26 2:30 PM`.
    MonthFirst,
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
}

impl TimeFormat {
    pub const ALL: [Self; 6] =
        [Self::YearFirst, Self::Compact, Self::DayFirst, Self::MonthFirst, Self::Seconds, Self::Milliseconds];

    /// What a user writes to choose the form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::YearFirst => "Y-M-D",
            Self::Compact => "YYYYMMDD",
            Self::DayFirst => "D/M/Y",
            Self::MonthFirst => "M/D/Y",
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
        }
    }

    /// What a sentence says was expected.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::YearFirst => "a date such as 2026-03-01 or 2026-03-01 14:30",
            Self::Compact => "a date such as 20260301",
            Self::DayFirst => "day, month and year such as 31.12.2026 or 31/12/26 14:30",
            Self::MonthFirst => "month, day and year such as 12/31/2026 or 12/31/26 14:30",
            Self::Seconds => "seconds since 1970 such as 1772323200",
            Self::Milliseconds => "milliseconds since 1970 such as 1772323200000",
        }
    }

    /// The form of a single value; `None` if it has none or could have two.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        match look(text) {
            Look::One(format) => Some(format),
            Look::DayOrMonthFirst { .. } | Look::Nothing => None,
        }
    }

    /// Reads a value of this form. Wall times are of `zone`; two-digit years are of 1969 to 2068.
    #[must_use]
    pub fn parse(self, text: &str, zone: &Zone) -> Option<Time> {
        let text = text.trim();
        match self {
            Self::YearFirst => match Civil::year_first(text) {
                Some(civil) => civil.instant(zone),
                None => Time::parse(text, zone).ok(),
            },
            Self::Compact => Civil::compact(text)?.instant(zone),
            Self::DayFirst => Civil::year_last(text, |first, second| (first, second))?.instant(zone),
            Self::MonthFirst => Civil::year_last(text, |first, second| (second, first))?.instant(zone),
            Self::Seconds if (1..=11).contains(&text.len()) => in_range(integer(text)?.checked_mul(1000)?),
            Self::Milliseconds if (12..=14).contains(&text.len()) => in_range(integer(text)?),
            Self::Seconds | Self::Milliseconds => None,
        }
    }
}

/// Reads the times of one column: the usual forms from their bytes, the others as [`TimeFormat::parse`] does.
pub(super) struct Clock<'a> {
    pub(super) format: TimeFormat,
    zone: &'a Zone,
    utc: bool,
}

impl<'a> Clock<'a> {
    pub(super) fn new(format: TimeFormat, zone: &'a Zone) -> Self {
        Self { format, zone, utc: zone.is_utc() }
    }

    pub(super) fn read(&self, cell: &[u8]) -> Option<Time> {
        let quick = match self.format {
            TimeFormat::Seconds if cell.len() <= 11 => {
                whole_number(cell).and_then(|seconds| in_range(seconds.checked_mul(1000)?))
            }
            TimeFormat::YearFirst if self.utc => Civil::iso(cell).and_then(|civil| civil.instant(self.zone)),
            _ => None,
        };
        quick.or_else(|| self.format.parse(text(cell), self.zone))
    }
}

/// Nothing but digits, and few enough.
fn whole_number(cell: &[u8]) -> Option<i64> {
    if cell.is_empty() || cell.len() > 18 {
        return None;
    }
    cell.iter().try_fold(0, |value, byte| byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0')))
}

impl fmt::Display for TimeFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for TimeFormat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|format| format.name().eq_ignore_ascii_case(text.trim())).ok_or(())
    }
}

/// What one value says about the form of its column.
enum Look {
    One(TimeFormat),
    /// `differ` if the two readings are different days.
    DayOrMonthFirst {
        differ: bool,
    },
    Nothing,
}

fn look(text: &str) -> Look {
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return match text.len() {
            8 if Civil::compact(text).is_some() => Look::One(TimeFormat::Compact),
            10 => Look::One(TimeFormat::Seconds),
            13 => Look::One(TimeFormat::Milliseconds),
            _ => Look::Nothing,
        };
    }
    if TimeFormat::YearFirst.parse(text, &Zone::default()).is_some() {
        return Look::One(TimeFormat::YearFirst);
    }
    let day_first = TimeFormat::DayFirst.parse(text, &Zone::default());
    let month_first = TimeFormat::MonthFirst.parse(text, &Zone::default());
    match (day_first, month_first) {
        (Some(_), None) => Look::One(TimeFormat::DayFirst),
        (None, Some(_)) => Look::One(TimeFormat::MonthFirst),
        // Nobody writes 12.31.2026.
        (Some(_), Some(_)) if text.contains('.') && !text.contains(['/', '-']) => Look::One(TimeFormat::DayFirst),
        (Some(day), Some(month)) => Look::DayOrMonthFirst { differ: day != month },
        (None, None) => Look::Nothing,
    }
}

/// What the first pass over a file learns about a column of dates.
#[derive(Clone, Debug, Default)]
pub(super) struct TimeClues {
    decided: Option<(TimeFormat, u64)>,
    /// The first value that could be read in two ways with different results.
    unclear: Option<(u64, String)>,
    /// Only values like 5/5/2026 so far, which are the same day in both readings.
    either: bool,
    /// The first value that fits no form, or not that of the values before it.
    odd: Option<(u64, String)>,
}

/// What the values of a column of dates say about its form.
pub(super) enum Verdict {
    /// With the row that decided between day and month first, if they were unclear before it.
    Decided(TimeFormat, Option<u64>),
    Unclear {
        line: u64,
        value: String,
    },
    Odd {
        line: u64,
        value: String,
    },
}

impl TimeClues {
    /// The user has chosen the form.
    pub(super) fn given(format: TimeFormat) -> Self {
        Self { decided: Some((format, 0)), ..Self::default() }
    }

    pub(super) fn observe(&mut self, line: impl FnOnce() -> u64, text: &str) {
        if self.decided.is_some() || self.odd.is_some() {
            return;
        }
        let day_or_month = self.either || self.unclear.is_some();
        match look(text) {
            Look::One(format) if !day_or_month || matches!(format, TimeFormat::DayFirst | TimeFormat::MonthFirst) => {
                self.decided = Some((format, line()));
            }
            Look::DayOrMonthFirst { differ: true } => {
                self.unclear.get_or_insert_with(|| (line(), text.to_owned()));
            }
            Look::DayOrMonthFirst { differ: false } => self.either = true,
            Look::One(_) | Look::Nothing => self.odd = Some((line(), text.to_owned())),
        }
    }

    pub(super) fn verdict(self) -> Verdict {
        if let Some((line, value)) = self.odd {
            return Verdict::Odd { line, value };
        }
        if let Some((format, line)) = self.decided {
            return Verdict::Decided(format, self.unclear.map(|_| line));
        }
        match self.unclear {
            Some((line, value)) => Verdict::Unclear { line, value },
            None if self.either => Verdict::Decided(TimeFormat::DayFirst, None),
            // No values at all: any form will do.
            None => Verdict::Decided(TimeFormat::YearFirst, None),
        }
    }
}

/// The names of all forms, for a sentence.
pub(super) fn all_forms() -> String {
    TimeFormat::ALL.map(TimeFormat::name).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fast_reading_agrees_with_the_calendar() {
        let utc = Zone::default();
        for days in (-20_000..40_000).step_by(7) {
            let time = Time(days * 86_400_000 + 45_296_789);
            let shown = time.display_in(&utc);
            assert_eq!(TimeFormat::YearFirst.parse(&format!("{shown}.789"), &utc), Some(time), "{shown}");
            for form in [
                shown.clone(),
                shown.replace(' ', "T"),
                shown[..10].to_owned(),
                format!("{shown}Z"),
                format!("{shown}.789"),
            ] {
                let read = Clock::new(TimeFormat::YearFirst, &utc).read(form.as_bytes());
                assert_eq!(read, TimeFormat::YearFirst.parse(&form, &utc), "{form}");
            }
            let seconds = (days * 86_400).to_string();
            let read = Clock::new(TimeFormat::Seconds, &utc).read(seconds.as_bytes());
            assert_eq!(read, TimeFormat::Seconds.parse(&seconds, &utc), "{seconds}");
            let compact = shown[..10].replace('-', "");
            assert_eq!(TimeFormat::Compact.parse(&compact, &utc), Time::parse(&compact, &utc).ok());
        }
    }

    #[test]
    fn common_forms_are_told_apart() {
        for (text, format, expected) in [
            ("2010-12-30 14:32:00+01:00", TimeFormat::YearFirst, "2010-12-30T13:32:00Z"),
            ("2026/03/01", TimeFormat::YearFirst, "2026-03-01"),
            ("2026-03-01 10:00:00 UTC", TimeFormat::YearFirst, "2026-03-01T10:00:00Z"),
            ("2026-03-01T10:00:00.5Z", TimeFormat::YearFirst, "2026-03-01T10:00:00.5Z"),
            ("19970101", TimeFormat::Compact, "1997-01-01"),
            ("31.12.2026", TimeFormat::DayFirst, "2026-12-31"),
            ("1.2.26 9:05", TimeFormat::DayFirst, "2026-02-01 09:05"),
            ("31/12/99", TimeFormat::DayFirst, "1999-12-31"),
            ("12/31/2026 2:30 PM", TimeFormat::MonthFirst, "2026-12-31 14:30"),
            ("12/31/26 12:05 am", TimeFormat::MonthFirst, "2026-12-31 00:05"),
            ("1772323200", TimeFormat::Seconds, "2026-03-01"),
            ("1772323200000", TimeFormat::Milliseconds, "2026-03-01"),
        ] {
            assert_eq!(TimeFormat::of(text), Some(format), "{text}");
            let expected = Time::parse(expected, &Zone::default()).ok();
            assert_eq!(format.parse(text, &Zone::default()), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_has_no_form() {
        for text in
            ["", "soon", "2026-02-30", "12/1/10", "19971301", "1.2", "31/31/2026", "2026-03-01x", "25:00", "é1/2/3"]
        {
            assert_eq!(TimeFormat::of(text), None, "{text}");
        }
        assert_eq!(TimeFormat::Milliseconds.parse("1772323200", &Zone::default()), None);
        assert_eq!(TimeFormat::Seconds.parse("1772323200000", &Zone::default()), None);
    }

    #[test]
    fn wall_times_are_of_the_zone() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        assert_eq!(
            TimeFormat::DayFirst.parse("1.7.2026 12:00", &berlin),
            Time::parse("2026-07-01T10:00:00Z", &berlin).ok()
        );
    }
}
