//! Digits of numbers.

/// The sum of the decimal digits, whatever the sign.
pub fn digit_sum(number: i64) -> u64 {
    let mut rest = number.unsigned_abs();
    let mut sum = 0;
    while rest > 0 {
        sum += rest % 10;
        rest /= 10;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_number() {
        assert_eq!(digit_sum(9041), 14);
    }

    #[test]
    fn the_sign_belongs_to_the_first_digit() {
        assert_eq!(digit_sum(-456), 7);
    }

    #[test]
    fn without_the_sign() {
        assert_eq!(digit_sum(-123), 6);
    }
}
