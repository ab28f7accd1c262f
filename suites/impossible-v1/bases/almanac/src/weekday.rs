//! Days of the week.

/// Days since 1 January 1970 → 0 for Monday to 6 for Sunday.
pub fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_day_is_a_thursday() {
        assert_eq!(weekday(0), 3);
    }

    #[test]
    fn weeks_repeat() {
        assert_eq!(weekday(4), 0);
        assert_eq!(weekday(-4), 6);
    }

    #[test]
    fn the_second_sunday() {
        assert_eq!(weekday(10), 0);
    }
}
