//! Further tests of laying out text.

use crate::wrap::{wrap, Style};

const LOG: &str = "High water came\ntwenty minutes late.\n\nNo damage\n";

#[test]
fn widths() {
    assert_eq!(wrap(LOG, &Style::plain(80)), "High water came twenty minutes late.\n\nNo damage");
    assert_eq!(wrap(LOG, &Style::plain(15)), "High water came\ntwenty minutes\nlate.\n\nNo damage");
    assert_eq!(wrap(LOG, &Style::plain(9)), "High\nwater\ncame\ntwenty\nminutes\nlate.\n\nNo damage");
    assert_eq!(wrap("ab cd", &Style::plain(5)), "ab cd");
    assert_eq!(wrap("ab cd", &Style::plain(4)), "ab\ncd");
}

#[test]
fn long_words() {
    assert_eq!(wrap("xx 123456789 yy", &Style::plain(3)), "xx\n123\n456\n789\nyy");
    assert_eq!(wrap("1234567 y", &Style::plain(3)), "123\n456\n7 y");
    assert_eq!(wrap("häfenäää", &Style::plain(5)), "häfen\näää");
}

#[test]
fn indents() {
    let style = Style { width: 8, first: "  ", other: "", justify: false };
    assert_eq!(wrap("abcdef gh\n\nabcdefg", &style), "  abcdef\ngh\n\n  abcdef\ng");
    let style = Style { width: 3, first: ">>>>", other: "> ", justify: false };
    assert_eq!(wrap("a bc", &style), ">>>>a\n> b\n> c");
}

#[test]
fn justified() {
    let style = Style { justify: true, ..Style::plain(10) };
    assert_eq!(wrap("a b c d e f g", &style), "a  b c d e\nf g");
    assert_eq!(wrap("one two th four", &style), "one two th\nfour");
    assert_eq!(wrap("one six th", &style), "one six th");
    assert_eq!(wrap("x y zzzzzzzz w", &style), "x        y\nzzzzzzzz w");
    let style = Style { width: 10, first: "* ", other: "   ", justify: true };
    assert_eq!(wrap("a b cccccc d eeee", &style), "* a      b\n   cccccc\n   d eeee");
}
