//! Further tests of limits.

use crate::limit::{Adaptive, Limiter, Rejected};
use std::time::Duration;
use tokio::time::{sleep, timeout};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[tokio::test(start_paused = true)]
async fn outcomes_by_order() {
    let limiter = Limiter::new(1, 3, ms(25));
    let calls: Vec<_> = (0..6)
        .map(|n| {
            let limiter = limiter.clone();
            tokio::spawn(async move {
                limiter
                    .run(|| async move {
                        sleep(ms(10)).await;
                        n
                    })
                    .await
            })
        })
        .collect();
    let mut outcomes = Vec::new();
    for call in calls {
        outcomes.push(call.await.unwrap());
    }
    let full = Err(Rejected::QueueFull);
    assert_eq!(outcomes, [Ok(0), Ok(1), Ok(2), Err(Rejected::TimedOut), full, full]);
    assert_eq!((limiter.free(), limiter.waiting()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn those_who_give_up_leave_the_queue() {
    let limiter = Limiter::new(1, 2, ms(1000));
    let held = limiter.acquire(1).await.unwrap();
    for _ in 0..5 {
        assert!(timeout(ms(10), limiter.acquire(1)).await.is_err());
        assert_eq!(limiter.waiting(), 0);
    }
    drop(held);
    assert_eq!((limiter.run(|| async { 'x' }).await, limiter.free()), (Ok('x'), 1));
}

#[tokio::test(start_paused = true)]
async fn closing() {
    let limiter = Limiter::new(3, 5, ms(500));
    let held = limiter.acquire(3).await.unwrap();
    let waiting = tokio::spawn({
        let limiter = limiter.clone();
        async move { limiter.run(|| async { "never" }).await }
    });
    sleep(ms(5)).await;
    assert_eq!((limiter.waiting(), limiter.free()), (1, 0));
    limiter.close();
    assert_eq!(waiting.await.unwrap(), Err(Rejected::Closed));
    drop(held);
    assert_eq!((limiter.run(|| async { "never" }).await, limiter.waiting()), (Err(Rejected::Closed), 0));
    assert_eq!(Limiter::new(0, 0, ms(5)).run(|| async { 1 }).await, Err(Rejected::QueueFull));
}

#[test]
fn adapting() {
    let mut limit = Adaptive::new(50, (1, 10), ms(100));
    assert_eq!(limit.limit(), 10);
    let mut limits = Vec::new();
    for round in 0..8 {
        let calls = limit.limit();
        (0..calls).for_each(|n| limit.note(if round < 4 && n == 0 { ms(101) } else { ms(100) }));
        limits.push(limit.limit());
    }
    assert_eq!(limits, [10, 10, 10, 10, 10, 10, 10, 10]);
    let mut limit = Adaptive::new(8, (3, 20), ms(100));
    let mut limits = Vec::new();
    for slow in [0, 1, 2, 0, 9, 9, 9] {
        let calls = limit.limit();
        (0..calls).for_each(|n| limit.note(if n < slow { ms(500) } else { ms(1) }));
        limits.push(limit.limit());
    }
    assert_eq!(limits, [9, 6, 5, 6, 4, 3, 3]);
}
