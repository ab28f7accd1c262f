//! Further tests of the breaker.

use crate::breaker::{Breaker, CallError, Settings, State};
use std::time::Duration;
use tokio::time::{advance, sleep, timeout};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

async fn outcome(breaker: &Breaker, ok: bool) -> &'static str {
    match breaker
        .call(|| async move {
            if ok {
                Ok(())
            } else {
                Err(())
            }
        })
        .await
    {
        Ok(()) => "ok",
        Err(CallError::Failed(())) => "failed",
        Err(CallError::Open(_)) => "open",
    }
}

#[tokio::test(start_paused = true)]
async fn a_whole_story() {
    let breaker = Breaker::new(Settings { failures: 2, pause: ms(100), longest_pause: ms(150), trials: 1 });
    let mut story = Vec::new();
    for (wait, ok) in [
        (0, false),
        (0, true),
        (0, false),
        (0, false),
        (99, true),
        (1, false),
        (100, true),
        (49, true),
        (1, true),
        (0, false),
        (0, true),
    ] {
        advance(ms(wait)).await;
        story.push(outcome(&breaker, ok).await);
    }
    let expected =
        ["failed", "ok", "failed", "failed", "open", "failed", "open", "open", "ok", "failed", "ok"];
    assert_eq!(story, expected);
    assert_eq!(breaker.state(), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn pauses_begin_anew_after_a_success() {
    let breaker = Breaker::new(Settings { failures: 1, pause: ms(10), longest_pause: ms(1000), trials: 1 });
    let mut pauses = Vec::new();
    for ok in [false, false, false, true, false, false] {
        if let Err(CallError::Open(pause)) = breaker.call(|| async { Err::<(), _>("unused") }).await {
            pauses.push(pause.as_millis());
            advance(pause).await;
            outcome(&breaker, ok).await;
        }
        if breaker.state() == State::Closed {
            outcome(&breaker, false).await;
        }
    }
    assert_eq!(pauses, [10, 20, 40, 10, 20]);
}

#[tokio::test(start_paused = true)]
async fn trials_in_a_row() {
    let breaker = Breaker::new(Settings { failures: 1, pause: ms(10), longest_pause: ms(10), trials: 3 });
    outcome(&breaker, false).await;
    let mut states = Vec::new();
    for ok in [true, true, false, true, true, true] {
        if breaker.state() == State::Open {
            advance(ms(10)).await;
        }
        outcome(&breaker, ok).await;
        states.push(breaker.state());
    }
    use State::{Closed, HalfOpen, Open};
    assert_eq!(states, [HalfOpen, HalfOpen, Open, HalfOpen, HalfOpen, Closed]);
}

#[tokio::test(start_paused = true)]
async fn late_outcomes() {
    let breaker = Breaker::new(Settings { failures: 1, pause: ms(100), longest_pause: ms(100), trials: 1 });
    let slow = breaker.call(|| async {
        sleep(ms(50)).await;
        Ok::<_, ()>(7)
    });
    let failing = async {
        sleep(ms(10)).await;
        outcome(&breaker, false).await
    };
    assert_eq!(tokio::join!(slow, failing), (Ok(7), "failed"));
    assert_eq!((breaker.state(), outcome(&breaker, true).await), (State::Open, "open"));
    advance(ms(60)).await;
    assert!(timeout(ms(5), breaker.call(std::future::pending::<Result<(), ()>>)).await.is_err());
    assert_eq!(breaker.call(|| async { Ok::<_, ()>(1) }).await, Err(CallError::Open(ms(100))));
}
