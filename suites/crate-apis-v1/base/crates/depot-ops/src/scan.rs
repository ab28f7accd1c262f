//! Finding things in the text that scanners send.

use std::sync::LazyLock;

use regex::{Captures, Regex, RegexBuilder};

static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<aisle>[A-Z])-(?P<bay>[0-9]+)(?:/(?P<level>[a-z]+))?").expect("a valid pattern")
});

static NOTE: LazyLock<Regex> = LazyLock::new(|| {
    RegexBuilder::new(r"^#[ \t]*(.*)$")
        .multi_line(true)
        .build()
        .expect("a valid pattern")
});

#[derive(Debug, PartialEq, Eq)]
pub struct Place<'t> {
    pub aisle: &'t str,
    pub bay: u16,
    pub level: Option<&'t str>,
}

fn place<'t>(caps: Captures<'t>) -> Option<Place<'t>> {
    Some(Place {
        aisle: caps.name("aisle")?.as_str(),
        bay: caps.name("bay")?.as_str().parse().ok()?,
        level: caps.name("level").map(|level| level.as_str()),
    })
}

/// Every place that the text names; one whose bay is out of range is left out.
pub fn places(text: &str) -> Vec<Place<'_>> {
    PLACE.captures_iter(text).filter_map(place).collect()
}

/// The text of the lines that are notes (`# fragile`).
pub fn notes(text: &str) -> Vec<&str> {
    NOTE.captures_iter(text)
        .map(|caps| caps.extract::<1>().1[0])
        .collect()
}

/// Hides the number of every badge but keeps its letters: `AB123` gives `AB_xxx`.
pub fn hide_badges(text: &str) -> String {
    let badge = Regex::new(r"\b([A-Z]{2})[0-9]{3}\b").expect("a valid pattern");
    badge.replace_all(text, "${1}_xxx").into_owned()
}

/// Whether the whole text is a code of one of the two families.
pub fn is_code(text: &str) -> bool {
    let code = Regex::new(r"^(?:SKU|LOT)-[0-9]{4}$").expect("a valid pattern");
    code.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_places() {
        assert_eq!(
            places("from A-12/top to B-3, not C-99999"),
            [
                Place {
                    aisle: "A",
                    bay: 12,
                    level: Some("top")
                },
                Place {
                    aisle: "B",
                    bay: 3,
                    level: None
                }
            ]
        );
    }

    #[test]
    fn finds_notes() {
        assert_eq!(notes("#  fragile\nA-1\n# heavy\n"), ["fragile", "heavy"]);
        assert_eq!(notes("A-1 # not a note"), [""; 0]);
    }

    #[test]
    fn hides_badges() {
        assert_eq!(hide_badges("AB123 met CD456"), "AB_xxx met CD_xxx");
        assert_eq!(hide_badges("ABC123 AB1234"), "ABC123 AB1234");
    }

    #[test]
    fn knows_codes() {
        assert!(is_code("SKU-0001") && is_code("LOT-1234"));
        assert!(!is_code("SKU-00012") && !is_code("xLOT-1234"));
    }
}
