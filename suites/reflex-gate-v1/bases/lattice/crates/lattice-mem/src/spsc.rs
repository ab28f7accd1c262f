//! A queue from one thread to another without locks.

use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::Arc;

/// Positions only grow; a place is a position modulo the capacity, which is a power of two.
struct Queue<T> {
    places: Box<[UnsafeCell<MaybeUninit<T>>]>,
    /// The next position to read, written by the receiver only.
    head: AtomicUsize,
    /// The next position to write, written by the sender only.
    tail: AtomicUsize,
    closed: AtomicBool,
}

// SAFETY: a place belongs to the sender until `tail` has passed it, and then to the receiver until `head` has.
unsafe impl<T: Send> Sync for Queue<T> {}

impl<T> Queue<T> {
    fn place(&self, position: usize) -> *mut MaybeUninit<T> {
        self.places[position & (self.places.len() - 1)].get()
    }
}

impl<T> Drop for Queue<T> {
    fn drop(&mut self) {
        let (head, tail) = (*self.head.get_mut(), *self.tail.get_mut());
        for position in (0..tail.wrapping_sub(head)).map(|step| head.wrapping_add(step)) {
            // SAFETY: places from the head up to the tail hold values, and nobody else is left.
            unsafe { (*self.place(position)).assume_init_drop() }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendError<T> {
    Full(T),
    /// The receiver is gone.
    Closed(T),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiveError {
    Empty,
    /// The sender is gone, and nothing is left.
    Closed,
}

/// The sending side. It can be moved to another thread, but not shared.
pub struct Sender<T> {
    queue: Arc<Queue<T>>,
    /// The head as it was seen last: it is looked up only if the queue seems full.
    seen_head: usize,
}

pub struct Receiver<T> {
    queue: Arc<Queue<T>>,
    seen_tail: usize,
}

/// A queue for at least so many values.
pub fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    channel_at(capacity, 0)
}

fn channel_at<T>(capacity: usize, start: usize) -> (Sender<T>, Receiver<T>) {
    let places =
        (0..capacity.max(1).next_power_of_two()).map(|_| UnsafeCell::new(MaybeUninit::uninit())).collect();
    let queue = Arc::new(Queue {
        places,
        head: AtomicUsize::new(start),
        tail: AtomicUsize::new(start),
        closed: AtomicBool::new(false),
    });
    (Sender { queue: Arc::clone(&queue), seen_head: start }, Receiver { queue, seen_tail: start })
}

impl<T> Sender<T> {
    pub fn capacity(&self) -> usize {
        self.queue.places.len()
    }

    pub fn send(&mut self, value: T) -> Result<(), SendError<T>> {
        let queue = &*self.queue;
        if queue.closed.load(Ordering::Relaxed) {
            return Err(SendError::Closed(value));
        }
        let tail = queue.tail.load(Ordering::Relaxed);
        if tail.wrapping_sub(self.seen_head) >= queue.places.len() {
            self.seen_head = queue.head.load(Ordering::Acquire);
            if tail.wrapping_sub(self.seen_head) >= queue.places.len() {
                return Err(SendError::Full(value));
            }
        }
        // SAFETY: the receiver has passed this place, or never reached it; it is the sender's until the tail passes it.
        unsafe { (*queue.place(tail)).write(value) };
        queue.tail.store(tail.wrapping_add(1), Ordering::Release);
        Ok(())
    }

    /// Sends as many as there is room for; those that are left stay in the iterator.
    pub fn send_all(&mut self, values: &mut std::iter::Peekable<impl Iterator<Item = T>>) -> usize {
        let mut sent = 0;
        while values.peek().is_some() {
            let queue = &*self.queue;
            let used = queue.tail.load(Ordering::Relaxed).wrapping_sub(queue.head.load(Ordering::Acquire));
            if used >= queue.places.len() {
                break;
            }
            let Some(value) = values.next() else { break };
            if self.send(value).is_err() {
                break;
            }
            sent += 1;
        }
        sent
    }
}

impl<T> Receiver<T> {
    pub fn receive(&mut self) -> Result<T, ReceiveError> {
        let queue = &*self.queue;
        let head = queue.head.load(Ordering::Relaxed);
        if head == self.seen_tail {
            // Looked at first: what was sent before the end must not be missed.
            let closed = queue.closed.load(Ordering::Acquire);
            self.seen_tail = queue.tail.load(Ordering::Acquire);
            if head == self.seen_tail {
                return Err(if closed { ReceiveError::Closed } else { ReceiveError::Empty });
            }
        }
        // SAFETY: the tail has passed this place, so that it holds a value; it is the receiver's until the head passes it.
        let value = unsafe { (*queue.place(head)).assume_init_read() };
        queue.head.store(head.wrapping_add(1), Ordering::Release);
        Ok(value)
    }

    /// Values that can be received now, at least.
    pub fn len(&self) -> usize {
        self.queue.tail.load(Ordering::Acquire).wrapping_sub(self.queue.head.load(Ordering::Relaxed))
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes what is there now.
    pub fn drain(&mut self) -> impl Iterator<Item = T> + '_ {
        std::iter::from_fn(|| self.receive().ok())
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.queue.closed.store(true, Ordering::Release);
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.queue.closed.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counted::Counter;

    #[test]
    fn values_come_in_order() {
        let (mut sender, mut receiver) = channel(3);
        assert_eq!((sender.capacity(), receiver.receive()), (4, Err(ReceiveError::Empty)));
        let sent = [1, 2, 3, 4, 5].map(|n| sender.send(n));
        assert_eq!(sent, [Ok(()), Ok(()), Ok(()), Ok(()), Err(SendError::Full(5))]);
        assert_eq!((receiver.receive(), sender.send(5), receiver.len()), (Ok(1), Ok(()), 4));
        assert_eq!((receiver.drain().collect::<Vec<_>>(), receiver.is_empty()), (vec![2, 3, 4, 5], true));
    }

    #[test]
    fn both_sides_may_leave() {
        let (mut sender, mut receiver) = channel(2);
        sender.send('a').unwrap();
        drop(sender);
        assert_eq!((receiver.receive(), receiver.receive()), (Ok('a'), Err(ReceiveError::Closed)));
        let (mut sender, receiver) = channel(2);
        drop(receiver);
        assert_eq!(sender.send('b'), Err(SendError::Closed('b')));
    }

    #[test]
    fn positions_wrap_around() {
        let (mut sender, mut receiver) = channel_at(4, usize::MAX - 2);
        for round in 0..10 {
            assert_eq!((sender.send(round), sender.send(round + 100)), (Ok(()), Ok(())));
            assert_eq!(
                (receiver.len(), receiver.receive(), receiver.receive()),
                (2, Ok(round), Ok(round + 100))
            );
        }
        let (mut sender, receiver) = channel_at(4, usize::MAX - 1);
        assert_eq!((sender.send_all(&mut (0..9).peekable()), receiver.len()), (4, 4));
    }

    #[test]
    fn drops_what_nobody_received() {
        let counter = Counter::default();
        let (mut sender, mut receiver) = channel(4);
        for id in 0..4 {
            assert!(sender.send(counter.value(id)).is_ok());
        }
        drop((receiver.receive(), receiver.receive()));
        assert!(sender.send(counter.value(4)).is_ok());
        drop(sender);
        assert_eq!(counter.counts(), (3, 2));
        drop(receiver);
        assert_eq!(counter.counts(), (0, 5));
    }

    #[test]
    fn crosses_threads() {
        let (mut sender, mut receiver) = channel(8);
        let sending = std::thread::spawn(move || {
            let mut values = (0..2000_u32).map(|n| n.to_string()).peekable();
            while values.peek().is_some() {
                if sender.send_all(&mut values) == 0 {
                    std::thread::yield_now();
                }
            }
        });
        let mut received = Vec::new();
        loop {
            match receiver.receive() {
                Ok(text) => received.push(text),
                Err(ReceiveError::Empty) => std::thread::yield_now(),
                Err(ReceiveError::Closed) => break,
            }
        }
        sending.join().unwrap();
        assert_eq!(received, (0..2000).map(|n| n.to_string()).collect::<Vec<_>>());
    }
}
