//! Which numbered messages have arrived: ranges, as they are told to the sender.

use std::fmt;
use std::ops::RangeInclusive;

/// Numbers as rising ranges that neither overlap nor touch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acks {
    ranges: Vec<(u64, u64)>,
}

impl Acks {
    /// Notes a number; false if it was there already.
    pub fn insert(&mut self, number: u64) -> bool {
        self.insert_range(number..=number)
    }

    /// Notes a range; false if all of it was there already.
    pub fn insert_range(&mut self, range: RangeInclusive<u64>) -> bool {
        let (mut low, mut high) = range.into_inner();
        if low > high {
            return false;
        }
        // The ranges that overlap or touch the new one become one with it.
        let first = self.ranges.partition_point(|(_, end)| *end < low.saturating_sub(1));
        let last = self.ranges.partition_point(|(start, _)| *start <= high.saturating_add(1));
        if let [(start, end)] = self.ranges[first..last] {
            if start <= low && high <= end {
                return false;
            }
        }
        if first < last {
            low = low.min(self.ranges[first].0);
            high = high.max(self.ranges[last - 1].1);
        }
        self.ranges.splice(first..last, [(low, high)]);
        true
    }

    pub fn contains(&self, number: u64) -> bool {
        let index = self.ranges.partition_point(|(_, end)| *end < number);
        self.ranges.get(index).is_some_and(|(start, _)| *start <= number)
    }

    /// The first number from `from` on that has not arrived.
    pub fn first_missing(&self, from: u64) -> u64 {
        let index = self.ranges.partition_point(|(_, end)| *end < from);
        match self.ranges.get(index) {
            Some((start, end)) if *start <= from => end.saturating_add(1),
            _ => from,
        }
    }

    /// Gaps between the first and the last number.
    pub fn gaps(&self) -> impl Iterator<Item = RangeInclusive<u64>> + '_ {
        self.ranges.windows(2).map(|pair| pair[0].1 + 1..=pair[1].0 - 1)
    }

    /// Forgets all numbers below this one.
    pub fn forget_below(&mut self, number: u64) {
        let gone = self.ranges.partition_point(|(_, end)| *end < number);
        self.ranges.drain(..gone);
        if let Some((start, _)) = self.ranges.first_mut() {
            *start = (*start).max(number);
        }
    }

    pub fn count(&self) -> u64 {
        self.ranges.iter().map(|(start, end)| end - start + 1).sum()
    }

    pub fn ranges(&self) -> &[(u64, u64)] {
        &self.ranges
    }

    /// The newest ranges, at most so many: what fits into one message.
    pub fn newest(&self, limit: usize) -> &[(u64, u64)] {
        &self.ranges[self.ranges.len().saturating_sub(limit)..]
    }
}

impl FromIterator<u64> for Acks {
    fn from_iter<I: IntoIterator<Item = u64>>(numbers: I) -> Self {
        let mut acks = Acks::default();
        for number in numbers {
            acks.insert(number);
        }
        acks
    }
}

impl fmt::Display for Acks {
    /// `1-3,7`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (start, end)) in self.ranges.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            if start == end {
                write!(f, "{comma}{start}")?;
            } else {
                write!(f, "{comma}{start}-{end}")?;
            }
        }
        Ok(())
    }
}

/// What a sender still has on the way.
#[derive(Debug, Clone, Default)]
pub struct InFlight {
    sent: Vec<(u64, u32)>,
}

impl InFlight {
    pub fn send(&mut self, number: u64) {
        self.sent.push((number, 0));
    }

    /// Takes out what has arrived. A number is lost once `threshold` reports have named a later one and not it.
    pub fn acknowledge(&mut self, acks: &Acks, threshold: u32) -> (usize, Vec<u64>) {
        let before = self.sent.len();
        self.sent.retain(|(number, _)| !acks.contains(*number));
        let arrived = before - self.sent.len();
        let newest = acks.ranges.last().map(|(_, end)| *end);
        for (number, passed) in &mut self.sent {
            *passed += u32::from(newest.is_some_and(|newest| *number < newest));
        }
        let (lost, kept): (Vec<_>, Vec<_>) = self.sent.iter().partition(|(_, passed)| *passed >= threshold);
        self.sent = kept;
        (arrived, lost.into_iter().map(|(number, _)| number).collect())
    }

    pub fn len(&self) -> usize {
        self.sent.len()
    }

    pub fn is_empty(&self) -> bool {
        self.sent.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acks(numbers: &[u64]) -> Acks {
        numbers.iter().copied().collect()
    }

    #[test]
    fn joins_neighbours() {
        assert_eq!(acks(&[5, 1, 3, 2, 9]).to_string(), "1-3,5,9");
        assert_eq!(acks(&[5, 1, 3, 2, 9, 4]).to_string(), "1-5,9");
        let mut some = acks(&[1, 5, 9]);
        assert_eq!(
            (
                some.insert(5),
                some.insert_range(4..=5),
                some.insert_range(std::ops::RangeInclusive::new(5, 4))
            ),
            (false, true, false)
        );
        assert_eq!((some.insert_range(0..=20), some.to_string()), (true, "0-20".into()));
        assert_eq!((some.insert_range(3..=7), some.count()), (false, 21));
        assert_eq!(acks(&[u64::MAX, 0, u64::MAX - 1]).ranges(), [(0, 0), (u64::MAX - 1, u64::MAX)]);
    }

    #[test]
    fn finds_what_is_missing() {
        let some = acks(&[1, 2, 3, 6, 8, 9]);
        assert_eq!([0, 1, 4, 6, 8, 20].map(|from| some.first_missing(from)), [0, 4, 4, 7, 10, 20]);
        assert_eq!(some.gaps().collect::<Vec<_>>(), [4..=5, 7..=7]);
        assert_eq!(
            [0, 1, 3, 4, 6, 9, 10].map(|n| some.contains(n)),
            [false, true, true, false, true, true, false]
        );
    }

    #[test]
    fn forgets_and_shortens() {
        let mut some = acks(&[1, 2, 3, 6, 8, 9]);
        assert_eq!((some.newest(2), some.newest(9).len()), (&[(6, 6), (8, 9)][..], 3));
        some.forget_below(3);
        assert_eq!((some.to_string(), some.count()), ("3,6,8-9".into(), 4));
        some.forget_below(7);
        assert_eq!(some.to_string(), "8-9");
        some.forget_below(10);
        assert_eq!(some, Acks::default());
    }

    #[test]
    fn notices_losses() {
        let mut flight = InFlight::default();
        (1..=6).for_each(|number| flight.send(number));
        assert_eq!(flight.acknowledge(&acks(&[1, 3]), 2), (2, vec![]));
        assert_eq!(flight.acknowledge(&acks(&[1, 3, 5]), 2), (1, vec![2]));
        assert_eq!((flight.len(), flight.acknowledge(&acks(&[6]), 2)), (2, (1, vec![4])));
        assert!(flight.is_empty());
    }
}
