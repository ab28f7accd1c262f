//! Lists without repeats.

/// Each value once, where it came first.
pub fn unique(values: &[i32]) -> Vec<i32> {
    let mut kept = Vec::new();
    for &value in values {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_order() {
        assert_eq!(unique(&[3, 1, 3, 2]), [3, 1, 2]);
    }

    #[test]
    fn a_longer_list() {
        assert_eq!(unique(&[5, 2, 5, 1, 2, 9]), [1, 2, 5, 9]);
    }

    #[test]
    fn of_nothing() {
        assert!(unique(&[]).is_empty());
    }
}
