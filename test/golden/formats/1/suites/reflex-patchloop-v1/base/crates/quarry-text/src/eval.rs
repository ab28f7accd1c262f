//! Evaluates expressions against a scope of names.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use crate::ast::{BinaryOp, Expr};
use crate::error::EvalError;
use crate::record::Record;
use crate::symbol::Punct;
use crate::value::Value;

/// Something that gives names a value.
pub trait Scope {
    fn lookup(&self, name: &str) -> Option<Value>;
}

impl Scope for HashMap<&str, Value> {
    fn lookup(&self, name: &str) -> Option<Value> {
        self.get(name).cloned()
    }
}

/// Fields are values of the type that they look like.
impl Scope for Record<'_> {
    fn lookup(&self, name: &str) -> Option<Value> {
        self.get(name).map(Value::infer)
    }
}

/// Looks in the first scope, then in the second.
pub struct Layered<A, B>(pub A, pub B);

impl<A: Scope, B: Scope> Scope for Layered<A, B> {
    fn lookup(&self, name: &str) -> Option<Value> {
        self.0.lookup(name).or_else(|| self.1.lookup(name))
    }
}

type Callback = Box<dyn Fn(&[Value]) -> Result<Value, EvalError>>;

/// The functions that expressions may call.
#[derive(Default)]
pub struct Functions {
    table: BTreeMap<String, (usize, Callback)>,
}

impl Functions {
    /// `len(text)`, `lower(text)` and `abs(number)`.
    pub fn standard() -> Self {
        let mut functions = Functions::default();
        functions.define("len", 1, |args| match &args[0] {
            Value::Text(text) => Ok(Value::Int(text.chars().count() as i64)),
            other => Err(type_error("len", other)),
        });
        functions.define("lower", 1, |args| match &args[0] {
            Value::Text(text) => Ok(Value::Text(text.to_lowercase())),
            other => Err(type_error("lower", other)),
        });
        functions.define("abs", 1, |args| match &args[0] {
            Value::Int(int) => int.checked_abs().map(Value::Int).ok_or(EvalError::Overflow),
            Value::Float(float) => Ok(Value::Float(float.abs())),
            other => Err(type_error("abs", other)),
        });
        functions
    }

    /// Adds a function of `arity` arguments, or replaces the one of that name.
    pub fn define<F>(&mut self, name: &str, arity: usize, function: F)
    where
        F: Fn(&[Value]) -> Result<Value, EvalError> + 'static,
    {
        self.table.insert(name.to_owned(), (arity, Box::new(function)));
    }

    fn call(&self, name: &str, args: &[Value]) -> Result<Value, EvalError> {
        let (arity, function) =
            self.table.get(name).ok_or_else(|| EvalError::UnknownFunction(name.to_owned()))?;
        if args.len() != *arity {
            return Err(EvalError::Arity { function: name.to_owned(), expected: *arity, found: args.len() });
        }
        function(args)
    }
}

fn type_error(operation: impl ToString, value: &Value) -> EvalError {
    EvalError::Type { operation: operation.to_string(), found: value.type_name() }
}

/// Evaluates with the standard functions.
pub fn eval(expr: &Expr, scope: &dyn Scope) -> Result<Value, EvalError> {
    eval_with(expr, scope, &Functions::standard())
}

/// Evaluates with these functions.
pub fn eval_with(expr: &Expr, scope: &dyn Scope, functions: &Functions) -> Result<Value, EvalError> {
    let run = |expr: &Expr| eval_with(expr, scope, functions);
    match expr {
        Expr::Literal(value) => Ok(value.clone()),
        Expr::Name(name) => scope.lookup(name).ok_or_else(|| EvalError::UnknownName(name.clone())),
        Expr::Not(operand) => Ok(Value::Bool(!truth("not", &run(operand)?)?)),
        Expr::Negate(operand) => match run(operand)? {
            Value::Int(int) => int.checked_neg().map(Value::Int).ok_or(EvalError::Overflow),
            Value::Float(float) => Ok(Value::Float(-float)),
            Value::Null => Ok(Value::Null),
            other => Err(type_error("-", &other)),
        },
        Expr::Binary { op: BinaryOp::And, left, right } => {
            Ok(Value::Bool(truth("and", &run(left)?)? && truth("and", &run(right)?)?))
        }
        Expr::Binary { op: BinaryOp::Or, left, right } => {
            Ok(Value::Bool(truth("or", &run(left)?)? || truth("or", &run(right)?)?))
        }
        Expr::Binary { op: BinaryOp::Compare(punct), left, right } => {
            Ok(Value::Bool(compare(*punct, &run(left)?, &run(right)?)?))
        }
        Expr::Binary { op: BinaryOp::Arithmetic(punct), left, right } => {
            arithmetic(*punct, run(left)?, run(right)?)
        }
        Expr::In { needle, choices } => {
            let needle = run(needle)?;
            for choice in choices {
                if needle.compare(&run(choice)?) == Some(Ordering::Equal) {
                    return Ok(Value::Bool(true));
                }
            }
            Ok(Value::Bool(false))
        }
        Expr::IsNull { operand, negated } => Ok(Value::Bool(run(operand)?.is_null() != *negated)),
        Expr::Call { function, args } => {
            let args = args.iter().map(run).collect::<Result<Vec<_>, _>>()?;
            functions.call(function, &args)
        }
    }
}

