//! Instants and durations. A day is a calendar day of a zone, so it is not always 24 hours; an hour always is an hour.

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::moment::Moment;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub i64);

impl Time {
    /// 9999-12-31T00:00:00Z. Calendar arithmetic stops here instead of failing.
    pub const MAX: Self = Self(253_402_214_400_000);
    /// 0001-01-01T00:00:00Z, the earliest instant that is read from files.
    pub const MIN: Self = Self(-62_135_596_800_000);

    /// The instant as a date and time of `zone`, down to the minute or, where there are any, the seconds.
    #[must_use]
    pub fn display_in(self, zone: &Zone) -> String {
        let Ok(timestamp) = Timestamp::from_millisecond(self.0) else {
            return String::from("beyond the calendar");
        };
        let zoned = timestamp.to_zoned(zone.time_zone());
        let format = if zoned.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
        zoned.strftime(format).to_string()
    }

    /// Hours and minutes on the clock of this computer's zone, for saying when something was saved.
    #[must_use]
    pub fn local_clock(self) -> String {
        match Timestamp::from_millisecond(self.0) {
            Ok(timestamp) => timestamp.to_zoned(TimeZone::system()).strftime("%H:%M").to_string(),
            Err(_) => String::new(),
        }
    }

    /// The same with the day: `26 November 12:04`.
    #[must_use]
    pub fn local_day_and_clock(self) -> String {
        match Timestamp::from_millisecond(self.0) {
            Ok(timestamp) => timestamp.to_zoned(TimeZone::system()).strftime("%-d %B %H:%M").to_string(),
            Err(_) => String::new(),
        }
    }

    /// Reads `2026-03-01`, `20260301`, `2026-03-01 14:30`, `2026-03-01T14:30:00Z` and the like. A date without a time
    /// is its midnight in `zone`; a wall time in a gap is the first valid instant after it, in an overlap the first.
    ///
    /// # Errors
    /// A sentence that names the text and the forms that are read.
    pub fn parse(text: &str, zone: &Zone) -> Result<Self, String> {
        let text = text.trim();
        let problem = || {
            format!(
                "\"{text}\" is no date or time; write 2026-03-01, 20260301, 2026-03-01 14:30 or 2026-03-01T14:30:00Z"
            )
        };
        if let Ok(timestamp) = text.parse::<Timestamp>() {
            return Ok(Self(timestamp.as_millisecond()));
        }
        let civil = if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            jiff::civil::Date::strptime("%Y%m%d", text).map_err(|_| problem())?.at(0, 0, 0, 0)
        } else if let Ok(datetime) = text.parse::<jiff::civil::DateTime>() {
            datetime
        } else {
            return Err(problem());
        };
        zone.instant(civil).ok_or_else(problem)
    }

    /// This instant plus `duration`, counted on the calendar of `zone` for days, weeks and months.
    #[must_use]
    pub fn plus(self, duration: Duration, zone: &Zone) -> Self {
        self.shifted(duration, 1, zone)
    }

    /// This instant minus `duration`, counted on the calendar of `zone` for days, weeks and months.
    #[must_use]
    pub fn minus(self, duration: Duration, zone: &Zone) -> Self {
        self.shifted(duration, -1, zone)
    }

    fn shifted(self, duration: Duration, sign: i64, zone: &Zone) -> Self {
        let amount = i64::from(duration.amount);
        if let Some(unit) = duration.unit.milliseconds() {
            return Self(self.0.saturating_add(sign * amount * unit).clamp(Self::MIN.0, Self::MAX.0));
        }
        if zone.is_utc() && duration.unit != Unit::Month {
            let days = if duration.unit == Unit::Week { amount * 7 } else { amount };
            return Self(self.0.saturating_add(sign * days * 86_400_000).clamp(Self::MIN.0, Self::MAX.0));
        }
        let limit = if sign > 0 { Self::MAX } else { Self::MIN };
        let Ok(timestamp) = Timestamp::from_millisecond(self.0) else { return limit };
        let span: Span = match duration.unit {
            Unit::Day => (sign * amount).days(),
            Unit::Week => (sign * amount).weeks(),
            _ => (sign * amount).months(),
        };
        timestamp
            .to_zoned(zone.time_zone())
            .datetime()
            .checked_add(span)
            .ok()
            .and_then(|civil| zone.instant(civil))
            .unwrap_or(limit)
    }
}

