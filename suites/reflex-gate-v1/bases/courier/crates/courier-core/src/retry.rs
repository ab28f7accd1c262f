//! Tries a call again while that may help: with pauses, up to a deadline, and a second call beside a slow first one.

use std::future::Future;
use std::time::Duration;

use tokio::time::{sleep, timeout_at, Instant};

/// What to do after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may be better next time.
    Again,
    /// It may be better after this time.
    After(Duration),
    /// It will not get better.
    Final,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure<E> {
    /// The last error, and the calls that were made.
    Failed { error: E, calls: u32 },
    /// The deadline passed; the last error, if a call had ended before.
    Deadline(Option<E>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub calls: u32,
    pub first_pause: Duration,
    /// For all calls and pauses together.
    pub deadline: Duration,
}

/// Calls until it succeeds. `call` is told the number of the call, from 1; pauses double.
pub async fn retry<T, E, F>(
    plan: Plan,
    judge: impl Fn(&E) -> Verdict,
    mut call: impl FnMut(u32) -> F,
) -> Result<T, Failure<E>>
where
    F: Future<Output = Result<T, E>>,
{
    let end = Instant::now() + plan.deadline;
    let mut pause = plan.first_pause;
    let mut last = None;
    for number in 1..=plan.calls.max(1) {
        let Ok(outcome) = timeout_at(end, call(number)).await else {
            return Err(Failure::Deadline(last));
        };
        let error = match outcome {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        let wait = match judge(&error) {
            Verdict::Final => return Err(Failure::Failed { error, calls: number }),
            Verdict::Again => pause,
            Verdict::After(least) => pause.max(least),
        };
        if number == plan.calls.max(1) {
            return Err(Failure::Failed { error, calls: number });
        }
        // A pause that would end behind the deadline is not worth waiting for.
        if Instant::now() + wait >= end {
            return Err(Failure::Deadline(Some(error)));
        }
        last = Some(error);
        sleep(wait).await;
        pause *= 2;
    }
    Err(Failure::Deadline(last))
}

/// Begins a second call if the first one takes longer than `after`, and takes whichever succeeds first. The error of the
/// last one is given if none does.
pub async fn hedged<T, E, F>(after: Duration, mut call: impl FnMut(u32) -> F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    let first = call(1);
    tokio::pin!(first);
    tokio::select! {
        biased;
        outcome = &mut first => return outcome,
        () = sleep(after) => {}
    }
    let second = call(2);
    tokio::pin!(second);
    let (outcome, first_is_open) = tokio::select! {
        biased;
        outcome = &mut first => (outcome, false),
        outcome = &mut second => (outcome, true),
    };
    match outcome {
        Ok(value) => Ok(value),
        Err(_) if first_is_open => first.await,
        Err(_) => second.await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    const PLAN: Plan =
        Plan { calls: 4, first_pause: Duration::from_secs(1), deadline: Duration::from_secs(60) };

    fn again<E>(_: &E) -> Verdict {
        Verdict::Again
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_double() {
        let start = Instant::now();
        let times = RefCell::new(Vec::new());
        let outcome = retry(PLAN, again, |number| {
            times.borrow_mut().push((number, start.elapsed().as_secs()));
            async move {
                if number < 4 {
                    Err(number)
                } else {
                    Ok("done")
                }
            }
        });
        assert_eq!(outcome.await, Ok("done"));
        assert_eq!(times.into_inner(), [(1, 0), (2, 1), (3, 3), (4, 7)]);
        let failed = retry(PLAN, again, |number| async move { Err::<(), _>(number) });
        assert_eq!(failed.await, Err(Failure::Failed { error: 4, calls: 4 }));
    }

    #[tokio::test(start_paused = true)]
    async fn errors_are_judged() {
        let judge = |error: &&str| match *error {
            "busy" => Verdict::After(secs(5)),
            "gone" => Verdict::Final,
            _ => Verdict::Again,
        };
        let start = Instant::now();
        let outcome = retry(PLAN, judge, |number| async move {
            Err::<(), _>(["busy", "busy", "gone", "never"][number as usize - 1])
        });
        assert_eq!(outcome.await, Err(Failure::Failed { error: "gone", calls: 3 }));
        assert_eq!(start.elapsed(), secs(10));
    }

    #[tokio::test(start_paused = true)]
    async fn deadlines_hold() {
        let plan = Plan { deadline: secs(5), calls: 9, ..PLAN };
        let start = Instant::now();
        let outcome = retry(plan, again, |number| async move {
            sleep(secs(1)).await;
            Err::<(), _>(number)
        });
        assert_eq!((outcome.await, start.elapsed()), (Err(Failure::Deadline(Some(2))), secs(3)));
        let stuck = retry(plan, again, |number| async move {
            if number == 1 {
                Err(number)
            } else {
                std::future::pending::<Result<(), _>>().await
            }
        });
        assert_eq!((stuck.await, start.elapsed()), (Err(Failure::Deadline(Some(1))), secs(8)));
        assert_eq!(
            retry(plan, again::<u8>, |_| std::future::pending::<Result<(), _>>()).await,
            Err(Failure::Deadline(None))
        );
    }

    async fn slow(millis: u64, outcome: Result<u32, u32>) -> Result<u32, u32> {
        sleep(Duration::from_millis(millis)).await;
        outcome
    }

    #[tokio::test(start_paused = true)]
    async fn a_second_call_beside_the_first() {
        let after = Duration::from_millis(100);
        let start = Instant::now();
        assert_eq!(hedged(after, |n| slow(100, Ok(n))).await, Ok(1));
        assert_eq!(hedged(after, |n| slow(if n == 1 { 500 } else { 50 }, Ok(n))).await, Ok(2));
        assert_eq!(start.elapsed().as_millis(), 250);
        assert_eq!(hedged(after, |n| slow(300, if n == 1 { Err(n) } else { Ok(n) })).await, Ok(2));
        assert_eq!(
            hedged(after, |n| slow(if n == 1 { 300 } else { 50 }, if n == 2 { Err(n) } else { Ok(n) })).await,
            Ok(1)
        );
        assert_eq!(hedged(after, |n| slow(10, Err(n))).await, Err(1));
        assert_eq!(hedged(after, |n| slow(200, Err(n))).await, Err(2));
    }
}
