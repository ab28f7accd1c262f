//! Tags that are compared.

/// A name, whatever its case.
#[derive(Debug, Clone)]
pub struct Tag(pub String);

impl PartialEq for Tag {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_any_case() {
        assert_eq!(Tag("News".into()), Tag("news".into()));
        assert_ne!(Tag("news".into()), Tag("new".into()));
    }

    #[test]
    fn equal_and_not() {
        let (one, other) = (Tag("x1".into()), Tag("X1".into()));
        assert!(one == other);
        assert!(one != other);
    }
}
