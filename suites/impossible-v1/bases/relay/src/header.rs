//! Headers.

/// The value of the first header of that name.
pub fn header<'a>(lines: &[&'a str], name: &str) -> Option<&'a str> {
    let pairs = lines.iter().filter_map(|line| line.split_once(':'));
    pairs.filter(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_cache() {
        assert_eq!(header(&["Cache: no  store"], "Cache"), Some("no store"));
    }

    #[test]
    fn in_any_case() {
        assert_eq!(header(&["Host: a.example", "Age: 3"], "host"), Some("a.example"));
        assert_eq!(header(&["Age: 3"], "host"), None);
    }

    #[test]
    fn keeps_inner_spaces() {
        assert_eq!(header(&["x:  a  b  "], "x"), Some("a  b"));
    }
}
