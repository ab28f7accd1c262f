//! Further tests of the queue between threads.

use crate::counted::Counter;
use crate::heldout::Ledger;
use crate::spsc::{channel, ReceiveError, SendError};
use std::collections::VecDeque;

#[test]
fn against_a_deque() {
    let mut ledger = Ledger::default();
    for capacity in [0, 1, 2, 5, 16] {
        let (mut sender, mut receiver) = channel(capacity);
        let room = sender.capacity();
        note!(ledger, room, capacity.max(1).next_power_of_two());
        let mut model = VecDeque::new();
        let mut state = capacity as u64 + 1;
        for round in 0..1000_u64 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            match (state >> 33) % 5 {
                0 | 1 => {
                    let expected = if model.len() < room {
                        model.push_back(round);
                        Ok(())
                    } else {
                        Err(SendError::Full(round))
                    };
                    note!(ledger, sender.send(round), expected);
                }
                2 | 3 => note!(ledger, receiver.receive(), model.pop_front().ok_or(ReceiveError::Empty)),
                _ => {
                    let mut values = (round..round + 7).peekable();
                    let sent = sender.send_all(&mut values);
                    note!(
                        ledger,
                        (sent, values.peek().copied()),
                        ((room - model.len()).min(7), (sent < 7).then_some(round + sent as u64))
                    );
                    model.extend(round..round + sent as u64);
                }
            }
            note!(ledger, (receiver.len(), receiver.is_empty()), (model.len(), model.is_empty()));
        }
        note!(ledger, receiver.drain().collect::<Vec<_>>(), Vec::from(model));
    }
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn leaving() {
    let (mut sender, receiver) = channel(4);
    sender.send("x".to_owned()).unwrap();
    drop(receiver);
    assert_eq!(sender.send("y".to_owned()), Err(SendError::Closed("y".to_owned())));
    let mut rest = ["z"].map(String::from).into_iter().peekable();
    assert_eq!((sender.send_all(&mut rest), rest.next()), (0, None));
    let (mut sender, mut receiver) = channel(4);
    sender.send(1).unwrap();
    sender.send(2).unwrap();
    assert_eq!(receiver.receive(), Ok(1));
    drop(sender);
    assert_eq!(
        [receiver.receive(), receiver.receive(), receiver.receive()],
        [Ok(2), Err(ReceiveError::Closed), Err(ReceiveError::Closed)]
    );
}

#[test]
fn owners() {
    let counter = Counter::default();
    let (mut sender, mut receiver) = channel(2);
    for id in 0..30 {
        if let Err(SendError::Full(back)) = sender.send(counter.value(id)) {
            assert_eq!((receiver.receive().map(|value| value.id), back.id), (Ok(id - 2), id));
            assert!(sender.send(back).is_ok());
        }
    }
    assert_eq!(counter.counts(), (2, 28));
    drop(receiver);
    assert_eq!(counter.counts(), (2, 28));
    drop(sender);
    assert_eq!(counter.counts(), (0, 30));
}

#[test]
fn two_ways() {
    let (mut to, mut from_here) = channel::<u64>(4);
    let (mut back, mut from_there) = channel::<u64>(4);
    let echo = std::thread::spawn(move || loop {
        match from_here.receive() {
            Ok(n) => {
                while back.send(n * n).is_err() {
                    std::thread::yield_now();
                }
            }
            Err(ReceiveError::Empty) => std::thread::yield_now(),
            Err(ReceiveError::Closed) => break,
        }
    });
    let mut sum = 0;
    let mut numbers = (0..1000_u64).peekable();
    let mut received = 0;
    while received < 1000 {
        if to.send_all(&mut numbers) == 0 {
            std::thread::yield_now();
        }
        for square in from_there.drain() {
            sum += square;
            received += 1;
        }
    }
    drop(to);
    echo.join().unwrap();
    assert_eq!((sum, from_there.receive()), (332_833_500, Err(ReceiveError::Closed)));
}
