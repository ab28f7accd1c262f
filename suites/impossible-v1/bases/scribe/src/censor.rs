//! Words blanked out.

/// Replaces whole words, in any case, by as many stars.
pub fn censor(text: &str, word: &str) -> String {
    let blank = |part: &str| if part.eq_ignore_ascii_case(word) { "*".repeat(word.len()) } else { part.to_string() };
    text.split(' ').map(blank).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words() {
        assert_eq!(censor("a cat in a category", "cat"), "a *** in a category");
    }

    #[test]
    fn any_case() {
        assert_eq!(censor("Cat", "cat"), "***");
    }

    #[test]
    fn blanks_a_foe() {
        assert_eq!(censor("friend or foe", "foe"), "friend or ****");
    }
}
