//! Further tests of messages.

use crate::template::{Template, TemplateError, Value};
use std::collections::BTreeMap;

fn filled(text: &str, value: Value) -> Result<String, TemplateError> {
    Template::parse(text)?.fill(&BTreeMap::from([("x", value), ("y", Value::Text("é".into()))]))
}

fn number(text: &str, value: f64) -> Result<String, TemplateError> {
    filled(text, Value::Number(value))
}

#[test]
fn numbers() {
    assert_eq!(number("{x:.0}|{x:.3}|{x}", 1.5).as_deref(), Ok("2|1.500|1.5"));
    assert_eq!(number("{x:6}{x:<6}{x:^6}|", 12.0).as_deref(), Ok("    1212      12  |"));
    assert_eq!(number("{x:0>5}", 42.0).as_deref(), Ok("00042"));
    assert_eq!(number("{x:^4.1}|", 0.25).as_deref(), Ok("0.2 |"));
}

#[test]
fn texts() {
    let text = |form| filled(form, Value::Text("häfen".into()));
    assert_eq!(text("{x:7}{y:3}.").as_deref(), Ok("häfen  é  ."));
    assert_eq!(text("{x:>7.3}.").as_deref(), Ok("    häf."));
    assert_eq!(text("{x:.0}|{x:^8.4}|").as_deref(), Ok("|  häfe  |"));
    assert_eq!(text("{x:>>6}{x:<<6}").as_deref(), Ok(">häfenhäfen<"));
    assert_eq!(text("{x:é^7}").as_deref(), Ok("éhäfené"));
}

#[test]
fn braces() {
    assert_eq!(number("a{{b}}c{{{x}}}", 1.0).as_deref(), Ok("a{b}c{1}"));
    assert_eq!(number("}} {{ {x}{y}{x}", 7.0).as_deref(), Ok("} { 7é7"));
    assert_eq!(Template::parse("{z_1}{y}{x:2}{y}").unwrap().names(), ["z_1", "y", "x"]);
}

#[test]
fn faults() {
    assert_eq!(number("{x} {", 1.0), Err(TemplateError::Unclosed));
    assert_eq!(number("{x}}", 1.0), Err(TemplateError::Stray));
    assert_eq!(number("{}", 1.0), Err(TemplateError::BadPlace("".into())));
    assert_eq!(number("{x:<y}", 1.0), Err(TemplateError::BadPlace("x:<y".into())));
    assert_eq!(number("{x:2.y}", 1.0), Err(TemplateError::BadPlace("x:2.y".into())));
    assert_eq!(number("{z}", 1.0), Err(TemplateError::Missing("z".into())));
    assert_eq!(TemplateError::Unclosed.to_string(), "a place is not closed");
    assert_eq!(TemplateError::BadPlace("a".into()).to_string(), "`a` is no place");
    assert_eq!(TemplateError::Stray.to_string(), "a closing brace without an opening one");
}
