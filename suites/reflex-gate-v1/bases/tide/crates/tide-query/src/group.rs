//! Groups rows and aggregates each group.

use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregate {
    Count,
    Sum,
    Mean,
    Min,
    Max,
    /// The value in the middle; of an even number, halfway between the two.
    Median,
    /// The sample's standard deviation.
    Deviation,
}

/// What an aggregate has seen so far. Missing values are not seen.
#[derive(Debug, Clone, Default)]
struct Seen {
    values: Vec<f64>,
    count: u64,
    mean: f64,
    /// Sum of the squared distances from the mean (Welford).
    spread: f64,
    range: Option<(f64, f64)>,
}

impl Seen {
    fn add(&mut self, value: f64, keep: bool) {
        self.count += 1;
        let distance = value - self.mean;
        self.mean += distance / self.count as f64;
        self.spread += distance * (value - self.mean);
        self.range = Some(self.range.map_or((value, value), |(low, high)| (low.min(value), high.max(value))));
        if keep {
            self.values.push(value);
        }
    }

    /// The aggregate's value; nothing where there are too few values for it.
    fn finish(mut self, aggregate: Aggregate) -> Option<f64> {
        let count = self.count as f64;
        match aggregate {
            Aggregate::Count => Some(count),
            Aggregate::Sum => Some(self.mean * count),
            Aggregate::Mean => (self.count > 0).then_some(self.mean),
            Aggregate::Min => self.range.map(|(low, _)| low),
            Aggregate::Max => self.range.map(|(_, high)| high),
            Aggregate::Median => median(&mut self.values),
            Aggregate::Deviation => (self.count > 1).then(|| (self.spread / (count - 1.0)).sqrt()),
        }
    }
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 1 => Some(values[middle]),
        _ => Some((values[middle - 1] + values[middle]) / 2.0),
    }
}

/// Aggregates the values of each key, in the order of the keys.
pub fn group<K: Ord>(
    rows: impl IntoIterator<Item = (K, Option<f64>)>,
    aggregate: Aggregate,
) -> Vec<(K, Option<f64>)> {
    let keep = aggregate == Aggregate::Median;
    let mut groups: BTreeMap<K, Seen> = BTreeMap::new();
    for (key, value) in rows {
        let seen = groups.entry(key).or_default();
        if let Some(value) = value {
            seen.add(value, keep);
        }
    }
    groups.into_iter().map(|(key, seen)| (key, seen.finish(aggregate))).collect()
}

/// Groups with subtotals: for keys of several parts, each shorter prefix gets a group of all that begin with it.
pub fn rollup(rows: &[(Vec<&str>, f64)], aggregate: Aggregate) -> Vec<(Vec<String>, Option<f64>)> {
    let prefixes = rows.iter().flat_map(|(key, value)| {
        (0..=key.len()).map(move |length| {
            let prefix: Vec<String> = key[..length].iter().map(|part| (*part).to_owned()).collect();
            (prefix, Some(*value))
        })
    });
    group(prefixes, aggregate)
}

/// Groups whose aggregate is at least `least`, the largest first; equal ones in the order of their keys.
pub fn having<K: Ord>(groups: Vec<(K, Option<f64>)>, least: f64) -> Vec<(K, f64)> {
    let mut kept: Vec<(K, f64)> = groups
        .into_iter()
        .filter_map(|(key, value)| value.filter(|value| *value >= least).map(|value| (key, value)))
        .collect();
    kept.sort_by(|(a, x), (b, y)| y.total_cmp(x).then_with(|| a.cmp(b)));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: [(&str, Option<f64>); 7] = [
        ("quay", Some(4.0)),
        ("pier", Some(1.0)),
        ("quay", Some(1.0)),
        ("pier", None),
        ("quay", Some(10.0)),
        ("dock", None),
        ("quay", Some(5.0)),
    ];

    fn values(aggregate: Aggregate) -> Vec<Option<f64>> {
        let groups = group(ROWS, aggregate);
        assert_eq!(groups.iter().map(|(key, _)| *key).collect::<Vec<_>>(), ["dock", "pier", "quay"]);
        groups.into_iter().map(|(_, value)| value).collect()
    }

    #[test]
    fn aggregates_groups() {
        assert_eq!(values(Aggregate::Count), [Some(0.0), Some(1.0), Some(4.0)]);
        assert_eq!(values(Aggregate::Sum), [Some(0.0), Some(1.0), Some(20.0)]);
        assert_eq!(values(Aggregate::Mean), [None, Some(1.0), Some(5.0)]);
        assert_eq!(values(Aggregate::Min), [None, Some(1.0), Some(1.0)]);
        assert_eq!(values(Aggregate::Max), [None, Some(1.0), Some(10.0)]);
        assert_eq!(values(Aggregate::Median), [None, Some(1.0), Some(4.5)]);
    }

    #[test]
    fn deviates() {
        let rows = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0].map(|value| ((), Some(value)));
        let deviation = group(rows, Aggregate::Deviation)[0].1.unwrap();
        assert!((deviation - (32.0_f64 / 7.0).sqrt()).abs() < 1e-12, "{deviation}");
        assert_eq!(values(Aggregate::Deviation)[..2], [None, None]);
        let shifted = [1e9 + 1.0, 1e9 + 2.0, 1e9 + 3.0].map(|value| ((), Some(value)));
        assert_eq!(group(shifted, Aggregate::Deviation)[0].1, Some(1.0));
    }

    #[test]
    fn adds_subtotals() {
        let rows = [(vec!["n", "a"], 1.0), (vec!["n", "b"], 2.0), (vec!["s"], 4.0), (vec!["n", "a"], 8.0)];
        let shown: Vec<_> = rollup(&rows, Aggregate::Sum)
            .into_iter()
            .map(|(key, sum)| (key.join("/"), sum.unwrap()))
            .collect();
        let expected = [("", 15.0), ("n", 11.0), ("n/a", 9.0), ("n/b", 2.0), ("s", 4.0)];
        assert_eq!(shown, expected.map(|(key, sum)| (key.to_owned(), sum)));
    }

    #[test]
    fn filters_groups() {
        let groups =
            vec![("a", Some(2.0)), ("b", None), ("c", Some(5.0)), ("d", Some(2.0)), ("e", Some(1.9))];
        assert_eq!(having(groups, 2.0), [("c", 5.0), ("a", 2.0), ("d", 2.0)]);
    }
}
