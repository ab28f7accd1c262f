//! Sorted lists.

/// Both sorted lists in one sorted list, nothing dropped.
pub fn merged(a: &[i32], b: &[i32]) -> Vec<i32> {
    let mut all = [a, b].concat();
    all.sort_unstable();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_order() {
        assert_eq!(merged(&[1, 4], &[2, 3]), [1, 2, 3, 4]);
    }

    #[test]
    fn nothing_is_dropped() {
        assert_eq!(merged(&[1, 2], &[2]), [1, 2, 2]);
    }

    #[test]
    fn five_and_three() {
        assert_eq!(merged(&[1, 2, 3, 4, 5], &[5, 6, 7]).len(), 7);
    }
}
