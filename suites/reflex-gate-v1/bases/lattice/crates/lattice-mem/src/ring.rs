//! A queue with two ends in one piece of memory that goes round, and grows when it is full.

use std::alloc::{alloc, dealloc, handle_alloc_error, Layout};
use std::marker::PhantomData;
use std::mem;
use std::ptr::{self, NonNull};

/// Values lie at `head`, `head + 1`, … modulo the capacity, which is zero or a power of two.
pub struct Ring<T> {
    places: NonNull<T>,
    capacity: usize,
    head: usize,
    len: usize,
    owns: PhantomData<T>,
}

// SAFETY: it owns its values, as a vector does.
unsafe impl<T: Send> Send for Ring<T> {}
// SAFETY: a shared ring gives shared borrows only.
unsafe impl<T: Sync> Sync for Ring<T> {}

impl<T> Ring<T> {
    pub const fn new() -> Self {
        assert!(mem::size_of::<T>() > 0, "values without a size need no ring");
        Ring { places: NonNull::dangling(), capacity: 0, head: 0, len: 0, owns: PhantomData }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// The place of the value with this number.
    fn place(&self, index: usize) -> *mut T {
        let place = (self.head + index) & (self.capacity - 1);
        // SAFETY: the place is less than the capacity.
        unsafe { self.places.as_ptr().add(place) }
    }

    fn layout(capacity: usize) -> Layout {
        Layout::array::<T>(capacity).expect("a ring is smaller than the address space")
    }

    /// Moves all values into twice the memory, the first one to its start.
    fn grow(&mut self) {
        let capacity = if self.capacity == 0 { 4 } else { self.capacity * 2 };
        let layout = Self::layout(capacity);
        // SAFETY: the layout has a size.
        let Some(places) = NonNull::new(unsafe { alloc(layout) }.cast::<T>()) else {
            handle_alloc_error(layout);
        };
        // Values up to the end of the old memory, and those that went round.
        let until_end = self.len.min(self.capacity - self.head);
        // SAFETY: both parts hold values; the new memory is larger than both together.
        unsafe {
            ptr::copy_nonoverlapping(self.places.as_ptr().add(self.head), places.as_ptr(), until_end);
            ptr::copy_nonoverlapping(
                self.places.as_ptr(),
                places.as_ptr().add(until_end),
                self.len - until_end,
            );
        }
        self.free();
        self.places = places;
        self.capacity = capacity;
        self.head = 0;
    }

    /// Gives the memory back; what lies in it is not dropped.
    fn free(&mut self) {
        if self.capacity > 0 {
            // SAFETY: it was allocated with this layout.
            unsafe { dealloc(self.places.as_ptr().cast(), Self::layout(self.capacity)) }
        }
    }

    pub fn push_back(&mut self, value: T) {
        if self.len == self.capacity {
            self.grow();
        }
        // SAFETY: the place behind the last value is free.
        unsafe { self.place(self.len).write(value) }
        self.len += 1;
    }

    pub fn push_front(&mut self, value: T) {
        if self.len == self.capacity {
            self.grow();
        }
        self.head = self.head.wrapping_sub(1) & (self.capacity - 1);
        // SAFETY: the place in front of the first value was free.
        unsafe { self.place(0).write(value) }
        self.len += 1;
    }

    pub fn pop_front(&mut self) -> Option<T> {
        if self.len == 0 {
            return None;
        }
        // SAFETY: the first place holds a value, and is given up.
        let value = unsafe { self.place(0).read() };
        self.head = (self.head + 1) & (self.capacity - 1);
        self.len -= 1;
        Some(value)
    }

    pub fn pop_back(&mut self) -> Option<T> {
        self.len = self.len.checked_sub(1)?;
        // SAFETY: it holds a value that lies behind the length now.
        Some(unsafe { self.place(self.len).read() })
    }

    pub fn get(&self, index: usize) -> Option<&T> {
        // SAFETY: the first `len` values are there.
        (index < self.len).then(|| unsafe { &*self.place(index) })
    }

    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        // SAFETY: the same, and nobody else borrows from the ring.
        (index < self.len).then(|| unsafe { &mut *self.place(index) })
    }

