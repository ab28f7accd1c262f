//! Times of the day.

/// Hour and minute, some minutes later, wrapped at midnight.
pub fn later(hour: u32, minute: u32, minutes: u32) -> (u32, u32) {
    let total = (hour * 60 + minute + minutes) % (24 * 60);
    (total / 60, total % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn within_a_day() {
        assert_eq!(later(9, 30, 45), (10, 15));
    }

    #[test]
    fn over_midnight() {
        assert_eq!(later(23, 50, 20), (0, 10));
        assert_eq!(later(23, 30, 30), (0, 0));
    }

    #[test]
    fn to_the_end_of_the_day() {
        assert_eq!(later(23, 45, 15), (24, 0));
    }
}
