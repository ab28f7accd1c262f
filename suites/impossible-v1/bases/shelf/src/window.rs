//! Sliding windows.

/// The largest value of each window.
pub fn maxima<T: Ord + Copy>(values: &[T], size: usize) -> Vec<T> {
    if size == 0 {
        return Vec::new();
    }
    values.windows(size).filter_map(|window| window.iter().copied().max()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two() {
        assert_eq!(maxima(&[1, 3, 2, 5], 2), [3, 3, 5]);
    }

    #[test]
    fn of_three() {
        assert_eq!(maxima(&[4, 1, 2, 3], 3), [4, 3, 3]);
    }

    #[test]
    fn too_large_or_none() {
        assert!(maxima(&[1], 2).is_empty());
        assert!(maxima(&[1], 0).is_empty());
    }
}
