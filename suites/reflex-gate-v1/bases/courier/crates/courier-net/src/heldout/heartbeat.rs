//! Further tests of the heartbeat.

use crate::heartbeat::{watch, Ended, Event, RoundTrip, Settings};
use std::cell::RefCell;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{sleep, sleep_until, Instant};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// The other side answers each question after its time; zero: not at all.
async fn watched(
    settings: Settings,
    answers: &'static [u64],
    heard: &'static [u64],
) -> (Ended, RoundTrip, Vec<u128>, u128) {
    let (sender, receiver) = mpsc::channel(64);
    let start = Instant::now();
    for at in heard {
        let sender = sender.clone();
        tokio::spawn(async move {
            sleep_until(start + ms(*at)).await;
            let _ = sender.send(Event::Heard).await;
        });
    }
    let asked = RefCell::new(Vec::new());
    let (ended, trips) = watch(settings, receiver, |number| {
        asked.borrow_mut().push(start.elapsed().as_millis());
        let sender = sender.clone();
        let pause = answers.get(number as usize - 1).copied().unwrap_or(0);
        if pause > 0 {
            tokio::spawn(async move {
                sleep(ms(pause)).await;
                let _ = sender.send(Event::Answer(number)).await;
            });
        }
        async move {
            if number as usize > answers.len() + 5 {
                Err(())
            } else {
                Ok(())
            }
        }
    })
    .await;
    (ended, trips, asked.into_inner(), start.elapsed().as_millis())
}

const SETTINGS: Settings =
    Settings { quiet: Duration::from_millis(100), answer: Duration::from_millis(30), tries: 3 };

#[tokio::test(start_paused = true)]
async fn a_side_that_answers_for_a_while() {
    let (ended, trips, asked, end) = watched(SETTINGS, &[20, 4, 0], &[]).await;
    assert_eq!((ended, asked, end), (Ended::Dead(ms(190)), vec![100, 220, 324, 354, 384], 414));
    assert_eq!((trips.mean(), trips.best), (Some(ms(18)), Some(ms(4))));
}

#[tokio::test(start_paused = true)]
async fn silence_only() {
    let (ended, trips, asked, end) = watched(SETTINGS, &[], &[]).await;
    assert_eq!((ended, asked, end), (Ended::Dead(ms(190)), vec![100, 130, 160], 190));
    assert_eq!(trips, RoundTrip::default());
    let (ended, _, asked, _) = watched(Settings { tries: 1, ..SETTINGS }, &[], &[50]).await;
    assert_eq!((ended, asked), (Ended::Dead(ms(130)), vec![150]));
}

#[tokio::test(start_paused = true)]
async fn other_traffic() {
    let (ended, trips, asked, end) = watched(SETTINGS, &[0, 0, 7], &[90, 180, 270, 380]).await;
    assert_eq!((ended, asked, end), (Ended::Dead(ms(190)), vec![370, 480, 510, 617, 647, 677], 707));
    assert_eq!(trips.mean(), Some(ms(7)));
}

#[tokio::test(start_paused = true)]
async fn late_answers_and_ends() {
    let (ended, trips, asked, _) = watched(SETTINGS, &[40, 40, 40], &[]).await;
    assert_eq!((ended, trips.mean(), &asked[..4]), (Ended::Dead(ms(190)), None, &[100, 130, 270, 300][..]));
    let settings = Settings { tries: 99, ..SETTINGS };
    let (ended, _, asked, _) = watched(settings, &[], &[]).await;
    assert_eq!((ended, asked.len()), (Ended::Broken, 6));
    let (sender, receiver) = mpsc::channel(1);
    drop(sender);
    assert_eq!(watch(SETTINGS, receiver, |_| async { Ok(()) }).await.0, Ended::Closed);
}
