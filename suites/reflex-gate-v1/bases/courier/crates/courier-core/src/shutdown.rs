//! Ends a service in order: everybody is told, everybody may finish, and nobody is waited for too long.

use std::future::Future;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

/// How urgent the end is. It can only become more so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Running,
    /// Begin nothing new.
    Draining,
    /// Leave at once.
    Stopping,
}

/// The side that ends the service.
#[derive(Debug)]
pub struct Shutdown {
    phase: watch::Sender<Phase>,
    /// Closed once all guards are gone.
    alive: mpsc::Receiver<()>,
    guard: Option<mpsc::Sender<()>>,
}

/// What a task holds as long as it has something to finish.
#[derive(Debug, Clone)]
pub struct Guard {
    phase: watch::Receiver<Phase>,
    _alive: mpsc::Sender<()>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// All tasks finished by themselves.
    Drained,
    /// They left when they were told to.
    Stopped,
    /// Some did not leave.
    Abandoned,
}

impl Default for Shutdown {
    fn default() -> Self {
        let (guard, alive) = mpsc::channel(1);
        Shutdown { phase: watch::Sender::new(Phase::Running), alive, guard: Some(guard) }
    }
}

impl Shutdown {
    /// A guard for a new task; none once the end has begun.
    pub fn guard(&self) -> Option<Guard> {
        let alive = self.guard.as_ref()?;
        Some(Guard { phase: self.phase.subscribe(), _alive: alive.clone() })
    }

    /// Goes on to a phase; an earlier one than the present changes nothing.
    pub fn advance(&self, to: Phase) -> bool {
        self.phase.send_if_modified(|phase| {
            let later = to > *phase;
            if later {
                *phase = to;
            }
            later
        })
    }

    /// Drains for a time, then tells everybody to leave and waits for a shorter one.
    pub async fn finish(mut self, drain: Duration, stop: Duration) -> Ended {
        self.guard = None;
        self.advance(Phase::Draining);
        if timeout(drain, self.all_gone()).await.is_ok() {
            return Ended::Drained;
        }
        self.advance(Phase::Stopping);
        match timeout(stop, self.all_gone()).await {
            Ok(()) => Ended::Stopped,
            Err(_) => Ended::Abandoned,
        }
    }

    async fn all_gone(&mut self) {
        // Nothing is ever sent: the channel ends with its last sender.
        while self.alive.recv().await.is_some() {}
    }
}

impl Guard {
    pub fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    /// Waits until it is at least this late. A service whose other side is gone is stopping.
    pub async fn reached(&mut self, phase: Phase) {
        let _ = self.phase.wait_for(|now| *now >= phase).await;
    }

    /// Runs some work unless it is time to leave; none if it was cut off.
    pub async fn run<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.reached(Phase::Stopping) => None,
            outcome = work => Some(outcome),
        }
    }

    /// Handles what comes until it is time to drain; gives how many there were.
    pub async fn each<T, F>(&mut self, mut items: mpsc::Receiver<T>, mut handle: impl FnMut(T) -> F) -> usize
    where
        F: Future<Output = ()>,
    {
        let mut handled = 0;
        loop {
            let item = tokio::select! {
                biased;
                () = self.reached(Phase::Draining) => break,
                item = items.recv() => item,
            };
            let Some(item) = item else { break };
            handle(item).await;
            handled += 1;
        }
        // What was accepted before the end is finished.
        items.close();
        while let Some(item) = items.recv().await {
            if self.run(handle(item)).await.is_none() {
                break;
            }
            handled += 1;
        }
        handled
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
    async fn waits_for_tasks() {
        let shutdown = Shutdown::default();
        let guard = shutdown.guard().unwrap();
        let start = Instant::now();
        tokio::spawn(async move {
            sleep(secs(3)).await;
            drop(guard);
        });
        assert_eq!((shutdown.finish(secs(10), secs(1)).await, start.elapsed()), (Ended::Drained, secs(3)));
        assert_eq!(Shutdown::default().finish(secs(10), secs(1)).await, Ended::Drained);
    }

    #[tokio::test(start_paused = true)]
    async fn tells_tasks_to_leave() {
        let shutdown = Shutdown::default();
        let mut guard = shutdown.guard().unwrap();
        let start = Instant::now();
        let task = tokio::spawn(async move { (guard.run(sleep(secs(99))).await, guard.phase()) });
        assert_eq!((shutdown.finish(secs(10), secs(1)).await, start.elapsed()), (Ended::Stopped, secs(10)));
        assert_eq!(task.await.unwrap(), (None, Phase::Stopping));
        let shutdown = Shutdown::default();
        let _stubborn = shutdown.guard().unwrap();
        assert_eq!((shutdown.finish(secs(2), secs(1)).await, start.elapsed()), (Ended::Abandoned, secs(13)));
    }

    #[tokio::test(start_paused = true)]
    async fn phases_only_go_on() {
        let shutdown = Shutdown::default();
        let mut guard = shutdown.guard().unwrap();
        assert_eq!(guard.run(async { 5 }).await, Some(5));
        assert_eq!(
            [Phase::Running, Phase::Draining, Phase::Draining, Phase::Running]
                .map(|phase| shutdown.advance(phase)),
            [false, true, false, false]
        );
        assert_eq!(guard.phase(), Phase::Draining);
        guard.reached(Phase::Draining).await;
        assert!(timeout(secs(1), guard.reached(Phase::Stopping)).await.is_err());
        drop(shutdown);
        assert!(timeout(secs(1), guard.reached(Phase::Stopping)).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn finishes_what_was_accepted() {
        let shutdown = Shutdown::default();
        let mut guard = shutdown.guard().unwrap();
        let (sender, items) = mpsc::channel(8);
        for n in 0..4 {
            sender.send(n).await.unwrap();
        }
        let task = tokio::spawn(async move { guard.each(items, |_| sleep(secs(2))).await });
        sleep(secs(3)).await;
        assert_eq!(shutdown.finish(secs(60), secs(1)).await, Ended::Drained);
        assert_eq!((task.await.unwrap(), sender.send(9).await.is_err()), (4, true));
    }
}
