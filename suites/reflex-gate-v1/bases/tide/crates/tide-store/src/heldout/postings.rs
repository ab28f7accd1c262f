//! Further tests of packed lists.

use crate::heldout::Ledger;
use crate::postings::{intersect, NotRising, Postings};
use crate::varint::VarintError;

#[test]
fn forms() {
    let all: Postings = (1000..1040).collect();
    assert_eq!((all.len(), all.bytes().len()), (40, 41));
    assert_eq!(all.iter().sum::<u32>(), 40_780);
    let wide: Postings = [0, u32::MAX, 1 << 20].into_iter().collect();
    assert_eq!(wide.iter().collect::<Vec<_>>(), [0, 1 << 20, u32::MAX]);
    assert_eq!(Postings::unpack(wide.bytes()), Ok(wide.clone()));
    assert_eq!(Postings::unpack(&[]).map(|list| list.is_empty()), Ok(true));
    assert_eq!(Postings::unpack(&[5, 0x80, 0]), Err(VarintError::Padded));
    assert_eq!(Postings::unpack(&[0xff, 0xff, 0xff, 0xff, 0x0f, 0]), Err(VarintError::Overflow));
}

#[test]
fn pushing() {
    let mut list = Postings::default();
    let outcomes = [9, 9, 10, 3, 10, 4000].map(|note| list.push(note));
    assert_eq!(outcomes, [Ok(()), Err(NotRising), Ok(()), Err(NotRising), Err(NotRising), Ok(())]);
    assert_eq!(list.bytes(), [9, 0, 0x95, 0x1f]);
}

#[test]
fn seeking() {
    let mut ledger = Ledger::default();
    let list: Postings = (0..200).map(|n| n * n).collect();
    for target in (0..40_000).step_by(37) {
        let expected = (0..200).map(|n| n * n).find(|square| *square >= target);
        note!(ledger, list.iter().seek(target), expected, "{target}");
    }
    let mut notes = list.iter();
    let found: Vec<_> =
        [10, 11, 17, 400, 401, 400, 39_000, 39_602].into_iter().map(|target| notes.seek(target)).collect();
    let expected = [Some(16), Some(25), Some(36), Some(400), Some(441), Some(484), Some(39_204), None];
    assert_eq!(found, expected);
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn intersections() {
    let multiples = |n: u32, end: u32| (0..end).step_by(n as usize).collect::<Postings>();
    let common = intersect(&[&multiples(4, 3000), &multiples(6, 2000), &multiples(10, 9000)]);
    assert_eq!(common, (0..2000).step_by(60).collect::<Vec<_>>());
    let ends: Postings = [17, 1999].into_iter().collect();
    assert_eq!(intersect(&[&multiples(1, 2000), &ends]), [17, 1999]);
    assert_eq!(intersect(&[&multiples(2, 2000), &ends]), []);
}
