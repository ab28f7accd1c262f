//! Text side of quarry: a filter expression language and a reader for delimited records.
//!
//! An expression such as `price * 2 > 10 and name in ('ore', 'slate')` is read by [`parser::parse`] into an
//! [`ast::Expr`] and evaluated by [`eval::eval`] against anything that is a [`eval::Scope`].

pub mod ast;
pub mod error;
pub mod eval;
pub mod lexer;
pub mod parser;
pub mod record;
pub mod span;
pub mod symbol;
pub mod value;

pub use error::TextError;
pub use value::Value;

#[cfg(test)]
mod heldout;
