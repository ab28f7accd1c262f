//! One value from a whole column.

use std::cmp::Ordering;
use std::str::FromStr;

use quarry_text::Value;

/// What to compute, and of which column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aggregate {
    Count,
    Sum(String),
    Mean(String),
    Min(String),
    Max(String),
}

impl Aggregate {
    /// The column that is aggregated, if one is.
    pub fn column(&self) -> Option<&str> {
        match self {
            Aggregate::Count => None,
            Aggregate::Sum(column)
            | Aggregate::Mean(column)
            | Aggregate::Min(column)
            | Aggregate::Max(column) => Some(column),
        }
    }

    /// Nulls count as rows, but take no part in anything else. No values give null, and a sum of zero.
    pub fn compute(&self, values: &[Value]) -> Value {
        let present = || values.iter().filter(|value| !value.is_null());
        match self {
            Aggregate::Count => Value::Int(values.len() as i64),
            Aggregate::Sum(_) => sum(present()),
            Aggregate::Mean(_) => {
                let numbers: Vec<f64> = present().filter_map(Value::as_f64).collect();
                let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
                if numbers.is_empty() {
                    Value::Null
                } else {
                    Value::Float(mean)
                }
            }
            Aggregate::Min(_) => best(present(), Ordering::Less),
            Aggregate::Max(_) => best(present(), Ordering::Greater),
        }
    }
}

/// An integer as long as all numbers are integers and the sum fits.
fn sum<'v>(values: impl Iterator<Item = &'v Value>) -> Value {
    values.fold(Value::Int(0), |total, value| match (&total, value) {
        (Value::Int(a), Value::Int(b)) => match a.checked_add(*b) {
            Some(sum) => Value::Int(sum),
            None => Value::Float(*a as f64 + *b as f64),
        },
        (total, value) => match (total.as_f64(), value.as_f64()) {
            (Some(a), Some(b)) => Value::Float(a + b),
            _ => total.clone(),
        },
    })
}

/// The first value that no other one is `wanted` than.
fn best<'v>(values: impl Iterator<Item = &'v Value>, wanted: Ordering) -> Value {
    let best = values.reduce(|best, value| if value.sort_order(best) == wanted { value } else { best });
    best.cloned().unwrap_or_default()
}

/// Reads `count`, or a function and a column: `sum price`.
impl FromStr for Aggregate {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (function, column) = match text.trim().split_once(' ') {
            None if text.trim() == "count" => return Ok(Aggregate::Count),
            None => return Err(()),
            Some((function, column)) => (function, column.trim().to_owned()),
        };
        match function {
            "sum" => Ok(Aggregate::Sum(column)),
            "mean" => Ok(Aggregate::Mean(column)),
            "min" => Ok(Aggregate::Min(column)),
            "max" => Ok(Aggregate::Max(column)),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compute(text: &str, fields: &[&str]) -> Value {
        let values: Vec<Value> = fields.iter().copied().map(Value::infer).collect();
        text.parse::<Aggregate>().expect("an aggregate").compute(&values)
    }

    #[test]
    fn sums_and_means_skip_nulls() {
        assert_eq!(compute("sum x", &["1", "", "4"]), Value::Int(5));
        assert_eq!(compute("sum x", &["1", "0.5", "ore"]), Value::Float(1.5));
        assert_eq!(compute("mean x", &["1", "", "4"]), Value::Float(2.5));
        assert_eq!(compute("count", &["1", "", "4"]), Value::Int(3));
    }

    #[test]
    fn finds_extremes() {
        assert_eq!(compute("min x", &["3", "", "2.5"]), Value::Float(2.5));
        assert_eq!(compute("max x", &["3", "ore", "2.5"]), Value::from("ore"));
    }

    #[test]
    fn no_values_have_no_mean() {
        assert_eq!(compute("mean x", &[""]), Value::Null);
        assert_eq!(compute("min x", &[]), Value::Null);
        assert_eq!(compute("sum x", &[]), Value::Int(0));
    }

    #[test]
    fn knows_its_column() {
        assert_eq!("max  price".parse::<Aggregate>().unwrap().column(), Some("price"));
        assert_eq!(" count ".parse::<Aggregate>().unwrap().column(), None);
        assert_eq!(" min x".parse(), Ok(Aggregate::Min("x".into())));
        assert!("sum".parse::<Aggregate>().is_err() && "mode x".parse::<Aggregate>().is_err());
    }
}
