//! The values of the expression language.

use std::cmp::Ordering;
use std::fmt;

/// A value of an expression or a field.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
}

impl Value {
    /// Reads a field: an empty one is null, then integers, floats and booleans; everything else is text.
    pub fn infer(field: &str) -> Value {
        let trimmed = field.trim();
        match trimmed {
            "" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => {
                if let Ok(int) = trimmed.parse() {
                    return Value::Int(int);
                }
                match trimmed.parse::<f64>() {
                    Ok(float) if float.is_finite() => Value::Float(float),
                    _ => Value::Text(field.to_owned()),
                }
            }
        }
    }

    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Float(_) => "float",
            Value::Text(_) => "text",
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The value as a float, if it is a number.
    pub fn as_f64(&self) -> Option<f64> {
        match *self {
            Value::Int(int) => Some(int as f64),
            Value::Float(float) => Some(float),
            Value::Null | Value::Bool(_) | Value::Text(_) => None,
        }
    }

    /// Orders two values of the same kind; integers and floats are one kind. Null has no order, not even with
    /// itself.
    pub fn compare(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
            (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
            (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
            _ => self.as_f64()?.partial_cmp(&other.as_f64()?),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Value::Null => 0,
            Value::Bool(_) => 1,
            Value::Int(_) | Value::Float(_) => 2,
            Value::Text(_) => 3,
        }
    }

    /// A total order for sorting: null, then booleans, numbers and text.
    pub fn sort_order(&self, other: &Value) -> Ordering {
        self.compare(other).unwrap_or_else(|| self.rank().cmp(&other.rank()))
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Bool(value) => value.fmt(f),
            Value::Int(value) => value.fmt(f),
            Value::Float(value) => write!(f, "{value:?}"),
            Value::Text(value) => write!(f, "'{}'", value.replace('\'', "''")),
        }
    }
}

macro_rules! value_from {
    ($($source:ty => $variant:ident),+ $(,)?) => {
        $(impl From<$source> for Value {
            fn from(value: $source) -> Self {
                Value::$variant(value.into())
            }
        })+
    };
}

value_from!(bool => Bool, i32 => Int, i64 => Int, f64 => Float, &str => Text, String => Text);

/// `None` is null.
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// Fails with the name of the type that the value has instead.
impl TryFrom<Value> for i64 {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        match value {
            Value::Int(int) => Ok(int),
            other => Err(other.type_name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn infers_types_of_fields() {
        assert_eq!(Value::infer("  "), Value::Null);
        assert_eq!(Value::infer("-12"), Value::Int(-12));
        assert_eq!(Value::infer("0.5"), Value::Float(0.5));
        assert_eq!(["true", "false"].map(Value::infer), [Value::Bool(true), Value::Bool(false)]);
        assert_eq!(Value::infer("inf"), Value::from("inf"));
        assert_eq!(Value::infer(" ore "), Value::from(" ore "));
    }

    #[test]
    fn compares_numbers_across_types() {
        assert_eq!(Value::Int(2).compare(&Value::Float(2.5)), Some(Ordering::Less));
        assert_eq!(Value::Int(i64::MAX).compare(&Value::Int(i64::MAX - 1)), Some(Ordering::Greater));
        assert_eq!(Value::Null.compare(&Value::Null), None);
        assert_eq!(Value::from("1").compare(&Value::Int(1)), None);
    }

    #[test]
    fn sorts_nulls_first_and_text_last() {
        let mut values: Vec<Value> = vec!["a".into(), 3.into(), true.into(), Value::Null, 2.5.into()];
        values.sort_by(Value::sort_order);
        assert_eq!(values, [Value::Null, true.into(), 2.5.into(), 3.into(), "a".into()]);
    }

    #[test]
    fn converts_both_ways() {
        assert_eq!(Value::from(None::<i64>), Value::Null);
        assert_eq!(Value::from(Some("x")), Value::Text("x".to_string()));
        assert_eq!(i64::try_from(Value::Int(4)), Ok(4));
        assert_eq!(i64::try_from(Value::Float(4.0)), Err("float"));
    }

    #[test]
    fn displays_as_literals() {
        assert_eq!(Value::from("it's").to_string(), "'it''s'");
        assert_eq!(Value::Float(3.0).to_string(), "3.0");
        assert!(Value::default().is_null());
    }
}
