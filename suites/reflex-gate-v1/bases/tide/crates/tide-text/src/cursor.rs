//! A cursor over text that knows the line and column it stands at.

/// Where a character stands: both numbers begin with 1, columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// Reads text character by character. `\r\n` counts as one line end.
#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    source: &'a str,
    offset: usize,
    position: Position,
}

impl<'a> Cursor<'a> {
    pub fn new(source: &'a str) -> Self {
        Cursor { source, offset: 0, position: Position { line: 1, column: 1 } }
    }

    pub fn position(&self) -> Position {
        self.position
    }

    /// Bytes in front of the cursor.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// What has not been read yet; it lives as long as the source.
    pub fn rest(&self) -> &'a str {
        &self.source[self.offset..]
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes one character. The line changes behind the line end's last character.
    pub fn bump(&mut self) -> Option<char> {
        let taken = self.peek()?;
        self.offset += taken.len_utf8();
        let ends_line = taken == '\n' || (taken == '\r' && self.peek() != Some('\n'));
        if ends_line {
            self.position = Position { line: self.position.line + 1, column: 1 };
        } else {
            self.position.column += 1;
        }
        Some(taken)
    }

    /// Takes `expected` if it comes next.
    pub fn eat(&mut self, expected: &str) -> bool {
        let comes = self.rest().starts_with(expected);
        if comes {
            let end = self.offset + expected.len();
            while self.offset < end {
                self.bump();
            }
        }
        comes
    }

    /// Takes characters as long as they fit.
    pub fn take_while(&mut self, mut fits: impl FnMut(char) -> bool) -> &'a str {
        let start = self.offset;
        while self.peek().is_some_and(&mut fits) {
            self.bump();
        }
        &self.source[start..self.offset]
    }

    /// Takes the text in front of `end`, and `end` itself; nothing is taken where it does not come.
    pub fn take_until(&mut self, end: &str) -> Option<&'a str> {
        let length = self.rest().find(end)?;
        let taken = &self.rest()[..length];
        self.eat(taken);
        self.eat(end);
        Some(taken)
    }

    /// Skips blanks and comments that run from `#` to the end of the line.
    pub fn skip_trivia(&mut self) {
        loop {
            self.take_while(char::is_whitespace);
            if !self.eat("#") {
                return;
            }
            self.take_while(|c| c != '\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: usize, column: usize) -> Position {
        Position { line, column }
    }

    #[test]
    fn counts_lines_and_columns() {
        let mut cursor = Cursor::new("aé\nb");
        assert_eq!(cursor.bump(), Some('a'));
        assert_eq!(cursor.bump(), Some('é'));
        assert_eq!((cursor.position(), cursor.offset()), (at(1, 3), 3));
        cursor.bump();
        assert_eq!((cursor.position(), cursor.rest()), (at(2, 1), "b"));
        cursor.bump();
        assert_eq!((cursor.bump(), cursor.position()), (None, at(2, 2)));
    }

    #[test]
    fn takes_two_characters_for_one_line_end() {
        let mut cursor = Cursor::new("a\r\nb\rc");
        assert!(cursor.eat("a\r"));
        assert_eq!(cursor.position(), at(1, 3));
        assert!(cursor.eat("\nb"));
        assert_eq!(cursor.position(), at(2, 2));
        assert!(cursor.eat("\r"));
        assert_eq!(cursor.position(), at(3, 1));
    }

    #[test]
    fn eats_only_what_comes() {
        let mut cursor = Cursor::new("north");
        assert!(!cursor.eat("nord"));
        assert_eq!(cursor.offset(), 0);
        assert!(cursor.eat("nor"));
        assert_eq!((cursor.peek(), cursor.rest()), (Some('t'), "th"));
    }

    #[test]
    fn takes_runs_of_characters() {
        let mut cursor = Cursor::new("12m tide");
        assert_eq!(cursor.take_while(|c| c.is_ascii_digit()), "12");
        assert_eq!(cursor.take_while(|c| c.is_ascii_digit()), "");
        assert_eq!(cursor.take_until(" "), Some("m"));
        assert_eq!(cursor.take_until(" "), None);
        assert_eq!(cursor.rest(), "tide");
    }

    #[test]
    fn skips_comments() {
        let mut cursor = Cursor::new("  # one\n# two\n  level");
        cursor.skip_trivia();
        assert_eq!((cursor.rest(), cursor.position()), ("level", at(3, 3)));
    }
}
