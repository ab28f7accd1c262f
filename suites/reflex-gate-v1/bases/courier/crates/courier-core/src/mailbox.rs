//! A bounded queue between tasks, with a choice of what happens when it is full.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenFull {
    /// The sender waits for room.
    Wait,
    DropOldest,
    DropNewest,
}

struct Inner<T> {
    queue: VecDeque<T>,
    capacity: usize,
    when_full: WhenFull,
    dropped: u64,
    closed: bool,
}

struct Shared<T> {
    inner: Mutex<Inner<T>>,
    /// Rung when something was put in or the box was closed.
    filled: Notify,
    /// Rung when something was taken out or the box was closed.
    emptied: Notify,
}

impl<T> Shared<T> {
    /// Nothing that is done under the lock panics.
    fn lock(&self) -> MutexGuard<'_, Inner<T>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A handle to a mailbox; all clones are of the same one.
pub struct Mailbox<T>(Arc<Shared<T>>);

impl<T> Clone for Mailbox<T> {
    fn clone(&self) -> Self {
        Mailbox(Arc::clone(&self.0))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed<T>(pub T);

impl<T> Mailbox<T> {
    pub fn new(capacity: usize, when_full: WhenFull) -> Self {
        assert!(capacity > 0, "a mailbox holds something");
        let inner = Inner { queue: VecDeque::new(), capacity, when_full, dropped: 0, closed: false };
        Mailbox(Arc::new(Shared { inner: Mutex::new(inner), filled: Notify::new(), emptied: Notify::new() }))
    }

    /// Puts a message in; what has to go for it is gone.
    pub async fn send(&self, message: T) -> Result<(), Closed<T>> {
        let mut message = message;
        loop {
            // Begins to listen before it looks, so that nothing is missed in between.
            let emptied = self.0.emptied.notified();
            match self.try_send(message)? {
                None => return Ok(()),
                Some(back) => message = back,
            }
            emptied.await;
        }
    }

    /// Gives the message back where there is no room and the sender would have to wait.
    pub fn try_send(&self, message: T) -> Result<Option<T>, Closed<T>> {
        let mut inner = self.0.lock();
        if inner.closed {
            return Err(Closed(message));
        }
        if inner.queue.len() >= inner.capacity {
            match inner.when_full {
                WhenFull::Wait => return Ok(Some(message)),
                WhenFull::DropOldest => {
                    inner.queue.pop_front();
                    inner.dropped += 1;
                }
                WhenFull::DropNewest => {
                    inner.dropped += 1;
                    return Ok(None);
                }
            }
        }
        inner.queue.push_back(message);
        drop(inner);
        self.0.filled.notify_one();
        Ok(None)
    }

    /// The next message; none once the box is closed and empty.
    pub async fn receive(&self) -> Option<T> {
        loop {
            let filled = self.0.filled.notified();
            {
                let mut inner = self.0.lock();
                if let Some(message) = inner.queue.pop_front() {
                    let more = !inner.queue.is_empty();
                    drop(inner);
                    self.0.emptied.notify_one();
                    // One bell may have rung for several messages.
                    if more {
                        self.0.filled.notify_one();
                    }
                    return Some(message);
                }
                if inner.closed {
                    return None;
                }
            }
            filled.await;
        }
    }

    /// All messages that are there now.
    pub fn drain(&self) -> Vec<T> {
        let drained = self.0.lock().queue.drain(..).collect();
        self.0.emptied.notify_waiters();
        drained
    }

    /// Nothing more can be put in; what is in can still be taken out.
    pub fn close(&self) {
        self.0.lock().closed = true;
        self.0.filled.notify_waiters();
        self.0.emptied.notify_waiters();
    }

    pub fn len(&self) -> usize {
        self.0.lock().queue.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn dropped(&self) -> u64 {
        self.0.lock().dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::{sleep, timeout, Instant};

    #[tokio::test]
    async fn messages_come_in_order() {
        let mailbox = Mailbox::new(8, WhenFull::Wait);
        for n in 0..3 {
            mailbox.send(n).await.unwrap();
        }
        mailbox.close();
        assert_eq!(mailbox.send(9).await, Err(Closed(9)));
        assert_eq!([mailbox.receive().await, mailbox.receive().await], [Some(0), Some(1)]);
        assert_eq!((mailbox.len(), mailbox.receive().await, mailbox.receive().await), (1, Some(2), None));
    }

    #[tokio::test]
    async fn drops_what_it_is_told_to() {
        let (oldest, newest) = (Mailbox::new(2, WhenFull::DropOldest), Mailbox::new(2, WhenFull::DropNewest));
        for n in 0..5 {
            oldest.send(n).await.unwrap();
            newest.send(n).await.unwrap();
        }
        assert_eq!((oldest.dropped(), oldest.drain()), (3, vec![3, 4]));
        assert_eq!((newest.dropped(), newest.drain()), (3, vec![0, 1]));
        assert!(oldest.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn senders_wait_for_room() {
        let mailbox = Mailbox::new(1, WhenFull::Wait);
        assert_eq!((mailbox.try_send('a'), mailbox.try_send('b')), (Ok(None), Ok(Some('b'))));
        let taker = mailbox.clone();
        let start = Instant::now();
        tokio::spawn(async move {
            sleep(Duration::from_secs(3)).await;
            taker.receive().await
        });
        assert_eq!(mailbox.send('b').await, Ok(()));
        assert_eq!((start.elapsed(), mailbox.drain()), (Duration::from_secs(3), vec!['b']));
    }

    #[tokio::test(start_paused = true)]
    async fn receivers_wait_for_messages() {
        let mailbox = Mailbox::<u8>::new(4, WhenFull::Wait);
        let waiting: Vec<_> = (0..3)
            .map(|_| mailbox.clone())
            .map(|mailbox| tokio::spawn(async move { mailbox.receive().await }))
            .collect();
        sleep(Duration::from_millis(1)).await;
        mailbox.send(1).await.unwrap();
        mailbox.send(2).await.unwrap();
        sleep(Duration::from_millis(1)).await;
        mailbox.close();
        let mut received = Vec::new();
        for task in waiting {
            received.push(timeout(Duration::from_secs(1), task).await.expect("a receiver hangs").unwrap());
        }
        received.sort_unstable();
        assert_eq!(received, [None, Some(1), Some(2)]);
    }
}
