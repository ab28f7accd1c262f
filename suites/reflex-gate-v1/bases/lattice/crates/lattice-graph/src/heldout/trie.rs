//! Further tests of values under sequences.

use crate::heldout::Ledger;
use crate::trie::Trie;
use std::collections::{BTreeMap, BTreeSet};

fn keys() -> Vec<Vec<u8>> {
    let mut state = 31_u64;
    (0..80)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (0..(state >> 33) % 6).map(|index| ((state >> (36 + index * 3)) % 3) as u8).collect()
        })
        .collect()
}

#[test]
fn against_a_map() {
    let mut ledger = Ledger::default();
    let (mut trie, mut model) = (Trie::default(), BTreeMap::new());
    for (round, key) in keys().into_iter().enumerate() {
        if round % 4 == 3 {
            note!(ledger, trie.remove(key.iter().copied()), model.remove(&key));
        } else {
            note!(ledger, trie.insert(key.iter().copied(), round), model.insert(key.clone(), round));
        }
        note!(
            ledger,
            (trie.len(), trie.is_empty(), trie.get(key.iter().copied())),
            (model.len(), model.is_empty(), model.get(&key))
        );
        let prefixes: BTreeSet<&[u8]> =
            model.keys().flat_map(|key| (1..=key.len()).map(|length| &key[..length])).collect();
        note!(ledger, trie.nodes(), prefixes.len());
    }
    assert!(trie
        .iter()
        .map(|(key, value)| (key, *value))
        .eq(model.iter().map(|(key, value)| (key.clone(), *value))));
    for key in keys() {
        let below: Vec<_> = trie.starting_with(&key).map(|(key, value)| (key, *value)).collect();
        let expected: Vec<_> = model
            .iter()
            .filter(|(other, _)| other.starts_with(&key))
            .map(|(key, value)| (key.clone(), *value))
            .collect();
        note!(ledger, below, expected);
        let longest =
            (0..=key.len()).rev().find_map(|length| model.get(&key[..length]).map(|value| (length, value)));
        note!(ledger, trie.longest_prefix(key.iter().copied()), longest);
        let near: Vec<_> = model
            .keys()
            .filter(|other| other.len() == key.len())
            .map(|other| (other.clone(), other.iter().zip(&key).filter(|(a, b)| a != b).count()))
            .filter(|(_, differences)| *differences <= 2)
            .collect();
        note!(ledger, trie.near(&key, 2), near);
    }
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn completions() {
    let mut trie = Trie::default();
    for (word, value) in [("low water", 1), ("low wave", 2), ("lowest", 3), ("high", 4)] {
        trie.insert(word.bytes(), value);
    }
    let complete = |text: &str| trie.completion(text.as_bytes()).map(|more| String::from_utf8(more).unwrap());
    let all = ["", "l", "low", "low w", "lowe", "high", "hi", "low wa", "no"].map(complete);
    assert_eq!(
        all,
        [Some(""), Some("ow"), Some(""), Some("a"), Some("st"), Some(""), Some("gh"), Some(""), None]
            .map(|more| more.map(str::to_owned))
    );
    trie.insert("low".bytes(), 5);
    trie.remove("lowest".bytes());
    assert_eq!(trie.completion(b"lo"), Some(vec![b'w']));
    assert_eq!(trie.completion(b"low"), Some(vec![]));
    trie.remove("low".bytes());
    assert_eq!(trie.completion(b"lo"), Some(b"w wa".to_vec()));
}

#[test]
fn keys_of_words() {
    let mut trie: Trie<&str, u8> = Trie::default();
    trie.insert(["sea", "level"], 1);
    trie.insert(["sea", "level", "max"], 2);
    trie.insert(["air"], 3);
    assert_eq!((trie.get(["sea"]), trie.get(["sea", "level"]), trie.nodes()), (None, Some(&1), 4));
    assert_eq!(
        trie.starting_with(&["sea"]).map(|(key, value)| (key.join("."), *value)).collect::<Vec<_>>(),
        [("sea.level".to_owned(), 1), ("sea.level.max".to_owned(), 2)]
    );
    assert_eq!(trie.longest_prefix(["sea", "level", "min"]), Some((2, &1)));
    assert_eq!(
        (trie.remove(["sea"]), trie.remove(["sea", "level", "max"]), trie.nodes()),
        (None, Some(2), 3)
    );
}
