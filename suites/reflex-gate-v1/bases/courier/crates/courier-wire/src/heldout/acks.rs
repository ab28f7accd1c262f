//! Further tests of what has arrived.

use crate::acks::{Acks, InFlight};
use crate::heldout::Ledger;
use std::collections::BTreeSet;

#[test]
fn against_a_set() {
    let mut ledger = Ledger::default();
    let (mut acks, mut set) = (Acks::default(), BTreeSet::new());
    let mut state = 5_u64;
    for _ in 0..400 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (low, length) = ((state >> 33) % 300, (state >> 20) % 4);
        let added = (low..=low + length).filter(|number| set.insert(*number)).count();
        note!(ledger, acks.insert_range(low..=low + length), added > 0);
        note!(ledger, acks.count(), set.len() as u64);
    }
    assert!(acks.ranges().windows(2).all(|pair| pair[0].1 + 1 < pair[1].0));
    for number in 0..310 {
        note!(ledger, acks.contains(number), set.contains(&number));
        note!(ledger, acks.first_missing(number), (number..).find(|n| !set.contains(n)).unwrap());
    }
    let missing: u64 = acks.gaps().map(|gap| gap.count() as u64).sum();
    assert_eq!(missing, set.last().unwrap() - set.first().unwrap() + 1 - acks.count());
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn touching_ranges() {
    let mut acks = Acks::default();
    for range in [10..=12, 20..=22, 14..=18, 13..=13, 19..=19] {
        acks.insert_range(range);
    }
    assert_eq!(acks.to_string(), "10-22");
    assert!(!acks.insert_range(10..=22) && acks.insert_range(9..=9) && acks.insert_range(23..=30));
    assert_eq!(acks.to_string(), "9-30");
    assert!(acks.insert_range(40..=50) && acks.insert_range(45..=60) && acks.insert_range(32..=41));
    assert_eq!(acks.ranges(), [(9, 30), (32, 60)]);
}

#[test]
fn ends() {
    let mut acks: Acks = [0, u64::MAX].into_iter().collect();
    assert_eq!((acks.contains(0), acks.contains(u64::MAX), acks.first_missing(0)), (true, true, 1));
    assert_eq!(acks.newest(1), [(u64::MAX, u64::MAX)]);
    assert_eq!(acks.newest(0), []);
    acks.forget_below(1);
    assert_eq!(acks.to_string(), u64::MAX.to_string());
    let mut acks: Acks = (5..10).chain(15..20).collect();
    acks.forget_below(7);
    acks.forget_below(3);
    assert_eq!((acks.to_string(), acks.count()), ("7-9,15-19".into(), 8));
}

#[test]
fn losses() {
    let mut flight = InFlight::default();
    (10..20).for_each(|number| flight.send(number));
    let report = |numbers: &[u64]| numbers.iter().copied().collect::<Acks>();
    assert_eq!(flight.acknowledge(&report(&[]), 1), (0, vec![]));
    assert_eq!(flight.acknowledge(&report(&[12]), 3), (1, vec![]));
    assert_eq!(flight.acknowledge(&report(&[11, 12, 14]), 3), (2, vec![]));
    assert_eq!(flight.acknowledge(&report(&[14]), 3), (0, vec![10]));
    assert_eq!(flight.acknowledge(&report(&[14, 15]), 3), (1, vec![13]));
    assert_eq!((flight.len(), flight.acknowledge(&report(&[19]), 1)), (4, (1, vec![16, 17, 18])));
}