/// Null counts as false.
fn truth(operation: &str, value: &Value) -> Result<bool, EvalError> {
    match value {
        Value::Bool(value) => Ok(*value),
        Value::Null => Ok(false),
        other => Err(type_error(operation, other)),
    }
}

/// A comparison with null is false. Values of different kinds are unequal and have no order.
fn compare(punct: Punct, left: &Value, right: &Value) -> Result<bool, EvalError> {
    if left.is_null() || right.is_null() {
        return Ok(false);
    }
    let Some(ordering) = left.compare(right) else {
        return match punct {
            Punct::Eq => Ok(false),
            Punct::Ne => Ok(true),
            _ => Err(type_error(punct, right)),
        };
    };
    Ok(match punct {
        Punct::Eq => ordering.is_eq(),
        Punct::Ne => ordering.is_ne(),
        Punct::Lt => ordering.is_lt(),
        Punct::Le => ordering.is_le(),
        Punct::Gt => ordering.is_gt(),
        _ => ordering.is_ge(),
    })
}

/// Integers stay integers, `+` also joins texts, and null makes the result null.
fn arithmetic(punct: Punct, left: Value, right: Value) -> Result<Value, EvalError> {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Text(left), Value::Text(right)) if punct == Punct::Plus => Ok(Value::Text(left + &right)),
        (Value::Int(left), Value::Int(right)) => {
            let result = match punct {
                Punct::Plus => left.checked_add(right),
                Punct::Minus => left.checked_sub(right),
                Punct::Star => left.checked_mul(right),
                _ if right == 0 => return Err(EvalError::DivideByZero),
                Punct::Slash => left.checked_div(right),
                _ => left.checked_rem(right),
            };
            result.map(Value::Int).ok_or(EvalError::Overflow)
        }
        (left, right) => {
            let a = left.as_f64().ok_or_else(|| type_error(punct, &left))?;
            let b = right.as_f64().ok_or_else(|| type_error(punct, &right))?;
            Ok(Value::Float(match punct {
                Punct::Plus => a + b,
                Punct::Minus => a - b,
                Punct::Star => a * b,
                Punct::Slash => a / b,
                _ => a % b,
            }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parser::parse;

    fn run(source: &str) -> Result<Value, EvalError> {
        let scope = HashMap::from([("a", Value::Int(3)), ("n", Value::Null), ("s", Value::from("Ore"))]);
        eval(&parse(source).expect("an expression"), &scope)
    }

    #[test]
    fn computes_with_integers_and_floats() {
        assert_eq!(run("a * 2 + 1"), Ok(Value::Int(7)));
        assert_eq!(run("7 / 2"), Ok(Value::Int(3)));
        assert_eq!(run("7 % 4 - 5"), Ok(Value::Int(-2)));
        assert_eq!(run("a / 2.0"), Ok(Value::Float(1.5)));
        assert_eq!(run("s + '!'"), Ok("Ore!".into()));
    }

    #[test]
    fn reports_arithmetic_errors() {
        assert_eq!(run("1 % 0"), Err(EvalError::DivideByZero));
        assert_eq!(run("9223372036854775807 + 1"), Err(EvalError::Overflow));
        assert_eq!(run("s - 1"), Err(EvalError::Type { operation: "-".into(), found: "text" }));
    }

    #[test]
    fn compares_values() {
        for (source, expected) in [
            ("a < 3", false),
            ("a <= 3", true),
            ("a >= 4", false),
            ("a > 2.5", true),
            ("a != 3", false),
            ("s = 'Ore'", true),
            ("s = 3", false),
            ("s != 3", true),
        ] {
            assert_eq!(run(source), Ok(Value::Bool(expected)), "{source}");
        }
        assert!(run("s < 3").is_err());
    }

    #[test]
    fn short_circuits() {
        assert_eq!(run("false and missing"), Ok(Value::Bool(false)));
        assert_eq!(run("true or missing"), Ok(Value::Bool(true)));
        assert_eq!(run("true and missing"), Err(EvalError::UnknownName("missing".into())));
    }

    #[test]
    fn null_spreads_and_is_never_equal() {
        assert_eq!(run("n + 1"), Ok(Value::Null));
        assert_eq!(run("n = n or n != n or a != n"), Ok(Value::Bool(false)));
        assert_eq!(run("n or not n"), Ok(Value::Bool(true)));
        assert_eq!(run("n and true"), Ok(Value::Bool(false)));
        assert_eq!(run("n is null and a is not null"), Ok(Value::Bool(true)));
    }

    #[test]
    fn finds_values_in_lists() {
        assert_eq!(run("a in (1, 3.0)"), Ok(Value::Bool(true)));
        assert_eq!(run("a in ()"), Ok(Value::Bool(false)));
        assert_eq!(run("a in (1, 2)"), Ok(Value::Bool(false)));
    }

    #[test]
    fn calls_functions() {
        assert_eq!(run("len(lower(s)) + abs(-4)"), Ok(Value::Int(7)));
        assert_eq!(run("trim(s)"), Err(EvalError::UnknownFunction("trim".into())));
        let arity = EvalError::Arity { function: "len".into(), expected: 1, found: 2 };
        assert_eq!(run("len(s, s)"), Err(arity));
    }

    #[test]
    fn layers_hide_names_below() {
        let top = HashMap::from([("x", Value::Int(1))]);
        let bottom = HashMap::from([("x", Value::Int(2)), ("y", Value::Int(5))]);
        assert_eq!(eval(&parse("x * 10 + y").unwrap(), &Layered(top, bottom)), Ok(Value::Int(15)));
    }
}
