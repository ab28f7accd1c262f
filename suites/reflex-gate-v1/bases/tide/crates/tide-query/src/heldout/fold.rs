//! Further tests of simplification.

use crate::eval::eval;
use crate::fold::fold;
use crate::heldout::Ledger;
use crate::parse::parse;
use crate::value::Value;
use std::collections::HashMap;

fn folded(source: &str) -> String {
    fold(parse(source).unwrap()).to_string()
}

const SOURCES: [&str; 16] = [
    "not (a < b) or not (a >= b)",
    "not (a = b and c)",
    "a in (1, b, 1) and true",
    "(false or c) and (c or false)",
    "true and (c or true)",
    "null or a = b",
    "a = b or null and false",
    "not not not (a != b)",
    "-(-(a - b)) > 0",
    "1 + 1 = 2 and a > b",
    "not (a in (b))",
    "c and c or c",
    "not (1 in (a, a))",
    "length('xyz') > a",
    "a = b and a = b",
    "c or a",
];

#[test]
fn comes_to_the_same() {
    let mut ledger = Ledger::default();
    let numbers = [Value::Null, Value::Number(1.0), Value::Number(2.0)];
    let truths = [Value::Null, true.into(), false.into(), Value::Number(3.0)];
    for source in SOURCES {
        let (whole, short) = (parse(source).unwrap(), fold(parse(source).unwrap()));
        for a in &numbers {
            for b in &numbers {
                for c in &truths {
                    let row = HashMap::from([("a", a.clone()), ("b", b.clone()), ("c", c.clone())]);
                    note!(ledger, eval(&short, &row), eval(&whole, &row), "{source} with {row:?}");
                }
            }
        }
    }
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn shorter_forms() {
    let all = ["not (a <= b)", "not (a > b)", "not (a != 1 + 1)", "-(-(-a))", "a in (b, b)"].map(folded);
    assert_eq!(all, ["a > b", "a <= b", "a = 2", "-a", "a = b"]);
    let all = ["false or a = 1", "a = 1 or 1 > 2", "not (b in ()) and true", "2 > 1 or x", "x and 1 > 2"]
        .map(folded);
    assert_eq!(all, ["a = 1", "a = 1", "not b in ()", "true", "x and false"]);
    let all = ["divide(1, 0) > a", "coalesce(null, 4) * 2", "length(1)", "abs(-3) + a", "is_null(null)"]
        .map(folded);
    assert_eq!(all, ["divide(1, 0) > a", "8", "length(1)", "3 + a", "true"]);
}
