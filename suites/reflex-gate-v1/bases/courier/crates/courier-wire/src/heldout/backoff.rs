//! Further tests of trying again.

use crate::backoff::{Backoff, Budget, Chance, Policy};
use std::time::Duration;

fn policy(first: u64, limit: u64, factor: f64) -> Policy {
    Policy {
        first: Duration::from_millis(first),
        limit: Duration::from_millis(limit),
        factor,
        jitter: 0.0,
        retries: 4,
    }
}

#[test]
fn growth() {
    let pauses = |policy: Policy| (0..5).map(|retry| policy.pause(retry).as_millis()).collect::<Vec<_>>();
    assert_eq!(pauses(policy(10, 5000, 3.0)), [10, 30, 90, 270, 810]);
    assert_eq!(pauses(policy(10, 90, 3.0)), [10, 30, 90, 90, 90]);
    assert_eq!(pauses(policy(50, 20, 2.0)), [20; 5]);
    assert_eq!(pauses(policy(8, 100, 1.5)), [8, 12, 18, 27, 40]);
    assert_eq!(
        Backoff::new(policy(10, 5000, 3.0), 3).map(|pause| pause.as_millis()).collect::<Vec<_>>(),
        [10, 30, 90, 270]
    );
}

#[test]
fn chance() {
    let full = Policy { jitter: 1.0, retries: 500, ..policy(1000, 1000, 1.0) };
    let pauses: Vec<f64> = Backoff::new(full, 11).map(|pause| pause.as_secs_f64()).collect();
    let mean = pauses.iter().sum::<f64>() / 500.0;
    assert!((mean - 0.5).abs() < 0.05, "{mean}");
    assert!(pauses.iter().any(|pause| *pause < 0.05) && pauses.iter().any(|pause| *pause > 0.95));
    let fifth = Policy { jitter: 0.2, ..full };
    let (least, most) = Backoff::new(fifth, 5).fold((f64::MAX, 0.0_f64), |(low, high), pause| {
        (low.min(pause.as_secs_f64()), high.max(pause.as_secs_f64()))
    });
    assert!((0.8..0.81).contains(&least) && (0.99..1.0).contains(&most), "{least} {most}");
    let mut chance = Chance::new(42);
    let first: Vec<u32> = (0..3).map(|_| (chance.share() * 1000.0) as u32).collect();
    assert_eq!(first, [339, 782, 790]);
    assert_eq!(Chance::new(0).share(), Chance::new(0x9e37_79b9_7f4a_7c15).share());
}

#[test]
fn waiting_as_told() {
    let mut backoff = Backoff::new(policy(10, 50, 2.0), 1);
    let told: Vec<_> = [0, 15, 60, 45, 1]
        .into_iter()
        .map(|ms| backoff.next_after(Duration::from_millis(ms)).map(|p| p.as_millis()))
        .collect();
    assert_eq!(told, [Some(10), Some(20), Some(50), Some(50), None]);
    assert_eq!(backoff.retries(), 4);
    backoff.reset();
    assert_eq!((backoff.retries(), backoff.next().map(|pause| pause.as_millis())), (0, Some(10)));
}

#[test]
fn budgets() {
    let mut budget = Budget::new(3, 10);
    let taken = (0..9).filter(|_| budget.take()).count();
    assert_eq!((taken, budget.left()), (3, 0));
    for successes in 1..=25 {
        budget.succeeded();
        assert_eq!(budget.left(), successes / 10);
    }
    assert!(budget.take() && budget.take() && !budget.take());
    (0..5).for_each(|_| budget.succeeded());
    assert_eq!((budget.left(), Budget::new(0, 50).take()), (1, false));
}
