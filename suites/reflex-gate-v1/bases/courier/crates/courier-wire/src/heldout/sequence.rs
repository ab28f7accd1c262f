//! Further tests of numbers that wrap around.

use crate::sequence::{Full, Reorder, SendWindow, Sequence};
use std::cmp::Ordering;

#[test]
fn distances() {
    for start in [0, 1, 0x7fff, 0x8000, 0xfffe] {
        for steps in [1_u16, 2, 1000, 0x7fff] {
            let (a, b) = (Sequence(start), Sequence(start) + steps);
            assert_eq!((b - a, a - b), (i32::from(steps), -i32::from(steps)));
            assert_eq!(
                (a.partial_cmp(&b), b.partial_cmp(&a)),
                (Some(Ordering::Less), Some(Ordering::Greater))
            );
        }
        assert_eq!(Sequence(start).partial_cmp(&(Sequence(start) + 0x8000)), None);
        assert_eq!(Sequence(start).partial_cmp(&Sequence(start)), Some(Ordering::Equal));
    }
}

#[test]
fn a_long_transfer() {
    let mut window = SendWindow::new(Sequence(65_000), 50);
    let mut received = Vec::new();
    for packet in 0..2000_u32 {
        while window.send(packet) == Err(Full) {
            let newest: Vec<Sequence> = window.open().map(|(number, _)| number).skip(20).collect();
            newest.into_iter().rev().for_each(|number| received.extend(window.acknowledge(number)));
            received.extend(window.open().map(|(_, packet)| *packet).take(30));
            assert_eq!(window.acknowledge_before(window.base() + 50), 20);
        }
    }
    received.extend(window.open().map(|(_, packet)| *packet));
    received.sort_unstable();
    assert_eq!(received, (0..2000).collect::<Vec<_>>());
    assert_eq!(window.base(), Sequence(65_000) + 1950);
}

#[test]
fn holes() {
    let mut window = SendWindow::new(Sequence(5), 5);
    for packet in "abcde".chars() {
        window.send(packet).unwrap();
    }
    assert_eq!(
        [6, 8, 6, 4, 10].map(|n| window.acknowledge(Sequence(n))),
        [Some('b'), Some('d'), None, None, None]
    );
    assert_eq!(window.open().map(|(n, p)| (n.0, *p)).collect::<Vec<_>>(), [(5, 'a'), (7, 'c'), (9, 'e')]);
    assert_eq!((window.acknowledge_before(Sequence(6)), window.base()), (1, Sequence(7)));
    assert_eq!((window.acknowledge(Sequence(7)), window.base()), (Some('c'), Sequence(9)));
    assert_eq!(
        (window.send('f'), window.acknowledge(Sequence(9)), window.base()),
        (Ok(Sequence(10)), Some('e'), Sequence(10))
    );
}

#[test]
fn order_again() {
    let mut reorder = Reorder::new(Sequence(65_533), 10);
    let arrivals = [65_535_u16, 65_534, 1, 65_533, 0, 65_533, 8, 7, 12, 3, 2, 4, 5, 6];
    let mut seen: Vec<u16> = Vec::new();
    let counts: Vec<_> = arrivals
        .into_iter()
        .map(|n| {
            let ready = reorder.receive(Sequence(n), n);
            seen.extend(&ready);
            ready.len()
        })
        .collect();
    assert_eq!(counts, [0, 0, 0, 3, 2, 0, 0, 0, 0, 0, 2, 1, 1, 3]);
    assert_eq!(seen, [65_533, 65_534, 65_535, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
}