/// An IANA time zone such as `Europe/Berlin`; UTC by default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Default for Zone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl Zone {
    /// # Errors
    /// A sentence when `name` is not an IANA zone.
    pub fn named(name: &str) -> Result<Self, String> {
        let name = name.trim();
        if name.is_empty() || name.eq_ignore_ascii_case("utc") {
            return Ok(Self::default());
        }
        TimeZone::get(name)
            .map(Self)
            .map_err(|_| format!("\"{name}\" is no time zone; write an IANA name such as Europe/Berlin or UTC"))
    }

    /// The IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    #[must_use]
    pub fn is_utc(&self) -> bool {
        self.0 == TimeZone::UTC
    }

    pub(super) fn time_zone(&self) -> TimeZone {
        self.0.clone()
    }

    /// The first instant after `after` at which the clock shows the moment.
    #[must_use]
    pub fn next(&self, moment: Moment, after: Time) -> Option<Time> {
        let today = Timestamp::from_millisecond(after.0).ok()?.to_zoned(self.time_zone()).date();
        // A moment that a clock change moves still comes within a week and a day.
        (-1..=8).find_map(|days: i64| {
            let date = today.checked_add(days.days()).ok()?;
            let weekday = u8::try_from(date.weekday().to_monday_zero_offset()).ok()?;
            let (hour, minute) = (i8::try_from(moment.hour()).ok()?, i8::try_from(moment.minute()).ok()?);
            let time = self.instant(date.at(hour, minute, 0, 0)).filter(|time| *time > after)?;
            moment.falls_on(weekday).then_some(time)
        })
    }

    /// In a gap the first valid instant, in an overlap the first occurrence. (`jiff`'s default would move a time in a
    /// gap by the length of the gap.)
    pub(super) fn instant(&self, civil: jiff::civil::DateTime) -> Option<Time> {
        use jiff::tz::AmbiguousOffset;
        let ambiguous = self.0.to_ambiguous_zoned(civil);
        let timestamp = match ambiguous.offset() {
            AmbiguousOffset::Gap { before, .. } => {
                // The civil time read with the offset before the gap lies after the change; the change itself is the
                // first instant that the clock shows again.
                let after = before.to_timestamp(civil).ok()?;
                self.0.preceding(after + 1.nanosecond()).next()?.timestamp()
            }
            AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(civil).ok()?,
            AmbiguousOffset::Fold { before, .. } => before.to_timestamp(civil).ok()?,
        };
        let milliseconds = timestamp.as_millisecond();
        (Time::MIN.0..=Time::MAX.0).contains(&milliseconds).then_some(Time(milliseconds))
    }
}

/// How a duration was written. `h`, `min`, `s` and `ms` are exact; `day`, `week` and `month` are of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
}

impl Unit {
    pub const ALL: [Self; 7] =
        [Self::Millisecond, Self::Second, Self::Minute, Self::Hour, Self::Day, Self::Week, Self::Month];

    /// Length of an exact unit; `None` for those of the calendar.
    #[must_use]
    pub fn milliseconds(self) -> Option<i64> {
        match self {
            Self::Millisecond => Some(1),
            Self::Second => Some(1_000),
            Self::Minute => Some(60_000),
            Self::Hour => Some(3_600_000),
            Self::Day | Self::Week | Self::Month => None,
        }
    }

    /// Length in milliseconds where a number is needed and no calendar date is known: a day counts 24 hours, a month 30
    /// days.
    #[must_use]
    pub fn nominal_milliseconds(self) -> i64 {
        match self {
            Self::Day => 86_400_000,
            Self::Week => 7 * 86_400_000,
            Self::Month => 30 * 86_400_000,
            exact => exact.milliseconds().unwrap_or(0),
        }
    }

    #[must_use]
    pub fn name(self, amount: u32) -> &'static str {
        match (self, amount) {
            (Self::Millisecond, _) => "ms",
            (Self::Second, _) => "s",
            (Self::Minute, _) => "min",
            (Self::Hour, _) => "h",
            (Self::Day, 1) => "day",
            (Self::Day, _) => "days",
            (Self::Week, 1) => "week",
            (Self::Week, _) => "weeks",
            (Self::Month, 1) => "month",
            (Self::Month, _) => "months",
        }
    }

    /// Reads `d`, `day`, `days`, `h`, `hours` …
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "ms" | "millisecond" | "milliseconds" => Self::Millisecond,
            "s" | "sec" | "second" | "seconds" => Self::Second,
            "min" | "minute" | "minutes" => Self::Minute,
            "h" | "hour" | "hours" => Self::Hour,
            "d" | "day" | "days" => Self::Day,
            "w" | "week" | "weeks" => Self::Week,
            "month" | "months" => Self::Month,
            _ => return None,
        })
    }
}

