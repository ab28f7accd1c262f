//! Further tests of the queue by priority.

use crate::heap::Heap;
use crate::heldout::Ledger;
use std::collections::BTreeMap;

#[test]
fn against_a_map() {
    let mut ledger = Ledger::default();
    let (mut heap, mut model) = (Heap::default(), BTreeMap::new());
    let mut state = 21_u64;
    for round in 0..4000_u64 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (key, priority) = ((state >> 33) % 60, (state >> 45) % 1000 * 10_000 + round);
        match (state >> 20) % 6 {
            0 | 1 => note!(ledger, heap.set(key, priority), model.insert(key, priority)),
            2 => {
                let lowers = model.get(&key).is_none_or(|old| priority < *old);
                note!(ledger, heap.lower(key, priority), lowers);
                if lowers {
                    model.insert(key, priority);
                }
            }
            3 => note!(ledger, heap.remove(&key), model.remove(&key)),
            _ => {
                let first = model
                    .iter()
                    .min_by_key(|(_, priority)| **priority)
                    .map(|(key, priority)| (*key, *priority));
                note!(ledger, heap.peek().map(|(key, priority)| (*key, *priority)), first);
                if round % 3 == 0 {
                    note!(ledger, heap.pop(), first);
                    first.map(|(key, _)| model.remove(&key));
                }
            }
        }
        note!(ledger, (heap.len(), heap.priority(&key)), (model.len(), model.get(&key)));
    }
    let sorted = heap.into_sorted();
    assert!(sorted.is_sorted_by_key(|(_, priority)| *priority) && sorted.len() == model.len());
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn partial_orders() {
    let mut heap: Heap<&str, f64> = [("a", 2.5), ("b", -1.0), ("c", 0.0), ("b", 9.0)].into_iter().collect();
    assert_eq!((heap.len(), heap.peek()), (3, Some((&"c", &0.0))));
    assert_eq!((heap.lower("b", 9.0), heap.lower("b", 1.0)), (false, true));
    assert_eq!(heap.into_sorted(), [("c", 0.0), ("b", 1.0), ("a", 2.5)]);
}

#[test]
fn long_queues() {
    let mut heap: Heap<u32, u32> = (0..500).rev().map(|n| (n, n * n % 1009)).collect();
    for n in (0..500).step_by(2) {
        assert_eq!(heap.set(n, 2000 + n), Some(n * n % 1009));
    }
    let sorted = heap.into_sorted();
    assert!(sorted.is_sorted_by_key(|(_, priority)| *priority));
    assert_eq!((sorted[250], sorted[499], sorted[249].0 % 2), ((0, 2000), (498, 2498), 1));
}
