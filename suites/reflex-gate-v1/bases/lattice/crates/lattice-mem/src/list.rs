//! A list whose values never move, with a cursor to change it in the middle.

use std::marker::PhantomData;
use std::ptr::NonNull;

struct Node<T> {
    value: T,
    before: Link<T>,
    after: Link<T>,
}

type Link<T> = Option<NonNull<Node<T>>>;

pub struct List<T> {
    first: Link<T>,
    last: Link<T>,
    len: usize,
    owns: PhantomData<Node<T>>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        List { first: None, last: None, len: 0, owns: PhantomData }
    }
}

impl<T> List<T> {
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Puts a value between two neighbours, one or both of which may be an end.
    fn link(&mut self, before: Link<T>, after: Link<T>, value: T) {
        let node = Some(NonNull::from(Box::leak(Box::new(Node { value, before, after }))));
        match before {
            // SAFETY: neighbours are nodes of this list, and it is borrowed as a whole.
            Some(mut before) => unsafe { before.as_mut().after = node },
            None => self.first = node,
        }
        match after {
            // SAFETY: the same.
            Some(mut after) => unsafe { after.as_mut().before = node },
            None => self.last = node,
        }
        self.len += 1;
    }

    /// Takes a node of this list out.
    fn unlink(&mut self, node: NonNull<Node<T>>) -> T {
        // SAFETY: the node was leaked by `link`, and no other pointer to it is left once its neighbours know.
        let Node { value, before, after } = *unsafe { Box::from_raw(node.as_ptr()) };
        match before {
            // SAFETY: neighbours are nodes of this list, and it is borrowed as a whole.
            Some(mut before) => unsafe { before.as_mut().after = after },
            None => self.first = after,
        }
        match after {
            // SAFETY: the same.
            Some(mut after) => unsafe { after.as_mut().before = before },
            None => self.last = before,
        }
        self.len -= 1;
        value
    }

    pub fn push_back(&mut self, value: T) {
        self.link(self.last, None, value);
    }

    pub fn push_front(&mut self, value: T) {
        self.link(None, self.first, value);
    }

    pub fn pop_back(&mut self) -> Option<T> {
        self.last.map(|node| self.unlink(node))
    }

    pub fn pop_front(&mut self) -> Option<T> {
        self.first.map(|node| self.unlink(node))
    }

    pub fn iter(&self) -> Iter<'_, T> {
        Iter { next: self.first, next_back: self.last, left: self.len, borrows: PhantomData }
    }

    /// Moves all values of another list behind those of this one.
    pub fn append(&mut self, other: &mut List<T>) {
        let Some(mut first) = other.first.take() else {
            return;
        };
        match self.last {
            Some(mut last) => {
                // SAFETY: both are nodes, and both lists are borrowed as a whole.
                unsafe {
                    last.as_mut().after = Some(first);
                    first.as_mut().before = Some(last);
                }
            }
            None => self.first = Some(first),
        }
        self.last = other.last.take();
        self.len += std::mem::take(&mut other.len);
    }

    /// A cursor at the first value.
    pub fn cursor(&mut self) -> Cursor<'_, T> {
        Cursor { at: self.first, list: self }
    }
}

impl<T> Drop for List<T> {
    fn drop(&mut self) {
        while self.pop_front().is_some() {}
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut list = List::default();
        values.into_iter().for_each(|value| list.push_back(value));
        list
    }
}

pub struct Iter<'a, T> {
    next: Link<T>,
    next_back: Link<T>,
    left: usize,
    borrows: PhantomData<&'a T>,
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        self.left = self.left.checked_sub(1)?;
        // SAFETY: the list is borrowed as long as the iterator lives.
        let node = unsafe { self.next?.as_ref() };
        self.next = node.after;
        Some(&node.value)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<T> DoubleEndedIterator for Iter<'_, T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        // SAFETY: the same.
        let node = unsafe { self.next_back?.as_ref() };
        self.next_back = node.before;
        Some(&node.value)
    }
}

/// Stands at a value, or behind the last one.
pub struct Cursor<'a, T> {
    list: &'a mut List<T>,
    at: Link<T>,
}

