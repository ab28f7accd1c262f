//! Further tests of lists.

use crate::counted::Counter;
use crate::heldout::Ledger;
use crate::list::List;
use std::collections::VecDeque;

fn checked(list: &List<u64>) -> Vec<u64> {
    let there: Vec<u64> = list.iter().copied().collect();
    let mut back: Vec<u64> = list.iter().rev().copied().collect();
    back.reverse();
    assert_eq!(there, back);
    assert_eq!(there.len(), list.len());
    there
}

#[test]
fn against_a_deque() {
    let mut ledger = Ledger::default();
    let (mut list, mut model) = (List::default(), VecDeque::new());
    let mut state = 12_u64;
    for round in 0..1500_u64 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let at = (state >> 40) as usize % (model.len() + 1);
        match (state >> 33) % 7 {
            0 => {
                list.push_back(round);
                model.push_back(round);
            }
            1 => {
                list.push_front(round);
                model.push_front(round);
            }
            2 => note!(ledger, list.pop_front(), model.pop_front()),
            3 => note!(ledger, list.pop_back(), model.pop_back()),
            4 => {
                let mut cursor = list.cursor();
                (0..at).for_each(|_| cursor.advance());
                cursor.insert_before(round);
                model.insert(at, round);
            }
            5 => {
                let mut cursor = list.cursor();
                (0..at).for_each(|_| cursor.advance());
                note!(ledger, cursor.remove(), model.remove(at));
            }
            _ => {
                let mut cursor = list.cursor();
                (0..at).for_each(|_| cursor.advance());
                let mut tail = cursor.split();
                note!(ledger, checked(&tail), model.iter().copied().skip(at).collect::<Vec<_>>());
                tail.append(&mut list);
                list.append(&mut tail);
                model.rotate_left(at);
            }
        }
        note!(ledger, checked(&list), Vec::from(model.clone()));
    }
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn cursors_go_round() {
    let mut list: List<u64> = [1, 2].into_iter().collect();
    let mut cursor = list.cursor();
    let mut seen = Vec::new();
    for step in [1, 1, 1, 0, 0, 0, 0, 1] {
        if step == 1 {
            cursor.advance();
        } else {
            cursor.retreat();
        }
        seen.push(cursor.value().map_or(0, |value| *value));
    }
    assert_eq!(seen, [2, 0, 1, 0, 2, 1, 0, 1]);
    assert_eq!((cursor.remove(), cursor.remove(), cursor.remove()), (Some(1), Some(2), None));
    cursor.advance();
    cursor.insert_before(9);
    cursor.retreat();
    assert_eq!(cursor.value().copied(), Some(9));
    assert_eq!(checked(&list), [9]);
}

#[test]
fn two_ends_of_an_iterator() {
    let list: List<char> = "abcdef".chars().collect();
    let mut iter = list.iter();
    let mut seen = String::new();
    for round in 0..4 {
        seen.extend(if round % 2 == 0 { iter.next_back() } else { iter.next() });
    }
    assert_eq!((seen.as_str(), iter.size_hint()), ("faeb", (2, Some(2))));
    assert_eq!(iter.collect::<String>(), "cd");
}

#[test]
fn owners() {
    let counter = Counter::default();
    let mut list: List<_> = (0..20).map(|id| counter.value(id)).collect();
    let mut cursor = list.cursor();
    while cursor.value().is_some() {
        drop(cursor.remove());
        cursor.advance();
    }
    assert_eq!((counter.counts(), list.len()), ((10, 10), 10));
    let mut other: List<_> = (0..3).map(|id| counter.value(id)).collect();
    other.append(&mut list);
    drop(list);
    assert_eq!((counter.counts(), other.len()), ((13, 10), 13));
    drop(other.cursor().split());
    assert_eq!((counter.counts(), other.is_empty()), ((0, 23), true));
}
