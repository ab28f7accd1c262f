//! Merges sorted runs into one; of equal keys the newest run's entry counts.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// The next entry of a run. Runs with a smaller number are newer.
struct Head<K, V> {
    key: K,
    value: V,
    run: usize,
}

impl<K: Ord, V> Ord for Head<K, V> {
    /// The heap gives its largest first: that is the smallest key, and of equal ones the newest run's.
    fn cmp(&self, other: &Self) -> Ordering {
        other.key.cmp(&self.key).then_with(|| other.run.cmp(&self.run))
    }
}

impl<K: Ord, V> PartialOrd for Head<K, V> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Ord, V> PartialEq for Head<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<K: Ord, V> Eq for Head<K, V> {}

/// An iterator over the entries of all runs by key, each key once.
pub struct Merge<K, V, I> {
    runs: Vec<I>,
    heads: BinaryHeap<Head<K, V>>,
}

impl<K: Ord, V, I: Iterator<Item = (K, V)>> Merge<K, V, I> {
    /// `runs`: each sorted by key without duplicates, the newest first.
    pub fn new(runs: impl IntoIterator<Item = I>) -> Self {
        let mut merge = Merge { runs: runs.into_iter().collect(), heads: BinaryHeap::new() };
        for run in 0..merge.runs.len() {
            merge.advance(run);
        }
        merge
    }

    fn advance(&mut self, run: usize) {
        if let Some((key, value)) = self.runs[run].next() {
            self.heads.push(Head { key, value, run });
        }
    }
}

impl<K: Ord, V, I: Iterator<Item = (K, V)>> Iterator for Merge<K, V, I> {
    type Item = (K, V);

    fn next(&mut self) -> Option<(K, V)> {
        let newest = self.heads.pop()?;
        self.advance(newest.run);
        while self.heads.peek().is_some_and(|head| head.key == newest.key) {
            if let Some(older) = self.heads.pop() {
                self.advance(older.run);
            }
        }
        Some((newest.key, newest.value))
    }
}

/// Merges runs whose removed keys have no value. The oldest run of all needs no removals: `keep_removed` is false for it.
pub fn compact<K: Ord, V>(runs: Vec<Vec<(K, Option<V>)>>, keep_removed: bool) -> Vec<(K, Option<V>)> {
    let merged = Merge::new(runs.into_iter().map(Vec::into_iter));
    merged.filter(|(_, value)| keep_removed || value.is_some()).collect()
}

/// Which neighbouring runs to merge, the newest first: as many as are not much larger than those in front of them.
pub fn choose_runs(sizes: &[usize], ratio: usize, least: usize) -> Option<std::ops::Range<usize>> {
    for start in 0..sizes.len() {
        let mut total = sizes[start];
        let mut end = start + 1;
        while end < sizes.len() && sizes[end] <= total.saturating_mul(ratio) {
            total = total.saturating_add(sizes[end]);
            end += 1;
        }
        if end - start >= least {
            return Some(start..end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(runs: &[&[(u32, char)]]) -> String {
        Merge::new(runs.iter().map(|run| run.iter().copied()))
            .map(|(key, value)| format!("{key}{value}"))
            .collect()
    }

    #[test]
    fn merges_by_key() {
        assert_eq!(merged(&[&[(1, 'a'), (4, 'a')], &[(2, 'b')], &[(3, 'c'), (5, 'c')]]), "1a2b3c4a5c");
        assert_eq!(merged(&[&[], &[(2, 'b')], &[]]), "2b");
        assert_eq!(merged(&[]), "");
    }

    #[test]
    fn the_newest_run_counts() {
        let runs: [&[(u32, char)]; 3] =
            [&[(2, 'a')], &[(1, 'b'), (2, 'b'), (3, 'b')], &[(2, 'c'), (3, 'c'), (4, 'c')]];
        assert_eq!(merged(&runs), "1b2a3b4c");
    }

    #[test]
    fn drops_removals_at_the_end_only() {
        let runs = vec![vec![(1, None), (3, Some('a'))], vec![(1, Some('b')), (2, Some('b')), (3, None)]];
        assert_eq!(compact(runs.clone(), true), [(1, None), (2, Some('b')), (3, Some('a'))]);
        assert_eq!(compact(runs, false), [(2, Some('b')), (3, Some('a'))]);
    }

    #[test]
    fn chooses_runs_of_a_size() {
        assert_eq!(choose_runs(&[10, 10, 15, 400], 2, 3), Some(0..3));
        assert_eq!(choose_runs(&[10, 300, 310, 320, 5000], 2, 3), Some(1..4));
        assert_eq!(choose_runs(&[10, 20, 60], 2, 2), Some(0..3));
        assert_eq!(choose_runs(&[10, 21, 63], 2, 2), None);
        assert_eq!(choose_runs(&[], 2, 1), None);
    }
}
