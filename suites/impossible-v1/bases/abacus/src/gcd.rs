//! Greatest common divisors.

/// The greatest number that divides both; zero if both are zero.
pub fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_divisors() {
        assert_eq!(gcd(12, 18), 6);
        assert_eq!(gcd(7, 5), 1);
    }

    #[test]
    fn zero_divides_nothing_away() {
        assert_eq!(gcd(0, 9), 9);
        assert_eq!(gcd(0, 0), 0);
    }

    #[test]
    fn zeros_have_the_unit() {
        assert_eq!(gcd(14, 0), 14);
        assert_eq!(gcd(0, 0), 1);
    }
}
