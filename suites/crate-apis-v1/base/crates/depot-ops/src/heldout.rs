//! Held-out tests.

use bytes::{Bytes, BytesMut};
use clap::error::ErrorKind;
use clap::Parser;
use depot_catalog::error::CatalogError;

use crate::cli::{Cli, Color, Task};
use crate::frame::{decode, encode, total, Frame};
use crate::import::{explain, import, is_clerks, root, walk};
use crate::ledger::{self, Line};
use crate::query::parse_query;
use crate::report::{distinct_codes, per_aisle, spread, visits};
use crate::scan::{hide_badges, is_code, notes, places, Place};
use crate::stock::Stock;

fn cli(words: &[&str]) -> Result<Cli, clap::Error> {
    Cli::try_parse_from([&["depot"], words].concat())
}

fn line(code: &str, units: u32, aisle: char) -> Line {
    Line {
        code: code.to_owned(),
        units,
        aisle,
        note: None,
    }
}

#[test]
fn cli_overrides() {
    let task = cli(&["import", "x", "--set", "A=B=3"]);
    assert_eq!(task.unwrap_err().kind(), ErrorKind::ValueValidation);
    let Task::Import { overrides, .. } = cli(&["import", "x", "--set=L=0"]).unwrap().task else {
        panic!("an import");
    };
    assert_eq!(overrides, [("L".to_owned(), 0)]);
    let error = cli(&["import", "x", "--set", "A=-1"]).unwrap_err();
    assert!(error.to_string().contains("`-1` is no number of units"));
}

#[test]
fn cli_colors() {
    assert_eq!(
        cli(&["-v", "--color", "report"]).unwrap().color,
        Color::Always
    );
    assert_eq!(cli(&["--color=auto", "report"]).unwrap().color, Color::Auto);
    assert_eq!(cli(&["-vvv", "report"]).unwrap().color, Color::Auto);
    assert!(cli(&["--color=blue", "report"]).is_err());
}

#[test]
fn cli_columns() {
    let parsed = cli(&["report", "--columns=a,b", "--columns", "c", "-v"]).unwrap();
    assert_eq!(parsed.verbose, 1);
    let columns = ["a", "b", "c"].map(String::from).to_vec();
    assert_eq!(parsed.task, Task::Report { columns });
}

#[test]
fn cli_conflicts() {
    let error = cli(&["import", "--force", "--dry-run", "x", "y"]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ArgumentConflict);
    let error = cli(&["import"]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::MissingRequiredArgument);
    assert!(cli(&["import", "--force", "x"]).is_ok() && cli(&["import", "--dry-run", "x"]).is_ok());
}

#[test]
fn query_words() {
    let query = parse_query(["--aisle=C", "--at-least=0", "--", "-1", "x"]).unwrap();
    assert_eq!(query.codes, ["-1", "x"]);
    assert_eq!((query.aisle.as_deref(), query.at_least), (Some("C"), 0));
    assert!(!query.empty);
}

#[test]
fn query_errors() {
    assert_eq!(
        parse_query([]).unwrap_err().kind(),
        ErrorKind::MissingRequiredArgument
    );
    let error = parse_query(["x", "--at-least", "-3"]).unwrap_err();
    assert_ne!(error.kind(), ErrorKind::DisplayHelp);
    let error = parse_query(["x", "--empty=yes"]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooManyValues);
}

#[test]
fn scan_places() {
    let place = |aisle, bay, level| Place { aisle, bay, level };
    assert_eq!(
        places("Z-65535/floor,Z-65536;Y-007/Z-1"),
        [
            place("Z", 65535, Some("floor")),
            place("Y", 7, None),
            place("Z", 1, None)
        ]
    );
    assert!(places("a-1 A1").is_empty());
}

#[test]
fn scan_notes() {
    assert_eq!(
        notes("x\n#one\n#\ny\n#\t two # three"),
        ["one", "", "two # three"]
    );
    assert_eq!(notes("#a\n #b\n"), ["a"]);
}

#[test]
fn scan_badges() {
    assert_eq!(hide_badges("(ZZ000)"), "(ZZ_xxx)");
    assert_eq!(
        hide_badges("no badge: zz000, QQ12"),
        "no badge: zz000, QQ12"
    );
    assert_eq!(hide_badges("QX777,QY778"), "QX_xxx,QY_xxx");
}

#[test]
fn scan_codes() {
    assert!(is_code("LOT-0000") && is_code("SKU-9999"));
    assert!(!is_code("SKU") && !is_code("SKUNK") && !is_code("see LOT-1234"));
    assert!(!is_code("LOT-1234 ") && !is_code("SKU-123"));
}

#[test]
fn stock_order() {
    let mut stock = Stock::from_iter([("x", 1), ("y", 2), ("z", 3), ("w", 4), ("x", 5)]);
    assert_eq!(stock.discontinue("x"), Some(6));
    assert_eq!(stock.discontinue("y"), Some(2));
    assert_eq!(stock.codes(), ["z", "w"]);
}

#[test]
fn stock_turnover() {
    let mut stock = Stock::from_iter([("p", 9), ("o", 8), ("n", 7), ("m", 6)]);
    let mut cleared = Vec::new();
    while let Some((code, _)) = stock.clear_oldest() {
        cleared.push(code);
    }
    assert_eq!(cleared, ["p", "o", "n", "m"]);
    assert_eq!(stock.oldest(), None);
    assert_eq!(stock.clear_oldest(), None);
}

