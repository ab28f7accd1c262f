//! A vector that lives where it is declared: no heap, a fixed capacity.

use std::mem::MaybeUninit;
use std::ops::{Deref, DerefMut};
use std::{fmt, ptr, slice};

/// The first `len` places hold values; the others hold nothing.
pub struct ArrayVec<T, const N: usize> {
    places: [MaybeUninit<T>; N],
    len: usize,
}

/// There was no room for this value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full<T>(pub T);

impl<T, const N: usize> ArrayVec<T, N> {
    pub const fn new() -> Self {
        ArrayVec { places: [const { MaybeUninit::uninit() }; N], len: 0 }
    }

    pub const fn capacity(&self) -> usize {
        N
    }

    pub const fn is_full(&self) -> bool {
        self.len == N
    }

    pub fn push(&mut self, value: T) -> Result<(), Full<T>> {
        if self.is_full() {
            return Err(Full(value));
        }
        self.places[self.len].write(value);
        self.len += 1;
        Ok(())
    }

    pub fn pop(&mut self) -> Option<T> {
        self.len = self.len.checked_sub(1)?;
        // SAFETY: the place held a value, and is behind the length now.
        Some(unsafe { self.places[self.len].assume_init_read() })
    }

    /// Puts a value at a place; those behind it move on by one.
    pub fn insert(&mut self, at: usize, value: T) -> Result<(), Full<T>> {
        assert!(at <= self.len, "place {at} lies behind the end {}", self.len);
        if self.is_full() {
            return Err(Full(value));
        }
        // SAFETY: `at <= len < N`, so that both ranges lie within the array.
        unsafe {
            let place = self.places.as_mut_ptr().add(at);
            ptr::copy(place, place.add(1), self.len - at);
            (*place).write(value);
        }
        self.len += 1;
        Ok(())
    }

    /// Takes a value out; those behind it move up by one.
    pub fn remove(&mut self, at: usize) -> T {
        assert!(at < self.len, "place {at} lies behind the end {}", self.len);
        self.len -= 1;
        // SAFETY: the place holds a value; after the move none of the first `len` is empty.
        unsafe {
            let place = self.places.as_mut_ptr().add(at);
            let value = (*place).assume_init_read();
            ptr::copy(place.add(1), place, self.len - at);
            value
        }
    }

    /// Shortens to `len`; what lies behind is dropped.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len {
            return;
        }
        let tail = &mut self.places[len..self.len];
        let tail: *mut [T] = ptr::slice_from_raw_parts_mut(tail.as_mut_ptr().cast(), tail.len());
        // First of all they are given up: a panic in a drop must not lead to a second one.
        self.len = len;
        // SAFETY: these places held values that nobody else will touch.
        unsafe { ptr::drop_in_place(tail) }
    }

    pub fn clear(&mut self) {
        self.truncate(0);
    }

    /// Keeps the values for which `keep` holds, in their order.
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        let mut kept = 0;
        for at in 0..self.len {
            if keep(&self[at]) {
                self.swap(kept, at);
                kept += 1;
            }
        }
        self.truncate(kept);
    }

    pub fn extend_from_slice(&mut self, values: &[T]) -> Result<(), Full<usize>>
    where
        T: Clone,
    {
        if values.len() > N - self.len {
            return Err(Full(values.len() - (N - self.len)));
        }
        for value in values {
            self.places[self.len].write(value.clone());
            self.len += 1;
        }
        Ok(())
    }
}

impl<T, const N: usize> Default for ArrayVec<T, N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T, const N: usize> Deref for ArrayVec<T, N> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: the first `len` places hold values.
        unsafe { slice::from_raw_parts(self.places.as_ptr().cast(), self.len) }
    }
}

impl<T, const N: usize> DerefMut for ArrayVec<T, N> {
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: the first `len` places hold values.
        unsafe { slice::from_raw_parts_mut(self.places.as_mut_ptr().cast(), self.len) }
    }
}

