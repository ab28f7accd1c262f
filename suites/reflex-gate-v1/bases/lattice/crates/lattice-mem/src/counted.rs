//! Values that count how many of them are alive: for tests of what drops what.

use std::cell::Cell;

/// How many values there are, and how many were dropped.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    alive: Cell<usize>,
    dropped: Cell<usize>,
}

impl Counter {
    pub(crate) fn value(&self, id: u32) -> Counted<'_> {
        self.alive.set(self.alive.get() + 1);
        Counted { id, counter: self }
    }

    /// Alive and dropped.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.alive.get(), self.dropped.get())
    }
}

#[derive(Debug)]
pub(crate) struct Counted<'a> {
    pub(crate) id: u32,
    counter: &'a Counter,
}

impl Clone for Counted<'_> {
    fn clone(&self) -> Self {
        self.counter.value(self.id)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.counter.alive.set(self.counter.alive.get() - 1);
        self.counter.dropped.set(self.counter.dropped.get() + 1);
    }
}
