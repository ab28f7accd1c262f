//! Amounts as text.

/// `-12.05`: two decimals, no separator.
pub fn text(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.unsigned_abs();
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_decimals() {
        assert_eq!(text(1205), "12.05");
        assert_eq!(text(10000000), "100000.00");
    }

    #[test]
    fn large_amounts() {
        assert_eq!(text(1234567), "12,345.67");
    }

    #[test]
    fn below_zero() {
        assert_eq!(text(-5), "-0.05");
        assert_eq!(text(-250), "-2.50");
    }
}
