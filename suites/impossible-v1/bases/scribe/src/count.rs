//! Counted words.

/// Runs of letters.
pub fn words(text: &str) -> usize {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_letters() {
        assert_eq!(words("don't x-ray me"), 5);
    }

    #[test]
    fn a_title_with_a_year() {
        assert_eq!(words("nineteen eighty-four 1984"), 4);
    }

    #[test]
    fn no_digits() {
        assert_eq!(words("room 12 b"), 2);
    }
}