    /// Makes the value at `index` the first one; those in front of it go to the back.
    pub fn rotate(&mut self, index: usize) {
        assert!(index <= self.len, "{index} values are more than {}", self.len);
        if self.len == self.capacity && self.len > 0 {
            self.head = (self.head + index) & (self.capacity - 1);
            return;
        }
        for _ in 0..index {
            if let Some(value) = self.pop_front() {
                self.push_back(value);
            }
        }
    }

    /// The values in two pieces that follow each other.
    pub fn as_slices(&self) -> (&[T], &[T]) {
        let until_end = self.len.min(self.capacity - self.head);
        // SAFETY: both pieces hold values only.
        unsafe {
            let first = std::slice::from_raw_parts(self.places.as_ptr().add(self.head), until_end);
            (first, std::slice::from_raw_parts(self.places.as_ptr(), self.len - until_end))
        }
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        let (first, second) = self.as_slices();
        first.iter().chain(second)
    }
}

impl<T> Default for Ring<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Drop for Ring<T> {
    fn drop(&mut self) {
        while self.pop_front().is_some() {}
        self.free();
    }
}

impl<T> Extend<T> for Ring<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.push_back(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counted::Counter;

    fn values(ring: &Ring<u32>) -> Vec<u32> {
        ring.iter().copied().collect()
    }

    #[test]
    fn has_two_ends() {
        let mut ring = Ring::new();
        ring.extend([3, 4]);
        ring.push_front(2);
        ring.push_front(1);
        assert_eq!((values(&ring), ring.len(), ring.capacity()), (vec![1, 2, 3, 4], 4, 4));
        assert_eq!((ring.pop_front(), ring.pop_back(), ring.pop_back()), (Some(1), Some(4), Some(3)));
        assert_eq!(
            (ring.pop_back(), ring.pop_back(), ring.pop_front(), ring.is_empty()),
            (Some(2), None, None, true)
        );
    }

    #[test]
    fn goes_round_and_grows() {
        let mut ring = Ring::new();
        ring.extend([0, 1, 2, 3]);
        ring.pop_front();
        ring.pop_front();
        ring.extend([4, 5]);
        assert_eq!((ring.as_slices(), ring.capacity()), ((&[2, 3][..], &[4, 5][..]), 4));
        ring.push_back(6);
        assert_eq!((ring.as_slices(), ring.capacity()), ((&[2, 3, 4, 5, 6][..], &[][..]), 8));
        ring.push_front(1);
        assert_eq!(ring.as_slices(), (&[1][..], &[2, 3, 4, 5, 6][..]));
        assert_eq!(ring.iter().rev().copied().collect::<Vec<_>>(), [6, 5, 4, 3, 2, 1]);
    }

    #[test]
    fn finds_values_by_number() {
        let mut ring = Ring::new();
        ring.extend([10, 20, 30]);
        ring.push_front(0);
        *ring.get_mut(2).unwrap() += 5;
        assert_eq!(
            [0, 1, 2, 3, 4].map(|index| ring.get(index).copied()),
            [Some(0), Some(10), Some(25), Some(30), None]
        );
        assert!(ring.get_mut(4).is_none() && Ring::<u32>::new().get(0).is_none());
    }

    #[test]
    fn rotates() {
        let mut ring = Ring::new();
        ring.extend(0..4);
        ring.rotate(1);
        assert_eq!(values(&ring), [1, 2, 3, 0]);
        ring.push_back(9);
        ring.rotate(2);
        assert_eq!(values(&ring), [3, 0, 9, 1, 2]);
        ring.rotate(5);
        ring.rotate(0);
        assert_eq!(values(&ring), [3, 0, 9, 1, 2]);
    }

    #[test]
    fn drops_each_value_once() {
        let counter = Counter::default();
        let mut ring = Ring::new();
        ring.extend((0..6).map(|id| counter.value(id)));
        drop((ring.pop_front(), ring.pop_back()));
        ring.extend((6..12).map(|id| counter.value(id)));
        assert_eq!((counter.counts(), ring.iter().map(|value| value.id).sum::<u32>()), ((10, 2), 61));
        drop(ring);
        assert_eq!(counter.counts(), (0, 12));
    }
}
