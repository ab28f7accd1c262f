//! Ranges of keys that a condition can hold in, so that an index need not be read as a whole.

use crate::parse::{Expr, Operator};
use crate::value::Value;

/// One end of a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct End {
    pub at: f64,
    pub included: bool,
}

/// A range of numbers; `None`: it is open to that side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    pub low: Option<End>,
    pub high: Option<End>,
}

impl Range {
    pub const ALL: Range = Range { low: None, high: None };

    pub fn only(at: f64) -> Self {
        let end = Some(End { at, included: true });
        Range { low: end, high: end }
    }

    pub fn contains(&self, key: f64) -> bool {
        let above = self.low.is_none_or(|low| key > low.at || (low.included && key == low.at));
        let below = self.high.is_none_or(|high| key < high.at || (high.included && key == high.at));
        above && below
    }

    fn is_empty(&self) -> bool {
        match (self.low, self.high) {
            (Some(low), Some(high)) => {
                low.at > high.at || (low.at == high.at && !(low.included && high.included))
            }
            _ => false,
        }
    }

    fn and(&self, other: &Range) -> Option<Range> {
        let range = Range { low: later(self.low, other.low), high: earlier(self.high, other.high) };
        (!range.is_empty()).then_some(range)
    }

    /// Is there no key between this range's end and the other's start?
    fn touches(&self, next: &Range) -> bool {
        match (self.high, next.low) {
            (Some(high), Some(low)) => {
                low.at < high.at || (low.at == high.at && (low.included || high.included))
            }
            _ => true,
        }
    }
}

/// The narrower of two lower ends.
fn later(a: Option<End>, b: Option<End>) -> Option<End> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if a.at > b.at || (a.at == b.at && !a.included) { a } else { b }),
        (a, b) => a.or(b),
    }
}

/// The narrower of two upper ends.
fn earlier(a: Option<End>, b: Option<End>) -> Option<End> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if a.at < b.at || (a.at == b.at && !a.included) { a } else { b }),
        (a, b) => a.or(b),
    }
}

/// Ranges in order, no two of which touch.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranges(Vec<Range>);

impl Ranges {
    pub fn all() -> Self {
        Ranges(vec![Range::ALL])
    }

    pub fn none() -> Self {
        Ranges(Vec::new())
    }

    pub fn ranges(&self) -> &[Range] {
        &self.0
    }

    pub fn contains(&self, key: f64) -> bool {
        self.0.iter().any(|range| range.contains(key))
    }

    pub fn and(&self, other: &Ranges) -> Ranges {
        let pairs = self.0.iter().flat_map(|a| other.0.iter().filter_map(|b| a.and(b)));
        Ranges(pairs.collect())
    }

    pub fn or(&self, other: &Ranges) -> Ranges {
        let mut all: Vec<Range> = self.0.iter().chain(&other.0).copied().collect();
        all.sort_by(|a, b| low_order(a.low, b.low));
        let mut joined: Vec<Range> = Vec::with_capacity(all.len());
        for range in all {
            match joined.last_mut() {
                Some(last) if last.touches(&range) => {
                    // Of two upper ends the wider one is the one that is not narrower.
                    let narrower = earlier(last.high, range.high);
                    last.high = match (last.high, range.high) {
                        (Some(high), Some(other)) => Some(if narrower == Some(high) { other } else { high }),
                        _ => None,
                    };
                }
                _ => joined.push(range),
            }
        }
        Ranges(joined)
    }
}

fn low_order(a: Option<End>, b: Option<End>) -> std::cmp::Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.at.total_cmp(&b.at).then(b.included.cmp(&a.included)),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