impl<T> Cursor<'_, T> {
    pub fn value(&mut self) -> Option<&mut T> {
        // SAFETY: the cursor stands at a node of its list, which it borrows alone.
        self.at.map(|mut node| unsafe { &mut node.as_mut().value })
    }

    /// Goes on to the next value; from behind the last one to the first.
    pub fn advance(&mut self) {
        self.at = match self.at {
            // SAFETY: it is a node of the list.
            Some(node) => unsafe { node.as_ref().after },
            None => self.list.first,
        };
    }

    /// Goes back; from the first value to behind the last one.
    pub fn retreat(&mut self) {
        self.at = match self.at {
            // SAFETY: it is a node of the list.
            Some(node) => unsafe { node.as_ref().before },
            None => self.list.last,
        };
    }

    /// Puts a value in front of the cursor, which stays where it is.
    pub fn insert_before(&mut self, value: T) {
        let before = match self.at {
            // SAFETY: it is a node of the list.
            Some(node) => unsafe { node.as_ref().before },
            None => self.list.last,
        };
        self.list.link(before, self.at, value);
    }

    /// Takes the value out that the cursor stands at; it then stands at the next one.
    pub fn remove(&mut self) -> Option<T> {
        let node = self.at?;
        // SAFETY: it is a node of the list.
        self.at = unsafe { node.as_ref().after };
        Some(self.list.unlink(node))
    }

    /// Cuts the list in front of the cursor: what comes from here on becomes a list of its own.
    pub fn split(self) -> List<T> {
        let Some(first) = self.at else {
            return List::default();
        };
        let mut tail = List { first: Some(first), last: self.list.last.take(), len: 0, owns: PhantomData };
        let mut first = first;
        // SAFETY: all nodes belong to the two lists, which nobody else can reach.
        unsafe {
            self.list.last = first.as_mut().before.take();
            match self.list.last {
                Some(mut last) => last.as_mut().after = None,
                None => self.list.first = None,
            }
        }
        tail.len = std::iter::successors(tail.first, |node| unsafe { node.as_ref().after }).count();
        self.list.len -= tail.len;
        tail
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counted::Counter;

    fn values(list: &List<u32>) -> Vec<u32> {
        let there: Vec<u32> = list.iter().copied().collect();
        let mut back: Vec<u32> = list.iter().rev().copied().collect();
        back.reverse();
        assert_eq!((there.len(), &there), (list.len(), &back));
        there
    }

    #[test]
    fn has_two_ends() {
        let mut list: List<u32> = [2, 3].into_iter().collect();
        list.push_front(1);
        list.push_back(4);
        assert_eq!((values(&list), list.pop_front(), list.pop_back()), (vec![1, 2, 3, 4], Some(1), Some(4)));
        assert_eq!(
            (list.pop_back(), list.pop_back(), list.pop_back(), list.pop_front()),
            (Some(3), Some(2), None, None)
        );
        assert!(list.is_empty() && values(&list).is_empty());
    }

    #[test]
    fn is_read_from_both_ends() {
        let list: List<u32> = (1..=5).collect();
        let mut iter = list.iter();
        assert_eq!(
            (iter.next(), iter.next_back(), iter.next(), iter.size_hint()),
            (Some(&1), Some(&5), Some(&2), (2, Some(2)))
        );
        assert_eq!(
            (iter.next_back(), iter.next_back(), iter.next_back(), iter.next()),
            (Some(&4), Some(&3), None, None)
        );
    }

    #[test]
    fn is_changed_in_the_middle() {
        let mut list: List<u32> = (1..=4).collect();
        let mut cursor = list.cursor();
        cursor.advance();
        cursor.insert_before(10);
        assert_eq!((cursor.remove(), cursor.value().copied()), (Some(2), Some(3)));
        *cursor.value().unwrap() = 30;
        cursor.advance();
        cursor.advance();
        assert_eq!((cursor.value().copied(), cursor.remove()), (None, None));
        cursor.insert_before(50);
        cursor.advance();
        cursor.insert_before(0);
        cursor.retreat();
        cursor.retreat();
        cursor.retreat();
        assert_eq!(cursor.value(), Some(&mut 50));
        assert_eq!(values(&list), [0, 1, 10, 30, 4, 50]);
    }

    #[test]
    fn is_cut_and_joined() {
        let mut list: List<u32> = (1..=5).collect();
        let mut cursor = list.cursor();
        cursor.advance();
        cursor.advance();
        let mut tail = cursor.split();
        assert_eq!((values(&list), values(&tail)), (vec![1, 2], vec![3, 4, 5]));
        tail.append(&mut list);
        assert_eq!((values(&tail), values(&list)), (vec![3, 4, 5, 1, 2], vec![]));
        list.append(&mut tail);
        list.append(&mut tail);
        let all = list.cursor().split();
        assert_eq!((values(&all), values(&list)), (vec![3, 4, 5, 1, 2], vec![]));
        let mut behind = list.cursor();
        behind.retreat();
        assert!(behind.split().is_empty());
    }

    #[test]
    fn drops_each_value_once() {
        let counter = Counter::default();
        let mut list: List<_> = (0..6).map(|id| counter.value(id)).collect();
        let mut cursor = list.cursor();
        cursor.advance();
        drop(cursor.remove());
        cursor.advance();
        let tail = cursor.split();
        assert_eq!((counter.counts(), tail.iter().map(|value| value.id).sum::<u32>()), ((5, 1), 12));
        drop(tail);
        assert_eq!(counter.counts(), (2, 4));
        drop(list);
        assert_eq!(counter.counts(), (0, 6));
    }
}
