//! Slugs for addresses.

/// Lower-case ASCII letters and digits; one dash for whatever is between.
pub fn slug(text: &str) -> String {
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feet_in_german() {
        assert_eq!(slug("Füße"), "fuesse");
    }

    #[test]
    fn one_dash_for_many() {
        assert_eq!(slug("  Hello,   World! "), "hello-world");
    }

    #[test]
    fn marks_are_dashes() {
        assert_eq!(slug("déjà vu"), "d-j-vu");
    }
}
