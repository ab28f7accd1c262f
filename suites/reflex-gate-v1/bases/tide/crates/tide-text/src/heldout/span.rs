//! Further tests of lengths of time.

use crate::span::{Span, SpanError};

#[test]
fn sums() {
    for (text, seconds) in [
        ("1s", 1),
        ("59m 59s", 3599),
        ("10h", 36_000),
        ("1w 1s", 604_801),
        ("3d12h", 302_400),
        ("007m", 420),
        ("0w 0d 1m", 60),
    ] {
        assert_eq!(text.parse(), Ok(Span(seconds)), "{text}");
    }
    assert_eq!("18446744073709551615s".parse(), Ok(Span(u64::MAX)));
}

#[test]
fn refusals() {
    let error = |text: &str| text.parse::<Span>().unwrap_err();
    assert_eq!(error(""), SpanError::Empty);
    assert_eq!(error("1h m"), SpanError::Incomplete(3));
    assert_eq!(error("12"), SpanError::Incomplete(2));
    assert_eq!(error("1h1d"), SpanError::OutOfOrder('d'));
    assert_eq!(error("1w1w"), SpanError::OutOfOrder('w'));
    assert_eq!(error("-1h"), SpanError::UnknownUnit('-'));
    assert_eq!(error("18446744073709551616s"), SpanError::TooLong);
    assert_eq!(error("307445734561825860m 60s"), SpanError::TooLong);
    assert_eq!(error("5y").to_string(), "unknown unit `y`");
    assert_eq!(error("1m2h").to_string(), "`h` is out of order");
}

#[test]
fn texts() {
    let both = |seconds| (Span(seconds).to_string(), format!("{:#}", Span(seconds)));
    assert_eq!(both(59), ("59s".into(), "59s".into()));
    assert_eq!(both(3661), ("1h 1m".into(), "1h 1m 1s".into()));
    assert_eq!(both(604_800), ("1w".into(), "1w".into()));
    assert_eq!(both(1_209_605), ("2w 5s".into(), "2w 5s".into()));
    assert_eq!(both(90_000), ("1d 1h".into(), "1d 1h".into()));
}

#[test]
fn rounding() {
    let hour = Span(3600);
    assert_eq!([0, 1799, 1800, 5399, 5400].map(|s| Span(s).rounded(hour).0), [0, 0, 3600, 3600, 7200]);
    assert_eq!(Span(10).rounded(Span(3)), Span(9));
    assert_eq!(Span(11).rounded(Span(3)), Span(12));
    assert_eq!([3600, 7260, 172_800, 604_801].map(|s| Span(s).unit()), ['h', 'm', 'd', 's']);
}
