//! Points in time to the minute, in the proleptic Gregorian calendar and UTC.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

const MINUTES_A_DAY: i64 = 24 * 60;

/// Minutes since 1970-01-01T00:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp(pub i64);

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Civil {
    pub year: i64,
    pub month: u32,
    pub day: u32,
}

/// The text is no point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StampError;

pub fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub fn days_in_month(year: i64, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

impl Civil {
    /// Days since 1970-01-01. Years are counted from March, so that the leap day is the last one.
    pub fn days(self) -> i64 {
        let year = if self.month > 2 { self.year } else { self.year - 1 };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    pub fn from_days(days: i64) -> Self {
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = (day_of_year - (153 * month + 2) / 5 + 1) as u32;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        Civil { year, month: month as u32, day }
    }

    /// The same day some months later; a day that the month lacks becomes its last one.
    pub fn plus_months(self, months: i64) -> Self {
        let total = self.year * 12 + i64::from(self.month) - 1 + months;
        let (year, month) = (total.div_euclid(12), total.rem_euclid(12) as u32 + 1);
        Civil { year, month, day: self.day.min(days_in_month(year, month)) }
    }
}

impl Stamp {
    pub fn new(day: Civil, hour: u32, minute: u32) -> Self {
        Stamp(day.days() * MINUTES_A_DAY + i64::from(hour) * 60 + i64::from(minute))
    }

    pub fn day(self) -> Civil {
        Civil::from_days(self.0.div_euclid(MINUTES_A_DAY))
    }

    pub fn minute_of_day(self) -> i64 {
        self.0.rem_euclid(MINUTES_A_DAY)
    }

    /// Monday is 0.
    pub fn weekday(self) -> u32 {
        (self.0.div_euclid(MINUTES_A_DAY) + 3).rem_euclid(7) as u32
    }
}

impl Add<i64> for Stamp {
    type Output = Stamp;

    fn add(self, minutes: i64) -> Stamp {
        Stamp(self.0 + minutes)
    }
}

impl Sub for Stamp {
    type Output = i64;

    /// Minutes between the two.
    fn sub(self, earlier: Stamp) -> i64 {
        self.0 - earlier.0
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Civil { year, month, day } = self.day();
        let minute = self.minute_of_day();
        write!(f, "{year:04}-{month:02}-{day:02}T{:02}:{:02}", minute / 60, minute % 60)
    }
}

fn number(text: &str, digits: usize) -> Result<u32, StampError> {
    if text.len() != digits || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(StampError);
    }
    text.parse().map_err(|_| StampError)
}

impl FromStr for Stamp {
    type Err = StampError;

    /// Reads `2024-02-29` or `2024-02-29T06:30`.
    fn from_str(text: &str) -> Result<Self, StampError> {
        let (date, time) = text.split_once('T').unwrap_or((text, "00:00"));
        let mut parts = date.splitn(3, '-');
        let mut part = |digits| number(parts.next().unwrap_or(""), digits);
        let (year, month, day) = (i64::from(part(4)?), part(2)?, part(2)?);
        let (hour, minute) = time.split_once(':').ok_or(StampError)?;
        let (hour, minute) = (number(hour, 2)?, number(minute, 2)?);
        let is_day = (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
        if !is_day || hour > 23 || minute > 59 {
            return Err(StampError);
        }
        Ok(Stamp::new(Civil { year, month, day }, hour, minute))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn civil(year: i64, month: u32, day: u32) -> Civil {
        Civil { year, month, day }
    }

    #[test]
    fn counts_days() {
        assert_eq!(civil(1970, 1, 1).days(), 0);
        assert_eq!(civil(2000, 3, 1).days(), 11_017);
        assert_eq!(civil(1969, 12, 31).days(), -1);
        for days in [-800_000, -719_468, -1, 0, 59, 60, 11_016, 19_782, 146_096] {
            assert_eq!(Civil::from_days(days).days(), days);
        }
        assert_eq!(Civil::from_days(19_782), civil(2024, 2, 29));
    }

    #[test]
    fn knows_leap_years() {
        assert_eq!([1900, 2000, 2023, 2024].map(is_leap), [false, true, false, true]);
        assert_eq!([1, 2, 4, 9, 12].map(|month| days_in_month(2023, month)), [31, 28, 30, 30, 31]);
    }

    #[test]
    fn adds_months() {
        assert_eq!(civil(2024, 1, 31).plus_months(1), civil(2024, 2, 29));
        assert_eq!(civil(2024, 11, 30).plus_months(3), civil(2025, 2, 28));
        assert_eq!(civil(2024, 1, 15).plus_months(-1), civil(2023, 12, 15));
    }

    #[test]
    fn reads_and_shows() {
        let stamp: Stamp = "2024-02-29T06:30".parse().unwrap();
        assert_eq!((stamp.day(), stamp.minute_of_day(), stamp.weekday()), (civil(2024, 2, 29), 390, 3));
        assert_eq!((stamp + 18 * 60).to_string(), "2024-03-01T00:30");
        assert_eq!(stamp - "2024-02-29".parse().unwrap(), 390);
        assert_eq!((Stamp(-1).to_string(), Stamp(-1).weekday()), ("1969-12-31T23:59".into(), 2));
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in [
            "",
            "2023-02-29",
            "2024-13-01",
            "2024-1-01",
            "2024-01-01T24:00",
            "2024-01-01T10:60",
            "2024-01-01T10",
            "2024-01-00",
        ] {
            assert_eq!(text.parse::<Stamp>(), Err(StampError), "{text}");
        }
    }
}
