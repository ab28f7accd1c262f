//! Further tests of the vector without a heap.

use crate::array_vec::{ArrayVec, Full};
use crate::counted::Counter;
use crate::heldout::Ledger;

#[test]
fn against_a_vector() {
    let mut ledger = Ledger::default();
    let mut some: ArrayVec<u32, 7> = ArrayVec::default();
    let mut model: Vec<u32> = Vec::new();
    let mut state = 9_u64;
    for round in 0..3000_u32 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (kind, at) = ((state >> 33) % 6, (state >> 40) as usize % (model.len() + 1));
        match kind {
            0 | 1 => {
                let expected = if model.len() == 7 {
                    Err(Full(round))
                } else {
                    model.insert(at, round);
                    Ok(())
                };
                note!(ledger, some.insert(at, round), expected);
            }
            2 if at < model.len() => note!(ledger, some.remove(at), model.remove(at)),
            3 => note!(ledger, some.pop(), model.pop()),
            4 if model.len() < 7 => {
                model.push(round);
                note!(ledger, some.push(round), Ok(()));
            }
            _ => {
                some.truncate(at);
                model.truncate(at);
            }
        }
        note!(ledger, (&*some, some.is_full()), (&*model, model.len() == 7));
    }
    assert_eq!(some.clone().into_iter().collect::<Vec<_>>(), model);
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn owners() {
    let counter = Counter::default();
    let mut some: ArrayVec<_, 4> = ArrayVec::new();
    let values = [5, 6].map(|id| counter.value(id));
    assert!(some.extend_from_slice(&values).is_ok() && some.extend_from_slice(&values).is_ok());
    assert_eq!(counter.counts(), (6, 0));
    let Err(Full(back)) = some.push(counter.value(7)) else { panic!("there was room") };
    assert_eq!((back.id, counter.counts()), (7, (7, 0)));
    drop((back, values));
    assert_eq!(some.extend_from_slice(&[counter.value(1)]), Err(Full(1)));
    assert_eq!(counter.counts(), (4, 4));
    some.retain(|value| value.id == 6);
    assert_eq!(
        (counter.counts(), some.iter().map(|value| value.id).collect::<Vec<_>>()),
        ((2, 6), vec![6, 6])
    );
    let all: Vec<_> = some.into_iter().collect();
    assert_eq!((counter.counts(), all.len()), ((2, 6), 2));
    drop(all);
    assert_eq!(counter.counts(), (0, 8));
}

#[test]
fn iterators_end_early() {
    let counter = Counter::default();
    let mut some: ArrayVec<_, 9> = ArrayVec::new();
    for id in 0..9 {
        assert!(some.insert(0, counter.value(id)).is_ok());
    }
    let mut iter = some.into_iter();
    assert_eq!(iter.by_ref().take(4).map(|value| value.id).collect::<Vec<_>>(), [8, 7, 6, 5]);
    assert_eq!((iter.size_hint(), counter.counts()), ((5, Some(5)), (5, 4)));
    drop(iter);
    assert_eq!(counter.counts(), (0, 9));
}

#[test]
fn shows_values() {
    let mut some: ArrayVec<&str, 3> = ArrayVec::new();
    assert_eq!((format!("{some:?}"), some.first()), ("[]".into(), None));
    some.extend_from_slice(&["a", "b"]).unwrap();
    some[0] = "c";
    some.sort_unstable();
    assert_eq!((format!("{some:?}"), some.last(), some.capacity()), ("[\"b\", \"c\"]".into(), Some(&"c"), 3));
}

#[test]
#[should_panic(expected = "place 2 lies behind the end 1")]
fn places_behind_the_end() {
    let mut some: ArrayVec<u8, 4> = ArrayVec::new();
    some.push(1).unwrap();
    let _ = some.insert(2, 2);
}
