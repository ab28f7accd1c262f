//! Further tests of cheapest ways.

use crate::graph::{Graph, NodeId};
use crate::heldout::Ledger;
use crate::paths::{all_pairs, cheapest, directed, Cost, Then};

fn random(nodes: usize, edges: usize, seed: u64) -> Graph<u64> {
    let mut state = seed;
    let edges: Vec<(NodeId, NodeId, u64)> = (0..edges)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) as usize % nodes, (state >> 43) as usize % nodes, (state >> 53) % 90)
        })
        .collect();
    Graph::new(nodes, &edges).unwrap()
}

fn length(graph: &Graph<u64>, path: &[NodeId]) -> u64 {
    let step = |pair: &[NodeId]| {
        graph.from(pair[0]).filter(|(to, _)| *to == pair[1]).map(|(_, weight)| *weight).min().unwrap()
    };
    path.windows(2).map(step).sum()
}

#[test]
fn three_ways_agree() {
    let mut ledger = Ledger::default();
    for seed in 0..15 {
        let graph = random(18, 50, seed);
        let pairs = all_pairs(&graph, |weight| *weight);
        for start in 0..18 {
            let tree = cheapest(&graph, start, |weight| *weight);
            for end in 0..18 {
                let cost = tree.cost(end);
                note!(ledger, cost, pairs[start][end]);
                let path = tree.path(end);
                note!(ledger, path.as_ref().map(|path| length(&graph, path)), cost);
                note!(ledger, path.is_none_or(|path| path[0] == start && path[path.len() - 1] == end), true);
                let half = |node: NodeId| pairs[node][end].map_or(0, |cost| cost / 2);
                let (found, looked_at) = directed(&graph, (start, end), |weight| *weight, half);
                note!(
                    ledger,
                    found.as_ref().map(|(path, cost)| (length(&graph, path), *cost)),
                    cost.map(|cost| (cost, cost))
                );
                note!(ledger, looked_at > 0, true);
            }
            let near = tree.within(60);
            note!(
                ledger,
                near.is_sorted_by_key(|node| tree.cost(*node)) && near[0] == start
                    || tree.cost(near[0]) == Some(0),
                true
            );
            note!(
                ledger,
                near.len(),
                (0..18).filter(|node| tree.cost(*node).is_some_and(|cost| cost <= 60)).count()
            );
        }
    }
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn a_good_estimate_saves_work() {
    let graph = random(60, 240, 3);
    let pairs = all_pairs(&graph, |weight| *weight);
    let ends: Vec<(NodeId, NodeId)> =
        (0..60).map(|node| (node, (node * 7 + 5) % 60)).filter(|(a, b)| pairs[*a][*b].is_some()).collect();
    let work = |share: u64| -> usize {
        ends.iter()
            .map(|(a, b)| {
                directed(&graph, (*a, *b), |w| *w, |node| pairs[node][*b].map_or(0, |cost| cost * share / 4))
                    .1
            })
            .sum()
    };
    let all = [0, 2, 4].map(work);
    assert!(all[0] > all[1] && all[1] > all[2] && all[2] < ends.len() * 12, "{all:?}");
}

#[test]
fn two_kinds_of_costs() {
    assert_eq!(Then(1_u64, 2.5) + Then(3, 0.5), Then(4, 3.0));
    assert!(
        Then(1_u64, 9_u64) < Then(2, 0)
            && Then(1_u64, 1_u64) < Then(1, 2)
            && <Then<u64, f64>>::ZERO == Then(0, 0.0)
    );
    let graph = Graph::new(3, &[(0, 1, 2_u64), (1, 2, 2), (0, 2, 4)]).unwrap();
    let tree = cheapest(&graph, 0, |weight| Then(*weight, 1_u64));
    assert_eq!(
        (tree.cost(2), tree.path(2), tree.within(Then(2, 1))),
        (Some(Then(4, 1)), Some(vec![0, 2]), vec![0, 1])
    );
    let pairs = all_pairs(&graph, |weight| Then(*weight, 1_u64));
    assert_eq!((pairs[0][2], pairs[1][0], pairs[2][2]), (Some(Then(4, 1)), None, Some(Then(0, 0))));
}

#[test]
fn out_of_reach() {
    let graph = Graph::new(4, &[(0, 1, 5_u64), (1, 0, 1), (2, 3, 0), (0, 0, 3)]).unwrap();
    let tree = cheapest(&graph, 0, |weight| *weight);
    assert_eq!(
        (tree.path(2), tree.cost(3), tree.cost(9), tree.path(1)),
        (None, None, None, Some(vec![0, 1]))
    );
    assert_eq!(directed(&graph, (1, 3), |weight| *weight, |_| 0), (None, 2));
    assert_eq!(directed(&graph, (2, 2), |weight| *weight, |_| 0), (Some((vec![2], 0)), 1));
    assert_eq!(all_pairs(&graph, |weight| *weight)[0], [Some(0), Some(5), None, None]);
}
