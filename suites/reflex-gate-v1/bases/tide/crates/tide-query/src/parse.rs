//! Reads expressions, and shows them with as few parentheses as they need.

use std::fmt;

use crate::value::Value;
use tide_text::token::{tokens, Spanned, Token, TokenError};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    Value(Value),
    Name(String),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// One of these values.
    In(Box<Expr>, Vec<Expr>),
    Call(String, Vec<Expr>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParseError {
    Token(TokenError),
    /// What was expected, and the byte where something else stands.
    Expected(&'static str, usize),
    /// Comparisons in a row, as `a < b < c`.
    Chained(usize),
    TooDeep,
}

impl From<TokenError> for ParseError {
    fn from(error: TokenError) -> Self {
        ParseError::Token(error)
    }
}

/// Names and signs of the operators and how strongly they bind.
const OPERATORS: [(&str, Operator, u8); 13] = [
    ("or", Operator::Or, 1),
    ("||", Operator::Or, 1),
    ("and", Operator::And, 2),
    ("&&", Operator::And, 2),
    ("=", Operator::Equal, 4),
    ("!=", Operator::Unequal, 4),
    ("<", Operator::Less, 4),
    ("<=", Operator::LessEqual, 4),
    (">", Operator::Greater, 4),
    (">=", Operator::GreaterEqual, 4),
    ("+", Operator::Add, 5),
    ("-", Operator::Subtract, 5),
    ("*", Operator::Multiply, 6),
];

const NOT: u8 = 3;
const COMPARISON: u8 = 4;
const NEGATION: u8 = 7;
const MAX_DEPTH: usize = 64;

impl Operator {
    fn binding(self) -> u8 {
        OPERATORS.iter().find(|(_, operator, _)| *operator == self).map_or(0, |(_, _, binding)| *binding)
    }

    pub fn sign(self) -> &'static str {
        OPERATORS.iter().find(|(_, operator, _)| *operator == self).map_or("", |(sign, ..)| sign)
    }
}

pub fn parse(source: &str) -> Result<Expr, ParseError> {
    let mut parser = Parser { tokens: tokens(source)?, at: 0, end: source.len(), depth: 0 };
    let expr = parser.expression(0)?;
    match parser.peek() {
        None => Ok(expr),
        Some(_) => Err(ParseError::Expected("the end", parser.place())),
    }
}

struct Parser<'a> {
    tokens: Vec<Spanned<'a>>,
    at: usize,
    end: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&Token<'a>> {
        self.tokens.get(self.at).map(|spanned| &spanned.token)
    }

    fn place(&self) -> usize {
        self.tokens.get(self.at).map_or(self.end, |spanned| spanned.start)
    }

    /// Takes a sign or a keyword if it comes next.
    fn eat(&mut self, word: &str) -> bool {
        let comes = matches!(self.peek(), Some(Token::Sign(found)) if *found == word)
            || matches!(self.peek(), Some(Token::Name(found)) if *found == word);
        self.at += usize::from(comes);
        comes
    }

    fn expect(&mut self, word: &'static str) -> Result<(), ParseError> {
        if self.eat(word) {
            Ok(())
        } else {
            Err(ParseError::Expected(word, self.place()))
        }
    }

    fn operator(&self) -> Option<(Operator, u8)> {
        let word = match self.peek()? {
            Token::Sign(sign) => *sign,
            Token::Name(name) => *name,
            _ => return None,
        };
        OPERATORS.iter().find(|(name, ..)| *name == word).map(|(_, operator, binding)| (*operator, *binding))
    }

    /// An expression whose operators bind more strongly than `least`.
    fn expression(&mut self, least: u8) -> Result<Expr, ParseError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(ParseError::TooDeep);
        }
        let mut left = self.operand()?;
        let mut compared = false;
        loop {
            let place = self.place();
            let binding = match self.operator() {
                Some((_, binding)) => binding,
                None if self.peek() == Some(&Token::Name("in")) => COMPARISON,
                None => break,
            };
            if binding <= least {
                break;
            }
            if binding == COMPARISON && std::mem::replace(&mut compared, true) {
                return Err(ParseError::Chained(place));
            }
            left = match self.operator() {
                Some((operator, binding)) => {
                    self.at += 1;
                    Expr::Binary(operator, Box::new(left), Box::new(self.expression(binding)?))
                }
                None => {
                    self.at += 1;
                    self.expect("(")?;
                    Expr::In(Box::new(left), self.list()?)
                }
            };
        }
        self.depth -= 1;
        Ok(left)
    }

    /// Expressions up to a closing parenthesis, which is taken.
    fn list(&mut self) -> Result<Vec<Expr>, ParseError> {
        let mut items = Vec::new();
        while !self.eat(")") {
            if !items.is_empty() {
                self.expect(",")?;
            }
            items.push(self.expression(0)?);
        }
        Ok(items)
    }

    fn operand(&mut self) -> Result<Expr, ParseError> {
        let place = self.place();
        if self.eat("not") {
            return Ok(Expr::Not(Box::new(self.expression(NOT)?)));
        }
        if self.eat("-") {
            return Ok(Expr::Negate(Box::new(self.expression(NEGATION)?)));
        }
        if self.eat("(") {
            let inner = self.expression(0)?;
            self.expect(")")?;
            return Ok(inner);
        }
        let expr = match self.peek() {
            Some(Token::Number(number)) => Expr::Value(Value::Number(*number)),
            Some(Token::Text(text)) => Expr::Value(Value::from(*text)),
            Some(Token::Name("null")) => Expr::Value(Value::Null),
            Some(Token::Name("true")) => Expr::Value(Value::Bool(true)),
            Some(Token::Name("false")) => Expr::Value(Value::Bool(false)),
            Some(Token::Name(name)) if !matches!(*name, "and" | "or" | "in") => {
                Expr::Name((*name).to_owned())
            }
            _ => return Err(ParseError::Expected("a value", place)),
        };
        self.at += 1;
        match expr {
            Expr::Name(name) if self.eat("(") => Ok(Expr::Call(name, self.list()?)),
            expr => Ok(expr),
        }
    }
}

