//! Further tests of the queue that goes round.

use crate::counted::Counter;
use crate::heldout::Ledger;
use crate::ring::Ring;
use std::collections::VecDeque;

#[test]
fn against_a_deque() {
    let mut ledger = Ledger::default();
    let (mut ring, mut model) = (Ring::new(), VecDeque::new());
    let mut state = 77_u64;
    for round in 0..5000_u64 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        match (state >> 33) % if round % 500 < 250 { 5 } else { 7 } {
            0 | 1 => {
                ring.push_back(round);
                model.push_back(round);
            }
            2 => {
                ring.push_front(round);
                model.push_front(round);
            }
            3 | 5 => note!(ledger, ring.pop_front(), model.pop_front()),
            4 if !model.is_empty() => {
                let index = (state >> 45) as usize % (model.len() + 1);
                ring.rotate(index);
                model.rotate_left(index);
            }
            _ => note!(ledger, ring.pop_back(), model.pop_back()),
        }
        note!(ledger, (ring.len(), ring.is_empty()), (model.len(), model.is_empty()));
        note!(ledger, ring.iter().eq(&model) && ring.get(model.len()).is_none(), true);
        note!(
            ledger,
            ring.capacity() == 0 || (ring.capacity().is_power_of_two() && ring.capacity() >= model.len()),
            true
        );
    }
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn slices() {
    let mut ring = Ring::default();
    assert_eq!(ring.as_slices(), (&[0_u8; 0][..], &[][..]));
    ring.extend(1..=6);
    ring.pop_front();
    ring.pop_front();
    ring.extend(7..=9);
    assert_eq!((ring.as_slices(), ring.capacity()), ((&[3, 4, 5, 6, 7, 8][..], &[9][..]), 8));
    for value in 10..=12 {
        ring.push_back(value);
    }
    assert_eq!((ring.as_slices(), ring.capacity()), ((&[3, 4, 5, 6, 7, 8, 9, 10, 11, 12][..], &[][..]), 16));
    ring.rotate(3);
    assert_eq!(ring.iter().copied().collect::<Vec<_>>(), [6, 7, 8, 9, 10, 11, 12, 3, 4, 5]);
    *ring.get_mut(9).unwrap() = 50;
    assert_eq!((ring.pop_back(), ring.get(9), ring.get(8)), (Some(50), None, Some(&4)));
}

#[test]
fn owners() {
    let counter = Counter::default();
    let mut ring = Ring::new();
    for id in 0..100 {
        ring.push_back(counter.value(id));
        if id % 3 == 0 {
            ring.push_front(counter.value(id + 1000));
        }
        if id % 2 == 0 {
            drop(ring.pop_front());
        }
    }
    assert_eq!(counter.counts(), (84, 50));
    ring.rotate(40);
    assert_eq!((counter.counts(), ring.len()), ((84, 50), 84));
    drop(ring);
    assert_eq!(counter.counts(), (0, 134));
}

#[test]
fn crosses_threads() {
    let mut ring = Ring::new();
    ring.extend(["a", "b", "c"].map(String::from));
    let joined = std::thread::spawn(move || {
        ring.rotate(1);
        ring.iter().map(String::as_str).collect::<String>()
    });
    assert_eq!(joined.join().unwrap(), "bca");
}

#[test]
#[should_panic(expected = "3 values are more than 2")]
fn turns_too_far() {
    let mut ring = Ring::new();
    ring.extend([1, 2]);
    ring.rotate(3);
}
