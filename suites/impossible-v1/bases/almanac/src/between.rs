//! Spans of days.

/// Nights between two days.
pub fn days_between(a: i32, b: i32) -> u32 {
    a.abs_diff(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_day() {
        assert_eq!(days_between(7, 7), 1);
    }

    #[test]
    fn counts_nights() {
        assert_eq!(days_between(3, 5), 2);
        assert_eq!(days_between(5, 3), 2);
        assert_eq!(days_between(7, 7), 0);
    }
}