impl Expr {
    fn binding(&self) -> u8 {
        match self {
            Expr::Binary(operator, ..) => operator.binding(),
            Expr::In(..) => COMPARISON,
            Expr::Not(_) => NOT,
            Expr::Negate(_) => NEGATION,
            Expr::Value(_) | Expr::Name(_) | Expr::Call(..) => u8::MAX,
        }
    }

    /// Writes an operand, in parentheses where it binds less than `least`.
    fn operand(&self, least: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.binding() < least {
            write!(f, "({self})")
        } else {
            write!(f, "{self}")
        }
    }
}

struct List<'a>(&'a [Expr]);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.0.iter().enumerate() {
            let gap = if index > 0 { ", " } else { "" };
            write!(f, "{gap}{item}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Value(value) => write!(f, "{value}"),
            Expr::Name(name) => f.write_str(name),
            Expr::Call(name, arguments) => write!(f, "{name}({})", List(arguments)),
            Expr::Not(inner) => {
                f.write_str("not ")?;
                inner.operand(NOT, f)
            }
            Expr::Negate(inner) => {
                f.write_str("-")?;
                inner.operand(NEGATION + 1, f)
            }
            Expr::In(inner, items) => {
                inner.operand(COMPARISON + 1, f)?;
                write!(f, " in ({})", List(items))
            }
            Expr::Binary(operator, left, right) => {
                let binding = operator.binding();
                // Comparisons don't go in a row, so that both sides need parentheses.
                left.operand(binding + u8::from(binding == COMPARISON), f)?;
                write!(f, " {} ", operator.sign())?;
                right.operand(binding + 1, f)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(source: &str) -> Result<String, ParseError> {
        parse(source).map(|expr| expr.to_string())
    }

    #[test]
    fn binds_as_expected() {
        assert_eq!(shown("(a + b) * c - (d * e)").as_deref(), Ok("(a + b) * c - d * e"));
        assert_eq!(shown("a - (b - c)").as_deref(), Ok("a - (b - c)"));
        assert_eq!(shown("(a - b) - c").as_deref(), Ok("a - b - c"));
        assert_eq!(shown("a || (b && c) && not (d = 1)").as_deref(), Ok("a or b and c and not d = 1"));
        assert_eq!(shown("(a or b) and not (c or d)").as_deref(), Ok("(a or b) and not (c or d)"));
    }

    #[test]
    fn reads_all_forms() {
        let expected = Expr::Binary(
            Operator::Greater,
            Box::new(Expr::Call(
                "max".into(),
                vec![Expr::Name("a.b".into()), Expr::Value(Value::Number(2.0))],
            )),
            Box::new(Expr::Negate(Box::new(Expr::Value(Value::Number(1.0))))),
        );
        assert_eq!(parse("max(a.b, 2) > -1"), Ok(expected));
        assert_eq!(
            shown("x in ('a', null, not true) and f()").as_deref(),
            Ok("x in (\"a\", null, not true) and f()")
        );
        assert_eq!(shown("(a < b) = (c in ())").as_deref(), Ok("(a < b) = (c in ())"));
        assert_eq!(shown("-(-(a + b))").as_deref(), Ok("-(-(a + b))"));
    }

    #[test]
    fn tells_where_it_goes_wrong() {
        assert_eq!(shown(""), Err(ParseError::Expected("a value", 0)));
        assert_eq!(shown("a b"), Err(ParseError::Expected("the end", 2)));
        assert_eq!(shown("(a + b"), Err(ParseError::Expected(")", 6)));
        assert_eq!(shown("a in 3"), Err(ParseError::Expected("(", 5)));
        assert_eq!(shown("f(a b)"), Err(ParseError::Expected(",", 4)));
        assert_eq!(shown("a < b <= c"), Err(ParseError::Chained(6)));
        assert_eq!(shown("a and and"), Err(ParseError::Expected("a value", 6)));
        assert_eq!(shown("a ?"), Err(ParseError::Token(TokenError::Unexpected('?', 2))));
    }

    #[test]
    fn bounds_the_depth() {
        let nested = |n: usize| format!("{}a{}", "(".repeat(n), ")".repeat(n));
        assert_eq!(shown(&nested(63)).as_deref(), Ok("a"));
        assert_eq!(shown(&nested(64)), Err(ParseError::TooDeep));
        assert!(parse("a + ".repeat(500).trim_end_matches("+ ")).is_ok());
    }
}
