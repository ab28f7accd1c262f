//! Lets a limited number of calls through at once; those that wait too long, or in too long a queue, are turned away.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejected {
    QueueFull,
    TimedOut,
    Closed,
}

#[derive(Debug, Clone)]
pub struct Limiter {
    permits: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    max_waiting: usize,
    patience: Duration,
}

/// The right to run; given back when it is dropped.
#[derive(Debug)]
pub struct Permit(#[allow(dead_code)] OwnedSemaphorePermit);

/// Counts a waiting call as long as it lives.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Limiter {
    pub fn new(calls: usize, max_waiting: usize, patience: Duration) -> Self {
        Limiter {
            permits: Arc::new(Semaphore::new(calls)),
            waiting: Arc::new(AtomicUsize::new(0)),
            max_waiting,
            patience,
        }
    }

    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Calls that could begin at once.
    pub fn free(&self) -> usize {
        self.permits.available_permits()
    }

    /// Waits for its turn. A heavy call takes several places.
    pub async fn acquire(&self, weight: u32) -> Result<Permit, Rejected> {
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_many_owned(weight) {
            return Ok(Permit(permit));
        }
        if self.permits.is_closed() {
            return Err(Rejected::Closed);
        }
        let queued = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _place = Place(&self.waiting);
        if queued >= self.max_waiting {
            return Err(Rejected::QueueFull);
        }
        match timeout(self.patience, Arc::clone(&self.permits).acquire_many_owned(weight)).await {
            Ok(Ok(permit)) => Ok(Permit(permit)),
            Ok(Err(_)) => Err(Rejected::Closed),
            Err(_) => Err(Rejected::TimedOut),
        }
    }

    /// Runs a call when it is its turn. A rejected one is not begun.
    pub async fn run<T, F: Future<Output = T>>(&self, call: impl FnOnce() -> F) -> Result<T, Rejected> {
        let _permit = self.acquire(1).await?;
        Ok(call().await)
    }

    /// Turns everybody away who waits now or comes later. What runs is not stopped.
    pub fn close(&self) {
        self.permits.close();
    }
}

/// A limit that finds its own size: it grows as long as calls are fast, and shrinks when they are slow.
#[derive(Debug, Clone)]
pub struct Adaptive {
    limit: f64,
    range: (f64, f64),
    target: Duration,
    /// Calls since the limit was changed last.
    seen: u32,
    slow: u32,
}

impl Adaptive {
    pub fn new(initial: usize, range: (usize, usize), target: Duration) -> Self {
        let range = (range.0 as f64, range.1 as f64);
        Adaptive { limit: (initial as f64).clamp(range.0, range.1), range, target, seen: 0, slow: 0 }
    }

    pub fn limit(&self) -> usize {
        self.limit as usize
    }

    /// Notes how long a call took. Once as many as the limit are noted, it changes: by one upwards, by a quarter downwards.
    pub fn note(&mut self, took: Duration) {
        self.seen += 1;
        self.slow += u32::from(took > self.target);
        if f64::from(self.seen) < self.limit.floor() {
            return;
        }
        let (low, high) = self.range;
        self.limit = if self.slow * 10 > self.seen {
            (self.limit * 0.75).max(low)
        } else {
            (self.limit + 1.0).min(high)
        };
        self.seen = 0;
        self.slow = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{sleep, Instant};

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    #[tokio::test(start_paused = true)]
    async fn calls_wait_for_their_turn() {
        let limiter = Limiter::new(2, 10, secs(60));
        let start = Instant::now();
        let calls: Vec<_> = (0..5)
            .map(|n| {
                let limiter = limiter.clone();
                tokio::spawn(async move {
                    limiter
                        .run(|| async {
                            sleep(secs(10)).await;
                            (n, start.elapsed().as_secs())
                        })
                        .await
                })
            })
            .collect();
        sleep(secs(1)).await;
        assert_eq!((limiter.waiting(), limiter.free()), (3, 0));
        let mut ended = Vec::new();
        for call in calls {
            ended.push(call.await.unwrap().unwrap());
        }
        assert_eq!(ended, [(0, 10), (1, 10), (2, 20), (3, 20), (4, 30)]);
        assert_eq!((limiter.waiting(), limiter.free()), (0, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn turns_away_what_is_too_much() {
        let limiter = Limiter::new(1, 1, secs(3));
        let permit = limiter.acquire(1).await.unwrap();
        let start = Instant::now();
        let (first, second) = tokio::join!(limiter.acquire(1), limiter.acquire(1));
        assert_eq!((first.unwrap_err(), second.unwrap_err()), (Rejected::TimedOut, Rejected::QueueFull));
        assert_eq!((start.elapsed(), limiter.waiting()), (secs(3), 0));
        drop(permit);
        assert!(limiter.acquire(1).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn heavy_calls_take_more() {
        let limiter = Limiter::new(4, 9, secs(5));
        let heavy = limiter.acquire(3).await.unwrap();
        assert_eq!((limiter.free(), limiter.acquire(2).await.unwrap_err()), (1, Rejected::TimedOut));
        drop(heavy);
        let light = limiter.acquire(2).await.unwrap();
        limiter.close();
        assert_eq!((limiter.acquire(1).await.unwrap_err(), limiter.waiting()), (Rejected::Closed, 0));
        drop(light);
    }

    #[test]
    fn finds_its_size() {
        let mut limit = Adaptive::new(4, (2, 6), secs(1));
        (0..4).for_each(|_| limit.note(secs(1)));
        assert_eq!(limit.limit(), 5);
        (0..11).for_each(|_| limit.note(Duration::ZERO));
        assert_eq!(limit.limit(), 6);
        (0..5).for_each(|_| limit.note(Duration::ZERO));
        assert_eq!(limit.limit(), 6);
        limit.note(secs(2));
        assert_eq!(limit.limit(), 4);
        (0..20).for_each(|_| limit.note(secs(2)));
        assert_eq!(limit.limit(), 2);
    }
}
