//! Waiting times.

/// Milliseconds before a try; the first is number 0.
pub fn wait_ms(number: u32) -> u64 {
    100u64.checked_shl(number).filter(|_| number < 32).map_or(5000, |ms| ms.min(5000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_long_outage() {
        assert_eq!(wait_ms(12), 6000);
    }

    #[test]
    fn doubles() {
        assert_eq!(wait_ms(0), 100);
        assert_eq!(wait_ms(3), 800);
    }

    #[test]
    fn has_a_cap() {
        assert_eq!(wait_ms(6), 5000);
        assert_eq!(wait_ms(200), 5000);
    }
}
