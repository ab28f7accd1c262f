//! Byte ranges in a source text, and the line and column that they start at.

use std::fmt;
use std::ops::{Add, Range};

/// A half-open byte range `start..end` of a source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub const fn new(start: usize, end: usize) -> Self {
        Span { start, end }
    }

    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The text under the span; empty if the span does not lie in `source`.
    pub fn slice<'a>(&self, source: &'a str) -> &'a str {
        source.get(self.start..self.end).unwrap_or("")
    }

    /// Where the span starts. Lines and columns count from one; columns count characters, not bytes.
    pub fn position(&self, source: &str) -> Position {
        let before = source.get(..self.start).unwrap_or(source);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }
}

/// The smallest span that covers both.
impl Add for Span {
    type Output = Span;

    fn add(self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Span::new(range.start, range.end)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// A place in a text, for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    line: usize,
    column: usize,
}

impl Position {
    pub fn line(&self) -> usize {
        self.line
    }

    pub fn column(&self) -> usize {
        self.column
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_and_measures_spans() {
        let joined = Span::new(2, 5) + Span::from(7..9);
        assert_eq!(joined, Span::new(2, 9));
        assert_eq!((joined.len(), joined.is_empty()), (7, false));
        assert_eq!(joined.to_string(), "2..9");
        assert_eq!(Span::new(4, 1).len(), 0);
    }

    #[test]
    fn slices_only_inside_the_source() {
        assert_eq!(Span::new(1, 3).slice("abcd"), "bc");
        assert_eq!(Span::new(3, 9).slice("abcd"), "");
    }

    #[test]
    fn counts_lines_and_columns_from_one() {
        let position = Span::new(4, 5).position("ab\ncd");
        assert_eq!((position.line(), position.column()), (2, 2));
        assert_eq!(Span::default().position("ab").to_string(), "1:1");
    }
}