/// Keys of `column` for which the condition may be true; those left out certainly don't fulfil it.
pub fn bounds(condition: &Expr, column: &str) -> Ranges {
    match condition {
        Expr::Value(Value::Bool(false) | Value::Null) => Ranges::none(),
        Expr::Binary(Operator::And, left, right) => bounds(left, column).and(&bounds(right, column)),
        Expr::Binary(Operator::Or, left, right) => bounds(left, column).or(&bounds(right, column)),
        Expr::Binary(operator, left, right) => match (&**left, &**right) {
            (Expr::Name(name), Expr::Value(Value::Number(at))) if name == column => compared(*operator, *at),
            (Expr::Value(Value::Number(at)), Expr::Name(name)) if name == column => {
                compared(mirrored(*operator), *at)
            }
            _ => Ranges::all(),
        },
        Expr::In(inner, items) if **inner == Expr::Name(column.to_owned()) => {
            let mut ranges = Ranges::none();
            for item in items {
                match item {
                    Expr::Value(Value::Number(at)) => ranges = ranges.or(&Ranges(vec![Range::only(*at)])),
                    Expr::Value(Value::Null) => {}
                    _ => return Ranges::all(),
                }
            }
            ranges
        }
        _ => Ranges::all(),
    }
}

fn compared(operator: Operator, at: f64) -> Ranges {
    let end = |included| Some(End { at, included });
    let range = match operator {
        Operator::Equal => Range::only(at),
        Operator::Less => Range { low: None, high: end(false) },
        Operator::LessEqual => Range { low: None, high: end(true) },
        Operator::Greater => Range { low: end(false), high: None },
        Operator::GreaterEqual => Range { low: end(true), high: None },
        Operator::Unequal => {
            return Ranges(vec![
                Range { low: None, high: end(false) },
                Range { low: end(false), high: None },
            ]);
        }
        _ => Range::ALL,
    };
    Ranges(vec![range])
}

/// The operator with its sides exchanged.
fn mirrored(operator: Operator) -> Operator {
    match operator {
        Operator::Less => Operator::Greater,
        Operator::LessEqual => Operator::GreaterEqual,
        Operator::Greater => Operator::Less,
        Operator::GreaterEqual => Operator::LessEqual,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;

    fn shown(condition: &str) -> String {
        let show = |range: &Range| {
            let low = range
                .low
                .map_or("(".into(), |low| format!("{}{}", if low.included { "[" } else { "(" }, low.at));
            let high = range
                .high
                .map_or(")".into(), |high| format!("{}{}", high.at, if high.included { "]" } else { ")" }));
            format!("{low},{high}")
        };
        bounds(&parse(condition).unwrap(), "k").ranges().iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn reads_comparisons() {
        assert_eq!(
            ["k = 1", "k < 1", "k <= 1", "k > 1", "k >= 1"].map(shown),
            ["[1,1]", "(,1)", "(,1]", "(1,)", "[1,)"]
        );
        assert_eq!(["1 < k", "1 >= k", "k != 1"].map(shown), ["(1,)", "(,1]", "(,1) (1,)"]);
        assert_eq!(["a = 1", "k = 'x'", "k + 1 > 2", "false"].map(shown), ["(,)", "(,)", "(,)", ""]);
    }

    #[test]
    fn intersects() {
        assert_eq!(shown("k > 1 and k <= 5 and a = 2"), "(1,5]");
        assert_eq!(shown("k >= 5 and k <= 5"), "[5,5]");
        assert_eq!(shown("k > 5 and k <= 5"), "");
        assert_eq!(shown("k >= 2 and k > 2 and k < 9 and k <= 9"), "(2,9)");
        assert_eq!(shown("k != 3 and k > 1"), "(1,3) (3,)");
    }

    #[test]
    fn unites() {
        assert_eq!(shown("k < 3 or k >= 3"), "(,)");
        assert_eq!(shown("k < 3 or k > 3"), "(,3) (3,)");
        assert_eq!(shown("k in (5, 1, 2, null, 5)"), "[1,1] [2,2] [5,5]");
        assert_eq!(shown("k > 1 and k < 4 or k >= 2 and k <= 9 or k = 0"), "[0,0] (1,9]");
        assert_eq!(shown("k > 1 and k <= 9 or k > 2 and k < 9"), "(1,9]");
        assert_eq!(shown("k in (1, a)"), "(,)");
        assert_eq!(shown("k in ()"), "");
    }

    #[test]
    fn contains_keys() {
        let ranges = bounds(&parse("k >= 1 and k < 3 or k = 7").unwrap(), "k");
        assert_eq!(
            [0.9, 1.0, 2.9, 3.0, 7.0].map(|key| ranges.contains(key)),
            [false, true, true, false, true]
        );
    }
}
