//! Values with several owners, and watchers that don't keep them alive.

use std::cell::Cell;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::{self, NonNull};

struct Block<T> {
    /// Owners.
    strong: Cell<usize>,
    /// Watchers, and one more for all owners together.
    weak: Cell<usize>,
    /// Dropped with the last owner; the memory lives as long as a watcher.
    value: ManuallyDrop<T>,
}

/// One of the owners of a value.
pub struct Shared<T> {
    block: NonNull<Block<T>>,
    owns: PhantomData<Block<T>>,
}

/// Knows a value without owning it.
pub struct Watch<T> {
    block: NonNull<Block<T>>,
}

impl<T> Shared<T> {
    pub fn new(value: T) -> Self {
        let block = Block { strong: Cell::new(1), weak: Cell::new(1), value: ManuallyDrop::new(value) };
        Shared { block: NonNull::from(Box::leak(Box::new(block))), owns: PhantomData }
    }

    /// A value that watches itself: `make` gets a watcher that finds it once it is made.
    pub fn cyclic(make: impl FnOnce(&Watch<T>) -> T) -> Self {
        let block: Box<std::mem::MaybeUninit<Block<T>>> = Box::new_uninit();
        let block = NonNull::from(Box::leak(block)).cast::<Block<T>>();
        // SAFETY: the memory is there; the counts are written before anybody reads them, the value before it has an owner.
        unsafe {
            (&raw mut (*block.as_ptr()).strong).write(Cell::new(0));
            (&raw mut (*block.as_ptr()).weak).write(Cell::new(1));
            let watch = Watch { block };
            let value = make(&watch);
            (&raw mut (*block.as_ptr()).value).write(ManuallyDrop::new(value));
            (*block.as_ptr()).strong.set(1);
            // The watcher's place is the owners' from here on.
            std::mem::forget(watch);
        }
        Shared { block, owns: PhantomData }
    }

    fn counts(&self) -> (&Cell<usize>, &Cell<usize>) {
        // SAFETY: the block lives as long as an owner.
        let block = unsafe { self.block.as_ref() };
        (&block.strong, &block.weak)
    }

    pub fn owners(&self) -> usize {
        self.counts().0.get()
    }

    pub fn watchers(&self) -> usize {
        self.counts().1.get() - 1
    }

    pub fn watch(&self) -> Watch<T> {
        let weak = self.counts().1;
        weak.set(weak.get() + 1);
        Watch { block: self.block }
    }

    pub fn is_same(&self, other: &Self) -> bool {
        self.block == other.block
    }

    /// The value to change, if nobody else can see it.
    pub fn get_mut(&mut self) -> Option<&mut T> {
        let alone = self.owners() == 1 && self.watchers() == 0;
        // SAFETY: there is no other owner and no watcher who could become one.
        alone.then(|| unsafe { &mut *self.block.as_mut().value })
    }

    /// The value to change: a copy of its own if there are other owners. Watchers lose sight of it.
    pub fn make_mut(&mut self) -> &mut T
    where
        T: Clone,
    {
        if self.owners() > 1 {
            *self = Shared::new(T::clone(self));
        } else if self.watchers() > 0 {
            // The value moves to a block that nobody watches; the old one is left without an owner.
            // SAFETY: this is the only owner, and it gives the old value up without dropping it.
            unsafe {
                let value = ptr::read(&*self.block.as_ref().value);
                let old = std::mem::replace(self, Shared::new(value));
                old.block.as_ref().strong.set(0);
                release(old.block);
                std::mem::forget(old);
            }
        }
        // SAFETY: the block is this owner's alone.
        unsafe { &mut self.block.as_mut().value }
    }

    /// The value itself, if this is its only owner.
    pub fn into_inner(self) -> Result<T, Self> {
        if self.owners() > 1 {
            return Err(self);
        }
        // SAFETY: the only owner takes the value out and gives up its place without dropping it.
        unsafe {
            let value = ptr::read(&*self.block.as_ref().value);
            self.block.as_ref().strong.set(0);
            release(self.block);
            std::mem::forget(self);
            Ok(value)
        }
    }
}

/// Gives up a watcher's place, and the memory with the last one.
///
/// # Safety
///
/// The place must be the caller's, who does not look at the block again.
unsafe fn release<T>(block: NonNull<Block<T>>) {
    // SAFETY: the block lives as long as a place in it is taken.
    unsafe {
        let weak = &block.as_ref().weak;
        weak.set(weak.get() - 1);
        if weak.get() == 0 {
            drop(Box::from_raw(block.as_ptr()));
        }
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        let strong = self.counts().0;
        strong.set(strong.get() + 1);
        Shared { block: self.block, owns: PhantomData }
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the value lives as long as an owner.
        unsafe { &self.block.as_ref().value }
    }
}

