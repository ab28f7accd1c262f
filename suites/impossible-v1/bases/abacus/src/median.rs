//! The middle of a list of numbers.

/// The middle value; of two, the lower one. None for an empty list.
pub fn median(values: &[i64]) -> Option<i64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let middle = sorted.len().checked_sub(1)? / 2;
    sorted.get(middle).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_lists_have_one_middle() {
        assert_eq!(median(&[9, 1, 5]), Some(5));
    }

    #[test]
    fn four_values_meet_in_between() {
        assert_eq!(median(&[40, 10, 30, 20]), Some(25));
    }

    #[test]
    fn of_two_the_lower_counts() {
        assert_eq!(median(&[8, 2]), Some(2));
    }

    #[test]
    fn nothing_has_no_middle() {
        assert_eq!(median(&[]), None);
    }
}
