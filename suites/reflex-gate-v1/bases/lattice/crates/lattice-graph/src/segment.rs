//! Values in a row of which any stretch can be summed up, and changed, in a few steps.

/// Values that can be put together, in order.
pub trait Monoid: Clone {
    fn identity() -> Self;

    fn combine(&self, other: &Self) -> Self;
}

/// A change of a whole stretch that can be put off.
pub trait Action<M>: Clone {
    /// What becomes of the sum of `count` values.
    fn apply(&self, sum: &M, count: usize) -> M;

    /// The change that comes to this one after `earlier`.
    fn after(&self, earlier: &Self) -> Self;
}

/// Leaves of the tree are the values; each node above holds the sum of its two children.
#[derive(Debug, Clone)]
pub struct Segments<M, A> {
    sums: Vec<M>,
    /// Changes that a node's children have not seen yet.
    waiting: Vec<Option<A>>,
    len: usize,
    /// Leaves: a power of two.
    leaves: usize,
}

impl<M: Monoid, A: Action<M>> Segments<M, A> {
    pub fn new(values: impl IntoIterator<Item = M>) -> Self {
        let values: Vec<M> = values.into_iter().collect();
        let (len, leaves) = (values.len(), values.len().next_power_of_two());
        let mut sums = vec![M::identity(); leaves * 2];
        sums[leaves..leaves + len].clone_from_slice(&values);
        for node in (1..leaves).rev() {
            sums[node] = sums[node * 2].combine(&sums[node * 2 + 1]);
        }
        Segments { sums, waiting: vec![None; leaves], len, leaves }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Changes a node's sum; its children will see it later.
    fn change(&mut self, node: usize, count: usize, action: &A) {
        self.sums[node] = action.apply(&self.sums[node], count);
        if let Some(waiting) = self.waiting.get_mut(node) {
            *waiting = Some(waiting.as_ref().map_or_else(|| action.clone(), |earlier| action.after(earlier)));
        }
    }

    /// Lets a node's children see what waits for them.
    fn push(&mut self, node: usize, count: usize) {
        if let Some(action) = self.waiting[node].take() {
            self.change(node * 2, count / 2, &action);
            self.change(node * 2 + 1, count / 2, &action);
        }
    }

    /// The sum of the values from `start` up to `end` without it; a range is cut to what there is.
    pub fn sum(&mut self, start: usize, end: usize) -> M {
        self.sum_below(1, (0, self.leaves), (start, end.min(self.len)))
    }

    fn sum_below(&mut self, node: usize, (low, high): (usize, usize), range: (usize, usize)) -> M {
        if range.1 <= low || high <= range.0 {
            return M::identity();
        }
        if range.0 <= low && high <= range.1 {
            return self.sums[node].clone();
        }
        self.push(node, high - low);
        let middle = (low + high) / 2;
        let left = self.sum_below(node * 2, (low, middle), range);
        let right = self.sum_below(node * 2 + 1, (middle, high), range);
        left.combine(&right)
    }

    /// Changes all values from `start` up to `end` without it.
    pub fn apply(&mut self, start: usize, end: usize, action: &A) {
        self.apply_below(1, (0, self.leaves), (start, end.min(self.len)), action);
    }

    fn apply_below(&mut self, node: usize, (low, high): (usize, usize), range: (usize, usize), action: &A) {
        if range.1 <= low || high <= range.0 {
            return;
        }
        if range.0 <= low && high <= range.1 {
            self.change(node, high - low, action);
            return;
        }
        self.push(node, high - low);
        let middle = (low + high) / 2;
        self.apply_below(node * 2, (low, middle), range, action);
        self.apply_below(node * 2 + 1, (middle, high), range, action);
        self.sums[node] = self.sums[node * 2].combine(&self.sums[node * 2 + 1]);
    }

    /// The first end for which the sum from `start` on fulfils a condition that, once it holds, holds for all larger ones.
    pub fn find_end(&mut self, start: usize, holds: impl Fn(&M) -> bool) -> Option<usize> {
        let mut sum = M::identity();
        self.find_below(1, (0, self.leaves), start, &mut sum, &holds).map(|index| index + 1)
    }

    fn find_below(
        &mut self,
        node: usize,
        (low, high): (usize, usize),
        start: usize,
        sum: &mut M,
        holds: &impl Fn(&M) -> bool,
    ) -> Option<usize> {
        if high <= start || low >= self.len {
            return None;
        }
        if start <= low {
            let whole = sum.combine(&self.sums[node]);
            if !holds(&whole) {
                *sum = whole;
                return None;
            }
            if high - low == 1 {
                return Some(low);
            }
        }
        self.push(node, high - low);
        let middle = (low + high) / 2;
        let left = self.find_below(node * 2, (low, middle), start, sum, holds);
        left.or_else(|| self.find_below(node * 2 + 1, (middle, high), start, sum, holds))
    }
}

/// Sum and largest value of numbers, and an addition to all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    pub sum: i64,
    pub max: i64,
}

