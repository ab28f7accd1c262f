//! Further tests of merging.

use crate::merge::{choose_runs, compact, Merge};
use std::collections::BTreeMap;

#[test]
fn against_maps() {
    let runs: Vec<Vec<(u64, usize)>> = (0..6)
        .map(|run| {
            (0..40)
                .map(|n| n * (run as u64 + 2) % 61)
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .map(|key| (key, run))
                .collect()
        })
        .collect();
    let mut expected = BTreeMap::new();
    for run in runs.iter().rev() {
        expected.extend(run.iter().copied());
    }
    let merged: Vec<_> = Merge::new(runs.into_iter().map(Vec::into_iter)).collect();
    assert_eq!(merged, expected.into_iter().collect::<Vec<_>>());
}

#[test]
fn runs_of_texts() {
    let runs = [vec![("b", 1), ("d", 1)], vec![("a", 2), ("b", 2), ("c", 2), ("d", 2)]];
    let mut merge = Merge::new(runs.into_iter().map(Vec::into_iter));
    assert_eq!((merge.next(), merge.next()), (Some(("a", 2)), Some(("b", 1))));
    assert_eq!(merge.collect::<Vec<_>>(), [("c", 2), ("d", 1)]);
}

#[test]
fn removals() {
    let runs = vec![
        vec![('a', Some(1)), ('b', None)],
        vec![('c', None)],
        vec![('a', None), ('b', Some(3)), ('d', Some(3))],
    ];
    assert_eq!(compact(runs.clone(), true), [('a', Some(1)), ('b', None), ('c', None), ('d', Some(3))]);
    assert_eq!(compact(runs, false), [('a', Some(1)), ('d', Some(3))]);
    assert_eq!(compact::<u8, u8>(vec![], true), []);
}

#[test]
fn choices() {
    assert_eq!(choose_runs(&[1, 1, 2, 4, 8], 1, 4), Some(0..5));
    assert_eq!(choose_runs(&[1, 2, 4], 1, 2), None);
    assert_eq!(choose_runs(&[9, 1, 1], 1, 2), Some(0..3));
    assert_eq!(choose_runs(&[1, 9, 9, 9], 3, 3), Some(1..4));
    assert_eq!(choose_runs(&[5], 3, 1), Some(0..1));
    assert_eq!(choose_runs(&[2, usize::MAX], usize::MAX, 2), Some(0..2));
}
