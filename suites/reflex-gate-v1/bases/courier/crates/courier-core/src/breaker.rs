//! Stops calling a service that fails, and tries it again carefully after a while.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Failures in a row that open the breaker.
    pub failures: u32,
    /// How long it stays open the first time; each time after that twice as long.
    pub pause: Duration,
    pub longest_pause: Duration,
    /// Successes in a row that close it again.
    pub trials: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Closed,
    Open,
    /// One call at a time is let through.
    HalfOpen,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError<E> {
    /// Not called; the service may be asked again after this time.
    Open(Duration),
    Failed(E),
}

#[derive(Debug)]
enum Inner {
    Closed { failures: u32 },
    Open { since: Instant, pause: Duration },
    HalfOpen { successes: u32, busy: bool, pause: Duration },
}

#[derive(Debug)]
pub struct Breaker {
    settings: Settings,
    inner: Mutex<Inner>,
}

/// Tells the breaker of a call that ends without an outcome: its future was dropped.
struct Trial<'a> {
    breaker: &'a Breaker,
    settled: bool,
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        if !self.settled {
            self.breaker.settle(false);
        }
    }
}

impl Breaker {
    pub fn new(settings: Settings) -> Self {
        Breaker { settings, inner: Mutex::new(Inner::Closed { failures: 0 }) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn state(&self) -> State {
        match *self.lock() {
            Inner::Closed { .. } => State::Closed,
            Inner::Open { since, pause } if since.elapsed() < pause => State::Open,
            Inner::Open { .. } | Inner::HalfOpen { .. } => State::HalfOpen,
        }
    }

    /// Calls the service if the breaker lets it. The call is not begun otherwise.
    pub async fn call<T, E, F>(&self, call: impl FnOnce() -> F) -> Result<T, CallError<E>>
    where
        F: Future<Output = Result<T, E>>,
    {
        self.admit().map_err(CallError::Open)?;
        let mut trial = Trial { breaker: self, settled: false };
        let outcome = call().await;
        trial.settled = true;
        self.settle(outcome.is_ok());
        outcome.map_err(CallError::Failed)
    }

    fn admit(&self) -> Result<(), Duration> {
        let mut inner = self.lock();
        match &mut *inner {
            Inner::Closed { .. } => Ok(()),
            Inner::Open { since, pause } => {
                let (passed, pause) = (since.elapsed(), *pause);
                if passed < pause {
                    return Err(pause - passed);
                }
                *inner = Inner::HalfOpen { successes: 0, busy: true, pause };
                Ok(())
            }
            Inner::HalfOpen { busy: true, .. } => Err(Duration::ZERO),
            Inner::HalfOpen { busy, .. } => {
                *busy = true;
                Ok(())
            }
        }
    }

    fn settle(&self, succeeded: bool) {
        let mut inner = self.lock();
        *inner = match (&*inner, succeeded) {
            (Inner::Closed { .. }, true) => Inner::Closed { failures: 0 },
            (Inner::Closed { failures }, false) if failures + 1 < self.settings.failures => {
                Inner::Closed { failures: failures + 1 }
            }
            (Inner::Closed { .. }, false) => {
                Inner::Open { since: Instant::now(), pause: self.settings.pause }
            }
            (Inner::HalfOpen { successes, pause, .. }, true) => {
                if successes + 1 >= self.settings.trials {
                    Inner::Closed { failures: 0 }
                } else {
                    Inner::HalfOpen { successes: successes + 1, busy: false, pause: *pause }
                }
            }
            (Inner::HalfOpen { pause, .. }, false) => {
                Inner::Open { since: Instant::now(), pause: (*pause * 2).min(self.settings.longest_pause) }
            }
            // A call that began before the breaker opened changes nothing any more.
            (Inner::Open { since, pause }, _) => Inner::Open { since: *since, pause: *pause },
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{sleep, timeout};

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    fn breaker() -> Breaker {
        Breaker::new(Settings { failures: 3, pause: secs(10), longest_pause: secs(30), trials: 2 })
    }

    async fn call(
        breaker: &Breaker,
        outcome: Result<u8, &'static str>,
    ) -> Result<u8, CallError<&'static str>> {
        breaker.call(|| async move { outcome }).await
    }

    async fn opened() -> Breaker {
        let breaker = breaker();
        for _ in 0..3 {
            assert_eq!(call(&breaker, Err("no")).await, Err(CallError::Failed("no")));
        }
        breaker
    }

    #[tokio::test(start_paused = true)]
    async fn opens_after_failures_in_a_row() {
        let breaker = breaker();
        for outcome in [Err("no"), Err("no"), Ok(1), Err("no"), Err("no")] {
            assert_ne!(call(&breaker, outcome).await, Err(CallError::Open(secs(10))));
        }
        assert_eq!(breaker.state(), State::Closed);
        assert_eq!(
            (call(&breaker, Err("no")).await, breaker.state()),
            (Err(CallError::Failed("no")), State::Open)
        );
        sleep(secs(4)).await;
        assert_eq!(call(&breaker, Ok(1)).await, Err(CallError::Open(secs(6))));
    }

    #[tokio::test(start_paused = true)]
    async fn closes_after_trials() {
        let breaker = opened().await;
        sleep(secs(10)).await;
        assert_eq!(
            (breaker.state(), call(&breaker, Ok(1)).await, breaker.state()),
            (State::HalfOpen, Ok(1), State::HalfOpen)
        );
        assert_eq!((call(&breaker, Ok(2)).await, breaker.state()), (Ok(2), State::Closed));
        call(&breaker, Err("no")).await.unwrap_err();
        assert_eq!(breaker.state(), State::Closed);
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_grow() {
        let breaker = opened().await;
        let mut pauses = Vec::new();
        for _ in 0..4 {
            let Err(CallError::Open(pause)) = call(&breaker, Ok(1)).await else { panic!("not open") };
            pauses.push(pause.as_secs());
            sleep(pause).await;
            assert_eq!(call(&breaker, Err("still")).await, Err(CallError::Failed("still")));
        }
        assert_eq!(pauses, [10, 20, 30, 30]);
    }

    #[tokio::test(start_paused = true)]
    async fn one_trial_at_a_time() {
        let breaker = opened().await;
        sleep(secs(10)).await;
        let slow = breaker.call(|| async {
            sleep(secs(5)).await;
            Ok::<_, &str>(1)
        });
        let other = async {
            sleep(secs(1)).await;
            call(&breaker, Ok(2)).await
        };
        assert_eq!(tokio::join!(slow, other), (Ok(1), Err(CallError::Open(Duration::ZERO))));
        assert_eq!((call(&breaker, Ok(3)).await, breaker.state()), (Ok(3), State::Closed));
    }

    #[tokio::test(start_paused = true)]
    async fn abandoned_calls_are_failures() {
        let breaker = breaker();
        for _ in 0..3 {
            let stuck = breaker.call(std::future::pending::<Result<u8, &str>>);
            assert!(timeout(secs(1), stuck).await.is_err());
        }
        assert_eq!(breaker.state(), State::Open);
        sleep(secs(10)).await;
        assert!(timeout(secs(1), breaker.call(std::future::pending::<Result<u8, &str>>)).await.is_err());
        assert_eq!(call(&breaker, Ok(1)).await, Err(CallError::Open(secs(20))));
    }
}
