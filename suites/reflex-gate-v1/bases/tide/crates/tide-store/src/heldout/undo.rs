//! Further tests of taking changes back.

use crate::undo::{UndoError, UndoMap};

fn shown(map: &UndoMap<&str, u32>) -> String {
    map.map().iter().map(|(key, value)| format!("{key}={value} ")).collect()
}

#[test]
fn histories() {
    let mut map = UndoMap::default();
    assert_eq!((map.undo(), map.redo()), (Err(UndoError::Nothing), Err(UndoError::Nothing)));
    assert_eq!(
        [map.set("x", Some(1)), map.set("x", Some(2)), map.set("y", None), map.set("x", None)],
        [None, Some(1), None, Some(2)]
    );
    assert_eq!((map.undo(), map.undo(), map.undo()), (Ok(()), Ok(()), Ok(())));
    assert_eq!((shown(&map).as_str(), map.get(&"x")), ("x=1 ", Some(&1)));
    assert_eq!((map.redo(), map.redo(), shown(&map).as_str()), (Ok(()), Ok(()), "x=2 "));
    assert_eq!((map.redo(), map.redo(), shown(&map).as_str()), (Ok(()), Err(UndoError::Nothing), ""));
    map.undo().unwrap();
    map.undo().unwrap();
    assert!(map.update(&"x", |value| *value *= 10));
    assert_eq!((map.redo(), shown(&map).as_str()), (Err(UndoError::Nothing), "x=20 "));
}

#[test]
fn savepoints() {
    let mut map = UndoMap::default();
    let start = map.savepoint();
    map.set("a", Some(1));
    let middle = map.savepoint();
    map.set("a", Some(2));
    map.set("b", Some(3));
    assert!(start < middle);
    assert_eq!(
        map.changed_since(middle).map(|c| c.into_iter().map(|(k, v)| (*k, v.copied())).collect::<Vec<_>>()),
        Ok(vec![("a", Some(1)), ("b", None)])
    );
    assert_eq!((map.rollback(middle), shown(&map).as_str()), (Ok(2), "a=1 "));
    map.set("a", Some(5));
    map.set("a", Some(1));
    assert_eq!(map.changed_since(middle).map(|changed| changed.len()), Ok(0));
    assert_eq!((map.rollback(start), shown(&map).as_str(), map.redo()), (Ok(3), "", Err(UndoError::Nothing)));
    assert_eq!(
        (map.rollback(middle), map.changed_since(middle)),
        (Err(UndoError::Gone), Err(UndoError::Gone))
    );
}

#[test]
fn nested_work() {
    let mut map = UndoMap::default();
    map.set("kept", Some(1));
    let outcome: Result<u32, &str> = map.atomically(|map| {
        map.set("outer", Some(2));
        let inner: Result<(), &str> = map.atomically(|map| {
            map.set("inner", Some(3));
            map.update(&"kept", |value| *value = 9);
            Err("inner")
        });
        assert_eq!((inner, shown(map).as_str()), (Err("inner"), "kept=1 outer=2 "));
        Ok(map.map().len() as u32)
    });
    assert_eq!((outcome, shown(&map).as_str()), (Ok(2), "kept=1 outer=2 "));
    assert_eq!((map.undo(), shown(&map).as_str()), (Ok(()), "kept=1 "));
}
