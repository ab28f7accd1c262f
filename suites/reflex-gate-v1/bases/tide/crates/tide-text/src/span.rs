//! Lengths of time as people write them: `90m`, `1d 6h`, `2w`.

use std::fmt;
use std::str::FromStr;

/// A length of time in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Span(pub u64);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanError {
    Empty,
    /// A number without a unit, or a unit without a number; at this byte.
    Incomplete(usize),
    UnknownUnit(char),
    /// A unit that is not smaller than the one in front of it.
    OutOfOrder(char),
    TooLong,
}

impl fmt::Display for SpanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SpanError::Empty => f.write_str("an empty span"),
            SpanError::Incomplete(at) => write!(f, "a number and a unit are expected at {at}"),
            SpanError::UnknownUnit(unit) => write!(f, "unknown unit `{unit}`"),
            SpanError::OutOfOrder(unit) => write!(f, "`{unit}` is out of order"),
            SpanError::TooLong => f.write_str("too long"),
        }
    }
}

impl std::error::Error for SpanError {}

/// Units from the largest to the smallest, with their seconds.
const UNITS: [(char, u64); 5] = [('w', 604_800), ('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)];

impl Span {
    pub const fn minutes(minutes: u64) -> Self {
        Span(minutes * 60)
    }

    /// Rounds to the nearest multiple of `step`, halves up. A step of nothing changes nothing.
    pub fn rounded(self, step: Span) -> Span {
        if step.0 == 0 {
            return self;
        }
        Span((self.0 + step.0 / 2) / step.0 * step.0)
    }

    /// The largest unit that measures the span without a rest.
    pub fn unit(self) -> char {
        let fits = |&&(_, seconds): &&(char, u64)| self.0 % seconds == 0;
        UNITS.iter().find(fits).map_or('s', |(unit, _)| *unit)
    }
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let mut total: u64 = 0;
        let mut digits: Option<u64> = None;
        let mut last_unit = UNITS.len();
        let mut seen = 0;
        for (at, c) in text.char_indices() {
            if let Some(digit) = c.to_digit(10) {
                let value = digits.unwrap_or(0).checked_mul(10).and_then(|v| v.checked_add(u64::from(digit)));
                digits = Some(value.ok_or(SpanError::TooLong)?);
            } else if c == ' ' && digits.is_none() {
                continue;
            } else {
                let index = UNITS.iter().position(|(unit, _)| *unit == c).ok_or(SpanError::UnknownUnit(c))?;
                let count = digits.take().ok_or(SpanError::Incomplete(at))?;
                if seen > 0 && index <= last_unit {
                    return Err(SpanError::OutOfOrder(c));
                }
                let part = count.checked_mul(UNITS[index].1).ok_or(SpanError::TooLong)?;
                total = total.checked_add(part).ok_or(SpanError::TooLong)?;
                last_unit = index;
                seen += 1;
            }
        }
        match (digits, seen) {
            (Some(_), _) => Err(SpanError::Incomplete(text.len())),
            (None, 0) => Err(SpanError::Empty),
            (None, _) => Ok(Span(total)),
        }
    }
}

impl fmt::Display for Span {
    /// The two largest parts, as `1d 6h`; an alternate form (`{:#}`) shows all of them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = if f.alternate() { UNITS.len() } else { 2 };
        let mut rest = self.0;
        let mut written = 0;
        for (unit, seconds) in UNITS {
            let count = rest / seconds;
            if count == 0 || written == limit {
                continue;
            }
            rest %= seconds;
            let gap = if written > 0 { " " } else { "" };
            write!(f, "{gap}{count}{unit}")?;
            written += 1;
        }
        if written == 0 {
            f.write_str("0s")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_parts() {
        assert_eq!("90m".parse(), Ok(Span(5400)));
        assert_eq!("1d 6h".parse(), Ok(Span(108_000)));
        assert_eq!("2w3d4h5m6s".parse(), Ok(Span(1_483_506)));
        assert_eq!(" 0s ".parse(), Ok(Span(0)));
    }

    #[test]
    fn tells_what_is_wrong() {
        let error = |text: &str| text.parse::<Span>().unwrap_err();
        assert_eq!(error("  "), SpanError::Empty);
        assert_eq!(error("1h 30"), SpanError::Incomplete(5));
        assert_eq!(error("h"), SpanError::Incomplete(0));
        assert_eq!(error("5y"), SpanError::UnknownUnit('y'));
        assert_eq!(error("5 m"), SpanError::UnknownUnit(' '));
        assert_eq!(error("5m 1h"), SpanError::OutOfOrder('h'));
        assert_eq!(error("5m5m"), SpanError::OutOfOrder('m'));
        assert_eq!(error("30500568904944w"), SpanError::TooLong);
        assert_eq!(SpanError::Incomplete(5).to_string(), "a number and a unit are expected at 5");
    }

    #[test]
    fn shows_the_largest_parts() {
        assert_eq!(Span(0).to_string(), "0s");
        assert_eq!(Span(694_861).to_string(), "1w 1d");
        assert_eq!(format!("{:#}", Span(694_861)), "1w 1d 1h 1m 1s");
        assert_eq!(Span(86_460).to_string(), "1d 1m");
    }

    #[test]
    fn rounds_and_measures() {
        assert_eq!(Span(449).rounded(Span::minutes(5)), Span(300));
        assert_eq!(Span(450).rounded(Span::minutes(5)), Span(600));
        assert_eq!(Span(7).rounded(Span(0)), Span(7));
        assert_eq!([0, 1_209_600, 86_400, 5400, 61].map(|s| Span(s).unit()), ['w', 'w', 'd', 'm', 's']);
    }
}
