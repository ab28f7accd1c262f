//! Cut texts.

/// At most `limit` characters; `…` where something was cut.
pub fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_string();
    }
    text.chars().take(limit.saturating_sub(1)).chain("…".chars()).take(limit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_after_the_limit() {
        assert_eq!(cut("overflow", 4), "over…");
    }

    #[test]
    fn short_texts_stay() {
        assert_eq!(cut("four", 4), "four");
    }

    #[test]
    fn the_ellipsis_counts() {
        assert_eq!(cut("fifteen", 5), "fift…");
        assert_eq!(cut("x y", 0), "");
    }
}
