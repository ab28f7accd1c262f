//! Discounts.

/// The price after each discount in turn.
pub fn discounted(cents: u64, percents: &[u64]) -> u64 {
    percents.iter().fold(cents, |left, percent| left * (100 - percent) / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shop_window() {
        assert_eq!(discounted(5000, &[10, 10]), 4000);
    }

    #[test]
    fn one_discount() {
        assert_eq!(discounted(999, &[10]), 899);
    }

    #[test]
    fn one_after_the_other() {
        assert_eq!(discounted(1000, &[10, 10]), 810);
        assert_eq!(discounted(1000, &[50, 60]), 200);
    }
}
