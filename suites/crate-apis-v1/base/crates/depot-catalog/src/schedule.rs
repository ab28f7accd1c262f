//! Delivery slots.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeZone, Utc, Weekday};

use crate::error::{CatalogError, Result};

/// The slot that starts on the hour of a day given as numbers.
pub fn slot(year: i32, month: u32, day: u32, hour: u32) -> Result<DateTime<Utc>> {
    Utc.with_ymd_and_hms(year, month, day, hour, 0, 0)
        .single()
        .ok_or_else(|| CatalogError::Moment(format!("{year}-{month}-{day} {hour}h")))
}

/// The first working day after `date`.
pub fn next_working_day(date: NaiveDate) -> NaiveDate {
    let mut day = date + Days::new(1);
    while matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
        day = day + Days::new(1);
    }
    day
}

/// The day a month's bill is due: the same day of the next month, or its last day.
pub fn due(date: NaiveDate) -> Option<NaiveDate> {
    date.checked_add_months(Months::new(1))
}

/// The slot as drivers read it: `05.03.2024 14:30`.
pub fn driver_label(slot: DateTime<Utc>) -> String {
    slot.format("%d.%m.%Y %H:%M").to_string()
}

/// Whole days between two slots, never negative.
pub fn days_apart(left: DateTime<Utc>, right: DateTime<Utc>) -> i64 {
    (left - right).abs().num_days()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn makes_slots() {
        let made = slot(2024, 3, 5, 14).unwrap();
        assert_eq!(made.to_rfc3339(), "2024-03-05T14:00:00+00:00");
        assert_eq!(driver_label(made), "05.03.2024 14:00");
    }

    #[test]
    fn refuses_moments_that_do_not_exist() {
        let error = slot(2023, 2, 29, 8).unwrap_err();
        assert_eq!(error.to_string(), "no such moment: 2023-2-29 8h");
    }

    #[test]
    fn skips_weekends() {
        assert_eq!(next_working_day(day("2024-03-01")), day("2024-03-04"));
        assert_eq!(next_working_day(day("2024-03-04")), day("2024-03-05"));
    }

    #[test]
    fn bills_fall_due() {
        assert_eq!(due(day("2024-01-31")), Some(day("2024-02-29")));
        assert_eq!(due(day("2024-03-15")), Some(day("2024-04-15")));
    }

    #[test]
    fn counts_whole_days() {
        let (a, b) = (slot(2024, 3, 1, 12).unwrap(), slot(2024, 3, 3, 6).unwrap());
        assert_eq!((days_apart(a, b), days_apart(b, a)), (1, 1));
    }
}
