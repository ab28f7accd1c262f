//! Further tests of networks.

use crate::flow::{matching, EdgeId, Network, NodeId};
use crate::heldout::Ledger;

fn random(nodes: usize, count: usize, seed: u64) -> (Network, Vec<(EdgeId, NodeId, NodeId, u64)>) {
    let mut network = Network::new(nodes);
    let mut state = seed;
    let edges = (0..count)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (from, to, capacity) =
                ((state >> 33) as usize % nodes, (state >> 43) as usize % nodes, (state >> 53) % 20);
            (network.add(from, to, capacity), from, to, capacity)
        })
        .collect();
    (network, edges)
}

/// The smallest sum of capacities that parts the two nodes, by trying all parts.
fn smallest_cut(nodes: usize, edges: &[(EdgeId, NodeId, NodeId, u64)], source: NodeId, sink: NodeId) -> u64 {
    (0_u32..1 << nodes)
        .filter(|part| part >> source & 1 == 1 && part >> sink & 1 == 0)
        .map(|part| {
            edges
                .iter()
                .filter(|(_, from, to, _)| part >> from & 1 == 1 && part >> to & 1 == 0)
                .map(|edge| edge.3)
                .sum()
        })
        .min()
        .unwrap()
}

#[test]
fn flows_equal_cuts() {
    let mut ledger = Ledger::default();
    let mut flowing = 0;
    for seed in 0..40 {
        let (mut network, edges) = random(7, 16, seed);
        let total = network.fill(0, 6);
        note!(ledger, total, smallest_cut(7, &edges, 0, 6), "{seed}");
        let narrow: u64 =
            network.narrow(0).into_iter().map(|id| edges.iter().find(|edge| edge.0 == id).unwrap().3).sum();
        note!(ledger, narrow, total);
        for node in 0..7 {
            let out: u64 = edges.iter().filter(|edge| edge.1 == node).map(|edge| network.flow(edge.0)).sum();
            let into: u64 = edges.iter().filter(|edge| edge.2 == node).map(|edge| network.flow(edge.0)).sum();
            let expected = (if node == 6 { total } else { 0 }, if node == 0 { total } else { 0 });
            note!(ledger, (into + expected.1, out + expected.0), (out + expected.0, into + expected.1));
        }
        note!(
            ledger,
            edges.iter().all(|(id, from, to, capacity)| network.flow(*id) <= *capacity
                && network.ends(*id) == (*from, *to)),
            true
        );
        flowing += u64::from(total > 0);
        let before: Vec<u64> = edges.iter().map(|edge| network.flow(edge.0)).collect();
        note!(ledger, network.fill(0, 6), 0);
        network.clear();
        note!(ledger, edges.iter().all(|edge| network.flow(edge.0) == 0), true);
        note!(ledger, (network.fill(0, 6), before.len()), (total, 16));
    }
    assert!(flowing > 10, "{flowing}");
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn flow_turns_round() {
    let mut network = Network::new(6);
    let pairs = [(0, 1, 10), (0, 2, 10), (1, 3, 4), (1, 4, 8), (2, 4, 9), (4, 3, 6), (3, 5, 10), (4, 5, 10)];
    let ids: Vec<EdgeId> =
        pairs.iter().map(|(from, to, capacity)| network.add(*from, *to, *capacity)).collect();
    assert_eq!((network.fill(0, 5), network.flow(ids[0]), network.flow(ids[1])), (19, 10, 9));
    assert_eq!(
        network.narrow(0).iter().map(|edge| network.ends(*edge)).collect::<Vec<_>>(),
        [(0, 1), (2, 4)]
    );
    assert_eq!((network.fill(5, 0), network.fill(3, 3)), (19, 0));
    assert_eq!(ids.iter().map(|id| network.flow(*id)).sum::<u64>(), 0);
}

#[test]
fn pairs() {
    for seed in 0..30 {
        let mut state = seed;
        let allowed: Vec<(usize, usize)> = (0..10)
            .map(|_| {
                state = u64::wrapping_mul(state, 6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                ((state >> 33) as usize % 5, (state >> 45) as usize % 4)
            })
            .collect();
        let found = matching(5, 4, &allowed);
        let best = (0_u32..1 << 10)
            .filter(|chosen| {
                let some: Vec<_> = allowed
                    .iter()
                    .enumerate()
                    .filter(|(index, _)| chosen >> index & 1 == 1)
                    .map(|(_, pair)| pair)
                    .collect();
                some.iter()
                    .enumerate()
                    .all(|(index, a)| some[..index].iter().all(|b| a.0 != b.0 && a.1 != b.1))
            })
            .map(u32::count_ones)
            .max();
        assert_eq!((Some(found.len() as u32), found.is_sorted()), (best, true));
        assert!(found.iter().all(|pair| allowed.contains(pair)));
    }
    assert_eq!(matching(1, 3, &[(0, 2), (0, 2)]), [(0, 2)]);
}
