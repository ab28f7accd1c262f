//! The stages that goods pass through.

use strum::{Display, EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Stage {
    Inbound,
    QualityCheck,
    #[strum(to_string = "shelf", serialize = "on-shelf")]
    Shelf,
    #[strum(to_string = "out", serialize = "outbound")]
    Outbound,
}

impl Stage {
    /// The stage's name as reports print it.
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// The stage called `name`; the older names are understood as well.
    pub fn named(name: &str) -> Option<Stage> {
        name.parse().ok()
    }

    /// The stage that follows this one.
    pub fn next(self) -> Option<Stage> {
        Stage::iter().skip_while(|stage| *stage != self).nth(1)
    }
}

/// A line such as `inbound > quality-check > shelf > out`.
pub fn overview() -> String {
    let codes: Vec<&str> = Stage::iter().map(Stage::code).collect();
    codes.join(" > ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_the_overview() {
        assert_eq!(overview(), "inbound > quality-check > shelf > out");
    }

    #[test]
    fn reads_both_names() {
        assert_eq!(Stage::named("shelf"), Some(Stage::Shelf));
        assert_eq!(Stage::named("on-shelf"), Some(Stage::Shelf));
        assert_eq!(Stage::named("Shelf"), None);
    }

    #[test]
    fn displays_the_code() {
        assert_eq!(Stage::Shelf.to_string(), "shelf");
        assert_eq!(Stage::QualityCheck.to_string(), "quality-check");
    }

    #[test]
    fn steps_through() {
        assert_eq!(Stage::Inbound.next(), Some(Stage::QualityCheck));
        assert_eq!(Stage::Outbound.next(), None);
    }
}
