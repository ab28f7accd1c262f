//! Further tests of batches.

use crate::batch::{run, Batcher, Cause, Limits};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{sleep, Instant};

fn millis(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[tokio::test(start_paused = true)]
async fn the_first_item_sets_the_time() {
    let (sender, items) = mpsc::channel(8);
    let mut batcher = Batcher::new(items, Limits { items: 10, weight: 100, delay: millis(50) }, |_: &char| 1);
    tokio::spawn(async move {
        for (item, pause) in [('a', 10), ('b', 30), ('c', 30), ('d', 200)] {
            sleep(millis(pause)).await;
            sender.send(item).await.unwrap();
        }
        sleep(millis(500)).await;
    });
    let start = Instant::now();
    let mut seen = Vec::new();
    while let Some((batch, cause)) = batcher.next().await {
        seen.push((batch.into_iter().collect::<String>(), cause, start.elapsed().as_millis()));
    }
    assert_eq!(
        seen,
        [("ab".into(), Cause::Late, 60), ("c".into(), Cause::Late, 120), ("d".into(), Cause::Late, 320)]
    );
}

#[tokio::test(start_paused = true)]
async fn limits_are_exact() {
    let (sender, items) = mpsc::channel(32);
    let mut batcher =
        Batcher::new(items, Limits { items: 2, weight: 6, delay: millis(50) }, |text: &&str| text.len());
    for text in ["abc", "def", "abcd", "ab", "abcdef", "x", "abcde", "abcdefg", "", ""] {
        sender.send(text).await.unwrap();
    }
    let mut sizes = Vec::new();
    for _ in 0..6 {
        let (batch, cause) = batcher.next().await.unwrap();
        assert_eq!(cause, Cause::Full);
        sizes.push(batch.iter().map(|text| text.len()).collect::<Vec<_>>());
    }
    assert_eq!(sizes, [vec![3, 3], vec![4, 2], vec![6], vec![1, 5], vec![7], vec![0, 0]]);
}

#[tokio::test(start_paused = true)]
async fn closing() {
    let (sender, items) = mpsc::channel(8);
    let mut batcher = Batcher::new(items, Limits { items: 5, weight: 5, delay: millis(50) }, |n: &usize| *n);
    sender.send(3).await.unwrap();
    sender.send(4).await.unwrap();
    drop(sender);
    let start = Instant::now();
    assert_eq!(batcher.next().await, Some((vec![3], Cause::Full)));
    assert_eq!(batcher.next().await, Some((vec![4], Cause::Closed)));
    assert_eq!((batcher.next().await, start.elapsed()), (None, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn counts() {
    let (sender, items) = mpsc::channel(64);
    for n in 0..50_usize {
        sender.send(n % 7).await.unwrap();
    }
    drop(sender);
    let mut largest = 0;
    let limits = Limits { items: 4, weight: 9, delay: millis(1) };
    let counts = run(Batcher::new(items, limits, |n| *n), |batch| {
        largest = largest.max(batch.iter().sum::<usize>());
        sleep(millis(10))
    })
    .await;
    assert_eq!((counts, largest), ((50, 21), 9));
}
