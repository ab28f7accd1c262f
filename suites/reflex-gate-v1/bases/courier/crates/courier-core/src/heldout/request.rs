//! Further tests of questions and answers.

use crate::request::{serve, Envelope, RequestError, Requests};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout, Instant};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[tokio::test(start_paused = true)]
async fn out_of_order() {
    let (outgoing, mut incoming) = mpsc::channel::<Envelope<u64>>(16);
    let requests = Requests::<u64, u64>::new(outgoing, 16);
    let answering = requests.clone();
    tokio::spawn(async move {
        while let Some(Envelope { id, body }) = incoming.recv().await {
            let answering = answering.clone();
            tokio::spawn(async move {
                sleep(ms(100 - body)).await;
                let _ = answering.answer(Envelope { id, body: body * body });
            });
        }
    });
    let asking: Vec<_> = (0..10_u64)
        .map(|n| {
            let requests = requests.clone();
            tokio::spawn(async move { requests.ask(n * 10, ms(500)).await })
        })
        .collect();
    let mut answers = Vec::new();
    for task in asking {
        answers.push(task.await.unwrap());
    }
    assert_eq!(answers, (0..10).map(|n| Ok(n * n * 100)).collect::<Vec<_>>());
    assert_eq!(requests.pending(), 0);
}

#[tokio::test(start_paused = true)]
async fn questions_are_taken_back() {
    let (outgoing, mut incoming) = mpsc::channel(16);
    let requests = Requests::<char, u8>::new(outgoing, 2);
    for body in ['a', 'b', 'c'] {
        assert!(timeout(ms(5), requests.ask(body, ms(500))).await.is_err());
        assert_eq!(requests.pending(), 0);
    }
    let ids: Vec<_> = [incoming.recv().await, incoming.recv().await, incoming.recv().await]
        .into_iter()
        .flatten()
        .map(|e| (e.id, e.body))
        .collect();
    assert_eq!(ids, [(1, 'a'), (2, 'b'), (3, 'c')]);
    let late = Envelope { id: 2, body: 1 };
    assert_eq!(requests.answer(late.clone()), Err(late));
    assert_eq!(requests.answer(Envelope { id: 77, body: 1 }), Err(Envelope { id: 77, body: 1 }));
}

#[tokio::test(start_paused = true)]
async fn closing() {
    let (outgoing, incoming) = mpsc::channel(1);
    let requests = Requests::<u8, u8>::new(outgoing, 3);
    let asking: Vec<_> = (0..4)
        .map(|n| {
            let requests = requests.clone();
            tokio::spawn(async move { requests.ask(n, ms(100)).await })
        })
        .collect();
    sleep(ms(10)).await;
    let start = Instant::now();
    assert_eq!((requests.pending(), requests.close(), requests.pending()), (3, 3, 0));
    let mut outcomes = Vec::new();
    drop(incoming);
    for task in asking {
        outcomes.push(task.await.unwrap());
    }
    assert_eq!(
        outcomes,
        [Err(RequestError::Lost), Err(RequestError::Lost), Err(RequestError::Lost), Err(RequestError::Busy)]
    );
    assert_eq!((start.elapsed(), requests.close()), (Duration::ZERO, 0));
    assert_eq!(requests.ask(9, ms(1)).await, Err(RequestError::Lost));
}

#[tokio::test(start_paused = true)]
async fn serving() {
    let (outgoing, incoming) = mpsc::channel(4);
    let requests = Requests::<i32, i32>::new(outgoing, 4);
    let server = tokio::spawn(serve(incoming, requests.clone(), |n| (n >= 0).then_some(n + 1)));
    let mut answers = Vec::new();
    for n in [1, -1, 5, -7, 0] {
        answers.push(requests.ask(n, ms(20)).await);
    }
    let late = Err(RequestError::TimedOut);
    assert_eq!(answers, [Ok(2), late, Ok(6), late, Ok(1)]);
    let (outgoing, incoming) = mpsc::channel(4);
    for (id, body) in [(1, 1), (50, 2), (51, -3)] {
        outgoing.send(Envelope { id, body }).await.unwrap();
    }
    drop(outgoing);
    let waiting = tokio::spawn({
        let requests = requests.clone();
        async move { requests.ask(-5, ms(50)).await }
    });
    sleep(ms(1)).await;
    assert_eq!(serve(incoming, requests.clone(), |n| (n > 0).then_some(n)).await, 0);
    assert_eq!(waiting.await.unwrap(), late);
    server.abort();
}
