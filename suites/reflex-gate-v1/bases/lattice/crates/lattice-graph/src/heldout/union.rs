//! Further tests of groups.

use crate::heldout::Ledger;
use crate::union::{spanning_forest, Groups, Merge, Sum};
use std::collections::BTreeSet;

#[test]
fn against_sets() {
    let mut ledger = Ledger::default();
    let mut groups: Groups<Vec<usize>> = Groups::default();
    let mut sets: Vec<BTreeSet<usize>> = Vec::new();
    for member in 0..80 {
        note!(ledger, groups.add(vec![member]), member);
        sets.push(BTreeSet::from([member]));
    }
    let mut state = 2_u64;
    for _ in 0..90 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (a, b) = ((state >> 33) as usize % 80, (state >> 45) as usize % 80);
        let place =
            |sets: &[BTreeSet<usize>], member| sets.iter().position(|set| set.contains(&member)).unwrap();
        let (x, y) = (place(&sets, a), place(&sets, b));
        note!(ledger, (groups.are_joined(a, b), groups.join(a, b)), (x == y, x != y));
        if x != y {
            let moved = sets.swap_remove(x.max(y));
            sets[x.min(y)].extend(moved);
        }
        let set = &sets[place(&sets, a)];
        let mut value = groups.value(b).cloned().unwrap();
        value.sort_unstable();
        note!(ledger, (groups.groups(), groups.size(b)), (sets.len(), set.len()));
        note!(ledger, value, set.iter().copied().collect::<Vec<_>>());
    }
    sets.sort_by_key(|set| set.first().copied());
    assert_eq!(
        groups.members(),
        sets.into_iter().map(|set| set.into_iter().collect::<Vec<_>>()).collect::<Vec<_>>()
    );
    assert_eq!((groups.len(), groups.is_empty()), (80, false));
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn sizes_decide() {
    let mut groups: Groups<Sum> = Groups::default();
    (0..7).for_each(|n| {
        groups.add(Sum(1 << n));
    });
    assert!(groups.join(1, 2) && groups.join(2, 3));
    let large = groups.find(3);
    for single in [0, 4, 5, 6] {
        assert!(groups.join(single, 2));
        assert_eq!(
            (groups.find(single), groups.value(single).copied()),
            (large, groups.value(large).copied())
        );
    }
    assert_eq!((groups.value(6).copied(), groups.size(0)), (Some(Sum(127)), 7));
}

#[test]
fn merging() {
    assert_eq!((Sum(3).merge(Sum(4)), vec![1, 2].merge(vec![3])), (Sum(7), vec![1, 2, 3]));
    assert_eq!((Sum(1), ((), vec!['a'])).merge((Sum(2), ((), vec!['b']))), (Sum(3), ((), vec!['a', 'b'])));
}

#[test]
fn forests() {
    let mut state = 6_u64;
    let edges: Vec<(usize, usize, u64)> = (0..60)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) as usize % 20, (state >> 40) as usize % 20, (state >> 50) % 500)
        })
        .collect();
    let forest = spanning_forest(20, &edges);
    assert!(forest.is_sorted_by_key(|edge| edge.2));
    let mut reached = [false; 20];
    reached[forest[0].0] = true;
    let mut cost = 0;
    // The same by growing one tree, as Prim does it.
    while let Some(best) =
        edges.iter().filter(|(a, b, _)| reached[*a] != reached[*b]).min_by_key(|edge| edge.2)
    {
        reached[best.0] = true;
        reached[best.1] = true;
        cost += best.2;
    }
    let in_tree: u64 = forest.iter().filter(|edge| reached[edge.0]).map(|edge| edge.2).sum();
    assert_eq!((in_tree, forest.len() >= reached.iter().filter(|r| **r).count() - 1), (cost, true));
    assert_eq!(spanning_forest(2, &[(0, 0, 1), (1, 0, 5), (0, 1, 3)]), [(0, 1, 3)]);
}
