//! Further tests of trying again.

use crate::retry::{hedged, retry, Failure, Plan, Verdict};
use std::cell::Cell;
use std::time::Duration;
use tokio::time::{sleep, Instant};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn plan(calls: u32, pause: u64, deadline: u64) -> Plan {
    Plan { calls, first_pause: ms(pause), deadline: ms(deadline) }
}

#[tokio::test(start_paused = true)]
async fn counts_and_times() {
    let start = Instant::now();
    for (calls, expected, millis) in [(0, 1, 0), (1, 1, 0), (2, 2, 10), (5, 5, 150)] {
        let begin = start.elapsed();
        let outcome = retry(
            plan(calls, 10, 1000),
            |_| Verdict::Again,
            |number| async move { Err::<(), _>(number * 2) },
        );
        assert_eq!(outcome.await, Err(Failure::Failed { error: expected * 2, calls: expected }));
        assert_eq!((start.elapsed() - begin).as_millis(), millis);
    }
    let outcome = retry(plan(3, 10, 1000), |_: &u8| Verdict::Final, |number| async move { Ok(number) });
    assert_eq!(outcome.await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn longer_pauses() {
    let start = Instant::now();
    let judge = |error: &u32| if *error == 2 { Verdict::After(ms(100)) } else { Verdict::After(ms(3)) };
    let outcome = retry(plan(4, 10, 1000), judge, |number| async move { Err::<(), _>(number) });
    assert_eq!(outcome.await, Err(Failure::Failed { error: 4, calls: 4 }));
    assert_eq!(start.elapsed().as_millis(), 10 + 100 + 40);
}

#[tokio::test(start_paused = true)]
async fn deadlines() {
    let start = Instant::now();
    let outcome = retry(plan(9, 10, 70), |_| Verdict::Again, |number| async move { Err::<(), _>(number) });
    assert_eq!((outcome.await, start.elapsed()), (Err(Failure::Deadline(Some(3))), ms(30)));
    let outcome = retry(plan(9, 10, 71), |_| Verdict::Again, |number| async move { Err::<(), _>(number) });
    assert_eq!((outcome.await, start.elapsed()), (Err(Failure::Deadline(Some(4))), ms(100)));
    let outcome = retry(
        plan(2, 1, 50),
        |_| Verdict::Again,
        |number| async move {
            sleep(ms(if number == 1 { 40 } else { 20 })).await;
            if number == 1 {
                Err("first")
            } else {
                Ok(())
            }
        },
    );
    assert_eq!((outcome.await, start.elapsed()), (Err(Failure::Deadline(Some("first"))), ms(150)));
}

#[tokio::test(start_paused = true)]
async fn hedges() {
    let table = [
        (50, true, 0, true),
        (300, true, 100, true),
        (300, true, 250, true),
        (300, false, 100, true),
        (150, false, 300, false),
        (90, false, 0, true),
        (400, true, 50, false),
    ];
    let mut outcomes = Vec::new();
    for (first, first_ok, second, second_ok) in table {
        let (start, calls) = (Instant::now(), Cell::new(0));
        let outcome = hedged(ms(100), |number| {
            calls.set(number);
            let (time, ok) = if number == 1 { (first, first_ok) } else { (second, second_ok) };
            async move {
                sleep(ms(time)).await;
                if ok {
                    Ok(number)
                } else {
                    Err(number)
                }
            }
        });
        outcomes.push((outcome.await, calls.get(), start.elapsed().as_millis()));
    }
    let expected = [
        (Ok(1), 1, 50),
        (Ok(2), 2, 200),
        (Ok(1), 2, 300),
        (Ok(2), 2, 200),
        (Err(2), 2, 400),
        (Err(1), 1, 90),
        (Ok(1), 2, 400),
    ];
    assert_eq!(outcomes, expected);
}
