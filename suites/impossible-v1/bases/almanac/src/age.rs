//! Ages.

/// Whole years from a birth date to a day, both as (year, month, day).
pub fn age(born: (i32, u32, u32), on: (i32, u32, u32)) -> i32 {
    let had_birthday = (on.1, on.2) >= (born.1, born.2);
    on.0 - born.0 - i32::from(!had_birthday)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_and_on_the_birthday() {
        assert_eq!(age((1990, 6, 15), (2020, 6, 14)), 29);
        assert_eq!(age((1990, 6, 15), (2020, 6, 15)), 30);
    }

    #[test]
    fn of_age_in_2022() {
        assert_eq!(age((2004, 2, 29), (2022, 2, 28)), 18);
    }

    #[test]
    fn born_on_the_leap_day() {
        assert_eq!(age((2004, 2, 29), (2023, 2, 28)), 18);
        assert_eq!(age((2004, 2, 29), (2023, 3, 1)), 19);
    }
}
