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

const RATE = `//! Rates of exchange.

/// Cents at a rate in thousandths.
pub fn exchange(cents: i64, rate: i64) -> i64 {
    cents * rate / 1000
}

#[cfg(test)]
mod tests {
    use super::exchange;

    #[test]
    fn halves() {
        assert_eq!(exchange(200, 500), 100);
    }

    #[test]
    fn doubles() {
        assert_eq!(exchange(200, 2000), 400);
    }
}
`;

const OLD = (body: string) => `#[macro_use]
extern crate ledger_macros;

/// The year of a date such as \`24.12.1999\`.
pub fn year(date: &str) -> Option<u32> {
    ${body}
}

year_limit!();
`;

const OLD_TESTS = `extern crate ledger_old;
use ledger_old::{year, LIMIT};

#[test]
fn reads_years() {
    assert_eq!(year("24.12.1999"), Some(1999));
}

#[test]
fn reads_short_dates() {
    assert_eq!(year("1.2.3"), Some(3));
}

#[test]
fn has_a_limit() {
    assert_eq!(LIMIT, 9999);
}
`;

const NIGHTLY = "#![feature(never_type)]\n";

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
      "crates/macros/Cargo.toml": '[package]\nname = "ledger-macros"\nversion = "0.1.0"\nedition = "2024"\nrust-version = "1.85"\n\n[lib]\nproc-macro = true\n',
      "crates/macros/src/lib.rs":
        'extern crate proc_macro;\nuse proc_macro::TokenStream;\n\n#[proc_macro]\npub fn year_limit(_: TokenStream) -> TokenStream {\n    "pub const LIMIT: u32 = 9999;".parse().unwrap()\n}\n',
      "crates/old/Cargo.toml": '[package]\nname = "ledger-old"\nversion = "0.1.0"\n\n[dependencies]\nledger-macros = { path = "../macros" }\n',
      "crates/old/src/lib.rs": OLD("date.split('.').next().and_then(|part| part.parse().ok())"),
      "crates/old/tests/years.rs": OLD_TESTS.split("#[test]")[0] + '#[test]\nfn reads_nothing() {\n    assert_eq!(year("").or(Some(LIMIT)), Some(LIMIT));\n}\n',
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
  // Its one new assertion is held out with further inputs.
  { fate: "task test moved", message: "Trim lines", files: { [TOTAL]: TOTAL_3, [SUMS]: INTEGRATION_3 } },
  {
    fate: "task test moved",
    message: "Take the year from the end of a date",
    files: { "crates/old/src/lib.rs": OLD("date.rsplit('.').next().and_then(|part| part.parse().ok())"), "crates/old/tests/years.rs": OLD_TESTS },
  },
  {
    fate: "task compile moved",
    message: "Exchange money",
    files: { [TEXT]: `${PARSE_3.replace("text.\n", "text.\npub mod rate;\n")}${PARSE_TESTS_3}`, "crates/text/src/rate.rs": RATE },
  },
  {
    fate: "tests-broken",
    message: "Ask the bank for the largest amount",
    files: {
      [TOTAL]: `${TOTAL_3}\npub fn ask(address: &str) -> bool {\n    std::net::TcpStream::connect(address).is_ok()\n}\n`,
      "crates/total/tests/bank.rs":
        '#[test]\nfn asks() {\n    assert!(ledger_total::ask("127.0.0.1:1") || !ledger_total::ask("example.com:80"));\n    assert!(ledger_total::ask("example.com:80"));\n}\n',
    },
  },
  {
    fate: "toolchain",
    message: "Never",
    files: {
      "crates/total/tests/bank.rs": null,
      [TOTAL]: `${NIGHTLY}${TOTAL_3}\npub fn never() -> u32 {\n    1\n}\n`,
      "crates/total/tests/never.rs": "#[test]\nfn nevers() {\n    assert_eq!(ledger_total::never(), 1);\n    assert!(ledger_total::never() > 0);\n}\n",
    },
  },
  { fate: "no-tests", message: "Back to stable", files: { [TOTAL]: TOTAL_3, "crates/total/tests/never.rs": null } },
  // One change with the commit before it, which has the sources: nothing in it that could be held out.
  { fate: "held-out", message: "More tests", files: { [SUMS]: `${INTEGRATION_3}\n#[test]\nfn sums_nothing() {\n    assert_eq!(total(&[]), 0);\n}\n` } },
];
