//! Further tests of points in time.

use crate::heldout::Ledger;
use crate::stamp::{days_in_month, is_leap, Civil, Stamp, StampError};

#[test]
fn every_day_of_eight_centuries() {
    let mut ledger = Ledger::default();
    let mut day = Civil { year: 1600, month: 1, day: 1 };
    let first = day.days();
    for days in first..first + 800 * 365 {
        note!(ledger, Civil::from_days(days), day);
        note!(ledger, day.days(), days);
        day.day += 1;
        if day.day > days_in_month(day.year, day.month) {
            day = Civil { day: 1, ..day.plus_months(0) };
            day = Civil { day: 1, ..day.plus_months(1) };
        }
    }
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn months_and_leap_years() {
    let day = |year, month, day| Civil { year, month, day };
    assert_eq!(day(2023, 10, 31).plus_months(16), day(2025, 2, 28));
    assert_eq!(day(2024, 3, 31).plus_months(-13), day(2023, 2, 28));
    assert_eq!(day(2024, 12, 1).plus_months(12), day(2025, 12, 1));
    assert_eq!((1896..=1908).filter(|year| is_leap(*year)).collect::<Vec<_>>(), [1896, 1904, 1908]);
    assert_eq!((1..=12).map(|month| days_in_month(2000, month)).sum::<u32>(), 366);
}

#[test]
fn texts() {
    for (text, minutes) in [
        ("1970-01-01T00:01", 1),
        ("1969-12-31T00:00", -1440),
        ("2038-01-19T03:14", 35_791_394),
        ("0000-03-01", -1_036_033_920),
        ("1999-12-31T23:59", 15_778_079),
    ] {
        assert_eq!(text.parse(), Ok(Stamp(minutes)), "{text}");
        assert_eq!(Stamp(minutes).to_string()[..text.len()], *text);
    }
    for text in
        ["2024-00-10", "2024-04-31", "2024-02-30T00:00", "+024-01-01", "2024-01-01 10:00", "2024-01-01T1:00"]
    {
        assert_eq!(text.parse::<Stamp>(), Err(StampError), "{text}");
    }
}

#[test]
fn parts_of_a_day() {
    let stamp: Stamp = "1969-07-20T20:17".parse().unwrap();
    assert_eq!((stamp.weekday(), stamp.minute_of_day()), (6, 1217));
    assert_eq!(((stamp + 223).weekday(), (stamp + 223).minute_of_day()), (0, 0));
    assert_eq!((stamp + 222) - stamp, 222);
    assert_eq!("2024-01-07".parse::<Stamp>().map(Stamp::weekday), Ok(6));
}