impl<T, const N: usize> Drop for ArrayVec<T, N> {
    fn drop(&mut self) {
        self.clear();
    }
}

impl<T: Clone, const N: usize> Clone for ArrayVec<T, N> {
    fn clone(&self) -> Self {
        let mut copy = ArrayVec::new();
        for value in self.iter() {
            copy.places[copy.len].write(value.clone());
            copy.len += 1;
        }
        copy
    }
}

impl<T: fmt::Debug, const N: usize> fmt::Debug for ArrayVec<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Gives the values one by one; those that were not taken are dropped with it.
pub struct IntoIter<T, const N: usize> {
    vec: ArrayVec<T, N>,
    next: usize,
    end: usize,
}

impl<T, const N: usize> IntoIterator for ArrayVec<T, N> {
    type Item = T;
    type IntoIter = IntoIter<T, N>;

    fn into_iter(mut self) -> IntoIter<T, N> {
        // The vector itself must not drop what the iterator gives away.
        let end = std::mem::take(&mut self.len);
        IntoIter { vec: self, next: 0, end }
    }
}

impl<T, const N: usize> Iterator for IntoIter<T, N> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        if self.next == self.end {
            return None;
        }
        let place = &self.vec.places[self.next];
        self.next += 1;
        // SAFETY: it held a value, and is never looked at again.
        Some(unsafe { place.assume_init_read() })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.end - self.next;
        (left, Some(left))
    }
}

impl<T, const N: usize> Drop for IntoIter<T, N> {
    fn drop(&mut self) {
        self.by_ref().for_each(drop);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counted::Counter;

    fn vec(values: &[u32]) -> ArrayVec<u32, 5> {
        let mut vec = ArrayVec::new();
        vec.extend_from_slice(values).unwrap();
        vec
    }

    #[test]
    fn pushes_and_pops() {
        let mut some = vec(&[1, 2, 3, 4]);
        assert_eq!((some.push(5), some.push(6), some.is_full()), (Ok(()), Err(Full(6)), true));
        assert_eq!((some.pop(), some.pop(), some.len(), some.capacity()), (Some(5), Some(4), 3, 5));
        some.clear();
        assert_eq!((some.pop(), some.is_empty()), (None, true));
    }

    #[test]
    fn inserts_and_removes() {
        let mut some = vec(&[1, 2, 3]);
        assert_eq!((some.insert(1, 9), some.insert(4, 8), some.insert(0, 7)), (Ok(()), Ok(()), Err(Full(7))));
        assert_eq!(*some, [1, 9, 2, 3, 8]);
        assert_eq!((some.remove(0), some.remove(3), some.remove(1)), (1, 8, 2));
        assert_eq!(*some, [9, 3]);
        assert_eq!(some.extend_from_slice(&[0; 5]), Err(Full(2)));
    }

    #[test]
    fn drops_each_value_once() {
        let counter = Counter::default();
        let mut some: ArrayVec<_, 8> = ArrayVec::new();
        for id in 0..8 {
            assert!(some.push(counter.value(id)).is_ok());
        }
        some.retain(|value| value.id % 3 != 0);
        assert_eq!(
            (some.iter().map(|value| value.id).collect::<Vec<_>>(), counter.counts()),
            (vec![1, 2, 4, 5, 7], (5, 3))
        );
        some.truncate(9);
        some.truncate(4);
        drop(some.remove(1));
        assert_eq!(counter.counts(), (3, 5));
        let copy = some.clone();
        assert_eq!(counter.counts(), (6, 5));
        let mut iter = copy.into_iter();
        assert_eq!((iter.next().map(|value| value.id), iter.size_hint()), (Some(1), (2, Some(2))));
        drop(iter);
        assert_eq!(counter.counts(), (3, 8));
        drop(some);
        assert_eq!(counter.counts(), (0, 11));
    }

    #[test]
    #[should_panic(expected = "place 3 lies behind the end 3")]
    fn removes_only_what_is_there() {
        vec(&[1, 2, 3]).remove(3);
    }
}
