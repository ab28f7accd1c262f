//! A cache with a budget of weight. Pages that were used twice stay longer than those that were used once.

use std::collections::HashMap;
use std::hash::Hash;

struct Entry<K, V> {
    key: K,
    value: V,
    weight: usize,
    /// Used since the hand came by last.
    referenced: bool,
}

/// A clock: the hand goes round and takes what was not used since it came by last.
pub struct Cache<K, V> {
    entries: Vec<Entry<K, V>>,
    places: HashMap<K, usize>,
    hand: usize,
    budget: usize,
    weight: usize,
    hits: u64,
    misses: u64,
}

impl<K: Hash + Eq + Clone, V> Cache<K, V> {
    pub fn new(budget: usize) -> Self {
        Cache { entries: Vec::new(), places: HashMap::new(), hand: 0, budget, weight: 0, hits: 0, misses: 0 }
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn weight(&self) -> usize {
        self.weight
    }

    /// Hits and misses of `get` so far.
    pub fn counts(&self) -> (u64, u64) {
        (self.hits, self.misses)
    }

    pub fn get(&mut self, key: &K) -> Option<&V> {
        let Some(place) = self.places.get(key) else {
            self.misses += 1;
            return None;
        };
        self.hits += 1;
        let entry = &mut self.entries[*place];
        entry.referenced = true;
        Some(&entry.value)
    }

    /// Looks without leaving a trace.
    pub fn peek(&self, key: &K) -> Option<&V> {
        self.places.get(key).map(|place| &self.entries[*place].value)
    }

    /// Puts a value in, and gives those that had to go for it. One that is heavier than the budget goes at once.
    pub fn insert(&mut self, key: K, value: V, weight: usize) -> Vec<(K, V)> {
        let mut gone: Vec<(K, V)> = self.remove(&key).map(|old| (key.clone(), old)).into_iter().collect();
        if weight > self.budget {
            gone.push((key, value));
            return gone;
        }
        while self.weight + weight > self.budget {
            gone.extend(self.evict());
        }
        self.weight += weight;
        self.places.insert(key.clone(), self.entries.len());
        self.entries.push(Entry { key, value, weight, referenced: false });
        gone
    }

    pub fn remove(&mut self, key: &K) -> Option<V> {
        let place = *self.places.get(key)?;
        Some(self.take(place).1)
    }

    fn evict(&mut self) -> Option<(K, V)> {
        while !self.entries.is_empty() {
            if self.hand >= self.entries.len() {
                self.hand = 0;
            }
            let entry = &mut self.entries[self.hand];
            if entry.referenced {
                entry.referenced = false;
                self.hand += 1;
            } else {
                return Some(self.take(self.hand));
            }
        }
        None
    }

    /// Takes an entry out; the last one moves to its place.
    fn take(&mut self, place: usize) -> (K, V) {
        let entry = self.entries.swap_remove(place);
        self.places.remove(&entry.key);
        if let Some(moved) = self.entries.get(place) {
            self.places.insert(moved.key.clone(), place);
        }
        self.weight -= entry.weight;
        (entry.key, entry.value)
    }

    /// Lowers or raises the budget, and gives what does not fit any more.
    pub fn resize(&mut self, budget: usize) -> Vec<(K, V)> {
        self.budget = budget;
        let mut gone = Vec::new();
        while self.weight > self.budget {
            gone.extend(self.evict());
        }
        gone
    }

    /// The value of a key; made and put in where it is not there.
    pub fn get_or_make<E>(
        &mut self,
        key: &K,
        make: impl FnOnce() -> Result<(V, usize), E>,
    ) -> Result<Option<&V>, E> {
        if self.get(key).is_none() {
            let (value, weight) = make()?;
            self.insert(key.clone(), value, weight);
        }
        Ok(self.peek(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(gone: Vec<(char, u32)>) -> String {
        gone.into_iter().map(|(key, _)| key).collect()
    }

    fn full() -> Cache<char, u32> {
        let mut cache = Cache::new(3);
        for (value, key) in "abc".chars().enumerate() {
            assert_eq!(cache.insert(key, value as u32, 1), []);
        }
        cache
    }

    #[test]
    fn unused_entries_go_first() {
        let mut cache = full();
        assert_eq!(['a', 'c', 'x'].map(|key| cache.get(&key).copied()), [Some(0), Some(2), None]);
        assert_eq!(keys(cache.insert('d', 3, 1)), "b");
        assert_eq!((cache.len(), cache.weight(), cache.counts()), (3, 3, (2, 1)));
        assert_eq!((cache.peek(&'b'), cache.peek(&'a')), (None, Some(&0)));
    }

    #[test]
    fn a_second_chance_is_used_up() {
        let mut cache = full();
        for key in ['a', 'b', 'c'] {
            cache.get(&key);
        }
        assert_eq!(keys(cache.insert('d', 3, 1)), "a");
        cache.get(&'d');
        assert_eq!(keys(cache.insert('e', 4, 1)), "c");
    }

    #[test]
    fn weights_count() {
        let mut cache = full();
        assert_eq!(keys(cache.insert('d', 3, 2)), "ac");
        assert_eq!((cache.weight(), cache.len()), (3, 2));
        assert_eq!(keys(cache.insert('e', 4, 4)), "e");
        assert_eq!(cache.insert('d', 5, 1), [('d', 3)]);
        assert_eq!((cache.weight(), cache.peek(&'d')), (2, Some(&5)));
        assert_eq!((cache.remove(&'b'), cache.remove(&'b'), cache.weight()), (Some(1), None, 1));
    }

    #[test]
    fn resizes() {
        let mut cache = full();
        cache.get(&'a');
        assert_eq!(keys(cache.resize(1)), "bc");
        assert_eq!((cache.len(), cache.weight()), (1, 1));
        assert_eq!(keys(cache.resize(0)), "a");
        assert!(cache.is_empty());
    }

    #[test]
    fn makes_what_is_missing() {
        let mut cache = full();
        assert_eq!(cache.get_or_make(&'b', || Err("not needed")), Ok(Some(&1)));
        assert_eq!(cache.get_or_make(&'x', || Err("no such page")), Err("no such page"));
        assert_eq!(cache.get_or_make(&'x', || Ok::<_, ()>((9, 1))), Ok(Some(&9)));
        assert_eq!(cache.get_or_make(&'y', || Ok::<_, ()>((9, 4))), Ok(None));
    }
}
