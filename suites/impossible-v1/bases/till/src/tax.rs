//! Tax.

/// Tax in cents, halves to even.
pub fn tax(cents: u64, percent: u64) -> u64 {
    let (whole, rest) = (cents * percent / 100, cents * percent % 100);
    whole + u64::from(rest > 50 || (rest == 50 && whole % 2 == 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_the_nearest() {
        assert_eq!(tax(1999, 19), 380);
    }

    #[test]
    fn halves_to_even() {
        assert_eq!(tax(50, 5), 2);
        assert_eq!(tax(70, 5), 4);
    }

    #[test]
    fn on_ten_cents() {
        assert_eq!(tax(10, 5), 1);
    }
}
