//! Sets of numbers that are stored as ranges.

use std::ops::{BitOr, Range};

/// A set of numbers. Its ranges are in order, not empty, and neither overlap nor touch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RangeSet {
    ranges: Vec<Range<u32>>,
}

impl RangeSet {
    pub fn contains(&self, number: u32) -> bool {
        let at = self.ranges.partition_point(|range| range.end <= number);
        self.ranges.get(at).is_some_and(|range| range.start <= number)
    }

    /// Adds a range, and merges what it overlaps or touches.
    pub fn insert(&mut self, added: Range<u32>) {
        if added.is_empty() {
            return;
        }
        let first = self.ranges.partition_point(|range| range.end < added.start);
        let last = self.ranges.partition_point(|range| range.start <= added.end);
        let mut merged = added;
        if let [start, ..] = &self.ranges[first..last] {
            merged.start = merged.start.min(start.start);
        }
        if let [.., end] = &self.ranges[first..last] {
            merged.end = merged.end.max(end.end);
        }
        self.ranges.splice(first..last, [merged]);
    }

    /// Takes a range out, and splits or trims what it overlaps.
    pub fn remove(&mut self, removed: Range<u32>) {
        if removed.is_empty() {
            return;
        }
        let first = self.ranges.partition_point(|range| range.end <= removed.start);
        let last = self.ranges.partition_point(|range| range.start < removed.end);
        let kept: Vec<Range<u32>> = self.ranges[first..last]
            .iter()
            .flat_map(|range| [range.start..removed.start, removed.end..range.end])
            .filter(|piece| !piece.is_empty())
            .collect();
        self.ranges.splice(first..last, kept);
    }

    /// The ranges of `within` that are not in the set.
    pub fn gaps(&self, within: Range<u32>) -> RangeSet {
        let mut gaps = RangeSet::from_iter([within]);
        for range in self {
            gaps.remove(range.clone());
        }
        gaps
    }

    /// How many numbers the set has.
    pub fn count(&self) -> u64 {
        self.ranges.iter().map(|range| u64::from(range.end - range.start)).sum()
    }
}

impl FromIterator<Range<u32>> for RangeSet {
    fn from_iter<I: IntoIterator<Item = Range<u32>>>(ranges: I) -> Self {
        let mut set = RangeSet::default();
        ranges.into_iter().for_each(|range| set.insert(range));
        set
    }
}

impl<'s> IntoIterator for &'s RangeSet {
    type Item = &'s Range<u32>;
    type IntoIter = std::slice::Iter<'s, Range<u32>>;

    fn into_iter(self) -> Self::IntoIter {
        self.ranges.iter()
    }
}

/// The numbers of either set.
impl BitOr for &RangeSet {
    type Output = RangeSet;

    fn bitor(self, other: &RangeSet) -> RangeSet {
        self.into_iter().chain(other).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set<const N: usize>(ranges: [Range<u32>; N]) -> RangeSet {
        ranges.into_iter().collect()
    }

    #[test]
    fn merges_what_overlaps_or_touches() {
        assert_eq!(set([5..8, 1..3, 3..5]).ranges, vec![1..8]);
        assert_eq!(set([1..3, 4..6, 9..9]).ranges, [1..3, 4..6]);
        assert_eq!(set([1..3, 5..7, 9..12, 2..10]).ranges, vec![1..12]);
    }

    #[test]
    fn contains_the_start_but_not_the_end() {
        let set = set([2..4, 6..7]);
        assert_eq!([1, 2, 3, 4, 6, 7].map(|n| set.contains(n)), [false, true, true, false, true, false]);
        assert_eq!(set.count(), 3);
    }

    #[test]
    fn removing_splits_and_trims() {
        let mut set = set([0..10, 12..15]);
        set.remove(3..5);
        set.remove(8..13);
        set.remove(1..1);
        assert_eq!(set.ranges, [0..3, 5..8, 13..15]);
    }

    #[test]
    fn finds_gaps_and_unions() {
        let (a, b) = (set([2..4, 8..20]), set([4..6, 3..3]));
        assert_eq!(a.gaps(0..10), set([0..2, 4..8]));
        assert_eq!(&a | &b, set([2..6, 8..20]));
    }
}
