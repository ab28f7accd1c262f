//! Further tests of slabs.

use crate::counted::Counter;
use crate::heldout::Ledger;
use crate::slab::{Key, Slab};
use std::collections::BTreeMap;

#[test]
fn against_a_map() {
    let mut ledger = Ledger::default();
    let mut slab = Slab::default();
    let mut model: BTreeMap<Key, u64> = BTreeMap::new();
    let mut gone: Vec<Key> = Vec::new();
    let mut state = 4_u64;
    for round in 0..3000_u64 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let choice = (state >> 33) as usize;
        let key = model.keys().nth(choice / 4 % model.len().max(1)).copied();
        match (choice % 4, key) {
            (0 | 1, _) if model.len() < 40 => note!(ledger, model.insert(slab.insert(round), round), None),
            (2, Some(key)) => {
                note!(ledger, slab.remove(key), model.remove(&key));
                gone.push(key);
            }
            (_, Some(key)) => {
                *slab.get_mut(key).unwrap() += 1;
                *model.get_mut(&key).unwrap() += 1;
            }
            _ => {}
        }
        note!(ledger, slab.len(), model.len());
        note!(
            ledger,
            slab.iter().map(|(key, value)| (key, *value)).eq(model.iter().map(|(key, value)| (*key, *value))),
            true
        );
    }
    assert!(gone.iter().all(|key| slab.get(*key).is_none()));
    assert_eq!((slab.places() <= 41, gone.len() > 400), (true, true));
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn stale_keys() {
    let mut slab = Slab::default();
    let first = slab.insert('a');
    let mut keys = vec![first];
    for letter in 'b'..='f' {
        assert!(slab.remove(*keys.last().unwrap()).is_some());
        keys.push(slab.insert(letter));
    }
    let last = keys.pop().unwrap();
    assert_eq!((slab.get(last), slab.len(), slab.places()), (Some(&'f'), 1, 1));
    assert!(keys.iter().all(|key| slab.get(*key).is_none()));
    assert!(keys.into_iter().all(|key| slab.remove(key).is_none() && slab.get_mut(key).is_none()));
    assert_eq!(slab.get_two(first, last), None);
    assert_eq!((slab.remove(last), slab.is_empty()), (Some('f'), true));
}

#[test]
fn pairs() {
    let mut slab = Slab::default();
    let keys = ["x", "y", "z"].map(|text| slab.insert(text.to_owned()));
    let (x, z) = slab.get_two(keys[0], keys[2]).unwrap();
    x.push_str(z);
    let (z, y) = slab.get_two(keys[2], keys[1]).unwrap();
    z.push_str(y);
    assert_eq!(keys.map(|key| slab.get(key).cloned().unwrap()), ["xz", "y", "zy"]);
    assert_eq!(slab.get_two(keys[1], keys[1]), None);
}

#[test]
fn keeping_some() {
    let counter = Counter::default();
    let mut slab = Slab::default();
    let keys: Vec<Key> = (0..12).map(|id| slab.insert(counter.value(id))).collect();
    for key in keys.iter().step_by(5) {
        slab.remove(*key);
    }
    let mut seen = Vec::new();
    let removed = slab.retain(|_, value| {
        seen.push(value.id);
        value.id += 100;
        value.id % 4 != 1
    });
    assert_eq!((removed, seen), (2, vec![1, 2, 3, 4, 6, 7, 8, 9, 11]));
    assert_eq!(
        slab.iter().map(|(_, value)| value.id).collect::<Vec<_>>(),
        [102, 103, 104, 106, 107, 108, 111]
    );
    assert_eq!((counter.counts(), slab.places()), ((7, 5), 12));
    for id in 0..6 {
        slab.insert(counter.value(id));
    }
    assert_eq!((slab.places(), slab.len(), counter.counts()), (13, 13, (13, 5)));
    drop(slab);
    assert_eq!(counter.counts(), (0, 18));
}
