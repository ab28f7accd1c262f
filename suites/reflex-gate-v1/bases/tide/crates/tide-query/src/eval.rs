//! Evaluates expressions over one row, with a logic that knows true, false and unknown.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt;

use crate::parse::{Expr, Operator};
use crate::value::{Value, ValueError};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvalError {
    UnknownName(String),
    UnknownFunction(String),
    Arguments { function: String, expected: usize, found: usize },
    Value(ValueError),
}

impl From<ValueError> for EvalError {
    fn from(error: ValueError) -> Self {
        EvalError::Value(error)
    }
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EvalError::UnknownName(name) => write!(f, "there is no {name}"),
            EvalError::UnknownFunction(name) => write!(f, "there is no function {name}"),
            EvalError::Arguments { function, expected, found } => {
                write!(f, "{function} takes {expected} arguments, not {found}")
            }
            EvalError::Value(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for EvalError {}

/// Where names get their values from.
pub trait Scope {
    fn value(&self, name: &str) -> Option<Value>;
}

impl Scope for HashMap<&str, Value> {
    fn value(&self, name: &str) -> Option<Value> {
        self.get(name).cloned()
    }
}

/// Looks in the first scope, then in the second.
impl<A: Scope, B: Scope> Scope for (&A, &B) {
    fn value(&self, name: &str) -> Option<Value> {
        self.0.value(name).or_else(|| self.1.value(name))
    }
}

pub fn eval(expr: &Expr, scope: &impl Scope) -> Result<Value, EvalError> {
    match expr {
        Expr::Value(value) => Ok(value.clone()),
        Expr::Name(name) => scope.value(name).ok_or_else(|| EvalError::UnknownName(name.clone())),
        Expr::Not(inner) => Ok(eval(inner, scope)?.truth()?.map(|truth| !truth).into()),
        Expr::Negate(inner) => Ok(Value::Number(0.0).subtract(&eval(inner, scope)?)?),
        Expr::In(inner, items) => contains(&eval(inner, scope)?, items, scope),
        Expr::Call(name, arguments) => {
            let values =
                arguments.iter().map(|argument| eval(argument, scope)).collect::<Result<Vec<_>, _>>()?;
            call(name, &values)
        }
        Expr::Binary(Operator::And, left, right) => connected(false, left, right, scope),
        Expr::Binary(Operator::Or, left, right) => connected(true, left, right, scope),
        Expr::Binary(operator, left, right) => binary(*operator, &eval(left, scope)?, &eval(right, scope)?),
    }
}

/// `and` is settled by false and `or` by true, also where the other side is unknown; the right side is then not looked at.
fn connected(settles: bool, left: &Expr, right: &Expr, scope: &impl Scope) -> Result<Value, EvalError> {
    let first = eval(left, scope)?.truth()?;
    if first == Some(settles) {
        return Ok(settles.into());
    }
    let second = eval(right, scope)?.truth()?;
    Ok(match second {
        Some(truth) if truth == settles => settles.into(),
        second => first.and(second).into(),
    })
}

fn binary(operator: Operator, left: &Value, right: &Value) -> Result<Value, EvalError> {
    let holds: fn(Ordering) -> bool = match operator {
        Operator::Add => return Ok(left.add(right)?),
        Operator::Subtract => return Ok(left.subtract(right)?),
        Operator::Multiply => return Ok(left.multiply(right)?),
        Operator::Equal => Ordering::is_eq,
        Operator::Unequal => Ordering::is_ne,
        Operator::Less => Ordering::is_lt,
        Operator::LessEqual => Ordering::is_le,
        Operator::Greater => Ordering::is_gt,
        Operator::GreaterEqual => Ordering::is_ge,
        Operator::And | Operator::Or => unreachable!("connectives are evaluated lazily"),
    };
    Ok(left.compare(right)?.map(holds).into())
}

/// Not finding a value is unknown as long as one of the items is.
fn contains(value: &Value, items: &[Expr], scope: &impl Scope) -> Result<Value, EvalError> {
    let mut outcome = Value::Bool(false);
    for item in items {
        match value.compare(&eval(item, scope)?)? {
            Some(Ordering::Equal) => return Ok(Value::Bool(true)),
            Some(_) => {}
            None => outcome = Value::Null,
        }
    }
    Ok(outcome)
}

fn call(name: &str, arguments: &[Value]) -> Result<Value, EvalError> {
    let wrong =
        |expected| Err(EvalError::Arguments { function: name.to_owned(), expected, found: arguments.len() });
    match (name, arguments) {
        ("is_null", [value]) => Ok((*value == Value::Null).into()),
        ("length", [Value::Text(text)]) => Ok((text.chars().count() as f64).into()),
        ("abs", [Value::Number(number)]) => Ok(number.abs().into()),
        ("length" | "abs", [Value::Null]) => Ok(Value::Null),
        ("length" | "abs", [wrong]) => {
            let operator = if name == "abs" { "abs" } else { "length" };
            Err(ValueError::Undefined { operator, kind: wrong.kind() }.into())
        }
        ("is_null" | "length" | "abs", _) => wrong(1),
        ("coalesce", values) => {
            Ok(values.iter().find(|value| **value != Value::Null).cloned().unwrap_or(Value::Null))
        }
        ("divide", [a, b]) => Ok(a.divide(b)?),
        ("divide", _) => wrong(2),
        _ => Err(EvalError::UnknownFunction(name.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;

    fn row() -> HashMap<&'static str, Value> {
        HashMap::from([
            ("level", Value::Number(2.5)),
            ("name", "Pier".into()),
            ("gap", Value::Null),
            ("wet", true.into()),
        ])
    }

    fn value(source: &str) -> Result<Value, EvalError> {
        eval(&parse(source).unwrap(), &row())
    }

    #[test]
    fn calculates_and_compares() {
        assert_eq!(value("level * 2 - -1 = 6"), Ok(true.into()));
        assert_eq!(value("name + ' 1' > 'Pier'"), Ok(true.into()));
        let all = ["<", "<=", "=", "!=", ">=", ">"].map(|sign| value(&format!("level {sign} 2.5")));
        assert_eq!(all, [false, true, true, false, true, false].map(|truth| Ok(truth.into())));
        assert_eq!(value("not wet"), Ok(false.into()));
    }

    #[test]
    fn knows_the_unknown() {
        assert_eq!(value("gap > 1"), Ok(Value::Null));
        assert_eq!((value("gap > 1 and wet"), value("gap > 1 or wet")), (Ok(Value::Null), Ok(true.into())));
        assert_eq!(
            (value("not wet and gap = 1"), value("gap = 1 and not wet")),
            (Ok(false.into()), Ok(false.into()))
        );
        assert_eq!((value("not (gap = 1)"), value("gap = 1 or not wet")), (Ok(Value::Null), Ok(Value::Null)));
    }

    #[test]
    fn looks_into_lists() {
        assert_eq!(value("level in (1, 2.5)"), Ok(true.into()));
        assert_eq!(
            (value("level in (1, gap)"), value("level in (gap, 2.5)")),
            (Ok(Value::Null), Ok(true.into()))
        );
        assert_eq!((value("level in ()"), value("gap in (1)")), (Ok(false.into()), Ok(Value::Null)));
    }

    #[test]
    fn calls_functions() {
        assert_eq!(value("length(name) + abs(0 - 3)"), Ok(Value::Number(7.0)));
        assert_eq!(value("coalesce(gap, level)"), Ok(Value::Number(2.5)));
        assert_eq!((value("is_null(gap)"), value("is_null(name)")), (Ok(true.into()), Ok(false.into())));
        assert_eq!(value("divide(level, 0)"), Err(EvalError::Value(ValueError::DivisionByZero)));
        assert_eq!(value("length(name, 1)").unwrap_err().to_string(), "length takes 1 arguments, not 2");
        assert_eq!(value("sin(1)").unwrap_err().to_string(), "there is no function sin");
        assert_eq!(value("length(1)").unwrap_err().to_string(), "`length` is not defined for a number");
    }

    #[test]
    fn stops_where_it_is_settled() {
        assert_eq!((value("not wet and none"), value("wet or none")), (Ok(false.into()), Ok(true.into())));
        assert_eq!(value("wet and none"), Err(EvalError::UnknownName("none".into())));
        let outer = HashMap::from([("level", Value::Number(9.0)), ("none", Value::Number(1.0))]);
        assert_eq!(eval(&parse("level + none").unwrap(), &(&row(), &outer)), Ok(Value::Number(3.5)));
    }
}
