//! Calculations over neighbouring rows: moving means, differences, ranks, running extremes.

use std::collections::VecDeque;

/// Moving means over the last `size` values; `None` until there are `least` of them. Missing values count as rows.
pub fn moving_mean(values: &[Option<f64>], size: usize, least: usize) -> Vec<Option<f64>> {
    let mut sum = 0.0;
    let mut known = 0;
    let mut means = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        if let Some(value) = value {
            sum += value;
            known += 1;
        }
        if let Some(Some(gone)) = index.checked_sub(size).map(|gone| values[gone]) {
            sum -= gone;
            known -= 1;
        }
        means.push((known > 0 && known >= least).then(|| sum / known as f64));
    }
    means
}

/// The largest of the last `size` values at each place, in constant time a value.
pub fn moving_max(values: &[f64], size: usize) -> Vec<f64> {
    // Places of values that are not yet outdone by a later one; their values fall.
    let mut candidates: VecDeque<usize> = VecDeque::new();
    let mut maxima = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        while candidates.back().is_some_and(|last| values[*last] <= *value) {
            candidates.pop_back();
        }
        candidates.push_back(index);
        if candidates.front().is_some_and(|first| first + size <= index) {
            candidates.pop_front();
        }
        maxima.push(candidates.front().map_or(*value, |first| values[*first]));
    }
    maxima
}

/// Each value's difference to the one `distance` rows before it.
pub fn differences(values: &[f64], distance: usize) -> Vec<Option<f64>> {
    let before = std::iter::repeat_n(None, distance).chain(values.iter().copied().map(Some));
    values.iter().zip(before).map(|(value, before)| before.map(|before| value - before)).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ties {
    /// 1, 2, 2, 4
    Gaps,
    /// 1, 2, 2, 3
    Dense,
    /// 1, 2, 3, 4: in the order of the rows.
    None,
}

/// The rank of each value, the largest first.
pub fn ranks(values: &[f64], ties: Ties) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
    let mut ranks = vec![0; values.len()];
    let mut rank = 0;
    for (place, index) in order.iter().enumerate() {
        let is_tie = place > 0 && values[order[place - 1]] == values[*index];
        rank = match ties {
            Ties::None => place + 1,
            Ties::Gaps if !is_tie => place + 1,
            Ties::Dense if !is_tie => rank + 1,
            Ties::Gaps | Ties::Dense => rank,
        };
        ranks[*index] = rank;
    }
    ranks
}

/// A run of rows that fulfil a condition: where it begins, and how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    pub start: usize,
    pub length: usize,
}

/// Runs of at least `least` rows. Up to `gap` other rows within a run don't end it, but they don't begin or end one.
pub fn runs(values: &[f64], holds: impl Fn(f64) -> bool, least: usize, gap: usize) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (index, value) in values.iter().enumerate() {
        if !holds(*value) {
            continue;
        }
        match runs.last_mut() {
            Some(run) if index - (run.start + run.length) <= gap => run.length = index + 1 - run.start,
            _ => runs.push(Run { start: index, length: 1 }),
        }
    }
    runs.retain(|run| run.length >= least);
    runs
}

/// Exponential smoothing: each value's share of the result is `weight`, missing ones change nothing.
pub fn smoothed(values: &[Option<f64>], weight: f64) -> Vec<Option<f64>> {
    let mut level: Option<f64> = None;
    let step = |value: &Option<f64>| {
        if let Some(value) = value {
            level = Some(level.map_or(*value, |level| level + weight * (value - level)));
        }
        level
    };
    values.iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_of_the_last_values() {
        let values = [Some(1.0), Some(3.0), None, Some(8.0), Some(4.0)];
        assert_eq!(moving_mean(&values, 2, 1), [Some(1.0), Some(2.0), Some(3.0), Some(8.0), Some(6.0)]);
        assert_eq!(moving_mean(&values, 3, 2), [None, Some(2.0), Some(2.0), Some(5.5), Some(6.0)]);
        assert_eq!(moving_mean(&[None, None], 1, 0), [None, None]);
    }

    #[test]
    fn maxima_of_the_last_values() {
        let values = [3.0, 1.0, 2.0, 5.0, 4.0, 4.0, 0.0, 1.0];
        assert_eq!(moving_max(&values, 3), [3.0, 3.0, 3.0, 5.0, 5.0, 5.0, 4.0, 4.0]);
        assert_eq!(moving_max(&values, 1), values);
    }

    #[test]
    fn differences_and_smoothing() {
        assert_eq!(differences(&[1.0, 4.0, 9.0, 16.0], 1), [None, Some(3.0), Some(5.0), Some(7.0)]);
        assert_eq!(differences(&[1.0, 4.0, 9.0], 2), [None, None, Some(8.0)]);
        assert_eq!(
            smoothed(&[None, Some(8.0), Some(0.0), None, Some(4.0)], 0.25),
            [None, Some(8.0), Some(6.0), Some(6.0), Some(5.5)]
        );
    }

    #[test]
    fn ranks_with_ties() {
        let values = [5.0, 9.0, 5.0, 1.0];
        assert_eq!(ranks(&values, Ties::Gaps), [2, 1, 2, 4]);
        assert_eq!(ranks(&values, Ties::Dense), [2, 1, 2, 3]);
        assert_eq!(ranks(&values, Ties::None), [2, 1, 3, 4]);
    }

    #[test]
    fn finds_runs() {
        let values = [1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0];
        let found = |least, gap| {
            runs(&values, |v| v > 0.5, least, gap).iter().map(|r| (r.start, r.length)).collect::<Vec<_>>()
        };
        assert_eq!(found(1, 0), [(0, 1), (2, 2), (6, 3)]);
        assert_eq!(found(2, 0), [(2, 2), (6, 3)]);
        assert_eq!(found(4, 1), [(0, 4)]);
        assert_eq!(found(1, 2), [(0, 9)]);
    }
}
