//! Further tests of groups of tasks.

use crate::group::{map_limited, Group, Outcome};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{sleep, Instant};

async fn after(ms: u64, outcome: Result<char, u8>) -> Result<char, u8> {
    sleep(Duration::from_millis(ms)).await;
    outcome
}

#[tokio::test(start_paused = true)]
async fn outcomes() {
    let mut group = Group::default();
    for (ms, outcome) in [(30, Ok('a')), (10, Ok('b')), (20, Err(2)), (20, Err(3)), (90, Ok('e'))] {
        group.spawn(after(ms, outcome));
    }
    let start = Instant::now();
    let mut seen = Vec::new();
    while let Some((number, outcome)) = group.next().await {
        seen.push((number, outcome, start.elapsed().as_millis()));
    }
    seen.sort_by_key(|(number, ..)| *number);
    assert_eq!(seen[0], (0, Outcome::Cancelled, 20));
    assert_eq!(seen[1], (1, Outcome::Done('b'), 10));
    assert_eq!(seen[4], (4, Outcome::Cancelled, 20));
    let failed = seen.iter().filter(|(_, outcome, _)| matches!(outcome, Outcome::Failed(_))).count();
    assert!((1..=2).contains(&failed) && group.is_empty());
    assert_eq!((seen.len(), Group::<u8, u8>::default().join().await), (5, vec![]));
}

#[tokio::test(start_paused = true)]
async fn dropped_groups_stop() {
    let log = Arc::new(Mutex::new(Vec::new()));
    let mut group = Group::<(), u8>::default();
    for n in [1_u64, 5, 9] {
        let log = Arc::clone(&log);
        group.spawn(async move {
            sleep(Duration::from_millis(n)).await;
            log.lock().unwrap().push(n);
            Ok(())
        });
    }
    assert_eq!((group.next().await, group.len()), (Some((0, Outcome::Done(()))), 2));
    drop(group);
    sleep(Duration::from_millis(50)).await;
    assert_eq!(*log.lock().unwrap(), [1]);
}

#[tokio::test(start_paused = true)]
async fn panics() {
    let mut group = Group::<char, u8>::default();
    group.spawn(after(1, Ok('x')));
    group.spawn(async { panic!("plain") });
    group.spawn(after(1, Ok('z')));
    assert_eq!(
        group.join().await,
        [Outcome::Cancelled, Outcome::Panicked("plain".into()), Outcome::Cancelled]
    );
    let mut group = Group::<char, u8>::default();
    group.spawn(async { std::panic::panic_any(17_u8) });
    assert_eq!(group.next().await, Some((0, Outcome::Panicked(String::new()))));
}

#[tokio::test(start_paused = true)]
async fn races() {
    let race = |entries: Vec<(u64, Result<char, u8>)>| async move {
        let mut group = Group::default();
        for (ms, outcome) in entries {
            group.spawn(after(ms, outcome));
        }
        let start = Instant::now();
        (group.race().await, start.elapsed().as_millis())
    };
    assert_eq!(race(vec![(5, Ok('a')), (3, Ok('b')), (1, Err(1))]).await, (Some(Ok('b')), 3));
    assert_eq!(race(vec![(5, Err(1)), (9, Err(2)), (7, Err(3))]).await, (Some(Err(2)), 9));
    let mut group = Group::<char, u8>::default();
    group.spawn(async { panic!("first") });
    group.spawn(after(4, Ok('c')));
    assert_eq!(group.race().await, Some(Ok('c')));
}

#[tokio::test(start_paused = true)]
async fn mapping() {
    for (limit, expected) in [(0, 100), (1, 100), (3, 40), (4, 40), (99, 40)] {
        let start = Instant::now();
        let results = map_limited(vec![40_u64, 10, 20, 30], limit, |ms| async move {
            sleep(Duration::from_millis(ms)).await;
            ms / 10
        });
        assert_eq!((results.await, start.elapsed().as_millis()), (vec![4, 1, 2, 3], expected), "{limit}");
    }
    assert_eq!(map_limited(Vec::<u8>::new(), 2, |n| async move { n }).await, []);
}
