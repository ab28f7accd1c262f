//! Intervals of numbers: what is known of a value when it is not known exactly, and sets of intervals.

use std::fmt::Debug;

/// A type of which the larger of two values can be told.
pub trait Bound: Copy + PartialOrd + Debug {}

impl<T: Copy + PartialOrd + Debug> Bound for T {}

fn min<T: Bound>(a: T, b: T) -> T {
    if b < a {
        b
    } else {
        a
    }
}

fn max<T: Bound>(a: T, b: T) -> T {
    if b > a {
        b
    } else {
        a
    }
}

/// All values from `low` to `high`, both included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval<T> {
    low: T,
    high: T,
}

impl<T: Bound> Interval<T> {
    /// Nothing where `low` is larger, or can't be compared.
    pub fn new(low: T, high: T) -> Option<Self> {
        (low <= high).then_some(Interval { low, high })
    }

    pub const fn point(value: T) -> Self {
        Interval { low: value, high: value }
    }

    pub fn bounds(self) -> (T, T) {
        (self.low, self.high)
    }

    pub fn contains(self, value: T) -> bool {
        self.low <= value && value <= self.high
    }

    pub fn covers(self, other: Self) -> bool {
        self.low <= other.low && other.high <= self.high
    }

    pub fn overlaps(self, other: Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    pub fn intersection(self, other: Self) -> Option<Self> {
        Interval::new(max(self.low, other.low), min(self.high, other.high))
    }

    /// The smallest interval that covers both.
    pub fn hull(self, other: Self) -> Self {
        Interval { low: min(self.low, other.low), high: max(self.high, other.high) }
    }

    /// The smallest interval that covers all of these values.
    pub fn around(values: impl IntoIterator<Item = T>) -> Option<Self> {
        values.into_iter().map(Interval::point).reduce(Interval::hull)
    }
}

impl Interval<f64> {
    pub fn width(self) -> f64 {
        self.high - self.low
    }

    pub fn middle(self) -> f64 {
        self.low + self.width() / 2.0
    }

    pub fn plus(self, other: Self) -> Self {
        Interval { low: self.low + other.low, high: self.high + other.high }
    }

    pub fn minus(self, other: Self) -> Self {
        Interval { low: self.low - other.high, high: self.high - other.low }
    }

    /// Between the smallest and the largest of the products of the ends.
    pub fn times(self, other: Self) -> Self {
        let ends =
            [self.low * other.low, self.low * other.high, self.high * other.low, self.high * other.high];
        ends.into_iter().map(Interval::point).fold(Interval::point(ends[0]), Interval::hull)
    }

    /// Nothing if the divisor may be zero.
    pub fn over(self, other: Self) -> Option<Self> {
        if other.contains(0.0) {
            return None;
        }
        Some(self.times(Interval { low: 1.0 / other.high, high: 1.0 / other.low }))
    }

    /// Its square is not negative, which the product with itself can't know.
    pub fn squared(self) -> Self {
        let (a, b) = (self.low * self.low, self.high * self.high);
        Interval { low: if self.contains(0.0) { 0.0 } else { a.min(b) }, high: a.max(b) }
    }
}

/// Intervals in order that neither overlap nor touch.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Set<T>(Vec<Interval<T>>);

impl<T: Bound> Set<T> {
    pub fn intervals(&self) -> &[Interval<T>] {
        &self.0
    }

    /// Adds an interval; it becomes one with those that it overlaps.
    pub fn insert(&mut self, interval: Interval<T>) {
        let first = self.0.partition_point(|other| other.high < interval.low);
        let last = self.0.partition_point(|other| other.low <= interval.high);
        let joined = self.0[first..last].iter().copied().fold(interval, Interval::hull);
        self.0.splice(first..last, [joined]);
    }

    pub fn contains(&self, value: T) -> bool {
        let index = self.0.partition_point(|interval| interval.high < value);
        self.0.get(index).is_some_and(|interval| interval.contains(value))
    }

    pub fn intersection(&self, other: &Self) -> Self {
        let mut common = Vec::new();
        let (mut i, mut j) = (0, 0);
        while let (Some(a), Some(b)) = (self.0.get(i), other.0.get(j)) {
            common.extend(a.intersection(*b));
            // The one that ends first can't meet anything else.
            if a.high < b.high {
                i += 1;
            } else {
                j += 1;
            }
        }
        Set(common)
    }

    /// Pairs of the ends of neighbours, between which there is nothing.
    pub fn gaps(&self) -> impl Iterator<Item = (T, T)> + '_ {
        self.0.windows(2).map(|pair| (pair[0].high, pair[1].low))
    }
}