/// A length of time as the user wrote it: a whole amount of one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Duration {
    pub amount: u32,
    pub unit: Unit,
}

impl Duration {
    #[must_use]
    pub const fn new(amount: u32, unit: Unit) -> Self {
        Self { amount, unit }
    }

    #[must_use]
    pub const fn days(amount: u32) -> Self {
        Self::new(amount, Unit::Day)
    }

    /// See [`Unit::nominal_milliseconds`].
    #[must_use]
    pub fn nominal_milliseconds(self) -> i64 {
        i64::from(self.amount) * self.unit.nominal_milliseconds()
    }
}

/// How long a timer waits, and how often it comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Delay {
    pub first: Duration,
    /// After the first time, so often again, counted from the first due moment without drift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Duration>,
}

impl From<Duration> for Delay {
    fn from(first: Duration) -> Self {
        Self { first, every: None }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.unit.name(self.amount))
    }
}

impl FromStr for Duration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let problem = || format!("\"{text}\" is no duration; write an amount and a unit: 90 days, 48 h, 30 min");
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let amount = text[..digits].parse().map_err(|_| problem())?;
        let unit = Unit::from_word(text[digits..].trim()).ok_or_else(problem)?;
        Ok(Self { amount, unit })
    }
}

/// A length that was measured, in the largest unit that keeps it readable: `2.5 days`, `3 h`.
#[must_use]
pub fn describe_milliseconds(milliseconds: i64) -> String {
    let (unit, name) = match milliseconds.unsigned_abs() {
        0..1_000 => (1, "ms"),
        1_000..60_000 => (1_000, "s"),
        60_000..3_600_000 => (60_000, "min"),
        3_600_000..172_800_000 => (3_600_000, "h"),
        _ => (86_400_000, "days"),
    };
    #[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
    let amount = milliseconds as f64 / f64::from(unit);
    if (amount - amount.round()).abs() < 0.05 { format!("{amount:.0} {name}") } else { format!("{amount:.1} {name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> Zone {
        Zone::named("Europe/Berlin").unwrap()
    }

    #[test]
    fn dates_are_read_in_several_forms() {
        for text in ["1998-07-01", "19980701", "1998-07-01 00:00", "1998-07-01T00:00:00Z"] {
            assert_eq!(Time::parse(text, &Zone::default()), Ok(Time(899_251_200_000)), "{text}");
        }
        for text in ["", "19981301", "1998-02-30", "01/02/98", "soon"] {
            let problem = Time::parse(text, &Zone::default()).unwrap_err();
            assert!(problem.contains("write 2026-03-01"), "{problem}");
        }
    }

    #[test]
    fn a_day_over_a_clock_change_is_not_24_hours() {
        let before = Time::parse("2026-03-28 12:00", &berlin()).unwrap();
        assert_eq!(before.plus(Duration::days(1), &berlin()).0 - before.0, 23 * 3_600_000);
        assert_eq!(before.plus(Duration::new(24, Unit::Hour), &berlin()).0 - before.0, 24 * 3_600_000);
    }

    #[test]
    fn a_time_in_a_gap_is_the_first_valid_instant_and_in_an_overlap_the_first() {
        let gap = Time::parse("2026-03-29 02:30", &berlin()).unwrap();
        assert_eq!(gap.display_in(&berlin()), "2026-03-29 03:00");
        let overlap = Time::parse("2026-10-25 02:30", &berlin()).unwrap();
        assert_eq!(overlap, Time::parse("2026-10-25T00:30:00Z", &Zone::default()).unwrap());
    }

    #[test]
    fn durations_print_as_written() {
        for text in ["90 days", "1 day", "48 h", "30 min", "2 weeks", "1 month"] {
            assert_eq!(text.parse::<Duration>().unwrap().to_string(), text);
        }
        assert!("ninety days".parse::<Duration>().is_err());
        assert!("90".parse::<Duration>().is_err());
    }
}
