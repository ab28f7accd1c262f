//! Intervals of days.

/// Do two half-open intervals share a day?
pub fn overlaps(a: (i32, i32), b: (i32, i32)) -> bool {
    a.0 < b.1 && b.0 < a.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn that_share_days() {
        assert!(overlaps((1, 5), (4, 9)));
        assert!(!overlaps((1, 2), (7, 9)));
    }

    #[test]
    fn on_the_day_of_departure() {
        assert!(overlaps((10, 12), (12, 15)));
    }

    #[test]
    fn that_touch() {
        assert!(!overlaps((1, 4), (4, 9)));
        assert!(!overlaps((4, 9), (1, 4)));
    }
}