impl<T: Bound> FromIterator<Interval<T>> for Set<T> {
    fn from_iter<I: IntoIterator<Item = Interval<T>>>(intervals: I) -> Self {
        let mut set = Set(Vec::new());
        intervals.into_iter().for_each(|interval| set.insert(interval));
        set
    }
}

/// The largest number of intervals that overlap at one place, and the first such place.
pub fn busiest<T: Bound>(intervals: &[Interval<T>]) -> Option<(usize, T)> {
    let mut ends: Vec<(T, bool)> =
        intervals.iter().flat_map(|interval| [(interval.low, false), (interval.high, true)]).collect();
    // What begins where another ends overlaps it.
    ends.sort_by(|a, b| a.0.partial_cmp(&b.0).unwrap_or(std::cmp::Ordering::Equal).then(a.1.cmp(&b.1)));
    let mut open = 0;
    let mut most: Option<(usize, T)> = None;
    for (place, is_end) in ends {
        if is_end {
            open -= 1;
            continue;
        }
        open += 1;
        if most.is_none_or(|(count, _)| open > count) {
            most = Some((open, place));
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    fn i(low: f64, high: f64) -> Interval<f64> {
        Interval::new(low, high).unwrap()
    }

    fn set(intervals: &[(i32, i32)]) -> Set<i32> {
        intervals.iter().filter_map(|(low, high)| Interval::new(*low, *high)).collect()
    }

    fn bounds(set: &Set<i32>) -> Vec<(i32, i32)> {
        set.intervals().iter().map(|interval| interval.bounds()).collect()
    }

    #[test]
    fn compares() {
        let (a, b) = (i(1.0, 4.0), i(3.0, 6.0));
        assert_eq!(
            (a.intersection(b), a.hull(b), a.intersection(i(5.0, 6.0))),
            (Some(i(3.0, 4.0)), i(1.0, 6.0), None)
        );
        assert_eq!(
            (a.overlaps(b), a.overlaps(i(4.0, 9.0)), a.overlaps(i(4.5, 9.0)), b.overlaps(a)),
            (true, true, false, true)
        );
        assert_eq!(
            (a.covers(i(1.0, 4.0)), a.covers(i(0.0, 2.0)), a.contains(4.0), a.contains(0.9)),
            (true, false, true, false)
        );
        assert_eq!(
            (
                Interval::new(2.0, 1.0),
                Interval::new(f64::NAN, 1.0),
                Interval::around([3, -1, 2]),
                Interval::<i32>::around([])
            ),
            (None, None, Interval::new(-1, 3), None)
        );
    }

    #[test]
    fn calculates() {
        let (a, b) = (i(-1.0, 2.0), i(3.0, 5.0));
        assert_eq!((a.plus(b), a.minus(b), b.minus(a)), (i(2.0, 7.0), i(-6.0, -1.0), i(1.0, 6.0)));
        assert_eq!(
            (a.times(b), a.times(a), a.squared(), i(-3.0, -2.0).squared()),
            (i(-5.0, 10.0), i(-2.0, 4.0), i(0.0, 4.0), i(4.0, 9.0))
        );
        assert_eq!(
            (b.over(i(-4.0, -2.0)), b.over(a), a.over(i(0.0, 1.0))),
            (Some(i(-2.5, -0.75)), None, None)
        );
        assert_eq!((b.width(), b.middle(), a.middle()), (2.0, 4.0, 0.5));
    }

    #[test]
    fn joins_intervals() {
        let mut some = set(&[(5, 7), (1, 2), (9, 12)]);
        assert_eq!(
            (bounds(&some), some.gaps().collect::<Vec<_>>()),
            (vec![(1, 2), (5, 7), (9, 12)], vec![(2, 5), (7, 9)])
        );
        some.insert(Interval::point(3));
        some.insert(Interval::new(7, 9).unwrap());
        assert_eq!(bounds(&some), [(1, 2), (3, 3), (5, 12)]);
        some.insert(Interval::new(0, 4).unwrap());
        assert_eq!(bounds(&some), [(0, 4), (5, 12)]);
        assert_eq!([-1, 0, 4, 5, 12, 13].map(|n| some.contains(n)), [false, true, true, true, true, false]);
    }

    #[test]
    fn finds_what_is_common() {
        let (a, b) = (set(&[(0, 5), (8, 12), (20, 30)]), set(&[(3, 9), (11, 11), (12, 22)]));
        assert_eq!(bounds(&a.intersection(&b)), [(3, 5), (8, 9), (11, 11), (12, 12), (20, 22)]);
        let all =
            [(1, 5), (2, 3), (3, 9), (5, 6), (7, 8)].map(|(low, high)| Interval::new(low, high).unwrap());
        assert_eq!(
            (busiest(&all), busiest(&all[3..]), busiest::<i32>(&[])),
            (Some((3, 3)), Some((1, 5)), None)
        );
    }
}
