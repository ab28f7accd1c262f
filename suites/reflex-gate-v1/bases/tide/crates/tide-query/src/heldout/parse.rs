//! Further tests of expressions.

use crate::parse::{parse, Expr, Operator, ParseError};

fn shown(source: &str) -> Result<String, ParseError> {
    parse(source).map(|expr| expr.to_string())
}

#[test]
fn texts_read_back() {
    for source in [
        "a + b * c - d",
        "a * (b + c) * d",
        "a - (b + c) - (d - e)",
        "not a = b",
        "not (a and b)",
        "not not a",
        "(not a) = b",
        "a = 1 or b != \"x\" and c <= 2.5",
        "(a or b) and (c or d)",
        "-a * -b",
        "-(a * b)",
        "f(a, g(), -1) >= h(b in (1, 2))",
        "(a in (b)) in (c)",
        "(a = b) != (c > d)",
        "(-a) in (null, true, false)",
    ] {
        let first = parse(source).unwrap();
        assert_eq!(parse(&first.to_string()), Ok(first.clone()), "{source}");
    }
    assert_eq!(shown("((a) or ((b and (c))))").as_deref(), Ok("a or b and c"));
    assert_eq!(shown("(-a) in (1)").as_deref(), Ok("-a in (1)"));
    assert_eq!(shown("a + (b * c)").as_deref(), Ok("a + b * c"));
    assert_eq!(shown("(not a) = b").as_deref(), Ok("(not a) = b"));
    assert_eq!(shown("not (a = b)").as_deref(), Ok("not a = b"));
}

#[test]
fn shapes() {
    let name = |name: &str| Box::new(Expr::Name(name.into()));
    let and = Expr::Binary(Operator::And, name("b"), name("c"));
    assert_eq!(parse("a or b && c"), Ok(Expr::Binary(Operator::Or, name("a"), Box::new(and))));
    let minus = Expr::Binary(Operator::Subtract, name("a"), name("b"));
    assert_eq!(parse("a - b + c"), Ok(Expr::Binary(Operator::Add, Box::new(minus), name("c"))));
    assert_eq!(parse("not a in (b)"), Ok(Expr::Not(Box::new(Expr::In(name("a"), vec![*name("b")])))));
    assert_eq!(
        parse("- a * b"),
        Ok(Expr::Binary(Operator::Multiply, Box::new(Expr::Negate(name("a"))), name("b")))
    );
    assert_eq!(parse("android"), Ok(*name("android")));
    assert_eq!([Operator::Or, Operator::Unequal, Operator::Multiply].map(Operator::sign), ["or", "!=", "*"]);
}

#[test]
fn faults() {
    let expected = |what, at| Err(ParseError::Expected(what, at));
    assert_eq!(shown("a +"), expected("a value", 3));
    assert_eq!(shown("or a"), expected("a value", 0));
    assert_eq!(shown("(a"), expected(")", 2));
    assert_eq!(shown("f(a,)"), expected("a value", 4));
    assert_eq!(shown("f(a"), expected(",", 3));
    assert_eq!(shown("a in b"), expected("(", 5));
    assert_eq!(shown("a) "), expected("the end", 1));
    assert_eq!(shown("a = b in (c)"), Err(ParseError::Chained(6)));
    assert_eq!(shown("a + 1 > b = c"), Err(ParseError::Chained(10)));
    assert_eq!(shown("a > b and c > d").as_deref(), Ok("a > b and c > d"));
}

#[test]
fn depth() {
    let nested = |n: usize| format!("{}a", "not ".repeat(n));
    assert!(parse(&nested(63)).is_ok());
    assert_eq!(parse(&nested(64)), Err(ParseError::TooDeep));
    let wide = vec!["(a)"; 300].join(" * ");
    assert_eq!(shown(&wide).map(|text| text.len()), Ok(300 + 299 * 3));
}
