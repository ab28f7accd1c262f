//! Interest.

/// The balance after so many years; None for a negative rate.
pub fn balance(cents: u64, percent: i64, years: u32) -> Option<u64> {
    let rate = u64::try_from(percent).ok()?;
    Some((0..years).fold(cents, |left, _| left + left * rate / 100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_year() {
        assert_eq!(balance(150, 3, 1), Some(155));
    }

    #[test]
    fn compounds() {
        assert_eq!(balance(10000, 10, 2), Some(12100));
        assert_eq!(balance(150, 3, 1), Some(154));
    }

    #[test]
    fn refuses_negative_rates() {
        assert_eq!(balance(100, -1, 1), None);
    }
}
