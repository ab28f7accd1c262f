//! The mean of whole numbers.

/// The mean, rounded towards negative infinity; zero for an empty list.
pub fn mean(values: &[i64]) -> i64 {
    if values.is_empty() {
        return 0;
    }
    let sum: i64 = values.iter().sum();
    sum.div_euclid(values.len() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_down_above_zero() {
        assert_eq!(mean(&[3, 4]), 3);
    }

    #[test]
    fn rounds_down_below_zero() {
        assert_eq!(mean(&[-3, -4]), -4);
    }

    #[test]
    fn nothing_is_zero() {
        assert_eq!(mean(&[]), 0);
    }

    #[test]
    fn half_below_zero() {
        assert_eq!(mean(&[-4, -5]), -4);
    }
}
