//! Values under keys that are never mistaken for those of values that were there before.

use std::mem::ManuallyDrop;

/// Names a value in a slab: its place, and which of the values that were there it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    place: u32,
    generation: u32,
}

/// A place holds a value, or the next free place.
union Content<T> {
    value: ManuallyDrop<T>,
    next_free: u32,
}

struct Place<T> {
    content: Content<T>,
    /// Odd while the place holds a value.
    generation: u32,
}

impl<T> Place<T> {
    const fn is_taken(&self) -> bool {
        self.generation % 2 == 1
    }

    fn value(&self) -> Option<&T> {
        // SAFETY: an odd generation says that there is a value.
        self.is_taken().then(|| unsafe { &*self.content.value })
    }
}

const END: u32 = u32::MAX;

pub struct Slab<T> {
    places: Vec<Place<T>>,
    /// The first of the free places, each of which names the next one.
    free: u32,
    len: usize,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Slab { places: Vec::new(), free: END, len: 0 }
    }
}

impl<T> Slab<T> {
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Places, whether they are taken or free.
    pub fn places(&self) -> usize {
        self.places.len()
    }

    pub fn insert(&mut self, value: T) -> Key {
        let content = Content { value: ManuallyDrop::new(value) };
        self.len += 1;
        if self.free == END {
            let place = u32::try_from(self.places.len()).ok().filter(|place| *place != END);
            let place = place.expect("a slab has less than 2^32 places");
            self.places.push(Place { content, generation: 1 });
            return Key { place, generation: 1 };
        }
        let place = self.free;
        let taken = &mut self.places[place as usize];
        // SAFETY: an even generation says that the place is free.
        self.free = unsafe { taken.content.next_free };
        taken.content = content;
        taken.generation = taken.generation.wrapping_add(1);
        Key { place, generation: taken.generation }
    }

    fn place(&self, key: Key) -> Option<&Place<T>> {
        self.places.get(key.place as usize).filter(|place| place.generation == key.generation)
    }

    pub fn get(&self, key: Key) -> Option<&T> {
        self.place(key).and_then(Place::value)
    }

    pub fn get_mut(&mut self, key: Key) -> Option<&mut T> {
        self.place(key)?;
        // SAFETY: the key's generation is odd, and it is the place's.
        Some(unsafe { &mut *self.places[key.place as usize].content.value })
    }

    /// Two values at once; none if the keys are the same or one is stale.
    pub fn get_two(&mut self, one: Key, other: Key) -> Option<(&mut T, &mut T)> {
        if one.place == other.place || self.place(one).is_none() || self.place(other).is_none() {
            return None;
        }
        let places = self.places.as_mut_ptr();
        // SAFETY: both places are there, hold values, and are different ones.
        unsafe {
            let first = &mut *(*places.add(one.place as usize)).content.value;
            Some((first, &mut *(*places.add(other.place as usize)).content.value))
        }
    }

    pub fn remove(&mut self, key: Key) -> Option<T> {
        self.place(key)?;
        let place = &mut self.places[key.place as usize];
        // SAFETY: the place holds a value, which is taken out and never read again.
        let value = unsafe { ManuallyDrop::take(&mut place.content.value) };
        place.content.next_free = self.free;
        place.generation = place.generation.wrapping_add(1);
        self.free = key.place;
        self.len -= 1;
        Some(value)
    }

    /// Keys and values, in the order of the places.
    pub fn iter(&self) -> impl Iterator<Item = (Key, &T)> {
        self.places.iter().enumerate().filter_map(|(index, place)| {
            let key = Key { place: index as u32, generation: place.generation };
            place.value().map(|value| (key, value))
        })
    }

    /// Removes the values for which `keep` does not hold; how many.
    pub fn retain(&mut self, mut keep: impl FnMut(Key, &mut T) -> bool) -> usize {
        let before = self.len;
        for index in 0..self.places.len() {
            let key = Key { place: index as u32, generation: self.places[index].generation };
            if !self.places[index].is_taken() {
                continue;
            }
            if let Some(value) = self.get_mut(key) {
                if !keep(key, value) {
                    self.remove(key);
                }
            }
        }
        before - self.len
    }
}

impl<T> Drop for Slab<T> {
    fn drop(&mut self) {
        for place in &mut self.places {
            if place.is_taken() {
                // SAFETY: it holds a value, and is not looked at again.
                unsafe { ManuallyDrop::drop(&mut place.content.value) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counted::Counter;

    #[test]
    fn keys_find_their_values() {
        let mut slab = Slab::default();
        let [a, b, c] = ["pier", "quay", "dock"].map(|name| slab.insert(name));
        assert_eq!((slab.get(a), slab.get(b), slab.len()), (Some(&"pier"), Some(&"quay"), 3));
        assert_eq!((slab.remove(b), slab.remove(b), slab.get(b)), (Some("quay"), None, None));
        assert_eq!(slab.get_mut(b), None);
        let d = slab.insert("weir");
        assert_eq!((slab.get(d), slab.get(b), slab.places()), (Some(&"weir"), None, 3));
        *slab.get_mut(c).unwrap() = "lock";
        assert_eq!(
            slab.iter().map(|(key, name)| (key == d, *name)).collect::<Vec<_>>(),
            [(false, "pier"), (true, "weir"), (false, "lock")]
        );
    }

    #[test]
    fn the_last_free_place_is_used_first() {
        let mut slab = Slab::default();
        let keys: Vec<Key> = (0..4).map(|n| slab.insert(n)).collect();
        keys.iter().for_each(|key| assert!(slab.remove(*key).is_some()));
        assert!(slab.is_empty());
        let again: Vec<Key> = (10..15).map(|n| slab.insert(n)).collect();
        assert_eq!(again.iter().map(|key| key.place).collect::<Vec<_>>(), [3, 2, 1, 0, 4]);
        assert_eq!(again.iter().map(|key| key.generation).collect::<Vec<_>>(), [3, 3, 3, 3, 1]);
        assert!(keys.iter().all(|key| slab.get(*key).is_none()));
    }

    #[test]
    fn two_values_at_once() {
        let mut slab = Slab::default();
        let (a, b) = (slab.insert(1), slab.insert(2));
        let (one, other) = slab.get_two(a, b).unwrap();
        std::mem::swap(one, other);
        assert_eq!((slab.get(a), slab.get(b)), (Some(&2), Some(&1)));
        assert_eq!(slab.get_two(a, a), None);
        slab.remove(a);
        assert_eq!(slab.get_two(a, b), None);
        assert_eq!(slab.get_two(b, a), None);
    }

    #[test]
    fn drops_each_value_once() {
        let counter = Counter::default();
        let mut slab = Slab::default();
        let keys: Vec<Key> = (0..10).map(|id| slab.insert(counter.value(id))).collect();
        drop(slab.remove(keys[4]));
        assert_eq!(slab.retain(|key, value| key != keys[0] && value.id % 2 == 0), 6);
        assert_eq!((counter.counts(), slab.len()), ((3, 7), 3));
        slab.insert(counter.value(20));
        assert_eq!(
            (slab.places(), slab.iter().map(|(_, value)| value.id).sum::<u32>()),
            (10, 2 + 6 + 8 + 20)
        );
        drop(slab);
        assert_eq!(counter.counts(), (0, 11));
    }
}
