//! Query strings.

/// The value of a parameter: the last one, where there are several.
pub fn value<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.filter(|(key, _)| *key == name).last().map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_pages() {
        assert_eq!(value("page=4&page=5", "page"), Some("4"));
    }

    #[test]
    fn the_last_one_counts() {
        assert_eq!(value("a=1&b=2&a=3", "a"), Some("3"));
    }

    #[test]
    fn without_a_value() {
        assert_eq!(value("a&b=2", "a"), Some(""));
        assert_eq!(value("a", "c"), None);
    }
}
