//! The most frequent value.

/// The most frequent value, the smallest of several; None for an empty list.
pub fn mode(values: &[i32]) -> Option<i32> {
    let count = |wanted: i32| values.iter().filter(|&&value| value == wanted).count();
    values.iter().copied().max_by_key(|&value| (count(value), std::cmp::Reverse(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent() {
        assert_eq!(mode(&[4, 7, 7, 1]), Some(7));
    }

    #[test]
    fn the_smallest_of_several() {
        assert_eq!(mode(&[5, 2, 5, 2]), Some(2));
    }

    #[test]
    fn the_first_of_several() {
        assert_eq!(mode(&[8, 3, 3, 8]), Some(8));
    }

    #[test]
    fn of_nothing() {
        assert_eq!(mode(&[]), None);
    }
}