impl From<i64> for Totals {
    fn from(value: i64) -> Self {
        Totals { sum: value, max: value }
    }
}

impl Monoid for Totals {
    fn identity() -> Self {
        Totals { sum: 0, max: i64::MIN }
    }

    fn combine(&self, other: &Self) -> Self {
        Totals { sum: self.sum + other.sum, max: self.max.max(other.max) }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Add(i64),
    Set(i64),
}

impl Action<Totals> for Change {
    fn apply(&self, totals: &Totals, count: usize) -> Totals {
        match *self {
            Change::Add(more) => {
                Totals { sum: totals.sum + more * count as i64, max: totals.max.saturating_add(more) }
            }
            Change::Set(value) => Totals { sum: value * count as i64, max: value },
        }
    }

    fn after(&self, earlier: &Self) -> Self {
        match (*self, *earlier) {
            (Change::Add(more), Change::Add(before)) => Change::Add(before + more),
            (Change::Add(more), Change::Set(value)) => Change::Set(value + more),
            (Change::Set(value), _) => Change::Set(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(values: &[i64]) -> Segments<Totals, Change> {
        Segments::new(values.iter().copied().map(Totals::from))
    }

    const fn totals(sum: i64, max: i64) -> Totals {
        Totals { sum, max }
    }

    #[test]
    fn sums_stretches() {
        let mut some = row(&[3, -1, 4, 1, -5]);
        assert_eq!(
            (some.sum(0, 5), some.sum(1, 4), some.sum(4, 5), some.sum(2, 99)),
            (totals(2, 4), totals(4, 4), totals(-5, -5), totals(0, 4))
        );
        assert_eq!(
            (some.sum(3, 3), some.len(), row(&[]).is_empty(), row(&[7]).sum(0, 1)),
            (Totals::identity(), 5, true, totals(7, 7))
        );
    }

    #[test]
    fn changes_stretches() {
        let mut some = row(&[1, 2, 3, 4, 5, 6]);
        some.apply(1, 5, &Change::Add(10));
        assert_eq!(
            (some.sum(0, 6), some.sum(4, 6), some.sum(1, 2)),
            (totals(61, 15), totals(21, 15), totals(12, 12))
        );
        some.apply(0, 3, &Change::Set(7));
        some.apply(2, 99, &Change::Add(-1));
        assert_eq!(
            (0..6).map(|index| some.sum(index, index + 1).sum).collect::<Vec<_>>(),
            [7, 7, 6, 13, 14, 5]
        );
        assert_eq!(some.sum(0, 6), totals(52, 14));
    }

    #[test]
    fn changes_follow_each_other() {
        let changes = [Change::Add(2), Change::Set(5), Change::Add(3)];
        assert_eq!(
            (changes[2].after(&changes[1]), changes[1].after(&changes[0]), changes[2].after(&changes[0])),
            (Change::Set(8), Change::Set(5), Change::Add(5))
        );
        let mut some = row(&[0; 8]);
        changes.iter().for_each(|change| some.apply(0, 8, change));
        some.apply(3, 4, &Change::Add(1));
        assert_eq!((some.sum(0, 8), some.sum(2, 4)), (totals(65, 9), totals(17, 9)));
    }

    #[test]
    fn finds_ends() {
        let mut some = row(&[2, 0, 3, 1, 4]);
        let end = |some: &mut Segments<Totals, Change>, start, least| {
            some.find_end(start, |totals| totals.sum >= least)
        };
        assert_eq!(
            [1, 2, 3, 5, 6, 10, 11].map(|least| end(&mut some, 0, least)),
            [Some(1), Some(1), Some(3), Some(3), Some(4), Some(5), None]
        );
        assert_eq!(
            (end(&mut some, 1, 4), end(&mut some, 3, 4), end(&mut some, 4, 5), end(&mut some, 9, 0)),
            (Some(4), Some(5), None, None)
        );
        some.apply(1, 3, &Change::Add(2));
        assert_eq!((end(&mut some, 0, 5), some.find_end(2, |totals| totals.max >= 5)), (Some(3), Some(3)));
    }
}
