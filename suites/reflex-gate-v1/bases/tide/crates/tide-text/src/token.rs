//! Splits queries into tokens: `level > 2.5 and station in ("pier", 'quay')`.

use std::fmt;

#[derive(Debug, Clone, PartialEq)]
pub enum Token<'a> {
    Number(f64),
    Text(&'a str),
    Name(&'a str),
    /// An operator or a piece of punctuation.
    Sign(&'static str),
}

/// A token and the bytes that it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Spanned<'a> {
    pub token: Token<'a>,
    pub start: usize,
    pub end: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenError {
    Unexpected(char, usize),
    OpenText(usize),
    BadNumber(usize),
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TokenError::Unexpected(c, at) => write!(f, "unexpected `{c}` at {at}"),
            TokenError::OpenText(at) => write!(f, "the text at {at} does not end"),
            TokenError::BadNumber(at) => write!(f, "no number at {at}"),
        }
    }
}

impl std::error::Error for TokenError {}

/// Signs of two characters come first, so that they are not taken for two of one.
const SIGNS: [&str; 17] =
    ["<=", ">=", "!=", "..", "&&", "||", "<", ">", "=", "(", ")", "[", "]", ",", "+", "-", "*"];

pub struct Tokens<'a> {
    source: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub fn new(source: &'a str) -> Self {
        Tokens { source, at: 0 }
    }

    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    /// Moves behind the characters that fit, and gives them.
    fn run(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !fits(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// Digits with at most one point, which a range's `..` is not, and an exponent.
    fn number(&mut self) -> Result<Token<'a>, TokenError> {
        let start = self.at;
        self.run(|c| c.is_ascii_digit());
        if self.rest().starts_with('.') && !self.rest().starts_with("..") {
            self.at += 1;
            self.run(|c| c.is_ascii_digit());
        }
        if self.rest().starts_with(['e', 'E']) {
            self.at += 1;
            if self.rest().starts_with(['+', '-']) {
                self.at += 1;
            }
            self.run(|c| c.is_ascii_digit());
        }
        let behind = self.run(|c| c.is_alphanumeric() || c == '_');
        let number = self.source[start..self.at].parse();
        match number {
            Ok(number) if behind.is_empty() => Ok(Token::Number(number)),
            _ => Err(TokenError::BadNumber(start)),
        }
    }

    fn text(&mut self, mark: char) -> Result<Token<'a>, TokenError> {
        let body = &self.rest()[1..];
        let length = body.find(mark).ok_or(TokenError::OpenText(self.at))?;
        self.at += length + 2;
        Ok(Token::Text(&body[..length]))
    }

    fn token(&mut self, first: char) -> Result<Token<'a>, TokenError> {
        if first.is_ascii_digit() {
            return self.number();
        }
        if first == '"' || first == '\'' {
            return self.text(first);
        }
        if first.is_alphabetic() || first == '_' {
            return Ok(Token::Name(self.run(|c| c.is_alphanumeric() || c == '_' || c == '.')));
        }
        let sign = SIGNS.into_iter().find(|sign| self.rest().starts_with(sign));
        let sign = sign.ok_or(TokenError::Unexpected(first, self.at))?;
        self.at += sign.len();
        Ok(Token::Sign(sign))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Result<Spanned<'a>, TokenError>;

    /// Ends behind the first error.
    fn next(&mut self) -> Option<Self::Item> {
        self.run(char::is_whitespace);
        let first = self.rest().chars().next()?;
        let start = self.at;
        let token = self.token(first);
        if token.is_err() {
            self.at = self.source.len();
        }
        Some(token.map(|token| Spanned { token, start, end: self.at }))
    }
}

/// All tokens, or the first error.
pub fn tokens(source: &str) -> Result<Vec<Spanned<'_>>, TokenError> {
    Tokens::new(source).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(source: &str) -> Result<Vec<Token<'_>>, TokenError> {
        Ok(tokens(source)?.into_iter().map(|spanned| spanned.token).collect())
    }

    #[test]
    fn splits_a_query() {
        use Token::{Name, Number, Sign, Text};
        let expected = [
            Name("site.level"),
            Sign(">="),
            Number(2.5),
            Sign("||"),
            Name("name"),
            Sign("!="),
            Text("a \"b\""),
        ];
        assert_eq!(plain("site.level>=2.5 || name != 'a \"b\"'").unwrap(), expected);
    }

    #[test]
    fn knows_numbers_from_ranges() {
        use Token::{Number, Sign};
        assert_eq!(plain("1..2").unwrap(), [Number(1.0), Sign(".."), Number(2.0)]);
        assert_eq!(plain("1.5e-3 2E2 3.").unwrap(), [Number(0.0015), Number(200.0), Number(3.0)]);
        assert_eq!(plain("-4").unwrap(), [Sign("-"), Number(4.0)]);
    }

    #[test]
    fn tells_where_tokens_are() {
        let spans: Vec<_> = tokens(" é <= \"x\"").unwrap().iter().map(|t| (t.start, t.end)).collect();
        assert_eq!(spans, [(1, 3), (4, 6), (7, 10)]);
    }

    #[test]
    fn stops_at_errors() {
        assert_eq!(plain("a ? b"), Err(TokenError::Unexpected('?', 2)));
        assert_eq!(plain("a 'b"), Err(TokenError::OpenText(2)));
        assert_eq!(plain("12m"), Err(TokenError::BadNumber(0)));
        assert_eq!(plain("  1e+"), Err(TokenError::BadNumber(2)));
        let mut found = Tokens::new("? a");
        assert_eq!(found.next(), Some(Err(TokenError::Unexpected('?', 0))));
        assert_eq!(found.next(), None);
        assert_eq!(TokenError::OpenText(2).to_string(), "the text at 2 does not end");
    }
}
