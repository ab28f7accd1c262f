//! Tasks that belong together: all are waited for, and the first error ends the others.

use std::future::Future;

use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<T, E> {
    Done(T),
    Failed(E),
    /// It was stopped because another one failed.
    Cancelled,
    /// It panicked, with this message.
    Panicked(String),
}

/// A group of tasks with results of one type.
pub struct Group<T, E> {
    tasks: JoinSet<(usize, Option<Result<T, E>>)>,
    stop: watch::Sender<bool>,
    started: usize,
    /// The number of each task, by which a panic is known.
    ids: Vec<tokio::task::Id>,
}

impl<T, E> Default for Group<T, E> {
    fn default() -> Self {
        Group { tasks: JoinSet::new(), stop: watch::Sender::new(false), started: 0, ids: Vec::new() }
    }
}

impl<T: Send + 'static, E: Send + 'static> Group<T, E> {
    /// Begins a task; its number is its place in the results.
    pub fn spawn(&mut self, work: impl Future<Output = Result<T, E>> + Send + 'static) -> usize {
        let number = self.started;
        self.started += 1;
        let mut stop = self.stop.subscribe();
        let handle = self.tasks.spawn(async move {
            tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => (number, None),
                outcome = work => (number, Some(outcome)),
            }
        });
        self.ids.push(handle.id());
        number
    }

    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    fn stop_all(&self) {
        // Nobody listens if no task is left.
        let _ = self.stop.send(true);
    }

    fn settled(&self, ended: Result<(usize, Option<Result<T, E>>), JoinError>) -> (usize, Outcome<T, E>) {
        match ended {
            Ok((number, Some(Ok(value)))) => (number, Outcome::Done(value)),
            Ok((number, Some(Err(error)))) => (number, Outcome::Failed(error)),
            Ok((number, None)) => (number, Outcome::Cancelled),
            Err(error) => {
                let number = self.ids.iter().position(|id| *id == error.id()).unwrap_or(usize::MAX);
                match error.try_into_panic() {
                    Ok(panic) => (number, Outcome::Panicked(message_of(&*panic))),
                    Err(_) => (number, Outcome::Cancelled),
                }
            }
        }
    }

    /// The next task that ends, whichever it is.
    pub async fn next(&mut self) -> Option<(usize, Outcome<T, E>)> {
        let ended = self.tasks.join_next().await?;
        let (number, outcome) = self.settled(ended);
        if matches!(outcome, Outcome::Failed(_) | Outcome::Panicked(_)) {
            self.stop_all();
        }
        Some((number, outcome))
    }

    /// Waits for all tasks; outcomes are in the order in which they were begun.
    pub async fn join(mut self) -> Vec<Outcome<T, E>> {
        let mut outcomes: Vec<Option<Outcome<T, E>>> = (0..self.started).map(|_| None).collect();
        while let Some((number, outcome)) = self.next().await {
            if let Some(place) = outcomes.get_mut(number) {
                *place = Some(outcome);
            }
        }
        // Those that were taken by `next` before are not there any more.
        outcomes.into_iter().flatten().collect()
    }

    /// The first value; the others are stopped. The last error if there is none.
    pub async fn race(mut self) -> Option<Result<T, E>> {
        let mut last = None;
        while let Some(ended) = self.tasks.join_next().await {
            match self.settled(ended).1 {
                Outcome::Done(value) => {
                    self.stop_all();
                    return Some(Ok(value));
                }
                Outcome::Failed(error) => last = Some(Err(error)),
                Outcome::Cancelled | Outcome::Panicked(_) => {}
            }
        }
        last
    }
}

fn message_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

/// Applies `work` to all items, at most `limit` at once; results are in the order of the items.
pub async fn map_limited<I, T, F>(items: Vec<I>, limit: usize, work: impl Fn(I) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut results: Vec<Option<T>> = items.iter().map(|_| None).collect();
    let mut running = JoinSet::new();
    let mut items = items.into_iter().enumerate();
    loop {
        while running.len() < limit.max(1) {
            let Some((index, item)) = items.next() else { break };
            let work = work(item);
            running.spawn(async move { (index, work.await) });
        }
        match running.join_next().await {
            Some(Ok((index, result))) => results[index] = Some(result),
            Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
            None => break,
        }
    }
    results.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::Arc;
    use std::time::Duration;
    use tokio::time::{sleep, Instant};

    async fn after(secs: u64, outcome: Result<u64, &'static str>) -> Result<u64, &'static str> {
        sleep(Duration::from_secs(secs)).await;
        outcome
    }

    #[tokio::test(start_paused = true)]
    async fn waits_for_all() {
        let mut group = Group::default();
        let numbers = [3, 1, 2].map(|secs| group.spawn(after(secs, Ok(secs))));
        assert_eq!((numbers, group.len()), ([0, 1, 2], 3));
        assert_eq!(group.next().await, Some((1, Outcome::Done(1))));
        assert_eq!(group.join().await, [Outcome::Done(3), Outcome::Done(2)]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_ends_the_others() {
        let mut group = Group::default();
        group.spawn(after(9, Ok(9)));
        group.spawn(after(2, Err("no")));
        group.spawn(after(1, Ok(1)));
        let start = Instant::now();
        assert_eq!(group.join().await, [Outcome::Cancelled, Outcome::Failed("no"), Outcome::Done(1)]);
        assert_eq!(start.elapsed().as_secs(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn panics_are_told() {
        let mut group = Group::<u64, &str>::default();
        group.spawn(after(5, Ok(5)));
        group.spawn(async {
            sleep(Duration::from_secs(1)).await;
            panic!("gauge {} is gone", 7)
        });
        assert_eq!(group.join().await, [Outcome::Cancelled, Outcome::Panicked("gauge 7 is gone".into())]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_value_counts() {
        let mut group = Group::default();
        for (secs, outcome) in [(1, Err("early")), (3, Ok(3)), (2, Ok(2))] {
            group.spawn(after(secs, outcome));
        }
        assert_eq!(group.race().await, Some(Ok(2)));
        let mut group = Group::default();
        group.spawn(after(2, Err("late")));
        group.spawn(after(1, Err("early")));
        assert_eq!(group.race().await, Some(Err("late")));
        assert_eq!(Group::<u8, u8>::default().race().await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn maps_with_a_limit() {
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let start = Instant::now();
        let results = map_limited(vec![3, 1, 1, 1, 2], 2, |secs| {
            let (running, most) = (Arc::clone(&running), Arc::clone(&most));
            async move {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                sleep(Duration::from_secs(secs)).await;
                running.fetch_sub(1, Ordering::SeqCst);
                secs * 10
            }
        });
        assert_eq!(results.await, [30, 10, 10, 10, 20]);
        assert_eq!((most.load(Ordering::SeqCst), start.elapsed().as_secs()), (2, 5));
    }
}
