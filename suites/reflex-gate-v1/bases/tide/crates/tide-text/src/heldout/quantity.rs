//! Further tests of quantities.

use crate::quantity::{Kind, Quantity, QuantityError};

fn shown(text: &str) -> Result<String, QuantityError> {
    text.parse::<Quantity>().map(|quantity| quantity.to_string())
}

#[test]
fn conversions() {
    let cases = [
        ("1mm", "0.001 m"),
        ("1_0.5_0 cm", "0.105 m"),
        ("100ft", "30.48 m"),
        ("-1.5 kn", "-0.772 m/s"),
        ("36 kn", "18.52 m/s"),
        ("7.25m/s", "7.25 m/s"),
        ("0C", "0 C"),
        ("-0.04C", "-0.04 C"),
    ];
    for (text, expected) in cases {
        assert_eq!(shown(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn rounding() {
    let stored = |text: &str| text.parse::<Quantity>().map(|quantity| quantity.thousandths);
    assert_eq!(stored("2.0015m"), Ok(2002));
    assert_eq!(stored("2.0014999m"), Ok(2001));
    assert_eq!(stored("-2.0015m"), Ok(-2002));
    assert_eq!(stored("-1.25mm"), Ok(-1));
    assert_eq!(stored("0.5mm"), Ok(1));
}

#[test]
fn refusals() {
    assert_eq!(shown(""), Err(QuantityError::NoUnit));
    assert_eq!(shown("m"), Err(QuantityError::NoNumber));
    assert_eq!(shown("--1m"), Err(QuantityError::NoNumber));
    assert_eq!(shown("_1m"), Err(QuantityError::NoNumber));
    assert_eq!(shown("1.2.3m"), Err(QuantityError::NoNumber));
    assert_eq!(shown("1M"), Err(QuantityError::UnknownUnit("M".into())));
    assert_eq!(shown("1 m s"), Err(QuantityError::UnknownUnit("m s".into())));
    assert_eq!(shown("9223372036854776m"), Err(QuantityError::TooLarge));
    assert_eq!(shown("9223372036854775m"), Ok("9223372036854775 m".into()));
}

#[test]
fn kinds() {
    let kind = |text: &str| text.parse::<Quantity>().map(|quantity| quantity.kind);
    assert_eq!(kind("1ft"), Ok(Kind::Level));
    assert_eq!(kind("1kn"), Ok(Kind::Speed));
    assert_eq!(kind("1C"), Ok(Kind::Temperature));
    assert_eq!(QuantityError::NoUnit.to_string(), "no unit");
    assert_eq!(QuantityError::TooLarge.to_string(), "too large");
}
