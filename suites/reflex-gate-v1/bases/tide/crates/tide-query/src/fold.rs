//! Simplifies expressions before they are run: what is constant is worked out once.

use std::collections::HashMap;

use crate::eval::eval;
use crate::parse::{Expr, Operator};
use crate::value::Value;

/// An expression that always comes to the same, with constants worked out. What fails is left to fail when it is run.
pub fn fold(expr: Expr) -> Expr {
    let folded = match expr {
        Expr::Value(_) | Expr::Name(_) => return expr,
        Expr::Not(inner) => negated(fold(*inner)),
        Expr::Negate(inner) => match fold(*inner) {
            Expr::Negate(innermost) => *innermost,
            inner => Expr::Negate(Box::new(inner)),
        },
        Expr::Call(name, arguments) => Expr::Call(name, arguments.into_iter().map(fold).collect()),
        Expr::In(inner, items) => membership(fold(*inner), items.into_iter().map(fold).collect()),
        Expr::Binary(operator @ (Operator::And | Operator::Or), left, right) => {
            connected(operator, fold(*left), fold(*right))
        }
        Expr::Binary(operator, left, right) => {
            Expr::Binary(operator, Box::new(fold(*left)), Box::new(fold(*right)))
        }
    };
    worked_out(folded)
}

/// The value of an expression without names, if it has one.
fn worked_out(expr: Expr) -> Expr {
    if is_constant(&expr) {
        if let Ok(value) = eval(&expr, &HashMap::new()) {
            return Expr::Value(value);
        }
    }
    expr
}

fn is_constant(expr: &Expr) -> bool {
    match expr {
        Expr::Value(_) => true,
        Expr::Name(_) => false,
        Expr::Not(inner) | Expr::Negate(inner) => is_constant(inner),
        Expr::Binary(_, left, right) => is_constant(left) && is_constant(right),
        Expr::In(inner, items) => is_constant(inner) && items.iter().all(is_constant),
        Expr::Call(_, arguments) => arguments.iter().all(is_constant),
    }
}

/// `not` goes inwards: through another `not` and into comparisons. Unknown stays unknown by both.
fn negated(inner: Expr) -> Expr {
    match inner {
        Expr::Not(innermost) if has_truth(&innermost) => *innermost,
        Expr::Binary(operator, left, right) => match opposite(operator) {
            Some(opposite) => Expr::Binary(opposite, left, right),
            None => Expr::Not(Box::new(Expr::Binary(operator, left, right))),
        },
        inner => Expr::Not(Box::new(inner)),
    }
}

fn opposite(operator: Operator) -> Option<Operator> {
    match operator {
        Operator::Equal => Some(Operator::Unequal),
        Operator::Unequal => Some(Operator::Equal),
        Operator::Less => Some(Operator::GreaterEqual),
        Operator::LessEqual => Some(Operator::Greater),
        Operator::Greater => Some(Operator::LessEqual),
        Operator::GreaterEqual => Some(Operator::Less),
        Operator::Or | Operator::And | Operator::Add | Operator::Subtract | Operator::Multiply => None,
    }
}

/// Does it come to a truth value or null, whatever the row? A name may also be a number.
fn has_truth(expr: &Expr) -> bool {
    match expr {
        Expr::Value(value) => value.truth().is_ok(),
        Expr::Not(_) | Expr::In(..) => true,
        Expr::Binary(operator, ..) => {
            !matches!(operator, Operator::Add | Operator::Subtract | Operator::Multiply)
        }
        Expr::Name(_) | Expr::Negate(_) | Expr::Call(..) => false,
    }
}

/// A constant side of `and` or `or` either settles it or can be left out.
fn connected(operator: Operator, left: Expr, right: Expr) -> Expr {
    let settles = operator == Operator::Or;
    match (left, right) {
        (Expr::Value(Value::Bool(truth)), other) if truth == settles || has_truth(&other) => {
            if truth == settles {
                Expr::Value(truth.into())
            } else {
                other
            }
        }
        // Whatever stands on the left is evaluated first, and may fail: it is not left out for the right side's sake.
        (other, Expr::Value(Value::Bool(truth))) if truth != settles && has_truth(&other) => other,
        (left, right) if left == right && has_truth(&left) => left,
        (left, right) => Expr::Binary(operator, Box::new(left), Box::new(right)),
    }
}

/// One item is a comparison; equal items need be looked at once.
fn membership(inner: Expr, items: Vec<Expr>) -> Expr {
    let mut distinct: Vec<Expr> = Vec::with_capacity(items.len());
    for item in items {
        if !distinct.contains(&item) {
            distinct.push(item);
        }
    }
    if distinct.len() == 1 {
        if let Some(only) = distinct.pop() {
            return Expr::Binary(Operator::Equal, Box::new(inner), Box::new(only));
        }
    }
    Expr::In(Box::new(inner), distinct)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;

    fn folded(source: &str) -> String {
        fold(parse(source).unwrap()).to_string()
    }

    #[test]
    fn works_constants_out() {
        assert_eq!(folded("1 + 2 * 3"), "7");
        assert_eq!(folded("x + (2 - 3)"), "x + -1");
        assert_eq!(folded("length('ab') = 2 and a > 1"), "a > 1");
        assert_eq!(folded("1 in (2, null)"), "null");
        assert_eq!(folded("1 + 'a'"), "1 + \"a\"");
        assert_eq!(folded("f(1 + 1)"), "f(2)");
    }

    #[test]
    fn pushes_not_inwards() {
        assert_eq!(folded("not (a < 1)"), "a >= 1");
        assert_eq!(folded("not not (a = 1)"), "a = 1");
        assert_eq!(folded("not not a"), "not not a");
        assert_eq!(folded("not (a and b)"), "not (a and b)");
        assert_eq!(folded("not not not (a >= 1)"), "a < 1");
        assert_eq!(folded("-(-a)"), "a");
    }

    #[test]
    fn leaves_settled_sides_out() {
        assert_eq!(folded("false and a"), "false");
        assert_eq!(folded("a = 1 and 1 = 1"), "a = 1");
        assert_eq!(folded("a = 1 or true"), "a = 1 or true");
        assert_eq!(folded("true or a"), "true");
        assert_eq!(folded("true and a"), "true and a");
        assert_eq!(folded("a > 1 and a > 1"), "a > 1");
        assert_eq!(folded("null and a > 1"), "null and a > 1");
    }

    #[test]
    fn shortens_lists() {
        assert_eq!(folded("a in (1, 2, 1 + 1)"), "a in (1, 2)");
        assert_eq!(folded("a in (1, 2 - 1)"), "a = 1");
        assert_eq!(folded("not (a in (1))"), "a != 1");
        assert_eq!(folded("a in ()"), "a in ()");
    }
}
