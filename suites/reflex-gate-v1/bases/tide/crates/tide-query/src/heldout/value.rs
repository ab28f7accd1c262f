//! Further tests of values.

use crate::value::{Value, ValueError};
use std::cmp::Ordering;

fn n(number: f64) -> Value {
    Value::Number(number)
}

#[test]
fn arithmetic() {
    let all = |a: Value, b: Value| {
        [a.add(&b), a.subtract(&b), a.multiply(&b), a.divide(&b)].map(|r| r.map_err(|e| e.to_string()))
    };
    assert_eq!(all(n(9.0), n(-3.0)), [Ok(n(6.0)), Ok(n(12.0)), Ok(n(-27.0)), Ok(n(-3.0))]);
    assert_eq!(all(Value::Null, n(0.0)), [const { Ok(Value::Null) }; 4]);
    assert_eq!(all(n(0.0), n(0.0))[3], Err("division by zero".into()));
    let undefined = |kind: &str| {
        ["+", "-", "*", "/"].map(|operator| Err(format!("`{operator}` is not defined for {kind}")))
    };
    assert_eq!(all(Value::Null, true.into()), undefined("a truth value"));
    assert_eq!(all(false.into(), "x".into()), undefined("a truth value"));
    assert_eq!(all("x".into(), n(1.0)), undefined("a text"));
    assert_eq!(all(n(1.0), "x".into()), undefined("a text"));
}

#[test]
fn conditions() {
    assert_eq!(Value::from(true).compare(&false.into()), Ok(Some(Ordering::Greater)));
    assert_eq!(
        (n(2.0).compare(&n(2.0)), n(f64::NAN).compare(&n(2.0))),
        (Ok(Some(Ordering::Equal)), Ok(None))
    );
    assert_eq!(
        (Value::Null.compare(&"x".into()), Value::from("x").compare(&Value::Null)),
        (Ok(None), Ok(None))
    );
    assert_eq!(
        n(1.0).compare(&true.into()).unwrap_err().to_string(),
        "`comparison` is not defined for a truth value"
    );
    assert_eq!(Value::from("a").truth(), Err(ValueError::Undefined { operator: "truth", kind: "a text" }));
    assert_eq!((Value::from(true).truth(), Value::Null.truth()), (Ok(Some(true)), Ok(None)));
}

#[test]
fn a_total_order() {
    let ordered = [
        Value::Null,
        false.into(),
        true.into(),
        n(f64::NEG_INFINITY),
        n(0.0),
        n(0.5),
        n(f64::NAN),
        "".into(),
        "Z".into(),
        "a".into(),
    ];
    for (i, a) in ordered.iter().enumerate() {
        for (j, b) in ordered.iter().enumerate() {
            assert_eq!(a.total_order(b), i.cmp(&j), "{a} and {b}");
        }
    }
}

#[test]
fn texts() {
    let shown = [Value::Null, true.into(), n(-0.25), "é".into(), Value::from(Some("x")), None::<bool>.into()]
        .map(|v| v.to_string());
    assert_eq!(shown, ["null", "true", "-0.25", "\"é\"", "\"x\"", "null"]);
}
