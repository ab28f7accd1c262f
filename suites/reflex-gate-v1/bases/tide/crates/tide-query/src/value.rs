//! Values of a query: numbers, texts, truth, and nothing.

use std::cmp::Ordering;
use std::fmt;

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueError {
    /// An operator that these kinds have not.
    Undefined {
        operator: &'static str,
        kind: &'static str,
    },
    DivisionByZero,
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValueError::Undefined { operator, kind } => write!(f, "`{operator}` is not defined for {kind}"),
            ValueError::DivisionByZero => f.write_str("division by zero"),
        }
    }
}

impl std::error::Error for ValueError {}

impl Value {
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a truth value",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
        }
    }

    /// Null is neither true nor false; other values have no truth.
    pub fn truth(&self) -> Result<Option<bool>, ValueError> {
        match self {
            Value::Null => Ok(None),
            Value::Bool(truth) => Ok(Some(*truth)),
            other => Err(ValueError::Undefined { operator: "truth", kind: other.kind() }),
        }
    }

    /// How two values compare in a condition: null with nothing, numbers with numbers, texts with texts.
    pub fn compare(&self, other: &Value) -> Result<Option<Ordering>, ValueError> {
        match (self, other) {
            (Value::Null, _) | (_, Value::Null) => Ok(None),
            (Value::Bool(a), Value::Bool(b)) => Ok(Some(a.cmp(b))),
            (Value::Number(a), Value::Number(b)) => Ok(a.partial_cmp(b)),
            (Value::Text(a), Value::Text(b)) => Ok(Some(a.cmp(b))),
            (_, other) => Err(ValueError::Undefined { operator: "comparison", kind: other.kind() }),
        }
    }

    /// The order of all values, for sorting: null, truth values, numbers (NaN last), texts.
    pub fn total_order(&self, other: &Value) -> Ordering {
        match (self, other) {
            (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
            (Value::Number(a), Value::Number(b)) => {
                a.partial_cmp(b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
            }
            (Value::Text(a), Value::Text(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Value::Null => 0,
            Value::Bool(_) => 1,
            Value::Number(_) => 2,
            Value::Text(_) => 3,
        }
    }

    /// `+` also joins texts; what is calculated with null is null.
    pub fn add(&self, other: &Value) -> Result<Value, ValueError> {
        match (self, other) {
            (Value::Text(a), Value::Text(b)) => Ok(Value::Text(format!("{a}{b}"))),
            _ => self.calculate("+", other, |a, b| Ok(a + b)),
        }
    }

    pub fn subtract(&self, other: &Value) -> Result<Value, ValueError> {
        self.calculate("-", other, |a, b| Ok(a - b))
    }

    pub fn multiply(&self, other: &Value) -> Result<Value, ValueError> {
        self.calculate("*", other, |a, b| Ok(a * b))
    }

    pub fn divide(&self, other: &Value) -> Result<Value, ValueError> {
        self.calculate("/", other, |a, b| if b == 0.0 { Err(ValueError::DivisionByZero) } else { Ok(a / b) })
    }

    fn calculate(
        &self,
        operator: &'static str,
        other: &Value,
        calculate: impl FnOnce(f64, f64) -> Result<f64, ValueError>,
    ) -> Result<Value, ValueError> {
        match (self, other) {
            (Value::Null, Value::Null | Value::Number(_)) | (Value::Number(_), Value::Null) => {
                Ok(Value::Null)
            }
            (Value::Number(a), Value::Number(b)) => calculate(*a, *b).map(Value::Number),
            (Value::Null | Value::Number(_), wrong) | (wrong, _) => {
                Err(ValueError::Undefined { operator, kind: wrong.kind() })
            }
        }
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Value::Bool(truth)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Value::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Bool(truth) => write!(f, "{truth}"),
            Value::Number(number) => write!(f, "{number}"),
            Value::Text(text) => write!(f, "\"{text}\""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: f64) -> Value {
        Value::Number(value)
    }

    #[test]
    fn calculates() {
        assert_eq!(number(7.0).add(&number(0.5)), Ok(number(7.5)));
        assert_eq!(number(7.0).subtract(&number(0.5)), Ok(number(6.5)));
        assert_eq!(number(7.0).multiply(&Value::Null), Ok(Value::Null));
        assert_eq!(number(7.0).divide(&number(2.0)), Ok(number(3.5)));
        assert_eq!(number(7.0).divide(&number(0.0)), Err(ValueError::DivisionByZero));
        assert_eq!(Value::from("hi").add(&"gh".into()), Ok("high".into()));
        let error = number(1.0).multiply(&"x".into()).unwrap_err();
        assert_eq!(error.to_string(), "`*` is not defined for a text");
        assert_eq!(
            Value::Bool(true).add(&Value::Null).unwrap_err().to_string(),
            "`+` is not defined for a truth value"
        );
    }

    #[test]
    fn compares() {
        assert_eq!(number(1.0).compare(&number(2.0)), Ok(Some(Ordering::Less)));
        assert_eq!(number(1.0).compare(&f64::NAN.into()), Ok(None));
        assert_eq!(Value::Null.compare(&Value::Null), Ok(None));
        assert_eq!(Value::from("b").compare(&"a".into()), Ok(Some(Ordering::Greater)));
        assert!(Value::from("1").compare(&number(1.0)).is_err());
    }

    #[test]
    fn sorts_everything() {
        let mut values = [
            "b".into(),
            number(2.0),
            Value::Null,
            true.into(),
            f64::NAN.into(),
            "a".into(),
            number(-1.0),
            false.into(),
        ];
        values.sort_by(Value::total_order);
        let shown: Vec<_> = values.iter().map(Value::to_string).collect();
        assert_eq!(shown, ["null", "false", "true", "-1", "2", "NaN", "\"a\"", "\"b\""]);
    }

    #[test]
    fn knows_truth() {
        assert_eq!((Value::Null.truth(), Value::Bool(false).truth()), (Ok(None), Ok(Some(false))));
        assert_eq!(number(1.0).truth().unwrap_err().to_string(), "`truth` is not defined for a number");
        assert_eq!((Value::from(None::<f64>), Value::from(Some(true))), (Value::Null, Value::Bool(true)));
    }
}
