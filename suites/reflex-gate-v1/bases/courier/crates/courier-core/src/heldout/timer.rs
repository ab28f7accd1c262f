//! Further tests of the queue by time.

use crate::timer::{Debounce, DelayQueue};
use std::time::Duration;
use tokio::time::{advance, timeout, Instant};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[tokio::test(start_paused = true)]
async fn many_items() {
    let mut queue = DelayQueue::default();
    let start = Instant::now();
    let tickets: Vec<_> = (0..60_u64).map(|n| queue.insert(n, ms(n * 37 % 50))).collect();
    for ticket in tickets.iter().step_by(3) {
        assert!(queue.cancel(*ticket).is_some());
    }
    for ticket in tickets.iter().skip(1).step_by(3) {
        assert!(queue.reschedule(*ticket, start + ms(100)));
    }
    assert_eq!(queue.len(), 40);
    let mut seen = Vec::new();
    while let Some(n) = queue.next().await {
        seen.push((start.elapsed().as_millis() as u64, n));
    }
    let mut expected: Vec<_> = (0..60)
        .filter(|n| n % 3 != 0)
        .map(|n| if n % 3 == 1 { (100, n) } else { (n * 37 % 50, n) })
        .collect();
    expected.sort_unstable();
    assert_eq!(seen, expected);
}

#[tokio::test(start_paused = true)]
async fn moving_back_and_forth() {
    let mut queue = DelayQueue::default();
    let start = Instant::now();
    let ticket = queue.insert("x", ms(10));
    queue.insert("y", ms(20));
    queue.reschedule(ticket, start + ms(30));
    queue.reschedule(ticket, start + ms(10));
    queue.reschedule(ticket, start + ms(15));
    assert_eq!((queue.next_due(), queue.len()), (Some(start + ms(15)), 2));
    advance(ms(15)).await;
    assert_eq!((queue.take_due(), queue.take_due()), (vec!["x"], vec![]));
    assert_eq!((queue.next().await, queue.next().await, queue.next_due()), (Some("y"), None, None));
    assert_eq!(start.elapsed(), ms(20));
}

#[tokio::test(start_paused = true)]
async fn waiting_that_is_given_up() {
    let mut queue = DelayQueue::default();
    let at = Instant::now() + ms(10);
    queue.insert_at(1, at);
    queue.insert_at(2, at);
    for _ in 0..3 {
        assert!(timeout(ms(3), queue.next()).await.is_err());
    }
    assert_eq!(timeout(ms(3), queue.next()).await, Ok(Some(1)));
    assert_eq!((queue.take_due(), queue.is_empty()), (vec![2], true));
}

#[tokio::test(start_paused = true)]
async fn bursts() {
    let mut debounce = Debounce::new(ms(10), ms(25));
    let start = Instant::now();
    let mut ends = Vec::new();
    for pauses in [vec![0], vec![9, 9], vec![9, 9, 6], vec![9, 9, 9]] {
        let begin = Instant::now();
        debounce.event();
        for pause in pauses {
            advance(ms(pause)).await;
            debounce.event();
        }
        debounce.settled().await;
        ends.push(begin.elapsed().as_millis());
    }
    assert_eq!(ends, [10, 25, 25, 27]);
    assert_eq!(start.elapsed().as_millis(), 87);
    assert!(timeout(ms(500), debounce.settled()).await.is_err());
}
