//! The lengths of months.

/// The days of a month, 1 to 12; none of any other.
pub fn days_in(month: u32, leap: bool) -> u32 {
    match (month, leap) {
        (2, true) => 29,
        (2, false) => 28,
        (4 | 6 | 9 | 11, _) => 30,
        (1..=12, _) => 31,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_short_months() {
        assert_eq!(days_in(7, false), 31);
        assert_eq!(days_in(9, true), 30);
        assert_eq!(days_in(13, true), 0);
    }

    #[test]
    fn february() {
        assert_eq!(days_in(2, true), 29);
        assert_eq!(days_in(2, false), 28);
    }

    #[test]
    fn the_first_months_of_1712() {
        assert_eq!(days_in(1, true), 31);
        assert_eq!(days_in(2, true), 30);
    }
}