impl<T> Drop for Shared<T> {
    fn drop(&mut self) {
        let strong = self.counts().0;
        strong.set(strong.get() - 1);
        if strong.get() > 0 {
            return;
        }
        // SAFETY: this was the last owner; the block itself goes with the last place in it.
        unsafe {
            ManuallyDrop::drop(&mut self.block.as_mut().value);
            release(self.block);
        }
    }
}

impl<T> Watch<T> {
    /// An owner of the value, if there is still one.
    pub fn get(&self) -> Option<Shared<T>> {
        // SAFETY: the block lives as long as a watcher.
        let strong = unsafe { &(*self.block.as_ptr()).strong };
        if strong.get() == 0 {
            return None;
        }
        strong.set(strong.get() + 1);
        Some(Shared { block: self.block, owns: PhantomData })
    }
}

impl<T> Clone for Watch<T> {
    fn clone(&self) -> Self {
        // SAFETY: the block lives as long as a watcher.
        let weak = unsafe { &(*self.block.as_ptr()).weak };
        weak.set(weak.get() + 1);
        Watch { block: self.block }
    }
}

impl<T> Drop for Watch<T> {
    fn drop(&mut self) {
        // SAFETY: the place is this watcher's own.
        unsafe { release(self.block) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counted::Counter;

    #[test]
    fn counts_owners_and_watchers() {
        let one = Shared::new(5);
        let two = one.clone();
        let watch = one.watch();
        assert_eq!((*one + *two, one.owners(), two.watchers()), (10, 2, 1));
        assert!(one.is_same(&two) && !one.is_same(&Shared::new(5)));
        let third = watch.get().unwrap();
        drop((one, two));
        assert_eq!((*third, third.owners()), (5, 1));
        let other = watch.clone();
        assert_eq!(third.watchers(), 2);
        drop(third);
        assert!(watch.get().is_none() && other.get().is_none());
    }

    #[test]
    fn the_last_owner_drops_the_value() {
        let counter = Counter::default();
        let one = Shared::new(counter.value(1));
        let (two, watch) = (one.clone(), one.watch());
        drop(one);
        assert_eq!(counter.counts(), (1, 0));
        drop(two);
        assert_eq!((counter.counts(), watch.get().is_none()), ((0, 1), true));
        let inner = Shared::new(counter.value(2));
        let watch = inner.watch();
        let value = inner.into_inner().map_err(drop).unwrap();
        assert_eq!((counter.counts(), value.id, watch.get().is_none()), ((1, 1), 2, true));
    }

    #[test]
    fn changes_what_nobody_else_sees() {
        let mut one = Shared::new(vec![1]);
        one.get_mut().unwrap().push(2);
        let two = one.clone();
        assert!(one.get_mut().is_none());
        one.make_mut().push(3);
        assert_eq!((&*one, &*two, one.owners(), two.owners()), (&vec![1, 2, 3], &vec![1, 2], 1, 1));
        let watch = one.watch();
        assert!(one.get_mut().is_none());
        one.make_mut().push(4);
        assert_eq!((&*one, watch.get().is_none(), one.watchers()), (&vec![1, 2, 3, 4], true, 0));
        let shared = two.clone();
        let two = two.into_inner().unwrap_err();
        drop(shared);
        assert_eq!(two.into_inner().map_err(|_| ()), Ok(vec![1, 2]));
    }

    #[test]
    fn moving_drops_nothing() {
        let counter = Counter::default();
        let mut one = Shared::new(counter.value(1));
        let watch = one.watch();
        one.make_mut().id = 7;
        assert_eq!((counter.counts(), one.id), ((1, 0), 7));
        drop(watch);
        let two = one.clone();
        one.make_mut().id = 8;
        assert_eq!((counter.counts(), one.id, two.id), ((2, 0), 8, 7));
        drop((one, two));
        assert_eq!(counter.counts(), (0, 2));
    }

    #[test]
    fn values_may_watch_themselves() {
        struct Node {
            own: Watch<Node>,
            name: &'static str,
        }
        let node = Shared::cyclic(|own| {
            assert!(own.get().is_none());
            Node { own: own.clone(), name: "pier" }
        });
        let again = node.own.get().unwrap();
        assert_eq!(
            (again.name, again.owners(), again.watchers(), again.is_same(&node)),
            ("pier", 2, 1, true)
        );
    }
}
