//! Collects items into batches: full ones at once, others when the first item has waited long enough.

use std::future::Future;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{sleep_until, Instant};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub items: usize,
    pub weight: usize,
    /// How long the first item of a batch may wait for the others.
    pub delay: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    Full,
    Late,
    Closed,
}

/// Takes items from a channel and gives batches.
pub struct Batcher<T> {
    items: mpsc::Receiver<T>,
    limits: Limits,
    weigh: fn(&T) -> usize,
    /// The item that did not fit into the last batch.
    left_over: Option<T>,
}

impl<T> Batcher<T> {
    pub fn new(items: mpsc::Receiver<T>, limits: Limits, weigh: fn(&T) -> usize) -> Self {
        Batcher { items, limits, weigh, left_over: None }
    }

    /// The next batch and what ended it; none once the channel is closed and empty. An item that is heavier than the limit
    /// gets a batch of its own.
    pub async fn next(&mut self) -> Option<(Vec<T>, Cause)> {
        let first = match self.left_over.take() {
            Some(item) => item,
            None => self.items.recv().await?,
        };
        let deadline = Instant::now() + self.limits.delay;
        let mut weight = (self.weigh)(&first);
        let mut batch = vec![first];
        let cause = loop {
            if batch.len() >= self.limits.items || weight >= self.limits.weight {
                break Cause::Full;
            }
            tokio::select! {
                // What has come already goes in, however late it is.
                biased;
                item = self.items.recv() => match item {
                    None => break Cause::Closed,
                    Some(item) => {
                        let more = (self.weigh)(&item);
                        if weight + more > self.limits.weight {
                            self.left_over = Some(item);
                            break Cause::Full;
                        }
                        weight += more;
                        batch.push(item);
                    }
                },
                () = sleep_until(deadline) => break Cause::Late,
            }
        };
        Some((batch, cause))
    }
}

/// Runs `handle` on each batch until the channel is closed; gives how many items and batches there were.
pub async fn run<T, F>(mut batcher: Batcher<T>, mut handle: impl FnMut(Vec<T>) -> F) -> (usize, usize)
where
    F: Future<Output = ()>,
{
    let (mut items, mut batches) = (0, 0);
    while let Some((batch, _)) = batcher.next().await {
        items += batch.len();
        batches += 1;
        handle(batch).await;
    }
    (items, batches)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::sleep;

    const LIMITS: Limits = Limits { items: 3, weight: 10, delay: Duration::from_millis(100) };

    fn batcher(limits: Limits) -> (mpsc::Sender<usize>, Batcher<usize>) {
        let (sender, items) = mpsc::channel(32);
        (sender, Batcher::new(items, limits, |item| *item))
    }

    #[tokio::test(start_paused = true)]
    async fn full_batches_go_at_once() {
        let (sender, mut batcher) = batcher(LIMITS);
        for item in [1, 2, 3, 4, 5, 6, 2] {
            sender.send(item).await.unwrap();
        }
        let start = Instant::now();
        assert_eq!(batcher.next().await, Some((vec![1, 2, 3], Cause::Full)));
        assert_eq!(batcher.next().await, Some((vec![4, 5], Cause::Full)));
        assert_eq!(start.elapsed(), Duration::ZERO);
        drop(sender);
        assert_eq!(batcher.next().await, Some((vec![6, 2], Cause::Closed)));
        assert_eq!(batcher.next().await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_too_long() {
        let (sender, mut batcher) = batcher(LIMITS);
        let start = Instant::now();
        tokio::spawn(async move {
            for item in [1, 2, 3] {
                sleep(Duration::from_millis(60)).await;
                sender.send(item).await.unwrap();
            }
        });
        assert_eq!(batcher.next().await, Some((vec![1, 2], Cause::Late)));
        assert_eq!(start.elapsed(), Duration::from_millis(160));
        assert_eq!(batcher.next().await, Some((vec![3], Cause::Closed)));
    }

    #[tokio::test(start_paused = true)]
    async fn weights_count() {
        let (sender, mut batcher) = batcher(LIMITS);
        for item in [4, 7, 3, 20, 1] {
            sender.send(item).await.unwrap();
        }
        drop(sender);
        let mut batches = Vec::new();
        while let Some((batch, cause)) = batcher.next().await {
            batches.push((batch, cause));
        }
        assert_eq!(
            batches,
            [
                (vec![4], Cause::Full),
                (vec![7, 3], Cause::Full),
                (vec![20], Cause::Full),
                (vec![1], Cause::Closed)
            ]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn runs_to_the_end() {
        let (sender, batcher) = batcher(LIMITS);
        let mut sums = Vec::new();
        tokio::spawn(async move {
            for item in [1, 1, 1, 1, 9, 2] {
                sender.send(item).await.unwrap();
            }
        });
        let counts = run(batcher, |batch| {
            sums.push(batch.iter().sum::<usize>());
            std::future::ready(())
        })
        .await;
        assert_eq!((counts, sums), ((6, 3), vec![3, 10, 2]));
    }
}
