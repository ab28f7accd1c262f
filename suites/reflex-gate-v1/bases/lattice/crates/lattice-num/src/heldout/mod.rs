//! Further tests of every module.

use std::fmt::Debug;

/// What a long test found and what it expected, compared once at its end.
#[derive(Default)]
struct Ledger {
    found: Vec<String>,
    expected: Vec<String>,
}

impl Ledger {
    fn note(&mut self, found: &dyn Debug, expected: &dyn Debug) {
        self.found.push(format!("{found:?}"));
        self.expected.push(format!("{expected:?}"));
    }
}

macro_rules! note {
    ($ledger:ident, $found:expr, $expected:expr $(, $($rest:tt)*)?) => {
        $ledger.note(&$found, &$expected)
    };
}

mod dual;
mod interval;
mod matrix;
mod modular;
mod natural;
mod poly;
mod ratio;
mod ring;
mod stats;
