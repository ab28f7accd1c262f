//! Work that several ask for at once is done once; its result is kept for a while.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::time::Instant;

type Shared<V> = Arc<OnceCell<(V, Instant)>>;

/// Results by key. A failure is not kept: who waited for it tries for themselves.
#[derive(Debug)]
pub struct Flights<K, V> {
    cells: Mutex<HashMap<K, Shared<V>>>,
    lifetime: Duration,
    capacity: usize,
}

impl<K: Hash + Eq + Clone, V: Clone> Flights<K, V> {
    pub fn new(lifetime: Duration, capacity: usize) -> Self {
        Flights { cells: Mutex::new(HashMap::new()), lifetime, capacity: capacity.max(1) }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Shared<V>>> {
        self.cells.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The kept result, or that of the work that is under way, or of this one.
    pub async fn get<E, F>(&self, key: &K, work: impl FnOnce() -> F) -> Result<V, E>
    where
        F: Future<Output = Result<V, E>>,
    {
        let cell = self.cell(key);
        let result =
            cell.get_or_try_init(|| async { work().await.map(|value| (value, Instant::now())) }).await;
        match result {
            Ok((value, _)) => Ok(value.clone()),
            Err(error) => {
                self.forget_if_empty(key);
                Err(error)
            }
        }
    }

    /// The cell of a key; a new one where the old one's result is too old.
    fn cell(&self, key: &K) -> Shared<V> {
        let mut cells = self.lock();
        if let Some(cell) = cells.get(key) {
            if cell.get().is_none_or(|(_, made)| made.elapsed() < self.lifetime) {
                return Arc::clone(cell);
            }
        }
        cells.remove(key);
        while cells.len() >= self.capacity {
            let Some(oldest) = oldest_result(&cells) else { break };
            cells.remove(&oldest);
        }
        let cell = Shared::default();
        cells.insert(key.clone(), Arc::clone(&cell));
        cell
    }

    /// A cell that nobody waits for any more and that holds nothing.
    fn forget_if_empty(&self, key: &K) {
        let mut cells = self.lock();
        if cells.get(key).is_some_and(|cell| cell.get().is_none() && Arc::strong_count(cell) <= 2) {
            cells.remove(key);
        }
    }

    /// Drops a result, so that the next one who asks gets a new one.
    pub fn invalidate(&self, key: &K) -> bool {
        self.lock().remove(key).is_some_and(|cell| cell.get().is_some())
    }

    /// Drops all results that are too old; how many.
    pub fn sweep(&self) -> usize {
        let mut cells = self.lock();
        let before = cells.len();
        cells.retain(|_, cell| cell.get().is_none_or(|(_, made)| made.elapsed() < self.lifetime));
        before - cells.len()
    }

    pub fn len(&self) -> usize {
        self.lock().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The key of the oldest result; work that is under way does not count.
fn oldest_result<K: Clone, V>(cells: &HashMap<K, Shared<V>>) -> Option<K> {
    let made = cells.iter().filter_map(|(key, cell)| cell.get().map(|(_, made)| (made, key)));
    made.min_by_key(|(made, _)| **made).map(|(_, key)| key.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};
    use tokio::time::{advance, sleep};

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    async fn plain(flights: &Flights<char, u32>, key: char, value: u32) -> u32 {
        flights.get(&key, || async { Ok::<_, ()>(value) }).await.unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn work_is_shared() {
        let flights = Arc::new(Flights::<char, u32>::new(secs(60), 10));
        let calls = Arc::new(AtomicU32::new(0));
        let asking = ['a', 'a', 'b', 'a'].map(|key| {
            let (flights, calls) = (Arc::clone(&flights), Arc::clone(&calls));
            tokio::spawn(async move {
                let work = || async {
                    sleep(secs(1)).await;
                    Ok::<_, ()>(calls.fetch_add(1, Ordering::SeqCst))
                };
                flights.get(&key, work).await.unwrap()
            })
        });
        let mut values = Vec::new();
        for task in asking {
            values.push(task.await.unwrap());
        }
        assert_eq!(values, [0, 0, 1, 0]);
        assert_eq!((flights.len(), calls.load(Ordering::SeqCst)), (2, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn results_grow_old() {
        let flights = Flights::new(secs(10), 10);
        assert_eq!(plain(&flights, 'a', 1).await, 1);
        advance(secs(9)).await;
        assert_eq!((plain(&flights, 'a', 2).await, plain(&flights, 'b', 3).await), (1, 3));
        advance(secs(1)).await;
        assert_eq!(plain(&flights, 'a', 4).await, 4);
        advance(secs(9)).await;
        assert_eq!((flights.sweep(), flights.len(), plain(&flights, 'a', 5).await), (1, 1, 4));
    }

    #[tokio::test(start_paused = true)]
    async fn failures_are_not_kept() {
        let flights = Flights::<char, u32>::new(secs(10), 10);
        assert_eq!(flights.get(&'a', || async { Err("no") }).await, Err("no"));
        assert!(flights.is_empty());
        let failing = flights.get(&'a', || async {
            sleep(secs(1)).await;
            Err("slow no")
        });
        let waiting = flights.get(&'a', || async { Ok::<_, &str>(7) });
        assert_eq!(tokio::join!(failing, waiting), (Err("slow no"), Ok(7)));
        assert_eq!((flights.len(), plain(&flights, 'a', 8).await), (1, 7));
    }

    #[tokio::test(start_paused = true)]
    async fn the_oldest_result_makes_room() {
        let flights = Flights::new(secs(100), 2);
        for (key, value) in [('a', 1), ('b', 2), ('c', 3)] {
            plain(&flights, key, value).await;
            advance(secs(1)).await;
        }
        assert_eq!(flights.len(), 2);
        assert_eq!((plain(&flights, 'b', 9).await, plain(&flights, 'a', 9).await), (2, 9));
        assert_eq!(
            (flights.invalidate(&'c'), flights.invalidate(&'c'), plain(&flights, 'c', 4).await),
            (true, false, 4)
        );
    }
}
