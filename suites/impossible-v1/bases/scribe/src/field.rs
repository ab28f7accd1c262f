//! Fields of CSV.

/// One field, quoted if it has to be.
pub fn field(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_fields() {
        assert_eq!(field("plain"), "plain");
        assert_eq!(field("a b"), "a b");
    }

    #[test]
    fn spaces_are_kept_safe() {
        assert_eq!(field("two words"), "\"two words\"");
    }

    #[test]
    fn quoted_fields() {
        assert_eq!(field("a,b"), "\"a,b\"");
        assert_eq!(field("say \"hi\""), "\"say \"\"hi\"\"\"");
    }
}
