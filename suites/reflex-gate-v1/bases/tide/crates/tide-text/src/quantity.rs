//! Measured quantities as people write them: `1_250 cm`, `-3.75m`, `12.5 kn`.

use std::fmt;
use std::str::FromStr;

/// What is measured, and how a written unit relates to the one that is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Stored in millimetres.
    Level,
    /// Stored in millimetres a second.
    Speed,
    /// Stored in thousandths of a degree Celsius.
    Temperature,
}

impl Kind {
    /// The unit that a quantity of this kind is shown in, and thousandths of it a stored unit.
    fn shown(self) -> &'static str {
        match self {
            Kind::Level => "m",
            Kind::Speed => "m/s",
            Kind::Temperature => "C",
        }
    }
}

/// Kind and stored units (as a fraction) of each written unit.
const UNITS: [(&str, Kind, i64, i64); 7] = [
    ("mm", Kind::Level, 1, 1),
    ("cm", Kind::Level, 10, 1),
    ("m", Kind::Level, 1000, 1),
    ("ft", Kind::Level, 3048, 10),
    ("m/s", Kind::Speed, 1000, 1),
    ("kn", Kind::Speed, 1_852_000, 3600),
    ("C", Kind::Temperature, 1000, 1),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quantity {
    pub kind: Kind,
    /// In the stored unit of the kind.
    pub thousandths: i64,
}

/// Why a text is no quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuantityError {
    NoNumber,
    NoUnit,
    UnknownUnit(String),
    TooLarge,
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            QuantityError::NoNumber => f.write_str("no number"),
            QuantityError::NoUnit => f.write_str("no unit"),
            QuantityError::UnknownUnit(unit) => write!(f, "unknown unit `{unit}`"),
            QuantityError::TooLarge => f.write_str("too large"),
        }
    }
}

impl std::error::Error for QuantityError {}

/// A decimal number as digits and the count of those behind the point.
fn decimal(text: &str) -> Result<(i64, u32), QuantityError> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    if !whole.starts_with(|c: char| c.is_ascii_digit()) || !is_number(whole) || !is_number(fraction) {
        return Err(QuantityError::NoNumber);
    }
    let mut value: i64 = 0;
    for digit in whole.bytes().chain(fraction.bytes()).filter(|b| *b != b'_') {
        let shifted = value.checked_mul(10).and_then(|v| v.checked_add(i64::from(digit - b'0')));
        value = shifted.ok_or(QuantityError::TooLarge)?;
    }
    let behind = fraction.bytes().filter(|b| *b != b'_').count() as u32;
    Ok((sign * value, behind))
}

/// Divides and rounds half away from zero.
fn divided(value: i128, by: i128) -> i128 {
    let half = by / 2;
    if value < 0 {
        -((-value + half) / by)
    } else {
        (value + half) / by
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let text = text.trim();
        let split = text.find(|c: char| c.is_alphabetic()).ok_or(QuantityError::NoUnit)?;
        let (number, unit) = text.split_at(split);
        let (digits, behind) = decimal(number.trim_end())?;
        let known = UNITS.iter().find(|(name, ..)| *name == unit);
        let &(_, kind, times, by) = known.ok_or_else(|| QuantityError::UnknownUnit(unit.to_owned()))?;
        let scale = 10_i128.checked_pow(behind).ok_or(QuantityError::TooLarge)?;
        let stored = divided(i128::from(digits) * i128::from(times), i128::from(by) * scale);
        let thousandths = i64::try_from(stored).map_err(|_| QuantityError::TooLarge)?;
        Ok(Quantity { kind, thousandths })
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.thousandths < 0 { "-" } else { "" };
        let (whole, rest) = (self.thousandths.unsigned_abs() / 1000, self.thousandths.unsigned_abs() % 1000);
        write!(f, "{sign}{whole}")?;
        if rest > 0 {
            write!(f, ".{}", format!("{rest:03}").trim_end_matches('0'))?;
        }
        write!(f, " {}", self.kind.shown())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(text: &str) -> Result<(Kind, i64), QuantityError> {
        text.parse().map(|quantity: Quantity| (quantity.kind, quantity.thousandths))
    }

    #[test]
    fn reads_units() {
        assert_eq!(stored("3.75m"), Ok((Kind::Level, 3750)));
        assert_eq!(stored(" 1_250 cm "), Ok((Kind::Level, 12_500)));
        assert_eq!(stored("-2 ft"), Ok((Kind::Level, -610)));
        assert_eq!(stored("10 kn"), Ok((Kind::Speed, 5144)));
        assert_eq!(stored("-0.5C"), Ok((Kind::Temperature, -500)));
    }

    #[test]
    fn rounds_half_away_from_zero() {
        assert_eq!(stored("0.0005m"), Ok((Kind::Level, 1)));
        assert_eq!(stored("-0.0005m"), Ok((Kind::Level, -1)));
        assert_eq!(stored("0.00049m"), Ok((Kind::Level, 0)));
    }

    #[test]
    fn tells_what_is_wrong() {
        assert_eq!(stored("12"), Err(QuantityError::NoUnit));
        assert_eq!(stored(".5m"), Err(QuantityError::NoNumber));
        assert_eq!(stored("1-2m"), Err(QuantityError::NoNumber));
        assert_eq!(stored("5 mi"), Err(QuantityError::UnknownUnit("mi".into())));
        assert_eq!(stored("9223372036854775808mm"), Err(QuantityError::TooLarge));
        assert_eq!(stored("9223372036854775807m"), Err(QuantityError::TooLarge));
        assert_eq!(QuantityError::UnknownUnit("mi".into()).to_string(), "unknown unit `mi`");
    }

    #[test]
    fn shows_no_more_digits_than_needed() {
        let show = |kind, thousandths| Quantity { kind, thousandths }.to_string();
        assert_eq!(show(Kind::Level, 3750), "3.75 m");
        assert_eq!(show(Kind::Speed, -5), "-0.005 m/s");
        assert_eq!(show(Kind::Temperature, 12_000), "12 C");
    }
}
