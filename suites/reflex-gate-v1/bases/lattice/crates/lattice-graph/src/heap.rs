//! A queue by priority in which priorities can be changed: a heap with several children a node that knows its places.

use std::collections::HashMap;
use std::hash::Hash;

/// Children of a node: flatter than two, with more comparisons on the way down.
const ARITY: usize = 4;

/// The smallest priority comes first; of equal ones any.
#[derive(Debug, Clone)]
pub struct Heap<K, P> {
    nodes: Vec<(K, P)>,
    places: HashMap<K, usize>,
}

impl<K, P> Default for Heap<K, P> {
    fn default() -> Self {
        Heap { nodes: Vec::new(), places: HashMap::new() }
    }
}

impl<K: Hash + Eq + Clone, P: PartialOrd> Heap<K, P> {
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    pub fn priority(&self, key: &K) -> Option<&P> {
        self.places.get(key).map(|place| &self.nodes[*place].1)
    }

    pub fn peek(&self) -> Option<(&K, &P)> {
        self.nodes.first().map(|(key, priority)| (key, priority))
    }

    /// Puts a key in, or gives it another priority; the old one.
    pub fn set(&mut self, key: K, priority: P) -> Option<P> {
        match self.places.get(&key).copied() {
            Some(place) => {
                let old = std::mem::replace(&mut self.nodes[place].1, priority);
                let place = self.rise(place);
                self.sink(place);
                Some(old)
            }
            None => {
                self.places.insert(key.clone(), self.nodes.len());
                self.nodes.push((key, priority));
                self.rise(self.nodes.len() - 1);
                None
            }
        }
    }

    /// Puts a key in or lowers its priority; false if it has one that is as low.
    pub fn lower(&mut self, key: K, priority: P) -> bool {
        let lowers = self.priority(&key).is_none_or(|old| priority < *old);
        if lowers {
            self.set(key, priority);
        }
        lowers
    }

    pub fn pop(&mut self) -> Option<(K, P)> {
        let key = self.nodes.first()?.0.clone();
        self.remove(&key).map(|priority| (key, priority))
    }

    pub fn remove(&mut self, key: &K) -> Option<P> {
        let place = self.places.remove(key)?;
        let (_, priority) = self.nodes.swap_remove(place);
        if place < self.nodes.len() {
            self.note(place);
            let place = self.rise(place);
            self.sink(place);
        }
        Some(priority)
    }

    /// Keeps the map of places true for one place.
    fn note(&mut self, place: usize) {
        if let Some(noted) = self.places.get_mut(&self.nodes[place].0) {
            *noted = place;
        }
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.nodes.swap(a, b);
        self.note(a);
        self.note(b);
    }

    fn is_before(&self, a: usize, b: usize) -> bool {
        self.nodes[a].1 < self.nodes[b].1
    }

    /// Moves a node up to where it belongs, and tells where that is.
    fn rise(&mut self, mut place: usize) -> usize {
        while place > 0 {
            let parent = (place - 1) / ARITY;
            if !self.is_before(place, parent) {
                break;
            }
            self.swap(place, parent);
            place = parent;
        }
        place
    }

    fn sink(&mut self, mut place: usize) {
        loop {
            let first = place * ARITY + 1;
            let end = (first + ARITY).min(self.nodes.len());
            let smallest =
                (first..end).reduce(|best, child| if self.is_before(child, best) { child } else { best });
            match smallest {
                Some(child) if self.is_before(child, place) => {
                    self.swap(place, child);
                    place = child;
                }
                _ => return,
            }
        }
    }

    /// All keys with their priorities, the smallest first.
    pub fn into_sorted(mut self) -> Vec<(K, P)> {
        std::iter::from_fn(|| self.pop()).collect()
    }
}

impl<K: Hash + Eq + Clone, P: PartialOrd> FromIterator<(K, P)> for Heap<K, P> {
    fn from_iter<I: IntoIterator<Item = (K, P)>>(entries: I) -> Self {
        let mut heap = Heap::default();
        for (key, priority) in entries {
            heap.set(key, priority);
        }
        heap
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heap(entries: &[(char, u32)]) -> Heap<char, u32> {
        entries.iter().copied().collect()
    }

    #[test]
    fn gives_the_smallest_first() {
        let mut some = heap(&[('a', 5), ('b', 2), ('c', 9), ('d', 1), ('e', 7), ('f', 3)]);
        assert_eq!((some.peek(), some.len()), (Some((&'d', &1)), 6));
        assert_eq!((some.pop(), some.pop(), some.priority(&'b')), (Some(('d', 1)), Some(('b', 2)), None));
        assert_eq!(some.into_sorted(), [('f', 3), ('a', 5), ('e', 7), ('c', 9)]);
        assert!(Heap::<u8, u8>::default().pop().is_none());
    }

    #[test]
    fn priorities_change() {
        let mut some = heap(&[('a', 5), ('b', 2), ('c', 9)]);
        assert_eq!((some.set('c', 1), some.peek()), (Some(9), Some((&'c', &1))));
        assert_eq!((some.set('c', 6), some.set('d', 4), some.peek()), (Some(1), None, Some((&'b', &2))));
        assert_eq!(
            (some.lower('a', 5), some.lower('a', 3), some.lower('e', 8), some.priority(&'a')),
            (false, true, true, Some(&3))
        );
        assert_eq!(some.into_sorted(), [('b', 2), ('a', 3), ('d', 4), ('c', 6), ('e', 8)]);
    }

    #[test]
    fn keys_are_taken_out() {
        let mut some: Heap<u32, u32> = (0..20).map(|n| (n, n * 7 % 20)).collect();
        assert_eq!(
            (some.remove(&3), some.remove(&3), some.remove(&0), some.len()),
            (Some(1), None, Some(0), 18)
        );
        let priorities: Vec<u32> = some.into_sorted().into_iter().map(|(_, priority)| priority).collect();
        assert_eq!(priorities, (2..20).collect::<Vec<_>>());
    }
}
