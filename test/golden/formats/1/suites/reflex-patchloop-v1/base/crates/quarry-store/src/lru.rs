//! A cache that forgets what was not used for the longest time.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::num::NonZeroUsize;

type Evicted<K, V> = Box<dyn FnMut(K, V)>;

struct Slot<V> {
    value: V,
    stamp: u64,
}

/// Holds up to `capacity` values.
pub struct LruCache<K, V> {
    capacity: NonZeroUsize,
    slots: HashMap<K, Slot<V>>,
    by_age: BTreeMap<u64, K>,
    clock: u64,
    on_evict: Option<Evicted<K, V>>,
}

impl<K: Hash + Eq + Clone, V> LruCache<K, V> {
    pub fn new(capacity: NonZeroUsize) -> Self {
        LruCache { capacity, slots: HashMap::new(), by_age: BTreeMap::new(), clock: 0, on_evict: None }
    }

    /// Calls `callback` with each pair that has to make room. Removed and replaced pairs are not evicted.
    pub fn on_evict(mut self, callback: impl FnMut(K, V) + 'static) -> Self {
        self.on_evict = Some(Box::new(callback));
        self
    }

    pub fn len(&self) -> usize {
        self.slots.len()
    }

    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Looks without counting as a use.
    pub fn peek(&self, key: &K) -> Option<&V> {
        self.slots.get(key).map(|slot| &slot.value)
    }

    /// Looks, and makes the pair the youngest.
    pub fn get(&mut self, key: &K) -> Option<&mut V> {
        let slot = self.slots.get_mut(key)?;
        self.by_age.remove(&slot.stamp);
        self.clock += 1;
        slot.stamp = self.clock;
        self.by_age.insert(self.clock, key.clone());
        Some(&mut slot.value)
    }

    /// Adds a pair and returns the value that the key had.
    pub fn put(&mut self, key: K, value: V) -> Option<V> {
        let previous = self.remove(&key);
        if self.slots.len() == self.capacity.get() {
            self.evict();
        }
        self.clock += 1;
        self.by_age.insert(self.clock, key.clone());
        self.slots.insert(key, Slot { value, stamp: self.clock });
        previous
    }

    /// The value of the key, made with `make` if it is not there.
    pub fn get_or_put_with(&mut self, key: K, make: impl FnOnce(&K) -> V) -> &mut V {
        if !self.slots.contains_key(&key) {
            let value = make(&key);
            self.put(key.clone(), value);
        }
        self.get(&key).expect("the key was put")
    }

    pub fn remove(&mut self, key: &K) -> Option<V> {
        let slot = self.slots.remove(key)?;
        self.by_age.remove(&slot.stamp);
        Some(slot.value)
    }

    /// The keys, from the oldest to the youngest.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.by_age.values()
    }

    fn evict(&mut self) {
        let Some((_, key)) = self.by_age.pop_first() else { return };
        if let (Some(slot), Some(callback)) = (self.slots.remove(&key), &mut self.on_evict) {
            callback(key, slot.value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::rc::Rc;

    fn cache(capacity: usize) -> LruCache<&'static str, u32> {
        LruCache::new(NonZeroUsize::new(capacity).expect("a capacity"))
    }

    #[test]
    fn evicts_the_least_recently_used() {
        let evicted = Rc::new(RefCell::new(Vec::new()));
        let log = Rc::clone(&evicted);
        let mut cache = cache(2).on_evict(move |key, value| log.borrow_mut().push((key, value)));
        cache.put("a", 1);
        cache.put("b", 2);
        assert_eq!(cache.get(&"a"), Some(&mut 1));
        cache.put("c", 3);
        assert_eq!(*evicted.borrow(), [("b", 2)]);
        assert_eq!(cache.keys().collect::<Vec<_>>(), [&"a", &"c"]);
    }

    #[test]
    fn replacing_does_not_evict() {
        let mut cache = cache(2);
        assert_eq!((cache.put("a", 1), cache.put("b", 2), cache.put("a", 3)), (None, None, Some(1)));
        assert_eq!(cache.keys().collect::<Vec<_>>(), [&"b", &"a"]);
        assert_eq!((cache.remove(&"b"), cache.remove(&"b"), cache.len()), (Some(2), None, 1));
    }

    #[test]
    fn peeking_is_not_a_use() {
        let mut cache = cache(2);
        cache.put("a", 1);
        *cache.get_or_put_with("b", |key| key.len() as u32) += 9;
        assert_eq!((cache.peek(&"a"), cache.peek(&"b")), (Some(&1), Some(&10)));
        assert_eq!(cache.get_or_put_with("c", |_| 7), &7);
        assert_eq!((cache.peek(&"a"), cache.is_empty()), (None, false));
        assert_eq!(cache.get_or_put_with("b", |_| 0), &10);
    }
}
