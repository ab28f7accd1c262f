//! Recursive descent from tokens to an expression.

use std::iter::Peekable;

use crate::ast::{BinaryOp, Expr};
use crate::error::{ParseError, ParseErrorKind};
use crate::lexer::{Lexer, Token, TokenKind};
use crate::span::Span;
use crate::symbol::{Keyword, Punct};
use crate::value::Value;

/// How deep expressions may nest.
pub const MAX_DEPTH: usize = 48;

/// The strength of `not`, between `and` and the comparisons.
const NOT_PRECEDENCE: u8 = 3;

/// Reads a whole text as one expression.
pub fn parse(source: &str) -> Result<Expr, ParseError> {
    let mut parser = Parser::new(source);
    let expr = parser.expression(0)?;
    match parser.tokens.next().transpose()? {
        None => Ok(expr),
        Some(extra) => Err(unexpected(extra.span, "an operator or the end")),
    }
}

fn unexpected(span: Span, expected: &'static str) -> ParseError {
    ParseError::new(ParseErrorKind::UnexpectedToken { expected }, span)
}

struct Parser<'a> {
    tokens: Peekable<Lexer<'a>>,
    end: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn new(source: &'a str) -> Self {
        Parser { tokens: Lexer::new(source).peekable(), end: source.len(), depth: 0 }
    }

    fn peek(&mut self) -> Result<Option<TokenKind<'a>>, ParseError> {
        match self.tokens.peek() {
            None => Ok(None),
            Some(Ok(token)) => Ok(Some(token.kind)),
            Some(Err(error)) => Err(error.clone()),
        }
    }

    fn advance(&mut self, expected: &'static str) -> Result<Token<'a>, ParseError> {
        let end = Span::new(self.end, self.end);
        self.tokens
            .next()
            .unwrap_or_else(|| Err(ParseError::new(ParseErrorKind::UnexpectedEnd { expected }, end)))
    }

    /// Takes the next token if it is `kind`.
    fn accept(&mut self, kind: TokenKind<'_>) -> Result<bool, ParseError> {
        let found = self.peek()? == Some(kind);
        if found {
            self.tokens.next();
        }
        Ok(found)
    }

    fn expect(&mut self, kind: TokenKind<'_>, expected: &'static str) -> Result<(), ParseError> {
        let token = self.advance(expected)?;
        if token.kind == kind {
            Ok(())
        } else {
            Err(unexpected(token.span, expected))
        }
    }

    /// Reads operators that bind at least as strongly as `minimum`.
    fn expression(&mut self, minimum: u8) -> Result<Expr, ParseError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(ParseError::new(ParseErrorKind::TooDeep(MAX_DEPTH), self.end..self.end));
        }
        let mut left = self.prefix()?;
        while let Some(kind) = self.peek()? {
            let op = match kind {
                TokenKind::Keyword(Keyword::In | Keyword::Is) if minimum <= NOT_PRECEDENCE + 1 => {
                    left = self.postfix(left)?;
                    continue;
                }
                TokenKind::Keyword(Keyword::And) => BinaryOp::And,
                TokenKind::Keyword(Keyword::Or) => BinaryOp::Or,
                TokenKind::Punct(punct) => match BinaryOp::from_punct(punct) {
                    Some(op) => op,
                    None => break,
                },
                _ => break,
            };
            if op.precedence() < minimum {
                break;
            }
            self.tokens.next();
            let right = self.expression(op.precedence() + 1)?;
            left = Expr::binary(op, left, right);
        }
        self.depth -= 1;
        Ok(left)
    }

    /// `in (...)`, `is null` or `is not null` behind `operand`.
    fn postfix(&mut self, operand: Expr) -> Result<Expr, ParseError> {
        if self.accept(TokenKind::Keyword(Keyword::In))? {
            self.expect(TokenKind::Punct(Punct::Open), "`(`")?;
            return Ok(Expr::In { needle: Box::new(operand), choices: self.list()? });
        }
        self.expect(TokenKind::Keyword(Keyword::Is), "`is`")?;
        let negated = self.accept(TokenKind::Keyword(Keyword::Not))?;
        self.expect(TokenKind::Keyword(Keyword::Null), "`null`")?;
        Ok(Expr::IsNull { operand: Box::new(operand), negated })
    }

    fn prefix(&mut self) -> Result<Expr, ParseError> {
        let token = self.advance("a value")?;
        match token.kind {
            TokenKind::Int(value) => Ok(Expr::Literal(Value::Int(value))),
            TokenKind::Float(value) => Ok(Expr::Literal(Value::Float(value))),
            TokenKind::Text(raw) => Ok(Expr::Literal(Value::Text(raw.replace("''", "'")))),
            TokenKind::Keyword(Keyword::Null) => Ok(Expr::Literal(Value::Null)),
            TokenKind::Keyword(Keyword::True) => Ok(Expr::Literal(Value::Bool(true))),
            TokenKind::Keyword(Keyword::False) => Ok(Expr::Literal(Value::Bool(false))),
            TokenKind::Keyword(Keyword::Not) => Ok(Expr::Not(Box::new(self.expression(NOT_PRECEDENCE)?))),
            TokenKind::Punct(Punct::Minus) => Ok(Expr::Negate(Box::new(self.expression(u8::MAX)?))),
            TokenKind::Punct(Punct::Open) => {
                let inner = self.expression(0)?;
                self.expect(TokenKind::Punct(Punct::Close), "`)`")?;
                Ok(inner)
            }
            TokenKind::Name(name) => {
                if self.accept(TokenKind::Punct(Punct::Open))? {
                    return Ok(Expr::Call { function: name.to_owned(), args: self.list()? });
                }
                Ok(Expr::Name(name.to_owned()))
            }
            TokenKind::Keyword(Keyword::And | Keyword::Or | Keyword::In | Keyword::Is)
            | TokenKind::Punct(_) => Err(unexpected(token.span, "a value")),
        }
    }

    /// Expressions up to the closing bracket, with commas between them. The list may be empty.
    fn list(&mut self) -> Result<Vec<Expr>, ParseError> {
        let mut items = Vec::new();
        if self.accept(TokenKind::Punct(Punct::Close))? {
            return Ok(items);
        }
        loop {
            items.push(self.expression(0)?);
            if !self.accept(TokenKind::Punct(Punct::Comma))? {
                self.expect(TokenKind::Punct(Punct::Close), "`,` or `)`")?;
                return Ok(items);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(source: &str) -> String {
        parse(source).map_or_else(|error| error.explain(source), |expr| expr.to_string())
    }

    #[test]
    fn respects_precedence() {
        assert_eq!(show("a or b and c"), "(a or (b and c))");
        assert_eq!(show("1 + 2 * 3 = 7"), "((1 + (2 * 3)) = 7)");
        assert_eq!(show("(1 + 2) * 3"), "((1 + 2) * 3)");
    }

    #[test]
    fn operators_of_one_level_lean_left() {
        assert_eq!(show("8 - 3 - 2"), "((8 - 3) - 2)");
        assert_eq!(show("8 / 2 % 3"), "((8 / 2) % 3)");
    }

    #[test]
    fn not_and_minus_are_prefixes() {
        assert_eq!(show("not a = 1 and b"), "((not (a = 1)) and b)");
        assert_eq!(show("-a + 1"), "((-a) + 1)");
    }

    #[test]
    fn reads_in_and_is_null() {
        assert_eq!(show("a + 1 in (1, 2)"), "((a + 1) in (1, 2))");
        assert_eq!(show("a is not null or b is null"), "((a is not null) or (b is null))");
    }

    #[test]
    fn reads_calls_and_unescapes_text() {
        assert_eq!(show("f() = max(1, b)"), "(f() = max(1, b))");
        assert_eq!(parse("'it''s'"), Ok(Expr::Literal("it's".into())));
    }

    #[test]
    fn reports_what_was_expected() {
        assert_eq!(show("a +"), "1:4: expected a value, found the end");
        assert_eq!(show("(a"), "1:3: expected `)`, found the end");
        assert_eq!(show("a b"), "1:3: expected an operator or the end");
        assert_eq!(show("f(a b)"), "1:5: expected `,` or `)`");
    }

    #[test]
    fn limits_the_depth() {
        let nested = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
        assert_eq!(show(&nested(MAX_DEPTH - 1)), "1");
        assert_eq!(parse(&nested(MAX_DEPTH)).unwrap_err().kind, ParseErrorKind::TooDeep(MAX_DEPTH));
    }
}
