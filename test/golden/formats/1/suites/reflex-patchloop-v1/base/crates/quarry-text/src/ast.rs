//! The tree of a parsed expression.

use std::fmt;

use crate::symbol::Punct;
use crate::value::Value;

/// An operator between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    Or,
    And,
    /// `=`, `!=`, `<`, `<=`, `>` or `>=`.
    Compare(Punct),
    /// `+`, `-`, `*`, `/` or `%`.
    Arithmetic(Punct),
}

impl BinaryOp {
    /// The operator that a symbol stands for, if it is one.
    pub fn from_punct(punct: Punct) -> Option<BinaryOp> {
        use Punct::*;
        match punct {
            Eq | Ne | Lt | Le | Gt | Ge => Some(BinaryOp::Compare(punct)),
            Plus | Minus | Star | Slash | Percent => Some(BinaryOp::Arithmetic(punct)),
            Open | Close | Comma => None,
        }
    }

    /// How strongly the operator binds; a higher number binds first.
    pub const fn precedence(self) -> u8 {
        match self {
            BinaryOp::Or => 1,
            BinaryOp::And => 2,
            BinaryOp::Compare(_) => 4,
            BinaryOp::Arithmetic(Punct::Plus | Punct::Minus) => 5,
            BinaryOp::Arithmetic(_) => 6,
        }
    }
}

impl fmt::Display for BinaryOp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BinaryOp::Or => f.write_str("or"),
            BinaryOp::And => f.write_str("and"),
            BinaryOp::Compare(punct) | BinaryOp::Arithmetic(punct) => punct.fmt(f),
        }
    }
}

/// An expression. Its `Display` form has every operation in brackets and parses to the same tree.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    Literal(Value),
    Name(String),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Binary { op: BinaryOp, left: Box<Expr>, right: Box<Expr> },
    In { needle: Box<Expr>, choices: Vec<Expr> },
    IsNull { operand: Box<Expr>, negated: bool },
    Call { function: String, args: Vec<Expr> },
}

impl Expr {
    pub fn binary(op: BinaryOp, left: Expr, right: Expr) -> Expr {
        Expr::Binary { op, left: Box::new(left), right: Box::new(right) }
    }

    /// Calls `visit` for this expression and everything in it, parents first, left to right.
    pub fn walk<'e>(&'e self, visit: &mut dyn FnMut(&'e Expr)) {
        visit(self);
        match self {
            Expr::Literal(_) | Expr::Name(_) => {}
            Expr::Not(operand) | Expr::Negate(operand) | Expr::IsNull { operand, .. } => operand.walk(visit),
            Expr::Binary { left, right, .. } => {
                left.walk(visit);
                right.walk(visit);
            }
            Expr::In { needle, choices } => {
                needle.walk(visit);
                choices.iter().for_each(|choice| choice.walk(visit));
            }
            Expr::Call { args, .. } => args.iter().for_each(|arg| arg.walk(visit)),
        }
    }

    /// The names that the expression looks up, each once, in the order of their first use.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.walk(&mut |expr| {
            if let Expr::Name(name) = expr {
                if !names.contains(&name.as_str()) {
                    names.push(name.as_str());
                }
            }
        });
        names
    }
}

/// Items with commas between them.
struct List<'e>(&'e [Expr]);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, item) in self.0.iter().enumerate() {
            let separator = if i == 0 { "" } else { ", " };
            write!(f, "{separator}{item}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Literal(value) => value.fmt(f),
            Expr::Name(name) => f.write_str(name),
            Expr::Not(operand) => write!(f, "(not {operand})"),
            Expr::Negate(operand) => write!(f, "(-{operand})"),
            Expr::Binary { op, left, right } => write!(f, "({left} {op} {right})"),
            Expr::In { needle, choices } => write!(f, "({needle} in ({}))", List(choices)),
            Expr::IsNull { operand, negated: false } => write!(f, "({operand} is null)"),
            Expr::IsNull { operand, negated: true } => write!(f, "({operand} is not null)"),
            Expr::Call { function, args } => write!(f, "{function}({})", List(args)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Expr {
        Expr::Name(text.to_owned())
    }

    #[test]
    fn classifies_punctuation() {
        assert_eq!(BinaryOp::from_punct(Punct::Le), Some(BinaryOp::Compare(Punct::Le)));
        assert_eq!(BinaryOp::from_punct(Punct::Percent), Some(BinaryOp::Arithmetic(Punct::Percent)));
        assert_eq!(BinaryOp::from_punct(Punct::Comma), None);
    }

    #[test]
    fn products_bind_before_sums() {
        let [sum, product] = [Punct::Minus, Punct::Slash].map(BinaryOp::Arithmetic);
        assert!(product.precedence() > sum.precedence());
        assert!(sum.precedence() > BinaryOp::Compare(Punct::Eq).precedence());
        assert!(BinaryOp::And.precedence() > BinaryOp::Or.precedence());
    }

    #[test]
    fn lists_each_name_once_in_order() {
        let inner = Expr::In { needle: Box::new(name("b")), choices: vec![name("a"), name("c")] };
        assert_eq!(Expr::binary(BinaryOp::Or, name("a"), inner).names(), ["a", "b", "c"]);
    }

    #[test]
    fn displays_with_brackets() {
        let call = Expr::Call { function: "max".into(), args: vec![name("x"), Expr::Literal(2.into())] };
        let expr = Expr::Not(Box::new(Expr::IsNull { operand: Box::new(call), negated: true }));
        assert_eq!(expr.to_string(), "(not (max(x, 2) is not null))");
    }
}
