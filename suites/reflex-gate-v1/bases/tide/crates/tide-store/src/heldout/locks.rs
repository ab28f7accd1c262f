//! Further tests of locks.

use crate::locks::LockTable;
use crate::locks::Mode::{Exclusive, Shared};
use crate::locks::Outcome::{Deadlock, Granted, Waiting};

#[test]
fn queues_of_both_modes() {
    let mut table = LockTable::default();
    let asked = [(1, Exclusive), (2, Shared), (3, Shared), (4, Exclusive), (5, Shared)];
    let outcomes = asked.map(|(owner, mode)| table.acquire(owner, 7, mode));
    assert_eq!(outcomes, [Granted, Waiting, Waiting, Waiting, Waiting]);
    assert_eq!(table.release(1), [(2, 7), (3, 7)]);
    assert_eq!(table.holders(&7), [(2, Shared), (3, Shared)]);
    assert_eq!((table.release(3), table.release(2)), (vec![], vec![(4, 7)]));
    assert_eq!((table.release(4), table.holders(&7)), (vec![(5, 7)], vec![(5, Shared)]));
    assert_eq!((table.release(5), table.is_empty(), table.holders(&7)), (vec![], true, vec![]));
}

#[test]
fn releasing_in_the_queue() {
    let mut table = LockTable::default();
    table.acquire(1, 'x', Shared);
    table.acquire(2, 'x', Exclusive);
    table.acquire(3, 'x', Shared);
    assert_eq!(table.release(2), [(3, 'x')]);
    assert_eq!(table.holders(&'x'), [(1, Shared), (3, Shared)]);
    table.acquire(9, 'y', Exclusive);
    table.acquire(1, 'y', Shared);
    table.acquire(4, 'x', Exclusive);
    assert_eq!((table.release(1), table.len()), (vec![], 2));
    assert_eq!(table.release(9), []);
    assert_eq!(table.len(), 1);
}

#[test]
fn upgrades() {
    let mut table = LockTable::default();
    table.acquire(1, 0, Shared);
    table.acquire(2, 0, Exclusive);
    assert_eq!((table.acquire(1, 0, Exclusive), table.holders(&0)), (Granted, vec![(1, Exclusive)]));
    assert_eq!(table.acquire(1, 0, Shared), Granted);
    assert_eq!(table.holders(&0), [(1, Exclusive)]);
    assert_eq!(table.release(1), [(2, 0)]);
}

#[test]
fn circles() {
    let mut table = LockTable::default();
    table.acquire(1, "a", Shared);
    table.acquire(2, "b", Shared);
    assert_eq!(table.acquire(1, "b", Shared), Granted);
    assert_eq!(table.acquire(1, "b", Exclusive), Waiting);
    assert_eq!(table.acquire(2, "a", Exclusive), Deadlock);
    assert_eq!(table.acquire(2, "a", Shared), Granted);
    assert_eq!(table.release(2), [(1, "b")]);
    let mut table = LockTable::default();
    table.acquire(1, "a", Exclusive);
    table.acquire(2, "b", Exclusive);
    assert_eq!((table.acquire(3, "a", Shared), table.acquire(2, "a", Shared)), (Waiting, Waiting));
    assert_eq!(table.acquire(1, "b", Shared), Deadlock);
    assert_eq!(table.release(1), [(3, "a"), (2, "a")]);
}
