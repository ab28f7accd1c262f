//! Values that live as long as the arena that they were put into; it gives them all up at once.

use std::cell::{Cell, RefCell};
use std::mem::MaybeUninit;

/// An arena of values of one type. Borrows stay valid while it grows: a chunk is never moved.
pub struct Arena<T> {
    chunks: RefCell<Vec<Chunk<T>>>,
    len: Cell<usize>,
}

struct Chunk<T> {
    places: Box<[MaybeUninit<T>]>,
    used: usize,
}

const FIRST: usize = 4;
const LARGEST: usize = 1024;

impl<T> Chunk<T> {
    fn new(size: usize) -> Self {
        Chunk { places: (0..size).map(|_| MaybeUninit::uninit()).collect(), used: 0 }
    }

    fn room(&self) -> usize {
        self.places.len() - self.used
    }
}

impl<T> Drop for Chunk<T> {
    fn drop(&mut self) {
        for place in &mut self.places[..self.used] {
            // SAFETY: the first `used` places hold values, and nobody borrows them any more.
            unsafe { place.assume_init_drop() }
        }
    }
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Arena { chunks: RefCell::new(Vec::new()), len: Cell::new(0) }
    }
}

impl<T> Arena<T> {
    pub fn len(&self) -> usize {
        self.len.get()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Chunks that were allocated.
    pub fn chunks(&self) -> usize {
        self.chunks.borrow().len()
    }

    /// The size of the next chunk: twice the last one, at least what is needed.
    fn next_size(chunks: &[Chunk<T>], needed: usize) -> usize {
        let doubled = chunks.last().map_or(FIRST, |last| (last.places.len() * 2).min(LARGEST));
        doubled.max(needed)
    }

    // The borrow is of a place that was never given out before, and each place is given out once.
    #[allow(clippy::mut_from_ref)]
    pub fn alloc(&self, value: T) -> &mut T {
        let mut chunks = self.chunks.borrow_mut();
        if chunks.last().is_none_or(|last| last.room() == 0) {
            let size = Self::next_size(&chunks, 1);
            chunks.push(Chunk::new(size));
        }
        let last = chunks.last_mut().expect("there is a chunk with room");
        let place: *mut T = last.places[last.used].write(value);
        last.used += 1;
        self.len.set(self.len.get() + 1);
        // SAFETY: the place is not touched again before the arena is dropped or borrowed as a whole, and does not move.
        unsafe { &mut *place }
    }

    /// Puts all values side by side.
    #[allow(clippy::mut_from_ref)]
    pub fn alloc_all(&self, values: impl IntoIterator<Item = T>) -> &mut [T] {
        // They are made first: making them may use the arena itself.
        let values: Vec<T> = values.into_iter().collect();
        let count = values.len();
        let mut chunks = self.chunks.borrow_mut();
        if chunks.last().is_none_or(|last| last.room() < count) {
            let size = Self::next_size(&chunks, count);
            chunks.push(Chunk::new(size));
        }
        let last = chunks.last_mut().expect("there is a chunk with room");
        let start: *mut T = last.places[last.used..].as_mut_ptr().cast();
        for value in values {
            last.places[last.used].write(value);
            last.used += 1;
        }
        self.len.set(self.len.get() + count);
        // SAFETY: these places were just filled, and are given out once.
        unsafe { std::slice::from_raw_parts_mut(start, count) }
    }

    /// All values in the order in which they were put in.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.chunks.get_mut().iter_mut().flat_map(|chunk| {
            let used = chunk.used;
            // SAFETY: the first `used` places hold values; the arena is borrowed as a whole, so that nobody else has one.
            chunk.places[..used].iter_mut().map(|place| unsafe { place.assume_init_mut() })
        })
    }

    /// Gives all values up; the largest chunk is kept for new ones.
    pub fn clear(&mut self) {
        let chunks = self.chunks.get_mut();
        let largest = chunks.iter().map(|chunk| chunk.places.len()).max().unwrap_or(0);
        let kept = chunks.iter().position(|chunk| chunk.places.len() == largest);
        if let Some(kept) = kept {
            let old = chunks.swap_remove(kept);
            chunks.clear();
            let size = old.places.len();
            drop(old);
            chunks.push(Chunk::new(size));
        }
        self.len.set(0);
    }

    /// Takes the values out.
    pub fn into_vec(self) -> Vec<T> {
        let mut values = Vec::with_capacity(self.len());
        for mut chunk in self.chunks.into_inner() {
            // The chunk has nothing to drop from here on.
            let used = std::mem::take(&mut chunk.used);
            // SAFETY: the first places held values, and each is read once.
            values.extend(chunk.places[..used].iter().map(|place| unsafe { place.assume_init_read() }));
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counted::Counter;

    #[test]
    fn borrows_stay_valid() {
        let arena = Arena::default();
        let mut borrows: Vec<&mut u32> = (0..100).map(|n| arena.alloc(n)).collect();
        borrows.iter_mut().for_each(|n| **n *= 2);
        assert_eq!(borrows.iter().map(|n| **n).sum::<u32>(), 9900);
        assert_eq!((arena.len(), arena.chunks()), (100, 5));
        assert_eq!(arena.into_vec(), (0..100).map(|n| n * 2).collect::<Vec<_>>());
    }

    #[test]
    fn values_may_borrow_from_another_arena() {
        let names = Arena::default();
        let stations = Arena::default();
        let mut last = None;
        for name in ["pier", "quay", "dock", "weir", "lock", "gate"] {
            let name: &String = names.alloc(name.to_uppercase());
            last = Some(&*stations.alloc((name.as_str(), name.len())));
        }
        assert_eq!((last, stations.len()), (Some(&("GATE", 4)), 6));
        assert_eq!(stations.into_vec()[0], ("PIER", 4));
    }

    #[test]
    fn several_lie_side_by_side() {
        let arena = Arena::default();
        let first = arena.alloc_all([1, 2, 3]);
        let second = arena.alloc_all(4..=9);
        first[0] = 10;
        second[5] = 90;
        assert_eq!(
            (&*first, &*second, &*arena.alloc_all([])),
            (&[10, 2, 3][..], &[4, 5, 6, 7, 8, 90][..], &[][..])
        );
        assert_eq!((arena.len(), arena.chunks()), (9, 2));
        arena.alloc_all(0..5000);
        assert_eq!((arena.chunks(), *arena.alloc(7), arena.chunks()), (3, 7, 4));
    }

    #[test]
    fn drops_each_value_once() {
        let counter = Counter::default();
        let mut arena = Arena::default();
        for id in 0..30 {
            arena.alloc(counter.value(id));
        }
        assert_eq!((counter.counts(), arena.chunks()), ((30, 0), 4));
        assert_eq!(arena.iter_mut().map(|value| value.id).collect::<Vec<_>>(), (0..30).collect::<Vec<_>>());
        arena.clear();
        assert_eq!((counter.counts(), arena.len(), arena.chunks()), ((0, 30), 0, 1));
        arena.alloc_all((0..5).map(|id| counter.value(id)));
        assert_eq!((arena.chunks(), arena.is_empty()), (1, false));
        let values = arena.into_vec();
        assert_eq!((counter.counts(), values.len()), ((5, 30), 5));
        drop(values);
        assert_eq!(counter.counts(), (0, 35));
    }
}
