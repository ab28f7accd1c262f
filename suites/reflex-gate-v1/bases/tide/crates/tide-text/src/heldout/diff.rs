//! Further tests of differences.

use crate::diff::{apply, changes, hunks, Change, Hunk};

fn lines(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

#[test]
fn replaced_lines() {
    let all = changes(&lines("one two three"), &lines("one 2 two"));
    assert_eq!(all, [Change::Same("one"), Change::Added("2"), Change::Same("two"), Change::Removed("three")]);
    let all = changes(&lines("a b"), &lines("c d"));
    assert_eq!(all, [Change::Removed("a"), Change::Removed("b"), Change::Added("c"), Change::Added("d")]);
}

#[test]
fn shortest() {
    let edits = |old: &str, new: &str| {
        let all = changes(&lines(old), &lines(new));
        all.iter().filter(|change| !matches!(change, Change::Same(_))).count()
    };
    assert_eq!(edits("a b c a b b a", "c b a b a c"), 5);
    assert_eq!(edits("x a x b x c", "a b c x"), 4);
    assert_eq!(edits("a a a", "a"), 2);
    assert_eq!(edits("", ""), 0);
}

#[test]
fn hunk_ranges() {
    let old = lines("a b c d e f g h");
    let all = changes(&old, &lines("b c d e f X g h i"));
    let found = hunks(&all, 1);
    let ranges: Vec<_> =
        found.iter().map(|hunk| (hunk.old.clone(), hunk.new.clone(), hunk.changes.len())).collect();
    assert_eq!(ranges, [(0..2, 0..1, 2), (5..8, 4..9, 5)]);
    let expected = Hunk { old: 0..1, new: 0..0, changes: vec![Change::Removed("a")] };
    assert_eq!(hunks(&all, 0).first(), Some(&expected));
    assert_eq!(hunks(&changes(&old, &old), 3), []);
}

#[test]
fn round_trips() {
    let texts =
        ["", "a", "b a", "a b c d e f g h i j", "a c b d x e f h i", "j i h g f e d c b a", "a a b b"];
    for old in texts {
        for new in texts {
            let (old, new) = (lines(old), lines(new));
            for around in [0, 1, 3] {
                let found = hunks(&changes(&old, &new), around);
                assert_eq!(apply(&old, &found).map(|text| text.join(" ")), Some(new.join(" ")));
            }
        }
    }
}

#[test]
fn foreign_texts() {
    let found = hunks(&changes(&lines("a b c d e"), &lines("a b d e")), 1);
    assert_eq!(apply(&lines("x b c d y z"), &found).map(|text| text.join(" ")), Some("x b d y z".into()));
    assert_eq!(apply(&lines("a b d c e"), &found), None);
    assert_eq!(apply(&[], &found), None);
}
