//! Further tests of the cursor.

use crate::cursor::{Cursor, Position};

#[test]
fn positions_of_mixed_lines() {
    let mut cursor = Cursor::new("x\n\r\ny\r\u{1f30a}");
    let mut seen = Vec::new();
    while let Some(c) = cursor.bump() {
        let Position { line, column } = cursor.position();
        seen.push((c, line, column, cursor.offset()));
    }
    assert_eq!(
        seen,
        [
            ('x', 1, 2, 1),
            ('\n', 2, 1, 2),
            ('\r', 2, 2, 3),
            ('\n', 3, 1, 4),
            ('y', 3, 2, 5),
            ('\r', 4, 1, 6),
            ('\u{1f30a}', 4, 2, 10),
        ]
    );
}

#[test]
fn texts_outlive_the_cursor() {
    let source = String::from("pier:west\nend");
    let (name, rest) = {
        let mut cursor = Cursor::new(&source);
        let name = cursor.take_until(":");
        cursor.bump();
        (name, cursor.rest())
    };
    assert_eq!((name, rest), (Some("pier"), "est\nend"));
}

#[test]
fn until_and_while() {
    let mut cursor = Cursor::new("a\nb--c--");
    assert_eq!(cursor.take_until("--"), Some("a\nb"));
    assert_eq!(cursor.position(), Position { line: 2, column: 4 });
    assert_eq!(cursor.take_until("-+"), None);
    assert_eq!(cursor.take_while(|c| c != '-'), "c");
    assert_eq!(cursor.take_until("--"), Some(""));
    assert_eq!((cursor.offset(), cursor.peek()), (8, None));
}

#[test]
fn trivia() {
    let mut cursor = Cursor::new("#\n\t#a # b\n\n #c\nx # d");
    cursor.skip_trivia();
    assert_eq!((cursor.rest(), cursor.position().line), ("x # d", 5));
    assert!(cursor.eat("x"));
    cursor.skip_trivia();
    assert_eq!((cursor.rest(), cursor.position()), ("", Position { line: 5, column: 6 }));
}
