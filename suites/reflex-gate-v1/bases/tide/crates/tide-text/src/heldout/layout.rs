//! Further tests of fixed columns.

use crate::layout::{Layout, LayoutError};

#[test]
fn lines_and_back() {
    let layout = Layout::parse("day:3r name:5 value:4r").unwrap();
    let line = layout.join(&["7", "é", "1.5"]).unwrap();
    assert_eq!(line, "  7é     1.5");
    assert_eq!(layout.split(&line), Ok(vec!["7", "é", "1.5"]));
    assert_eq!(
        ["day", "name", "value"].map(|name| layout.field(&line, name)),
        [Some("7"), Some("é"), Some("1.5")]
    );
    assert_eq!(layout.width(), 12);
}

#[test]
fn exact_widths() {
    let layout = Layout::parse("a:2 b:2").unwrap();
    assert_eq!(layout.split("xxyy"), Ok(vec!["xx", "yy"]));
    assert_eq!(layout.split("xx"), Ok(vec!["xx", ""]));
    assert_eq!(layout.split("xxy"), Ok(vec!["xx", "y"]));
    assert_eq!(layout.split("xxyyz"), Err(LayoutError::Long));
    assert_eq!(layout.split("xxyy   "), Ok(vec!["xx", "yy"]));
    assert_eq!(layout.split("x"), Err(LayoutError::Short("a".into())));
    assert_eq!(layout.field("xxy", "b"), Some("y"));
    assert_eq!(layout.field("xx", "b"), Some(""));
    assert_eq!(layout.field("x", "b"), None);
    assert_eq!(layout.join(&["xx", "yy"]).as_deref(), Ok("xxyy"));
    assert_eq!(layout.join(&["xx", "yyy"]), Err(LayoutError::Wide("b".into())));
}

#[test]
fn empty_layouts() {
    let layout = Layout::parse(" \t").unwrap();
    assert_eq!(layout.split(""), Ok(vec![]));
    assert_eq!(layout.split("x"), Err(LayoutError::Long));
    assert_eq!(layout.join(&[]).as_deref(), Ok(""));
}

#[test]
fn messages() {
    let text = |columns| Layout::parse(columns).unwrap_err().to_string();
    assert_eq!(text("a:1 b"), "`b` is no column");
    assert_eq!(text("x:1 y:1r x:2"), "two columns are called x");
    assert_eq!(text("x:0r"), "`x:0r` is no column");
    let layout = Layout::parse("a:3 b:3").unwrap();
    assert_eq!(layout.split("xx").unwrap_err().to_string(), "the line ends before a does");
    assert_eq!(layout.join(&["a", "b", "c"]).unwrap_err().to_string(), "3 values for 2 columns");
    assert_eq!(layout.join(&["abcd", ""]).unwrap_err().to_string(), "a value is too wide for a");
}
