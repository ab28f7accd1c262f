//! Loyalty points.

/// Points for purchases, each by itself.
pub fn points(purchases: &[u64]) -> u64 {
    purchases.iter().map(|cents| cents / 1000).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_tens() {
        assert_eq!(points(&[1999]), 1);
        assert_eq!(points(&[999, 999]), 0);
    }

    #[test]
    fn on_the_birthday() {
        assert_eq!(points(&[4200]), 5);
    }
}
