//! Further tests of evaluation.

use crate::eval::{eval, EvalError};
use crate::parse::parse;
use crate::value::Value;
use std::collections::HashMap;

fn value(source: &str) -> Result<String, String> {
    let row: HashMap<&str, Value> = HashMap::from([
        ("t", true.into()),
        ("f", false.into()),
        ("u", Value::Null),
        ("n", Value::Number(-4.0)),
        ("s", "abc".into()),
    ]);
    eval(&parse(source).unwrap(), &row).map(|value| value.to_string()).map_err(|error| error.to_string())
}

fn table(form: impl Fn(&str, &str) -> String) -> String {
    let sides = ["t", "f", "u"];
    let all =
        sides.iter().flat_map(|a| sides.iter().map(|b| value(&form(a, b)).unwrap()).collect::<Vec<_>>());
    all.map(|text| text.chars().next().unwrap()).collect()
}

#[test]
fn truth_tables() {
    assert_eq!(table(|a, b| format!("{a} and {b}")), "tfnfffnfn");
    assert_eq!(table(|a, b| format!("{a} or {b}")), "ttttfntnn");
    assert_eq!(table(|a, b| format!("not {a} or {b}")), "tfnttttnn");
    assert_eq!(table(|a, b| format!("{a} = {b}")), "tfnftnnnn");
}

#[test]
fn comparisons() {
    let all = ["<", "<=", "=", "!=", ">=", ">"].map(|sign| value(&format!("s {sign} 'abd'")).unwrap());
    assert_eq!(all, ["true", "true", "false", "true", "false", "false"]);
    assert_eq!(value("s < n"), Err("`comparison` is not defined for a number".into()));
    assert_eq!(value("-n * 2 + 1"), Ok("9".into()));
    assert_eq!(value("-u"), Ok("null".into()));
    assert_eq!(value("not n"), Err("`truth` is not defined for a number".into()));
}

#[test]
fn lists() {
    let found =
        ["n in (1, -4)", "n in (1, u, -4)", "n in (u)", "n in (1, 2)", "u in ()", "s in ('ab' + 'c')"]
            .map(value);
    assert_eq!(found, ["true", "true", "null", "false", "false", "true"].map(|text| Ok(text.to_owned())));
    assert_eq!(value("n in (1, x)"), Err("there is no x".into()));
    assert_eq!(value("n in (-4, x)"), Ok("true".into()));
}

#[test]
fn functions() {
    assert_eq!(value("abs(n) + length('é' + s)"), Ok("8".into()));
    assert_eq!(value("coalesce(u, u)"), Ok("null".into()));
    assert_eq!(value("coalesce()"), Ok("null".into()));
    assert_eq!(value("coalesce(u, f, t)"), Ok("false".into()));
    assert_eq!(value("divide(n, 8)"), Ok("-0.5".into()));
    assert_eq!((value("length(u)"), value("abs(u)")), (Ok("null".into()), Ok("null".into())));
    assert_eq!(value("abs(s)"), Err("`abs` is not defined for a text".into()));
    assert_eq!(value("divide(1)"), Err("divide takes 2 arguments, not 1".into()));
    assert_eq!(value("is_null()"), Err("is_null takes 1 arguments, not 0".into()));
}

#[test]
fn scopes() {
    let near = HashMap::from([("a", Value::Null)]);
    let far = HashMap::from([("a", Value::Number(1.0)), ("b", "far".into())]);
    let both = |source| eval(&parse(source).unwrap(), &(&near, &far));
    assert_eq!((both("a"), both("b")), (Ok(Value::Null), Ok("far".into())));
    assert_eq!(both("c"), Err(EvalError::UnknownName("c".into())));
}
