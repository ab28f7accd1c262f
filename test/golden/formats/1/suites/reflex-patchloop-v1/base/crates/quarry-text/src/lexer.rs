//! Splits an expression into tokens that borrow from its text.

use crate::error::{ParseError, ParseErrorKind};
use crate::span::Span;
use crate::symbol::{Keyword, Punct};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TokenKind<'a> {
    Int(i64),
    Float(f64),
    /// The text between the quotes; a doubled quote is still doubled.
    Text(&'a str),
    Name(&'a str),
    Keyword(Keyword),
    Punct(Punct),
}

/// A token and where it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Token<'a> {
    pub kind: TokenKind<'a>,
    pub span: Span,
}

/// An iterator over the tokens of a text. It ends after the first error.
#[derive(Debug, Clone)]
pub struct Lexer<'a> {
    source: &'a str,
    offset: usize,
}

impl<'a> Lexer<'a> {
    pub fn new(source: &'a str) -> Self {
        Lexer { source, offset: 0 }
    }

    /// The text that is not read yet.
    pub fn rest(&self) -> &'a str {
        &self.source[self.offset..]
    }

    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let skipped = match rest.chars().next() {
                Some(c) if c.is_whitespace() => c.len_utf8(),
                Some('#') => rest.find('\n').unwrap_or(rest.len()),
                _ => return,
            };
            self.offset += skipped;
        }
    }

    /// Takes the characters for which `keep` holds.
    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !keep(c)).unwrap_or(rest.len());
        self.offset += length;
        &rest[..length]
    }

    fn word(&mut self) -> TokenKind<'a> {
        let word = self.take_while(|c| c.is_alphanumeric() || c == '_');
        match word.parse() {
            Ok(keyword) => TokenKind::Keyword(keyword),
            Err(_) => TokenKind::Name(word),
        }
    }

    fn number(&mut self) -> Result<TokenKind<'a>, ParseErrorKind> {
        let text = self.take_while(|c| c.is_alphanumeric() || c == '_' || c == '.');
        let digits = text.replace('_', "");
        if digits.chars().any(char::is_alphabetic) || text.ends_with(['.', '_']) {
            return Err(ParseErrorKind::BadNumber);
        }
        let kind = if digits.contains('.') {
            digits.parse().map(TokenKind::Float).ok()
        } else {
            digits.parse().map(TokenKind::Int).ok()
        };
        kind.ok_or(ParseErrorKind::BadNumber)
    }

    fn quoted(&mut self) -> Result<TokenKind<'a>, ParseErrorKind> {
        let body = &self.rest()[1..];
        let mut quotes = body.match_indices('\'').map(|(at, _)| at);
        while let Some(at) = quotes.next() {
            if body[at + 1..].starts_with('\'') {
                quotes.next();
                continue;
            }
            self.offset += at + 2;
            return Ok(TokenKind::Text(&body[..at]));
        }
        Err(ParseErrorKind::UnterminatedText)
    }

    fn punct(&mut self, first: char) -> Result<TokenKind<'a>, ParseErrorKind> {
        let punct = Punct::longest_prefix(self.rest()).ok_or(ParseErrorKind::UnexpectedChar(first))?;
        self.offset += punct.as_str().len();
        Ok(TokenKind::Punct(punct))
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Result<Token<'a>, ParseError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.skip_blanks();
        let start = self.offset;
        let first = self.rest().chars().next()?;
        let kind = match first {
            '0'..='9' => self.number(),
            '\'' => self.quoted(),
            c if c.is_alphabetic() || c == '_' => Ok(self.word()),
            other => self.punct(other),
        };
        match kind {
            Ok(kind) => Some(Ok(Token { kind, span: Span::new(start, self.offset) })),
            Err(kind) => {
                let end = self.offset.max(start + first.len_utf8());
                self.offset = self.source.len();
                Some(Err(ParseError::new(kind, start..end)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> Vec<TokenKind<'_>> {
        Lexer::new(source).map(|token| token.expect("a token").kind).collect()
    }

    #[test]
    fn reads_numbers() {
        assert_eq!(kinds("7 1_000 2.5"), [TokenKind::Int(7), TokenKind::Int(1000), TokenKind::Float(2.5)]);
    }

    #[test]
    fn rejects_malformed_numbers() {
        for source in ["12ab", "1.", "1.2.3", "5_", "99999999999999999999"] {
            let error = Lexer::new(source).next().unwrap().unwrap_err();
            assert_eq!(error, ParseError::new(ParseErrorKind::BadNumber, 0..source.len()), "{source}");
        }
    }

    #[test]
    fn reads_words_and_keywords() {
        let expected = [TokenKind::Name("android"), TokenKind::Keyword(Keyword::And), TokenKind::Name("_x1")];
        assert_eq!(kinds("android AND _x1"), expected);
    }

    #[test]
    fn keeps_doubled_quotes_in_text() {
        assert_eq!(kinds("'it''s' ''"), [TokenKind::Text("it''s"), TokenKind::Text("")]);
    }

    #[test]
    fn skips_comments_to_the_line_end() {
        assert_eq!(kinds("1 # two\n 3 # four"), [TokenKind::Int(1), TokenKind::Int(3)]);
    }

    #[test]
    fn ends_after_an_error() {
        let mut lexer = Lexer::new("a ? b");
        assert!(lexer.next().unwrap().is_ok());
        let error = lexer.next().unwrap().unwrap_err();
        assert_eq!(error, ParseError::new(ParseErrorKind::UnexpectedChar('?'), 2..3));
        assert_eq!(lexer.next(), None);
        assert_eq!(lexer.rest(), "");
    }

    #[test]
    fn spans_cover_their_tokens() {
        let source = "ab <= 'c'";
        let texts: Vec<&str> = Lexer::new(source).map(|token| token.unwrap().span.slice(source)).collect();
        assert_eq!(texts, ["ab", "<=", "'c'"]);
    }
}
