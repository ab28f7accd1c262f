//! Further tests of shared work.

use crate::flight::Flights;
use std::cell::Cell;
use std::time::Duration;
use tokio::time::{advance, sleep, timeout};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[tokio::test(start_paused = true)]
async fn counts_of_work() {
    let flights = Flights::<u8, u32>::new(ms(100), 3);
    let calls = Cell::new(0);
    let mut values = Vec::new();
    for (key, pause) in [(1, 0), (1, 50), (2, 10), (1, 40), (2, 59), (2, 2), (3, 1), (4, 1), (1, 1), (2, 1)] {
        advance(ms(pause)).await;
        let value = flights.get(&key, || async {
            calls.set(calls.get() + 1);
            Ok::<_, ()>(calls.get())
        });
        values.push(value.await.unwrap());
    }
    assert_eq!(values, [1, 1, 2, 3, 2, 4, 5, 6, 7, 8]);
    assert_eq!((calls.get(), flights.len()), (8, 3));
}

#[tokio::test(start_paused = true)]
async fn waiting_for_others() {
    let flights = Flights::<&str, char>::new(ms(100), 4);
    let slow = |value| {
        flights.get(&"k", move || async move {
            sleep(ms(20)).await;
            Ok::<_, u8>(value)
        })
    };
    assert_eq!(tokio::join!(slow('a'), slow('b'), slow('c')), (Ok('a'), Ok('a'), Ok('a')));
    flights.invalidate(&"k");
    assert!(timeout(ms(5), slow('d')).await.is_err());
    assert_eq!((slow('e').await, flights.len()), (Ok('e'), 1));
    let failing = flights.get(&"x", || async {
        sleep(ms(5)).await;
        Err(1)
    });
    let failing_too = flights.get(&"x", || async {
        sleep(ms(5)).await;
        Err(2)
    });
    assert_eq!(tokio::join!(failing, failing_too), (Err(1), Err(2)));
    assert_eq!(flights.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn room_and_age() {
    let flights = Flights::<u32, u32>::new(ms(50), 2);
    let flights = &flights;
    let value =
        |key: u32| async move { flights.get(&key, move || async move { Ok::<_, ()>(key * 10) }).await };
    for key in 0..5 {
        assert_eq!(value(key).await, Ok(key * 10));
        advance(ms(1)).await;
    }
    assert_eq!((flights.len(), flights.sweep()), (2, 0));
    assert_eq!([0, 3, 4].map(|key| flights.invalidate(&key)), [false, true, true]);
    assert!(flights.is_empty());
    value(7).await.unwrap();
    advance(ms(49)).await;
    assert_eq!(flights.sweep(), 0);
    advance(ms(1)).await;
    assert_eq!((flights.sweep(), flights.sweep(), flights.len()), (1, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn work_under_way_is_not_pushed_out() {
    let flights = Flights::<u8, u8>::new(ms(50), 1);
    let slow = flights.get(&1, || async {
        sleep(ms(10)).await;
        Ok::<_, ()>(1)
    });
    let other = async {
        sleep(ms(5)).await;
        let value = flights.get(&2, || async { Ok::<_, ()>(2) }).await;
        (value, flights.len())
    };
    assert_eq!(tokio::join!(slow, other), (Ok(1), (Ok(2), 2)));
    assert_eq!(flights.get(&1, || async { Err("kept") }).await, Ok(1));
    assert_eq!((flights.get(&3, || async { Ok::<_, ()>(3) }).await, flights.len()), (Ok(3), 1));
}
