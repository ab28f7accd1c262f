//! Further tests of sets of row numbers.

use crate::bitmap::Bitmap;
use crate::heldout::Ledger;
use std::collections::BTreeSet;

fn both(rows: impl Iterator<Item = u32> + Clone) -> (Bitmap, BTreeSet<u32>) {
    (rows.clone().collect(), rows.collect())
}

#[test]
fn against_a_set() {
    let mut ledger = Ledger::default();
    let (mut bitmap, mut set) = both((0..6000_u32).map(|n| n.wrapping_mul(2_654_435_761) % 131_072));
    for row in (0..131_072).step_by(7) {
        note!(ledger, bitmap.insert(row), set.insert(row));
    }
    assert_eq!(bitmap.len(), set.len());
    for row in (0..140_000).step_by(3) {
        note!(ledger, bitmap.contains(row), set.contains(&row));
        note!(ledger, bitmap.remove(row), set.remove(&row));
    }
    assert_eq!(bitmap.iter().collect::<Vec<_>>(), set.iter().copied().collect::<Vec<_>>());
    assert_eq!(bitmap.len(), set.len());
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn dense_blocks() {
    let mut ledger = Ledger::default();
    let mut bitmap: Bitmap = (65_536..131_072).collect();
    assert_eq!((bitmap.len(), bitmap.rank(100_000), bitmap.rank(131_072)), (65_536, 34_464, 65_536));
    assert_eq!(bitmap.iter().nth(63), Some(65_599));
    assert_eq!(bitmap.iter().last(), Some(131_071));
    for row in 65_536..131_072 {
        note!(ledger, bitmap.remove(row), true);
    }
    assert!(bitmap.is_empty());
    assert_eq!(bitmap, Bitmap::default());
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn operations() {
    let (a, set_a) = both((0..20_000).map(|n| n * 5));
    let (b, set_b) = both((0..9000).map(|n| n * 7 + 60_000));
    assert_eq!(a.and(&b).iter().collect::<Vec<_>>(), set_a.intersection(&set_b).copied().collect::<Vec<_>>());
    assert_eq!(b.and(&a), a.and(&b));
    assert_eq!(a.or(&b).iter().collect::<Vec<_>>(), set_a.union(&set_b).copied().collect::<Vec<_>>());
    assert_eq!(a.without(&b).len(), set_a.difference(&set_b).count());
    assert_eq!(b.without(&a).iter().next(), set_b.difference(&set_a).next().copied());
}

#[test]
fn ranks() {
    let bitmap: Bitmap = [0, 1, 64, 65_535, 65_536, 200_000, u32::MAX].into_iter().collect();
    let ranks =
        [0, 1, 2, 64, 65, 65_535, 65_536, 65_537, 200_000, 200_001, u32::MAX].map(|row| bitmap.rank(row));
    assert_eq!(ranks, [0, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6]);
}
