//! Whole square roots.

/// The largest number whose square is at most `value`.
pub fn isqrt(value: u64) -> u64 {
    let mut root = (value as f64).sqrt() as u64;
    while root.checked_mul(root).is_none_or(|square| square > value) {
        root -= 1;
    }
    while (root + 1).checked_mul(root + 1).is_some_and(|square| square <= value) {
        root += 1;
    }
    root
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_ones() {
        assert_eq!(isqrt(0), 0);
        assert_eq!(isqrt(24), 4);
        assert_eq!(isqrt(25), 5);
    }

    #[test]
    fn the_largest() {
        assert_eq!(isqrt(u64::MAX), 4294967295);
    }

    #[test]
    fn next_to_the_largest() {
        assert_eq!(isqrt(u64::MAX - 1), 4294967296);
    }
}
