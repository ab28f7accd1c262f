//! Further tests of sets of bits.

use crate::bits::Bits;
use crate::heldout::Ledger;
use std::collections::BTreeSet;

fn sample(seed: u64, count: usize) -> (Bits<4>, BTreeSet<usize>) {
    let mut state = seed;
    let numbers: Vec<usize> = (0..count)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % 256
        })
        .collect();
    (numbers.iter().copied().collect(), numbers.into_iter().collect())
}

#[test]
fn against_sets() {
    let mut ledger = Ledger::default();
    for (one, other) in [(3, 40), (90, 150), (0, 10), (200, 256)] {
        let ((a, set_a), (b, set_b)) = (sample(one as u64, one), sample(other as u64 + 7, other));
        note!(ledger, (a.len(), a.is_empty()), (set_a.len(), set_a.is_empty()));
        note!(ledger, a.iter().eq(set_a.iter().copied()), true);
        note!(ledger, (a & b).iter().eq(set_a.intersection(&set_b).copied()), true);
        note!(ledger, (a | b).iter().eq(set_a.union(&set_b).copied()), true);
        note!(ledger, (a ^ b).iter().eq(set_a.symmetric_difference(&set_b).copied()), true);
        note!(ledger, (a - b).iter().eq(set_a.difference(&set_b).copied()), true);
        note!(
            ledger,
            ((!a).len(), (!a & a).is_empty(), (a & b).is_subset(&b)),
            (256 - set_a.len(), true, true)
        );
        note!(ledger, (a.first(), a.last()), (set_a.first().copied(), set_a.last().copied()));
        for number in 0..260 {
            note!(
                ledger,
                (a.rank(number), a.contains(number)),
                (set_a.range(..number).count(), set_a.contains(&number))
            );
            note!(ledger, a.select(number), set_a.iter().nth(number).copied());
        }
    }
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn removing() {
    let mut ledger = Ledger::default();
    let (mut bits, mut set) = sample(5, 120);
    for number in (0..300).step_by(3) {
        note!(ledger, bits.remove(number), set.remove(&number));
    }
    assert_eq!(format!("{bits:?}"), format!("{set:?}"));
    for number in (0..256).rev() {
        note!(ledger, bits.insert(number), set.insert(number));
    }
    assert_eq!((bits.len(), bits == !Bits::default()), (256, true));
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn ranges() {
    for (start, end) in [(0, 0), (0, 256), (63, 65), (64, 128), (1, 255), (200, 100), (250, 400), (300, 400)]
    {
        let expected: Vec<usize> = (start..end.min(256)).filter(|n| *n < 256).collect();
        assert_eq!(Bits::<4>::range(start, end).iter().collect::<Vec<_>>(), expected, "{start}..{end}");
    }
}

#[test]
fn gaps() {
    let mut bits = Bits::<2>::default();
    let mut starts = Vec::new();
    for length in [60, 3, 60, 3, 2, 1, 1] {
        let start = bits.find_gap(length);
        starts.push(start);
        (start.unwrap_or(0)..start.map_or(0, |start| start + length)).for_each(|n| assert!(bits.insert(n)));
    }
    assert_eq!(starts, [Some(0), Some(60), Some(63), Some(123), Some(126), None, None]);
    bits.remove(61);
    assert_eq!(
        (bits.find_gap(1), bits.find_gap(2), bits.find_gap(0), bits.len()),
        (Some(61), None, Some(0), 127)
    );
}
