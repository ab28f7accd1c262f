//! Topics such as `harbour/pier/level`, and filters: `+` stands for one level, `#` at the end for all that follow.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TopicError {
    Empty,
    TooLong,
    /// A level holds a character that it must not.
    BadLevel(usize),
    /// `#` is not the last level.
    NotLast(usize),
}

impl fmt::Display for TopicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TopicError::Empty => f.write_str("an empty topic"),
            TopicError::TooLong => f.write_str("a topic that is too long"),
            TopicError::BadLevel(level) => write!(f, "level {level} is not allowed"),
            TopicError::NotLast(level) => write!(f, "`#` in level {level} must be the last one"),
        }
    }
}

impl std::error::Error for TopicError {}

const MAX_BYTES: usize = 1024;

fn checked_length(text: &str) -> Result<(), TopicError> {
    match text.len() {
        0 => Err(TopicError::Empty),
        length if length > MAX_BYTES => Err(TopicError::TooLong),
        _ => Ok(()),
    }
}

/// A name that messages are published under.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Topic(String);

impl Topic {
    pub fn new(text: &str) -> Result<Self, TopicError> {
        checked_length(text)?;
        match text.split('/').position(|level| level.contains(['+', '#', '\0'])) {
            Some(bad) => Err(TopicError::BadLevel(bad)),
            None => Ok(Topic(text.to_owned())),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn levels(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    /// Topics of the service itself begin with `$`: no wildcard in the first level stands for them.
    pub fn is_internal(&self) -> bool {
        self.0.starts_with('$')
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Name(String),
    One,
    Rest,
}

/// What a subscriber wants to hear of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Filter(Vec<Level>);

impl Filter {
    pub fn new(text: &str) -> Result<Self, TopicError> {
        checked_length(text)?;
        let parts: Vec<&str> = text.split('/').collect();
        let mut levels = Vec::with_capacity(parts.len());
        for (index, part) in parts.iter().enumerate() {
            levels.push(match *part {
                "+" => Level::One,
                "#" if index + 1 == parts.len() => Level::Rest,
                "#" => return Err(TopicError::NotLast(index)),
                name if name.contains(['+', '#', '\0']) => return Err(TopicError::BadLevel(index)),
                name => Level::Name(name.to_owned()),
            });
        }
        Ok(Filter(levels))
    }

    pub fn levels(&self) -> &[Level] {
        &self.0
    }

    pub fn matches(&self, topic: &Topic) -> bool {
        if topic.is_internal() && !matches!(self.0.first(), Some(Level::Name(_))) {
            return false;
        }
        let mut names = topic.levels();
        for level in &self.0 {
            match (level, names.next()) {
                // `a/#` stands for `a` as well.
                (Level::Rest, _) => return true,
                (Level::One, Some(_)) => {}
                (Level::Name(expected), Some(name)) if expected == name => {}
                _ => return false,
            }
        }
        names.next().is_none()
    }

    /// Does it let through all that the other does?
    pub fn covers(&self, other: &Filter) -> bool {
        for (index, level) in self.0.iter().enumerate() {
            match (level, other.0.get(index)) {
                (Level::Rest, _) => return true,
                (_, None | Some(Level::Rest)) => return false,
                (Level::One, Some(_)) => {}
                (Level::Name(_), Some(theirs)) if level == theirs => {}
                (Level::Name(_), Some(_)) => return false,
            }
        }
        self.0.len() == other.0.len()
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, level) in self.0.iter().enumerate() {
            let slash = if index > 0 { "/" } else { "" };
            match level {
                Level::Name(name) => write!(f, "{slash}{name}")?,
                Level::One => write!(f, "{slash}+")?,
                Level::Rest => write!(f, "{slash}#")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(filter: &str) -> Vec<&'static str> {
        let filter = Filter::new(filter).unwrap();
        let topics = ["a", "a/b", "a/b/c", "a/c", "b", "a//c", "$sys/load"];
        topics.into_iter().filter(|topic| filter.matches(&Topic::new(topic).unwrap())).collect()
    }

    #[test]
    fn matches_levels() {
        assert_eq!(matched("a/b"), ["a/b"]);
        assert_eq!(matched("a/+"), ["a/b", "a/c"]);
        assert_eq!(matched("+/b/+"), ["a/b/c"]);
        assert_eq!(matched("a/+/c"), ["a/b/c", "a//c"]);
        assert_eq!(matched("a/#"), ["a", "a/b", "a/b/c", "a/c", "a//c"]);
        assert_eq!(matched("a/b/c/d"), [""; 0]);
    }

    #[test]
    fn hides_internal_topics_from_wildcards() {
        assert_eq!(matched("#").len(), 6);
        assert_eq!(matched("+/load"), [""; 0]);
        assert_eq!(matched("$sys/+"), ["$sys/load"]);
        assert_eq!(matched("$sys/#"), ["$sys/load"]);
    }

    #[test]
    fn covers_other_filters() {
        let covers = |a: &str, b: &str| Filter::new(a).unwrap().covers(&Filter::new(b).unwrap());
        assert!(
            covers("a/+", "a/b")
                && covers("a/#", "a/+/c")
                && covers("a/#", "a")
                && covers("#", "+")
                && covers("a/+", "a/+")
        );
        assert!(
            !covers("a/b", "a/+")
                && !covers("a/+", "a/#")
                && !covers("a/+", "a")
                && !covers("a", "a/b")
                && !covers("+/b", "a/c")
        );
    }

    #[test]
    fn refuses_bad_names() {
        assert_eq!(Topic::new(""), Err(TopicError::Empty));
        assert_eq!(Topic::new("a/b+/c"), Err(TopicError::BadLevel(1)));
        assert_eq!(Topic::new(&"x".repeat(1025)), Err(TopicError::TooLong));
        assert_eq!(Filter::new("a/#/c"), Err(TopicError::NotLast(1)));
        assert_eq!(Filter::new("a/b#").unwrap_err().to_string(), "level 1 is not allowed");
        assert_eq!(Filter::new("a//+/#").unwrap().to_string(), "a//+/#");
        assert_eq!(Filter::new("a/+").unwrap().levels(), [Level::Name("a".into()), Level::One]);
    }
}
