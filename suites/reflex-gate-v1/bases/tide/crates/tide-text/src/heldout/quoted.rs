//! Further tests of quoted text.

use crate::quoted::{quote, unquote, QuoteError};
use std::borrow::Cow;

#[test]
fn several_in_a_row() {
    let mut rest = r#""one""two\n""" "four""#;
    let mut seen = Vec::new();
    while let Ok((content, behind)) = unquote(rest) {
        seen.push(content.into_owned());
        rest = behind;
    }
    assert_eq!(seen, ["one", "two\n", ""]);
    assert_eq!(rest, r#" "four""#);
}

#[test]
fn borrows_when_it_can() {
    let borrowed = |text| matches!(unquote(text), Ok((Cow::Borrowed(_), _)));
    assert_eq!(["\"a b\"", "\"\"", r#""a\\b""#, r#""\t""#].map(borrowed), [true, true, false, false]);
}

#[test]
fn escapes() {
    let content = |text| unquote(text).map(|(content, _)| content.into_owned());
    assert_eq!(content(r#""\\\"\n""#), Ok("\\\"\n".into()));
    assert_eq!(content(r#""x\u{41}\u{1f30a}y""#), Ok("xA\u{1f30a}y".into()));
    assert_eq!(content(r#""\u{a}b\u{00000b}""#), Ok("\nb\u{b}".into()));
    assert_eq!(content(r#""\ttail""#), Ok("\ttail".into()));
}

#[test]
fn faults() {
    let error = |text| unquote(text).unwrap_err();
    assert_eq!(error(""), QuoteError::NoQuote);
    assert_eq!(error("'a'"), QuoteError::NoQuote);
    assert_eq!(error("\""), QuoteError::Open);
    assert_eq!(error(r#""a\""#), QuoteError::Open);
    assert_eq!(error(r#""\'""#), QuoteError::Escape(1));
    assert_eq!(error(r#""é\e""#), QuoteError::Escape(3));
    assert_eq!(error(r#""\u{d800}""#), QuoteError::Code(1));
    assert_eq!(error(r#""ab\u{}""#), QuoteError::Code(3));
    assert_eq!(error(r#""\u{+41}""#), QuoteError::Code(1));
    assert_eq!(error(r#""\u{41""#), QuoteError::Code(1));
}

#[test]
fn quoting() {
    assert_eq!(quote(""), "\"\"");
    assert_eq!(quote("tab\there"), r#""tab\there""#);
    assert_eq!(quote("\r\u{0}\u{85}"), r#""\r\u{0}\u{85}""#);
    assert_eq!(quote("ümlaut \u{1f30a}"), "\"ümlaut \u{1f30a}\"");
}
