//! Further tests of the cache.

use crate::cache::Cache;

#[test]
fn the_hand_goes_round() {
    let mut cache = Cache::new(4);
    for n in 0..4 {
        cache.insert(n, n * 10, 1);
    }
    let mut gone = Vec::new();
    for n in 4..12 {
        cache.get(&(n - 1));
        cache.get(&1);
        gone.extend(cache.insert(n, n * 10, 1));
    }
    let keys: Vec<_> = gone.iter().map(|(key, _)| *key).collect();
    assert_eq!(keys.len(), 8);
    assert!(!keys.contains(&1) && !keys.contains(&11));
    assert_eq!((cache.len(), cache.weight(), cache.counts()), (4, 4, (16, 0)));
    assert_eq!(gone.iter().map(|(key, value)| value - key * 10).sum::<i32>(), 0);
}

#[test]
fn order_of_going() {
    let mut cache = Cache::new(10);
    for (key, weight) in [("a", 4), ("b", 3), ("c", 2), ("d", 1)] {
        cache.insert(key, (), weight);
    }
    cache.get(&"a");
    let gone: Vec<_> = cache.insert("e", (), 5).into_iter().map(|(key, ())| key).collect();
    assert_eq!((gone, cache.weight()), (vec!["b", "d", "c"], 9));
    assert_eq!(["a", "b", "e"].map(|key| cache.peek(&key).is_some()), [true, false, true]);
}

#[test]
fn replacing_and_removing() {
    let mut cache = Cache::new(6);
    assert_eq!(cache.insert("x", 1, 6), []);
    assert_eq!(cache.insert("x", 2, 7), [("x", 1), ("x", 2)]);
    assert_eq!((cache.is_empty(), cache.weight()), (true, 0));
    assert_eq!(cache.insert("x", 3, 0), []);
    assert_eq!(cache.insert("y", 4, 6), []);
    assert_eq!((cache.remove(&"x"), cache.peek(&"y"), cache.weight()), (Some(3), Some(&4), 6));
    assert_eq!(cache.insert("z", 5, 6), [("y", 4)]);
}

#[test]
fn traces() {
    let mut cache = Cache::new(2);
    cache.insert(1, 'a', 1);
    cache.insert(2, 'b', 1);
    assert_eq!((cache.peek(&1), cache.counts()), (Some(&'a'), (0, 0)));
    assert_eq!(cache.insert(3, 'c', 1), [(1, 'a')]);
    assert_eq!([2, 1].map(|key| cache.get(&key).copied()), [Some('b'), None]);
    assert_eq!(cache.counts(), (1, 1));
    assert_eq!(cache.resize(5), []);
    assert_eq!(cache.insert(4, 'd', 3), []);
    assert_eq!(cache.resize(3), [(3, 'c'), (4, 'd')]);
}

#[test]
fn making() {
    let mut cache: Cache<u8, String> = Cache::new(3);
    let mut made = 0;
    for key in [1, 2, 1, 1, 2] {
        let value = cache.get_or_make(&key, || {
            made += 1;
            Ok::<_, ()>((key.to_string(), 1))
        });
        assert_eq!(value.map(|text| text.cloned()), Ok(Some(key.to_string())));
    }
    assert_eq!((made, cache.counts()), (2, (3, 2)));
    assert_eq!(cache.get_or_make(&9, || Err(7)), Err(7));
    assert_eq!((cache.len(), cache.counts()), (2, (3, 3)));
}
