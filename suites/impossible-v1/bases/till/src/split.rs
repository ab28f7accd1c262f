//! Bills split up.

/// Shares of an amount, the larger ones first; none for nobody.
pub fn split(cents: u64, people: u64) -> Vec<u64> {
    (0..people).map(|index| cents / people + u64::from(index < cents % people)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_pays_the_rest() {
        assert_eq!(split(103, 4), [28, 25, 25, 25]);
    }

    #[test]
    fn evenly() {
        assert_eq!(split(900, 3), [300, 300, 300]);
        assert!(split(5, 0).is_empty());
    }

    #[test]
    fn cents_go_to_the_first() {
        assert_eq!(split(101, 3), [34, 34, 33]);
    }
}
