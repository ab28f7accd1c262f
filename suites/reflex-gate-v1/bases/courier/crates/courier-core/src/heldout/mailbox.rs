//! Further tests of mailboxes.

use crate::mailbox::{Closed, Mailbox, WhenFull};
use std::time::Duration;
use tokio::time::{sleep, timeout};

#[tokio::test(start_paused = true)]
async fn nothing_is_lost_between_tasks() {
    let mailbox = Mailbox::new(3, WhenFull::Wait);
    let senders: Vec<_> = (0..4)
        .map(|sender| {
            let mailbox = mailbox.clone();
            tokio::spawn(async move {
                for n in 0..50 {
                    mailbox.send(sender * 100 + n).await.unwrap();
                }
            })
        })
        .collect();
    let receivers: Vec<_> = (0..3)
        .map(|_| {
            let mailbox = mailbox.clone();
            tokio::spawn(async move {
                let mut seen = Vec::new();
                while let Some(message) = mailbox.receive().await {
                    seen.push(message);
                }
                seen
            })
        })
        .collect();
    for sender in senders {
        timeout(Duration::from_secs(9), sender).await.expect("a sender hangs").unwrap();
    }
    mailbox.close();
    let mut all = Vec::new();
    for receiver in receivers {
        all.extend(timeout(Duration::from_secs(9), receiver).await.expect("a receiver hangs").unwrap());
    }
    all.sort_unstable();
    let expected: Vec<i32> = (0..4).flat_map(|sender| (0..50).map(move |n| sender * 100 + n)).collect();
    assert_eq!(all, expected);
    assert_eq!((mailbox.dropped(), mailbox.len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn closing_wakes_everybody() {
    let mailbox = Mailbox::new(1, WhenFull::Wait);
    mailbox.send("first").await.unwrap();
    let senders: Vec<_> = ["x", "y"]
        .map(|text| (mailbox.clone(), text))
        .into_iter()
        .map(|(mailbox, text)| tokio::spawn(async move { mailbox.send(text).await }))
        .collect();
    sleep(Duration::from_millis(5)).await;
    mailbox.close();
    let mut refused = Vec::new();
    for sender in senders {
        refused.push(timeout(Duration::from_secs(9), sender).await.expect("a sender hangs").unwrap());
    }
    assert_eq!(refused, [Err(Closed("x")), Err(Closed("y"))]);
    assert_eq!((mailbox.receive().await, mailbox.receive().await), (Some("first"), None));
    assert_eq!(mailbox.try_send("late"), Err(Closed("late")));
}

#[tokio::test(start_paused = true)]
async fn draining_makes_room() {
    let mailbox = Mailbox::new(2, WhenFull::Wait);
    mailbox.send(1).await.unwrap();
    mailbox.send(2).await.unwrap();
    let waiting: Vec<_> = [3, 4]
        .map(|n| (mailbox.clone(), n))
        .into_iter()
        .map(|(mailbox, n)| tokio::spawn(async move { mailbox.send(n).await }))
        .collect();
    sleep(Duration::from_millis(5)).await;
    assert_eq!(mailbox.drain(), [1, 2]);
    for sender in waiting {
        assert_eq!(timeout(Duration::from_secs(9), sender).await.expect("a sender hangs").unwrap(), Ok(()));
    }
    assert_eq!(mailbox.drain(), [3, 4]);
}

#[tokio::test]
async fn full_boxes() {
    let counts = |when_full| {
        let mailbox = Mailbox::new(3, when_full);
        let back = (0..10).filter(|n| mailbox.try_send(*n) != Ok(None)).count();
        (back, mailbox.dropped(), mailbox.drain())
    };
    assert_eq!(counts(WhenFull::Wait), (7, 0, vec![0, 1, 2]));
    assert_eq!(counts(WhenFull::DropOldest), (0, 7, vec![7, 8, 9]));
    assert_eq!(counts(WhenFull::DropNewest), (0, 7, vec![0, 1, 2]));
}
