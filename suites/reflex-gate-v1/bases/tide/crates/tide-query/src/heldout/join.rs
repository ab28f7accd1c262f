//! Further tests of joins.

use crate::join::{as_of_join, hash_join, merge_join, nearest_join, Kind};

#[test]
fn all_kinds_agree() {
    let left: Vec<u32> = (0..20).collect();
    let right: Vec<u32> = (0..30).map(|n| n * 3 % 41).collect();
    let join = |kind| hash_join(&left, &right, kind, |l| (l % 4 != 3).then_some(*l), |r| Some(*r));
    let (inner, outer, anti) = (join(Kind::Inner), join(Kind::Left), join(Kind::Anti));
    let paired: Vec<_> = left.iter().filter(|l| *l % 4 != 3 && right.contains(l)).collect();
    assert_eq!(inner.iter().map(|(l, _)| *l).collect::<Vec<_>>(), paired);
    assert!(inner.iter().all(|(l, r)| Some(*l) == *r));
    assert_eq!(outer.iter().map(|(l, _)| **l).collect::<Vec<_>>(), left);
    assert_eq!(anti.len(), left.len() - inner.len());
    assert_eq!(anti.iter().filter(|(_, r)| r.is_some()).count(), 0);
}

#[test]
fn several_partners() {
    let left = ["b1", "a1", "b2"];
    let right = ["b", "a", "b", "c"];
    let initial = |text: &&str| text.chars().next();
    let joined: Vec<_> = hash_join(&left, &right, Kind::Left, initial, initial)
        .into_iter()
        .map(|(l, r)| (*l, r.copied()))
        .collect();
    assert_eq!(
        joined,
        [("b1", Some("b")), ("b1", Some("b")), ("a1", Some("a")), ("b2", Some("b")), ("b2", Some("b"))]
    );
    let none = hash_join(&left, &right, Kind::Inner, |_| None::<u8>, |_| None);
    assert_eq!(none, []);
}

#[test]
fn merging() {
    let left = [("a", 1), ("a", 2), ("b", 3), ("d", 4), ("d", 5)];
    let right = [("a", 10), ("c", 20), ("d", 30), ("d", 40), ("d", 50), ("e", 60)];
    let sums: Vec<_> = merge_join(&left, &right).into_iter().map(|(key, l, r)| (*key, l + r)).collect();
    assert_eq!(
        sums,
        [("a", 11), ("a", 12), ("d", 34), ("d", 44), ("d", 54), ("d", 35), ("d", 45), ("d", 55)]
    );
    assert_eq!(merge_join(&right, &left).len(), 8);
}

#[test]
fn times() {
    let right = [(0, 'a'), (10, 'b'), (13, 'c')];
    let left = [(-1, 1), (0, 2), (9, 3), (12, 4), (13, 5), (30, 6)];
    let as_of: Vec<_> =
        as_of_join(&left, &right, 9).into_iter().map(|(_, n, row)| (n, row.copied())).collect();
    assert_eq!(as_of, [(1, None), (2, Some('a')), (3, Some('a')), (4, Some('b')), (5, Some('c')), (6, None)]);
    let exact: Vec<_> = as_of_join(&left, &right, 0)
        .into_iter()
        .filter_map(|(time, ..)| right.iter().any(|(t, _)| *t == time).then_some(time))
        .collect();
    assert_eq!(exact, [0, 13]);
    let nearest: Vec<_> =
        nearest_join(&[(-9, ()), (4, ()), (5, ()), (6, ()), (11, ()), (12, ()), (99, ())], &right)
            .into_iter()
            .map(|(time, (), row)| (time, row.copied().unwrap()))
            .collect();
    assert_eq!(nearest, [(-9, 'a'), (4, 'a'), (5, 'a'), (6, 'b'), (11, 'b'), (12, 'c'), (99, 'c')]);
    assert_eq!(as_of_join(&left, &[] as &[(i64, u8)], 5).iter().filter(|(.., row)| row.is_some()).count(), 0);
}
