//! Further tests of packets that come twice.

use crate::heldout::Ledger;
use crate::replay::{Check, ReplayGuard, ReplayWindow, WINDOW};
use std::collections::BTreeSet;

#[test]
fn against_a_set() {
    let mut ledger = Ledger::default();
    let (mut window, mut seen, mut newest) = (ReplayWindow::default(), BTreeSet::new(), 0_u64);
    let (mut state, mut rejected) = (3_u64, 0);
    for round in 0..4000_u64 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let jump = if round % 97 == 0 { 700 } else { 0 };
        let number = (newest + 6 + jump).saturating_sub((state >> 33) % 300);
        let expected = if number + WINDOW <= newest && !seen.is_empty() {
            Check::Stale
        } else if seen.insert(number) {
            Check::Fresh
        } else {
            Check::Replayed
        };
        note!(
            ledger,
            (window.check(number), window.accept(number)),
            (expected, expected),
            "{number} after {newest}"
        );
        newest = newest.max(number);
        rejected += u64::from(expected != Check::Fresh);
    }
    assert_eq!(window.rejected(), rejected);
    let missing: Vec<u64> = (newest + 1 - WINDOW..=newest).filter(|number| !seen.contains(number)).collect();
    assert_eq!(window.missing(), missing);
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn edges() {
    let mut window = ReplayWindow::default();
    assert_eq!((window.check(0), window.missing()), (Check::Fresh, vec![]));
    assert_eq!(
        [255, 0, 256, 0, 1].map(|number| window.accept(number)),
        [Check::Fresh, Check::Fresh, Check::Fresh, Check::Stale, Check::Fresh]
    );
    assert_eq!((window.missing().len(), window.missing().first().copied()), (253, Some(2)));
    let mut window = ReplayWindow::default();
    assert_eq!(
        [10, 10 + WINDOW, 11, 10].map(|number| window.accept(number)),
        [Check::Fresh, Check::Fresh, Check::Fresh, Check::Stale]
    );
    let mut window = ReplayWindow::default();
    assert_eq!(
        [63, 64, 127, 128, 320, 64].map(|number| window.accept(number)),
        [Check::Fresh, Check::Fresh, Check::Fresh, Check::Fresh, Check::Fresh, Check::Stale]
    );
    assert_eq!(
        [65, 128, 127].map(|number| window.accept(number)),
        [Check::Fresh, Check::Replayed, Check::Replayed]
    );
}

#[test]
fn senders() {
    let mut guard = ReplayGuard::new(3);
    for sender in [1, 2, 3, 2, 1, 4] {
        guard.accept(sender, 9);
    }
    assert_eq!(guard.senders().collect::<Vec<_>>(), [2, 1, 4]);
    assert_eq!(
        [(1, 9), (3, 9), (2, 9)].map(|(sender, number)| guard.accept(sender, number)),
        [Check::Replayed, Check::Fresh, Check::Fresh]
    );
    assert_eq!(guard.senders().collect::<Vec<_>>(), [1, 3, 2]);
    let mut guard = ReplayGuard::new(0);
    assert_eq!(
        [(7, 1), (7, 1), (8, 1), (7, 1)].map(|(sender, number)| guard.accept(sender, number) == Check::Fresh),
        [true, false, true, true]
    );
}
