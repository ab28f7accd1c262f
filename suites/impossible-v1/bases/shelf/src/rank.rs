//! Places.

/// The place of each score, the highest first; equals share one, with a gap behind.
pub fn places(scores: &[u32]) -> Vec<usize> {
    scores.iter().map(|score| 1 + scores.iter().filter(|other| *other > score).count()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_the_other_contest() {
        assert_eq!(places(&[80, 80, 70]), [1, 1, 2]);
    }

    #[test]
    fn without_equals() {
        assert_eq!(places(&[10, 30, 20]), [3, 1, 2]);
    }

    #[test]
    fn leaves_a_gap() {
        assert_eq!(places(&[9, 8, 8, 7]), [1, 2, 2, 4]);
    }
}
