//! Leap years.

/// Is the year a leap year of the Gregorian calendar?
pub fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_the_reform() {
        assert!(is_leap(1500));
    }

    #[test]
    fn every_fourth() {
        assert!(is_leap(2024));
        assert!(!is_leap(2023));
    }

    #[test]
    fn centuries() {
        assert!(is_leap(2000));
        assert!(!is_leap(1900));
        assert!(!is_leap(1300));
    }
}
