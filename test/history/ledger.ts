// A workspace of two crates with a history that holds every kind of commit that mining meets.
import type { FixtureCommit } from "./git-history.ts";

const PARSE_TESTS_1 = `
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_cents() {
        assert_eq!(cents("1.50"), Some(150));
    }
}
`;

const PARSE_1 = `//! Amounts of money as text.

/// Cents of an amount such as \`1.50\`.
pub fn cents(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.')?;
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = part.parse().ok()?;
    Some(whole * 100 + part)
}
`;

const PARSE_2 = `//! Amounts of money as text.

/// Cents of an amount such as \`1.50\`.
pub fn cents(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, part) = digits.split_once('.')?;
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = part.parse().ok()?;
    Some(sign * (whole * 100 + part))
}
`;

const PARSE_TESTS_2 = `
#[cfg(test)]
mod tests {
    use super::*;

    fn both(text: &str) -> (Option<i64>, Option<i64>) {
        (cents(text), super::cents(&format!("-{text}")))
    }

    #[test]
    fn reads_cents() {
        assert_eq!(cents("1.50"), Some(150));
    }

    #[test]
    fn reads_negative_amounts() {
        assert_eq!(cents("-1.50"), Some(-150));
    }

    #[test]
    fn mirrors_amounts() {
        assert_eq!(both("2.25"), (Some(225), Some(-225)));
    }

    /// A doc comment with a brace { in it.
    #[test]
    fn keeps_small_debts() {
        assert_eq!(super::cents("-0.05"), Some(-5));
        assert_eq!(self::cents("-0.99"), Some(-99));
    }
}
`;

const PARSE_3 = PARSE_2.replace(
  "/// Cents of an amount",
  `/// The amount as text, with two digits after the point.
pub fn shown(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

/// Cents of an amount`,
);

const PARSE_TESTS_3 = PARSE_TESTS_2.replace(
  "    fn both(",
  `    #[test]
    fn shows_cents() {
        assert_eq!(shown(150), "1.50");
    }

    #[test]
    fn shows_debts() {
        assert_eq!(shown(-5), "-0.05");
    }

    fn both(`,
);

const TOTAL_1 = `//! Sums of amounts.
use ledger_text::cents;

/// The sum of all amounts that can be read.
pub fn total(lines: &[&str]) -> i64 {
    lines.iter().filter_map(|line| cents(line)).sum()
}

/// The largest amount.
pub fn largest(lines: &[&str]) -> Option<i64> {
    lines.iter().filter_map(|line| cents(line)).min()
}
`;

const TOTAL_2 = TOTAL_1.replace(".min()", ".max()");

const TOTAL_3 = TOTAL_2.replace(
  "pub fn total(lines: &[&str]) -> i64 {\n    lines.iter()",
  "pub fn total(lines: &[&str]) -> i64 {\n    lines.iter().map(|line| line.trim())",
);

const INTEGRATION_1 = `use ledger_total::total;

#[test]
fn sums() {
    assert_eq!(total(&["1.00", "2.00"]), 300);
}
`;

const INTEGRATION_2 = `use ledger_total::{largest, total};

#[test]
fn sums() {
    assert_eq!(total(&["1.00", "2.00"]), 300);
}

#[test]
fn finds_the_largest() {
    let lines = ["1.00", "3.00", "2.00"];
    assert_eq!(largest(&lines), Some(300));
    assert_eq!(largest(&["-1.00", "-3.00"]), Some(-100));
}
`;

const INTEGRATION_3 = INTEGRATION_2.replace(
  "#[test]\nfn finds",
  `#[test]
fn trims() {
    assert_eq!(total(&[" 1.00 "]), 100);
}

#[test]
#[should_panic(expected = "no lines")]
#[ignore]
fn refuses_nothing() {
    total(&[]);
}

#[test]
fn finds`,
);

const TEXT = "crates/text/src/lib.rs";
const TOTAL = "crates/total/src/lib.rs";
const SUMS = "crates/total/tests/sums.rs";

/** A last commit, and what must become of it. */
export interface LedgerCommit extends FixtureCommit {
  readonly fate: string;
}

export const LEDGER: readonly LedgerCommit[] = [
  {
    fate: "root",
    message: "Begin",
    files: {
      "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\nresolver = "2"\n',
      ".gitignore": "/target\nCargo.lock\n",
      "README.md": "# Ledger\n",
      "crates/text/Cargo.toml": '[package]\nname = "ledger-text"\nversion = "0.1.0"\nedition = "2018"\n\n[features]\ndefault = ["money"]\nmoney = []\n',
      [TEXT]: PARSE_1 + PARSE_TESTS_1,
      "crates/total/Cargo.toml":
        '[package]\nname = "ledger-total"\nversion = "0.1.0"\nedition = "2021"\nbuild = "build.rs"\n\n[dependencies]\nledger-text = { path = "../text" }\n',
      "crates/total/build.rs": 'fn main() {\n    println!("cargo:rerun-if-changed=build.rs");\n}\n',
      [TOTAL]: TOTAL_1,
      [SUMS]: INTEGRATION_1,
    },
  },
  {
    fate: "task test moved",
    message:
      "Read negative amounts (#12)\n\nA minus sign made the amount unreadable or, worse, wrong: -1.50 came out as -50.\n\n    Some(sign * (whole * 100 + part))\n\nSigned-off-by: Ada <ada@example.com>",
    files: { [TEXT]: PARSE_2 + PARSE_TESTS_2, "CHANGELOG.md": "- Some(sign * (whole * 100 + part))\n" },
  },
  { fate: "no-source", message: "Say more about it", files: { "README.md": "# Ledger\n\nAmounts.\n" } },
  { fate: "task compile moved", message: "Show amounts", files: { [TEXT]: PARSE_3 + PARSE_TESTS_3 } },
  { fate: "task test halved", message: "Find the largest amount, not the smallest", files: { [TOTAL]: TOTAL_2, [SUMS]: INTEGRATION_2 } },
  { fate: "held-out", message: "Trim lines", files: { [TOTAL]: TOTAL_3, [SUMS]: INTEGRATION_3 } },
  { fate: "no-source", message: "More tests", files: { [SUMS]: `${INTEGRATION_3}\n#[test]\nfn sums_nothing() {\n    assert_eq!(total(&[]), 0);\n}\n` } },
];
