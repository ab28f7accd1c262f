//! Errors of the lexer, the parser, the evaluator and the record reader.

use std::error::Error;
use std::fmt;

use crate::span::Span;

/// What is wrong with an expression's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParseErrorKind {
    UnexpectedChar(char),
    UnterminatedText,
    BadNumber,
    UnexpectedToken { expected: &'static str },
    UnexpectedEnd { expected: &'static str },
    TooDeep(usize),
}

/// An error of the lexer or the parser, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    pub kind: ParseErrorKind,
    pub span: Span,
}

impl ParseError {
    pub fn new(kind: ParseErrorKind, span: impl Into<Span>) -> Self {
        ParseError { kind, span: span.into() }
    }

    /// A message for people, with the line and column in `source`.
    pub fn explain(&self, source: &str) -> String {
        format!("{}: {self}", self.span.position(source))
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ParseErrorKind::UnexpectedChar(found) => write!(f, "unexpected character {found:?}"),
            ParseErrorKind::UnterminatedText => f.write_str("text without a closing quote"),
            ParseErrorKind::BadNumber => f.write_str("malformed number"),
            ParseErrorKind::UnexpectedToken { expected } => write!(f, "expected {expected}"),
            ParseErrorKind::UnexpectedEnd { expected } => write!(f, "expected {expected}, found the end"),
            ParseErrorKind::TooDeep(limit) => write!(f, "nested deeper than {limit} levels"),
        }
    }
}

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvalError {
    UnknownName(String),
    UnknownFunction(String),
    Arity { function: String, expected: usize, found: usize },
    Type { operation: String, found: &'static str },
    DivideByZero,
    Overflow,
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EvalError::UnknownName(name) => write!(f, "unknown name `{name}`"),
            EvalError::UnknownFunction(name) => write!(f, "unknown function `{name}`"),
            EvalError::Arity { function, expected, found } => {
                write!(f, "`{function}` takes {expected} arguments, not {found}")
            }
            EvalError::Type { operation, found } => write!(f, "`{operation}` is not defined for {found}"),
            EvalError::DivideByZero => f.write_str("division by zero"),
            EvalError::Overflow => f.write_str("integer overflow"),
        }
    }
}

/// What is wrong with a delimited text. Lines count from one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordError {
    MissingHeader,
    DuplicateColumn(String),
    FieldCount { line: usize, expected: usize, found: usize },
    UnterminatedQuote { line: usize },
    TextAfterQuote { line: usize },
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecordError::MissingHeader => f.write_str("no header line"),
            RecordError::DuplicateColumn(name) => write!(f, "column `{name}` occurs twice"),
            RecordError::FieldCount { line, expected, found } => {
                write!(f, "line {line}: {found} fields instead of {expected}")
            }
            RecordError::UnterminatedQuote { line } => write!(f, "line {line}: quote without an end"),
            RecordError::TextAfterQuote { line } => write!(f, "line {line}: text after a closing quote"),
        }
    }
}

impl Error for ParseError {}
impl Error for EvalError {}
impl Error for RecordError {}

/// Any error of this crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextError {
    Parse(ParseError),
    Eval(EvalError),
    Record(RecordError),
}

macro_rules! wrap_errors {
    ($($variant:ident($inner:ty)),+ $(,)?) => {
        $(impl From<$inner> for TextError {
            fn from(error: $inner) -> Self {
                TextError::$variant(error)
            }
        })+

        impl fmt::Display for TextError {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(TextError::$variant(error) => error.fmt(f),)+
                }
            }
        }

        impl Error for TextError {
            fn source(&self) -> Option<&(dyn Error + 'static)> {
                match self {
                    $(TextError::$variant(error) => Some(error),)+
                }
            }
        }
    };
}

wrap_errors!(Parse(ParseError), Eval(EvalError), Record(RecordError));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explains_with_a_position() {
        let error = ParseError::new(ParseErrorKind::UnexpectedChar('?'), 3..4);
        assert_eq!(error.explain("a\nb?"), "2:2: unexpected character '?'");
    }

    #[test]
    fn messages_name_the_details() {
        let arity = EvalError::Arity { function: "len".into(), expected: 1, found: 3 };
        assert_eq!(arity.to_string(), "`len` takes 1 arguments, not 3");
        let count = RecordError::FieldCount { line: 4, expected: 2, found: 5 };
        assert_eq!(count.to_string(), "line 4: 5 fields instead of 2");
    }

    #[test]
    fn wraps_and_exposes_its_source() {
        let error = TextError::from(EvalError::DivideByZero);
        assert_eq!(error, TextError::Eval(EvalError::DivideByZero));
        assert_eq!(error.source().map(|source| source.to_string()).as_deref(), Some("division by zero"));
    }
}
