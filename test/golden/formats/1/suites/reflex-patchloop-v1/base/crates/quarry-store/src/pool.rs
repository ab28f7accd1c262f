//! A few threads that work off a queue of jobs.

use std::fmt;
use std::num::NonZeroUsize;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::mpsc::{channel, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

type Job = Box<dyn FnOnce() + Send + 'static>;

/// A job ended without a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LostJob {
    /// The number of the first such job.
    pub at: usize,
}

impl fmt::Display for LostJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "job {} was lost", self.at)
    }
}

/// Worker threads. Dropping the pool finishes the queue first.
pub struct Pool {
    jobs: Option<Sender<Job>>,
    workers: Vec<JoinHandle<()>>,
}

impl Pool {
    pub fn new(workers: NonZeroUsize) -> Pool {
        let (jobs, queue) = channel();
        let queue = Arc::new(Mutex::new(queue));
        let spawn = |_| {
            let queue = Arc::clone(&queue);
            thread::spawn(move || work(&queue))
        };
        Pool { jobs: Some(jobs), workers: (0..workers.get()).map(spawn).collect() }
    }

    /// Queues a job. A job that panics does not take its worker along.
    pub fn run(&self, job: impl FnOnce() + Send + 'static) {
        if let Some(jobs) = &self.jobs {
            jobs.send(Box::new(job)).expect("workers outlive the pool's sender");
        }
    }

    /// Applies `function` to every item; the results are in the order of the items.
    pub fn map<T, R, F>(&self, items: impl IntoIterator<Item = T>, function: F) -> Result<Vec<R>, LostJob>
    where
        T: Send + 'static,
        R: Send + 'static,
        F: Fn(T) -> R + Send + Sync + 'static,
    {
        let function = Arc::new(function);
        let slots = Arc::new(Mutex::new(Vec::new()));
        let (running, ended) = channel::<()>();
        for (at, item) in items.into_iter().enumerate() {
            lock(&slots).push(None);
            let (function, slots, running) = (Arc::clone(&function), Arc::clone(&slots), running.clone());
            self.run(move || {
                let result = function(item);
                lock(&slots)[at] = Some(result);
                drop(running);
            });
        }
        drop(running);
        // Fails as soon as the last job has dropped its sender.
        let _ = ended.recv();
        let slots = std::mem::take(&mut *lock(&slots));
        slots.into_iter().enumerate().map(|(at, slot)| slot.ok_or(LostJob { at })).collect()
    }
}

/// Locks even if a thread panicked while it held the lock.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn work(queue: &Mutex<Receiver<Job>>) {
    loop {
        let job = lock(queue).recv();
        match job {
            Ok(job) => drop(catch_unwind(AssertUnwindSafe(job))),
            Err(_) => return,
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.jobs = None;
        for worker in self.workers.drain(..) {
            let _ = worker.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::resume_unwind;

    fn pool(workers: usize) -> Pool {
        Pool::new(NonZeroUsize::new(workers).expect("a worker"))
    }

    #[test]
    fn keeps_the_order_of_items() {
        let square = |n: u32| n * n;
        assert_eq!(pool(3).map(1..=20, square), Ok((1..=20).map(square).collect()));
        assert_eq!(pool(1).map(Vec::new(), square), Ok(vec![]));
    }

    #[test]
    fn names_the_first_lost_job() {
        let pool = pool(2);
        let picky = |n: u32| if n % 3 == 2 { resume_unwind(Box::new(n)) } else { n };
        assert_eq!(pool.map(0..=8, picky), Err(LostJob { at: 2 }));
        assert_eq!(pool.map(3..=4, picky), Ok(vec![3, 4]));
        assert_eq!(LostJob { at: 2 }.to_string(), "job 2 was lost");
    }

    #[test]
    fn finishes_the_queue_when_dropped() {
        let total = Arc::new(Mutex::new(0));
        let pool = pool(2);
        for n in 1..=10 {
            let total = Arc::clone(&total);
            pool.run(move || *total.lock().unwrap() += n);
        }
        drop(pool);
        assert_eq!(*total.lock().unwrap(), 55);
    }
}