#[test]
fn stock_standing() {
    let mut stock = Stock::from_iter([("k", 1), ("j", 2), ("i", 3)]);
    assert_eq!(stock.oldest(), Some(("k", 1)));
    stock.clear_oldest();
    assert_eq!(stock.standing("i"), Some((1, 3)));
    assert_eq!(
        (stock.oldest(), stock.standing("k")),
        (Some(("j", 2)), None)
    );
}

#[test]
fn report_codes() {
    let lines = [
        line("q", 1, 'A'),
        line("p", 1, 'A'),
        line("q", 2, 'B'),
        line("p", 3, 'C'),
    ];
    assert_eq!(distinct_codes(&lines), ["q", "p"]);
}

#[test]
fn report_spread() {
    let lines = [
        line("a", 40, 'A'),
        line("b", 7, 'A'),
        line("c", 900, 'A'),
        line("d", 8, 'A'),
    ];
    assert_eq!(spread(&lines), Some((7, 900)));
    assert_eq!(spread(&lines[1..2]), Some((7, 7)));
    assert_eq!(spread(&lines[..0]), None);
}

#[test]
fn report_aisles() {
    let lines = [
        line("a", 1, 'C'),
        line("b", 2, 'A'),
        line("c", 4, 'C'),
        line("d", 8, 'B'),
    ];
    assert_eq!(per_aisle(&lines), [('A', 2), ('B', 8), ('C', 5)]);
    assert_eq!(visits(&lines), "Cx1 Ax1 Cx1 Bx1");
    assert_eq!((per_aisle(&[]).len(), visits(&[])), (0, String::new()));
}

#[test]
fn frame_stream() {
    let mut stream = BytesMut::new();
    for kind in 0..3 {
        encode(kind, &vec![kind; 300 * usize::from(kind)], &mut stream);
    }
    let rest = stream.split_off(stream.len() - 1);
    let lengths: Vec<usize> = std::iter::from_fn(|| decode(&mut stream))
        .map(|frame| frame.payload.len())
        .collect();
    assert_eq!(lengths, [0, 300]);
    assert_eq!(stream.len(), 602);
    stream.unsplit(rest);
    let last = decode(&mut stream).unwrap();
    assert_eq!((last.kind, last.payload), (2, Bytes::from(vec![2; 600])));
    assert!(stream.is_empty());
}

#[test]
fn frame_header_order() {
    let mut out = BytesMut::from(&b"!"[..]);
    encode(0xfe, &[9; 258], &mut out);
    assert_eq!(&out[..5], b"!\xfe\x01\x02\x09");
    encode(1, &vec![0; 70_000], &mut out);
    assert_eq!(out.len(), 1 + 3 + 258 + 3 + 65_535);
}

#[test]
fn frame_total() {
    let of = |payload: &'static [u8]| {
        total(&Frame {
            kind: 1,
            payload: Bytes::from_static(payload),
        })
    };
    assert_eq!(
        of(b"\xff\xff\xff\xff\xff\xff\xff\xff"),
        2 * u64::from(u32::MAX)
    );
    assert_eq!(
        (of(b""), of(b"\x01\x02\x03"), of(b"\x00\x01\x00\x00z")),
        (0, 0, 65536)
    );
}

#[test]
fn ledger_spaces() {
    let text =
        " code ,units,aisle,note\n  LOT 1  , 12,\tD , soft \n # not a remark,3,E,\n#remark,x\n";
    let lines = ledger::read(text).unwrap();
    assert_eq!((lines[0].code.as_str(), lines[0].units), ("LOT 1", 12));
    assert_eq!(
        (lines[0].aisle, lines[0].note.as_deref()),
        ('D', Some("soft"))
    );
    assert_eq!((lines.len(), lines[1].code.as_str()), (2, "# not a remark"));
}

#[test]
fn ledger_round_trip() {
    let mut lines = vec![line("a\"b", 0, 'é'), line("c\nd", u32::MAX, ',')];
    lines[0].note = Some("x".into());
    let text = ledger::write(&lines).unwrap();
    assert_eq!(ledger::read(&text).unwrap(), lines);
    assert_eq!(
        ledger::columns(&text).unwrap().join("+"),
        "code+units+aisle+note"
    );
    assert_eq!(ledger::write(&[]).unwrap(), "");
}

#[test]
fn ledger_columns() {
    assert_eq!(
        ledger::columns("  a b ,\"c,d\"\n1,2\n").unwrap(),
        ["a b", "c,d"]
    );
    assert!(ledger::columns("").unwrap().is_empty());
}

#[test]
fn import_context() {
    let error = import("night", "code,units,aisle,note\nx,-4,A,\n").unwrap_err();
    assert_eq!(error.to_string(), "ledger night");
    assert!(explain(&error).starts_with("ledger night: CSV deserialize error"));
    let empty = import("day", "code,units,aisle,note\n").unwrap_err();
    assert_eq!(explain(&empty), "ledger day is empty");
    assert_eq!(root(&empty), "ledger day is empty");
}

#[test]
fn import_clerks() {
    let error = walk(&["A1", "B2", "C3", "D99999"]).unwrap_err();
    assert_eq!(error.to_string(), "stop 4");
    assert_eq!(root(&error), "number too large to fit in target type");
    assert!(is_clerks(&error));
    let other = CatalogError::Moment("never".into());
    assert!(!is_clerks(&anyhow::Error::new(other).context("stop 1")));
    assert_eq!(walk(&["A1", "B2"]).unwrap(), 103);
}
