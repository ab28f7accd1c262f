//! Further tests of ending a service.

use crate::shutdown::{Ended, Phase, Shutdown};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout, Instant};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[tokio::test(start_paused = true)]
async fn ends() {
    let mut seen = Vec::new();
    for (work, leaves) in [(5, true), (20, true), (20, false), (13, false)] {
        let shutdown = Shutdown::default();
        let mut guard = shutdown.guard().unwrap();
        let task = tokio::spawn(async move {
            if leaves {
                guard.run(sleep(ms(work))).await.is_some()
            } else {
                sleep(ms(work)).await;
                true
            }
        });
        let start = Instant::now();
        let ended = shutdown.finish(ms(10), ms(5)).await;
        seen.push((ended, start.elapsed().as_millis(), task.await.unwrap()));
    }
    let expected = [
        (Ended::Drained, 5, true),
        (Ended::Stopped, 10, false),
        (Ended::Abandoned, 15, true),
        (Ended::Stopped, 13, true),
    ];
    assert_eq!(seen, expected);
}

#[tokio::test(start_paused = true)]
async fn all_tasks_count() {
    let shutdown = Shutdown::default();
    for n in 1..=4 {
        let guard = shutdown.guard().unwrap();
        let copy = guard.clone();
        tokio::spawn(async move {
            sleep(ms(n)).await;
            drop(guard);
            sleep(ms(n)).await;
            drop(copy);
        });
    }
    let start = Instant::now();
    assert_eq!((shutdown.finish(ms(100), ms(1)).await, start.elapsed()), (Ended::Drained, ms(8)));
}

#[tokio::test(start_paused = true)]
async fn phases() {
    let shutdown = Shutdown::default();
    let mut guard = shutdown.guard().unwrap();
    let watching = tokio::spawn(async move {
        let start = Instant::now();
        let mut times = vec![(guard.phase(), 0)];
        for phase in [Phase::Running, Phase::Draining, Phase::Stopping, Phase::Draining] {
            guard.reached(phase).await;
            times.push((guard.phase(), start.elapsed().as_millis()));
        }
        times
    });
    sleep(ms(10)).await;
    assert!(shutdown.advance(Phase::Draining));
    sleep(ms(10)).await;
    assert_eq!((shutdown.advance(Phase::Stopping), shutdown.advance(Phase::Draining)), (true, false));
    let times = watching.await.unwrap();
    assert_eq!(
        times,
        [
            (Phase::Running, 0),
            (Phase::Running, 0),
            (Phase::Draining, 10),
            (Phase::Stopping, 20),
            (Phase::Stopping, 20)
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn items() {
    let counts = |accepted: u32, end: u64, stop: u64| async move {
        let shutdown = Shutdown::default();
        let mut guard = shutdown.guard().unwrap();
        let (sender, items) = mpsc::channel(16);
        for n in 0..accepted {
            sender.send(n).await.unwrap();
        }
        let task = tokio::spawn(async move { guard.each(items, |_| sleep(ms(10))).await });
        sleep(ms(end)).await;
        let ended = shutdown.finish(ms(stop), ms(15)).await;
        (ended, timeout(ms(1), task).await.unwrap().unwrap(), sender.is_closed())
    };
    assert_eq!(counts(5, 15, 1000).await, (Ended::Drained, 5, true));
    assert_eq!(counts(5, 15, 20).await, (Ended::Stopped, 3, true));
    assert_eq!(counts(0, 5, 10).await, (Ended::Drained, 0, true));
    let mut guard = Shutdown::default().guard().unwrap();
    let (sender, items) = mpsc::channel::<u8>(1);
    drop(sender);
    assert_eq!(guard.each(items, |_| async {}).await, 0);
}
