//! Items that come out when their time has come.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::time::Duration;

use tokio::time::{sleep_until, Instant};

/// Names an item in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(u64);

/// A queue by time. Items of the same time come in the order in which they were put in.
#[derive(Debug)]
pub struct DelayQueue<T> {
    /// May hold tickets that were cancelled or moved since: the map knows.
    heap: BinaryHeap<Reverse<(Instant, Ticket)>>,
    items: HashMap<Ticket, (Instant, T)>,
    next: u64,
}

impl<T> Default for DelayQueue<T> {
    fn default() -> Self {
        DelayQueue { heap: BinaryHeap::new(), items: HashMap::new(), next: 0 }
    }
}

impl<T> DelayQueue<T> {
    pub fn insert(&mut self, item: T, delay: Duration) -> Ticket {
        self.insert_at(item, Instant::now() + delay)
    }

    pub fn insert_at(&mut self, item: T, at: Instant) -> Ticket {
        let ticket = Ticket(self.next);
        self.next += 1;
        self.heap.push(Reverse((at, ticket)));
        self.items.insert(ticket, (at, item));
        ticket
    }

    /// Takes an item out before its time.
    pub fn cancel(&mut self, ticket: Ticket) -> Option<T> {
        self.items.remove(&ticket).map(|(_, item)| item)
    }

    /// Gives an item another time; false if it is not there any more.
    pub fn reschedule(&mut self, ticket: Ticket, at: Instant) -> bool {
        match self.items.get_mut(&ticket) {
            Some((old, _)) => {
                *old = at;
                self.heap.push(Reverse((at, ticket)));
                true
            }
            None => false,
        }
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// When the next item is due.
    pub fn next_due(&mut self) -> Option<Instant> {
        while let Some(Reverse((at, ticket))) = self.heap.peek() {
            // An entry counts only if it says what the map says.
            if self.items.get(ticket).is_some_and(|(due, _)| due == at) {
                return Some(*at);
            }
            self.heap.pop();
        }
        None
    }

    /// The next item, once it is due; none if the queue is empty.
    pub async fn next(&mut self) -> Option<T> {
        let due = self.next_due()?;
        sleep_until(due).await;
        self.pop()
    }

    fn pop(&mut self) -> Option<T> {
        self.next_due()?;
        let Reverse((_, ticket)) = self.heap.pop()?;
        self.items.remove(&ticket).map(|(_, item)| item)
    }

    /// All items that are due now, without waiting.
    pub fn take_due(&mut self) -> Vec<T> {
        let now = Instant::now();
        let mut due = Vec::new();
        while self.next_due().is_some_and(|at| at <= now) {
            due.extend(self.pop());
        }
        due
    }
}

/// Lets a burst of events through as one: it comes when nothing has happened for `quiet`, but not later than `limit`
/// after the first event.
#[derive(Debug, Clone)]
pub struct Debounce {
    quiet: Duration,
    limit: Duration,
    first: Option<Instant>,
    last: Instant,
}

impl Debounce {
    pub fn new(quiet: Duration, limit: Duration) -> Self {
        Debounce { quiet, limit, first: None, last: Instant::now() }
    }

    pub fn event(&mut self) {
        let now = Instant::now();
        self.first.get_or_insert(now);
        self.last = now;
    }

    fn due(&self) -> Option<Instant> {
        self.first.map(|first| (self.last + self.quiet).min(first + self.limit))
    }

    /// Waits for the end of the burst; for ever where there is none.
    pub async fn settled(&mut self) {
        match self.due() {
            Some(due) => sleep_until(due).await,
            None => std::future::pending().await,
        }
        self.first = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{sleep, timeout};

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    #[tokio::test(start_paused = true)]
    async fn items_come_in_their_time() {
        let mut queue = DelayQueue::default();
        for (item, delay) in [('c', 3), ('a', 1), ('b', 3), ('d', 2)] {
            queue.insert(item, secs(delay));
        }
        let start = Instant::now();
        let mut seen = Vec::new();
        while let Some(item) = queue.next().await {
            seen.push((item, start.elapsed().as_secs()));
        }
        assert_eq!(seen, [('a', 1), ('d', 2), ('c', 3), ('b', 3)]);
        assert!(queue.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn items_can_be_cancelled_and_moved() {
        let mut queue = DelayQueue::default();
        let start = Instant::now();
        let tickets = [1, 2, 3].map(|n| queue.insert(n, secs(n)));
        assert_eq!((queue.cancel(tickets[0]), queue.cancel(tickets[0]), queue.len()), (Some(1), None, 2));
        assert!(queue.reschedule(tickets[1], start + secs(9)) && !queue.reschedule(tickets[0], start));
        assert_eq!(queue.next_due(), Some(start + secs(3)));
        assert_eq!((queue.next().await, queue.next().await, start.elapsed()), (Some(3), Some(2), secs(9)));
    }

    #[tokio::test(start_paused = true)]
    async fn takes_what_is_due() {
        let mut queue = DelayQueue::default();
        for n in [5, 1, 3] {
            queue.insert(n, secs(n));
        }
        assert_eq!(queue.take_due(), []);
        sleep(secs(3)).await;
        assert_eq!((queue.take_due(), queue.len()), (vec![1, 3], 1));
        assert!(timeout(secs(1), queue.next()).await.is_err());
        assert_eq!(queue.len(), 1);
        assert_eq!(queue.next().await, Some(5));
    }

    #[tokio::test(start_paused = true)]
    async fn bursts_come_once() {
        let mut debounce = Debounce::new(secs(2), secs(5));
        assert!(timeout(secs(60), debounce.settled()).await.is_err());
        let start = Instant::now();
        debounce.event();
        sleep(secs(1)).await;
        debounce.event();
        debounce.settled().await;
        assert_eq!(start.elapsed(), secs(3));
        for _ in 0..4 {
            debounce.event();
            sleep(secs(1)).await;
        }
        debounce.event();
        debounce.settled().await;
        assert_eq!(start.elapsed(), secs(8));
        assert!(timeout(secs(60), debounce.settled()).await.is_err());
    }
}
