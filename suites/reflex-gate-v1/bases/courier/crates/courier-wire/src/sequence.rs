//! Numbers of packets that wrap around, and the window of those that may be on the way.

use std::cmp::Ordering;
use std::ops::{Add, Sub};

/// A number of 16 bits. The half of all numbers that follows it counts as later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sequence(pub u16);

impl Add<u16> for Sequence {
    type Output = Sequence;

    fn add(self, steps: u16) -> Sequence {
        Sequence(self.0.wrapping_add(steps))
    }
}

impl Sub for Sequence {
    type Output = i32;

    /// Steps from `other` to `self`; negative where `self` is earlier.
    fn sub(self, other: Sequence) -> i32 {
        i32::from(self.0.wrapping_sub(other.0) as i16)
    }
}

impl PartialOrd for Sequence {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        // At the distance of one half neither is the later one.
        let distance = self.0.wrapping_sub(other.0);
        (distance != 0x8000).then(|| (*self - *other).cmp(&0))
    }
}

/// What a sender may send: at most `size` packets that are not acknowledged.
#[derive(Debug, Clone)]
pub struct SendWindow<T> {
    /// The number of the oldest packet that is not acknowledged, and then in order.
    base: Sequence,
    packets: std::collections::VecDeque<Option<T>>,
    size: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

impl<T> SendWindow<T> {
    pub fn new(first: Sequence, size: u16) -> Self {
        assert!(size > 0 && size < 0x8000, "a window holds less than half of the numbers");
        SendWindow { base: first, packets: std::collections::VecDeque::new(), size }
    }

    pub fn send(&mut self, packet: T) -> Result<Sequence, Full> {
        if self.packets.len() >= usize::from(self.size) {
            return Err(Full);
        }
        let number = self.base + self.packets.len() as u16;
        self.packets.push_back(Some(packet));
        Ok(number)
    }

    /// Takes an acknowledged packet out; the window moves on over all that are.
    pub fn acknowledge(&mut self, number: Sequence) -> Option<T> {
        let index = usize::try_from(number - self.base).ok()?;
        let packet = self.packets.get_mut(index)?.take();
        while let Some(None) = self.packets.front() {
            self.packets.pop_front();
            self.base = self.base + 1;
        }
        packet
    }

    /// Takes out all packets before `number`, as a cumulative acknowledgement does; how many were still open.
    pub fn acknowledge_before(&mut self, number: Sequence) -> usize {
        let count = usize::try_from(number - self.base).unwrap_or(0).min(self.packets.len());
        let open = self.packets.drain(..count).flatten().count();
        self.base = self.base + count as u16;
        while let Some(None) = self.packets.front() {
            self.packets.pop_front();
            self.base = self.base + 1;
        }
        open
    }

    /// Packets that are not acknowledged, the oldest first.
    pub fn open(&self) -> impl Iterator<Item = (Sequence, &T)> {
        let numbers = (0..).map(|steps| self.base + steps);
        numbers
            .zip(&self.packets)
            .filter_map(|(number, packet)| packet.as_ref().map(|packet| (number, packet)))
    }

    pub fn base(&self) -> Sequence {
        self.base
    }
}

/// Puts packets back into order that overtook each other.
#[derive(Debug)]
pub struct Reorder<T> {
    next: Sequence,
    waiting: std::collections::HashMap<u16, T>,
    limit: usize,
}

impl<T> Reorder<T> {
    pub fn new(next: Sequence, limit: usize) -> Self {
        Reorder { next, waiting: std::collections::HashMap::new(), limit }
    }

    /// The packets whose turn it is now. What came before, or is too far ahead, is dropped.
    pub fn receive(&mut self, number: Sequence, packet: T) -> Vec<T> {
        let ahead = number - self.next;
        if ahead < 0 || ahead as usize >= self.limit {
            return Vec::new();
        }
        self.waiting.entry(number.0).or_insert(packet);
        let mut ready = Vec::new();
        while let Some(packet) = self.waiting.remove(&self.next.0) {
            ready.push(packet);
            self.next = self.next + 1;
        }
        ready
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: u16) -> Sequence {
        Sequence(value)
    }

    #[test]
    fn wraps_around() {
        assert_eq!(number(65_535) + 3, number(2));
        assert_eq!((number(2) - number(65_535), number(65_535) - number(2)), (3, -3));
        assert!(number(65_530) < number(5) && number(5) > number(65_530) && number(7) <= number(7));
        assert_eq!(number(0).partial_cmp(&number(0x8000)), None);
        assert_eq!(number(0).partial_cmp(&number(0x7fff)), Some(Ordering::Less));
    }

    #[test]
    fn sends_within_the_window() {
        let mut window = SendWindow::new(number(65_534), 3);
        let sent = ['a', 'b', 'c', 'd'].map(|packet| window.send(packet));
        assert_eq!(sent, [Ok(number(65_534)), Ok(number(65_535)), Ok(number(0)), Err(Full)]);
        assert_eq!((window.acknowledge(number(65_535)), window.send('d')), (Some('b'), Err(Full)));
        assert_eq!((window.acknowledge(number(65_534)), window.base()), (Some('a'), number(0)));
        assert_eq!(
            (window.send('d'), window.send('e'), window.send('f')),
            (Ok(number(1)), Ok(number(2)), Err(Full))
        );
        assert_eq!((window.acknowledge(number(65_535)), window.acknowledge(number(3))), (None, None));
        assert_eq!(window.open().map(|(n, p)| (n.0, *p)).collect::<Vec<_>>(), [(0, 'c'), (1, 'd'), (2, 'e')]);
    }

    #[test]
    fn acknowledges_many() {
        let mut window = SendWindow::new(number(10), 8);
        for packet in 0..6 {
            window.send(packet).unwrap();
        }
        window.acknowledge(number(11));
        window.acknowledge(number(14));
        assert_eq!(window.acknowledge_before(number(14)), 3);
        assert_eq!((window.base(), window.acknowledge_before(number(9))), (number(15), 0));
        assert_eq!((window.acknowledge_before(number(200)), window.base()), (1, number(16)));
    }

    #[test]
    fn puts_in_order() {
        let mut reorder = Reorder::new(number(65_535), 4);
        let mut receive = |n: u16| reorder.receive(number(n), n);
        assert_eq!((receive(1), receive(65_535), receive(0)), (vec![], vec![65_535], vec![0, 1]));
        assert_eq!((receive(0), receive(6), receive(5)), (vec![], vec![], vec![]));
        assert_eq!((receive(3), receive(4), receive(2)), (vec![], vec![], vec![2, 3, 4, 5]));
    }
}
