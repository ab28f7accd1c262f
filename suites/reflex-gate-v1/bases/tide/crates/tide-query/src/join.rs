//! Joins rows of two tables by key: with a table of hashes, by merging, or by the nearest time.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::Hash;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Inner,
    /// Rows of the left side without a partner stay, too.
    Left,
    /// Only rows of the left side without a partner.
    Anti,
}

/// Pairs of rows with the same key, in the order of the left side.
pub fn hash_join<'l, 'r, K, L, R>(
    left: &'l [L],
    right: &'r [R],
    kind: Kind,
    key_of_left: impl Fn(&L) -> Option<K>,
    key_of_right: impl Fn(&R) -> Option<K>,
) -> Vec<(&'l L, Option<&'r R>)>
where
    K: Hash + Eq,
{
    let mut table: HashMap<K, Vec<&'r R>> = HashMap::new();
    for row in right {
        // A row without a key has no partner, not even another one without a key.
        if let Some(key) = key_of_right(row) {
            table.entry(key).or_default().push(row);
        }
    }
    let mut joined = Vec::new();
    for row in left {
        let partners = key_of_left(row).and_then(|key| table.get(&key));
        match (partners, kind) {
            (Some(partners), Kind::Inner | Kind::Left) => {
                joined.extend(partners.iter().map(|partner| (row, Some(*partner))));
            }
            (None, Kind::Left | Kind::Anti) => joined.push((row, None)),
            (Some(_), Kind::Anti) | (None, Kind::Inner) => {}
        }
    }
    joined
}

/// Inner join of two sides that are sorted by key: each left row with each right row of its key.
pub fn merge_join<'l, 'r, K: Ord, L, R>(
    left: &'l [(K, L)],
    right: &'r [(K, R)],
) -> Vec<(&'l K, &'l L, &'r R)> {
    let mut joined = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < left.len() && j < right.len() {
        match left[i].0.cmp(&right[j].0) {
            Ordering::Less => i += 1,
            Ordering::Greater => j += 1,
            Ordering::Equal => {
                let key = &left[i].0;
                let run = right[j..].iter().take_while(|(other, _)| other == key).count();
                while i < left.len() && left[i].0 == *key {
                    joined.extend(right[j..j + run].iter().map(|(_, row)| (key, &left[i].1, row)));
                    i += 1;
                }
                j += run;
            }
        }
    }
    joined
}

/// For each left row the last right row that is not later, and not older than `tolerance`. Both sides are sorted by time.
pub fn as_of_join<'r, L: Copy, R>(
    left: &[(i64, L)],
    right: &'r [(i64, R)],
    tolerance: i64,
) -> Vec<(i64, L, Option<&'r R>)> {
    let mut next = 0;
    left.iter()
        .map(|(time, row)| {
            while next < right.len() && right[next].0 <= *time {
                next += 1;
            }
            let last = next.checked_sub(1).map(|index| &right[index]);
            let near = last.filter(|(seen, _)| time - seen <= tolerance);
            (*time, *row, near.map(|(_, row)| row))
        })
        .collect()
}

/// For each left row the right row whose time is nearest; of two equally near ones the earlier.
pub fn nearest_join<'r, L: Copy, R>(
    left: &[(i64, L)],
    right: &'r [(i64, R)],
) -> Vec<(i64, L, Option<&'r R>)> {
    left.iter()
        .map(|(time, row)| {
            let after = right.partition_point(|(seen, _)| seen < time);
            let before = after.checked_sub(1);
            let nearest = match (before, right.get(after)) {
                (Some(before), Some((later, _))) if later - time < time - right[before].0 => Some(after),
                (Some(before), _) => Some(before),
                (None, Some(_)) => Some(after),
                (None, None) => None,
            };
            (*time, *row, nearest.map(|index| &right[index].1))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATIONS: [(&str, Option<u32>); 4] =
        [("pier", Some(1)), ("quay", Some(2)), ("dock", None), ("weir", Some(1))];
    const ZONES: [(Option<u32>, &str); 4] =
        [(Some(1), "north"), (None, "none"), (Some(3), "east"), (Some(1), "coast")];

    fn joined(kind: Kind) -> Vec<String> {
        hash_join(&STATIONS, &ZONES, kind, |(_, zone)| *zone, |(zone, _)| *zone)
            .into_iter()
            .map(|((station, _), zone)| format!("{station}-{}", zone.map_or("", |(_, name)| name)))
            .collect()
    }

    #[test]
    fn joins_by_hash() {
        assert_eq!(joined(Kind::Inner), ["pier-north", "pier-coast", "weir-north", "weir-coast"]);
        assert_eq!(
            joined(Kind::Left),
            ["pier-north", "pier-coast", "quay-", "dock-", "weir-north", "weir-coast"]
        );
        assert_eq!(joined(Kind::Anti), ["quay-", "dock-"]);
    }

    #[test]
    fn joins_by_merging() {
        let left = [(1, 'a'), (2, 'b'), (2, 'c'), (4, 'd'), (6, 'e')];
        let right = [(0, 't'), (2, 'u'), (2, 'v'), (3, 'w'), (6, 'x')];
        let found: Vec<_> =
            merge_join(&left, &right).into_iter().map(|(k, l, r)| format!("{k}{l}{r}")).collect();
        assert_eq!(found, ["2bu", "2bv", "2cu", "2cv", "6ex"]);
        assert_eq!(merge_join::<_, char, char>(&left, &[]), []);
    }

    #[test]
    fn joins_as_of_a_time() {
        let right = [(10, "a"), (20, "b"), (20, "c"), (40, "d")];
        let at = |times: &[i64], tolerance| {
            let left: Vec<_> = times.iter().map(|time| (*time, ())).collect();
            as_of_join(&left, &right, tolerance)
                .into_iter()
                .map(|(_, (), row)| row.map_or("-", |row| row))
                .collect::<String>()
        };
        assert_eq!(at(&[5, 10, 19, 20, 39, 40, 99], 100), "-aaccdd");
        assert_eq!(at(&[15, 16, 30, 31], 5), "a---");
        assert_eq!(at(&[25, 26], 5), "c-");
    }

    #[test]
    fn joins_to_the_nearest() {
        let right = [(10, 'a'), (20, 'b'), (21, 'c')];
        let left: Vec<_> = [0, 10, 14, 15, 16, 20, 21, 50].map(|time| (time, ())).to_vec();
        let found: String = nearest_join(&left, &right).into_iter().filter_map(|(_, (), row)| row).collect();
        assert_eq!(found, "aaaabbcc");
        assert_eq!(nearest_join(&[(1, ())], &[] as &[(i64, u8)]), [(1, (), None)]);
    }
}
