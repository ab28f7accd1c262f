//! Wrapped text.

/// Lines of at most `width` characters, unless a word alone is longer.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_lines() {
        assert_eq!(wrap("a bc def", 4), ["a bc", "def"]);
    }

    #[test]
    fn keeps_long_words_whole() {
        assert_eq!(wrap("an extraordinary day", 6), ["an", "extraordinary", "day"]);
    }

    #[test]
    fn hyphenates() {
        assert_eq!(wrap("incomprehensible", 10), ["incompreh-", "ensible"]);
    }
}
