//! Further tests of every module.

use std::fmt::{self, Debug, Write};

/// What a long test saw, boiled down to a count and a hash (FNV-1a): a test that fails must not print a million values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    values: u64,
    hash: u64,
}

impl Default for Seen {
    fn default() -> Self {
        Seen { values: 0, hash: 0xcbf2_9ce4_8422_2325 }
    }
}

impl Write for Seen {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Ok(())
    }
}

impl Seen {
    fn note(&mut self, value: &impl Debug) {
        self.values += 1;
        // Hashing does not fail.
        let _ = write!(self, "{value:?};");
    }
}

/// What a long test found and what it expected, compared once at its end.
#[derive(Default)]
struct Ledger {
    found: Seen,
    expected: Seen,
}

impl Ledger {
    /// Both sides are compared types, so that the compiler knows what a bare `None` is.
    fn note<F: Debug + PartialEq<E>, E: Debug>(&mut self, found: &F, expected: &E) {
        self.found.note(found);
        self.expected.note(expected);
    }
}

macro_rules! note {
    ($ledger:ident, $found:expr, $expected:expr $(, $($rest:tt)*)?) => {
        $ledger.note(&$found, &$expected)
    };
}

mod bitmap;
mod bloom;
mod cache;
mod checksum;
mod codec;
mod locks;
mod log;
mod memtable;
mod merge;
mod page;
mod postings;
mod schema;
mod symbols;
mod undo;
mod varint;
