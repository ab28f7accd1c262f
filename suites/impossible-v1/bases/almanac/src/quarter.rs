//! Quarters.

/// The fiscal quarter (1 to 4) of a month (1 to 12).
pub fn quarter(month: u32) -> u32 {
    (month + 8) % 12 / 3 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_begins_in_april() {
        assert_eq!(quarter(4), 1);
        assert_eq!(quarter(12), 3);
    }

    #[test]
    fn and_ends_in_march() {
        assert_eq!(quarter(1), 4);
        assert_eq!(quarter(3), 4);
    }

    #[test]
    fn march_closes_the_winter() {
        assert_eq!(quarter(3), 1);
    }
}
