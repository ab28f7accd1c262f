//! Further tests of the newest writes.

use crate::memtable::{Found, Memtable};

fn table() -> Memtable {
    let mut table = Memtable::default();
    for (key, value) in [("b", "b1"), ("a", "a2"), ("b", "b3"), ("c", ""), ("b", "b5"), ("a", "a6")] {
        table.put(key.as_bytes(), value.as_bytes());
    }
    table.remove(b"c");
    table.put(b"c", b"c8");
    table.remove(b"a");
    table
}

#[test]
fn versions() {
    let table = table();
    let at = |key: &[u8]| {
        (0..=9)
            .map(|at| match table.get(key, at) {
                Found::Value(value) => String::from_utf8_lossy(value).into_owned(),
                Found::Removed => "x".into(),
                Found::Unknown => "-".into(),
            })
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(at(b"a"), "- - a2 a2 a2 a2 a6 a6 a6 x");
    assert_eq!(at(b"b"), "- b1 b1 b3 b3 b5 b5 b5 b5 b5");
    assert_eq!(at(b"c"), "- - - -    x c8 c8");
    assert_eq!(table.last(), 9);
}

#[test]
fn ranges() {
    let table = table();
    let values = |start: &[u8], end: Option<&[u8]>, at| {
        let found = table.range(start, end, at);
        found.iter().map(|(_, value)| String::from_utf8_lossy(value).into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(values(b"", None, 9), ["b5", "c8"]);
    assert_eq!(values(b"", None, 4), ["a2", "b3", ""]);
    assert_eq!(values(b"a", Some(b"c"), 8), ["a6", "b5"]);
    assert_eq!(values(b"b", Some(b"b"), 8), Vec::<String>::new());
    assert_eq!(values(b"aa", Some(b"b\0"), 8), ["b5"]);
}

#[test]
fn pruning() {
    let mut table = table();
    let size = 9 + 2 + 2 + 2 + 2 + 2 + 2;
    assert_eq!(table.size(), size);
    assert_eq!((table.prune(1), table.prune(5), table.size()), (0, 2, size - 6));
    assert_eq!((table.get(b"b", 5), table.get(b"b", 4)), (Found::Value(b"b5"), Found::Unknown));
    assert_eq!((table.prune(u64::MAX), table.size()), (4, 1 + 3 + 3));
    assert_eq!(table.range(b"", None, 9), [(&b"b"[..], &b"b5"[..]), (b"c", b"c8")]);
}

#[test]
fn newest() {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let newest: Vec<_> = table().into_newest().into_iter().map(|(k, v)| (text(k), v.map(text))).collect();
    assert_eq!(
        newest,
        [("a".into(), None), ("b".into(), Some("b5".into())), ("c".into(), Some("c8".into()))]
    );
}
