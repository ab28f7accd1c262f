//! Cheapest ways through a graph, for any kind of cost.

use std::fmt::Debug;
use std::ops::Add;

use crate::graph::{Graph, NodeId};
use crate::heap::Heap;

/// What a way costs. Costs are not negative: adding one never makes a sum smaller.
pub trait Cost: Copy + PartialOrd + Add<Output = Self> + Debug {
    const ZERO: Self;
}

impl Cost for u64 {
    const ZERO: Self = 0;
}

impl Cost for f64 {
    const ZERO: Self = 0.0;
}

/// First by one cost, then by the other.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Then<A, B>(pub A, pub B);

impl<A: Add<Output = A>, B: Add<Output = B>> Add for Then<A, B> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Then(self.0 + other.0, self.1 + other.1)
    }
}

impl<A: Cost, B: Cost> Cost for Then<A, B> {
    const ZERO: Self = Then(A::ZERO, B::ZERO);
}

/// The cheapest ways from one node to all others.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree<C> {
    start: NodeId,
    costs: Vec<Option<C>>,
    before: Vec<Option<NodeId>>,
}

impl<C: Cost> Tree<C> {
    pub fn cost(&self, to: NodeId) -> Option<C> {
        self.costs.get(to).copied().flatten()
    }

    /// Nodes from the start to `to`; nothing if it is out of reach.
    pub fn path(&self, to: NodeId) -> Option<Vec<NodeId>> {
        self.cost(to)?;
        let mut path: Vec<NodeId> = std::iter::successors(Some(to), |node| self.before[*node]).collect();
        path.reverse();
        (path.first() == Some(&self.start)).then_some(path)
    }

    /// Nodes that cost no more than this, the nearest first.
    pub fn within(&self, limit: C) -> Vec<NodeId> {
        let mut near: Vec<(C, NodeId)> = self
            .costs
            .iter()
            .enumerate()
            .filter_map(|(node, cost)| cost.filter(|cost| *cost <= limit).map(|cost| (cost, node)))
            .collect();
        near.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        near.into_iter().map(|(_, node)| node).collect()
    }
}

/// Dijkstra's algorithm.
pub fn cheapest<W: Clone, C: Cost>(graph: &Graph<W>, start: NodeId, cost: impl Fn(&W) -> C) -> Tree<C> {
    let mut costs = vec![None; graph.nodes()];
    let mut before = vec![None; graph.nodes()];
    let mut open = Heap::default();
    open.set(start, C::ZERO);
    while let Some((node, so_far)) = open.pop() {
        costs[node] = Some(so_far);
        for (to, weight) in graph.from(node) {
            if costs[to].is_none() && open.lower(to, so_far + cost(weight)) {
                before[to] = Some(node);
            }
        }
    }
    Tree { start, costs, before }
}

/// The cheapest way to one node, and its cost. `estimate` never says more than the way from a node really costs; the
/// better it is, the fewer nodes are looked at.
pub fn directed<W: Clone, C: Cost>(
    graph: &Graph<W>,
    (start, end): (NodeId, NodeId),
    cost: impl Fn(&W) -> C,
    estimate: impl Fn(NodeId) -> C,
) -> (Option<(Vec<NodeId>, C)>, usize) {
    let mut costs: Vec<Option<C>> = vec![None; graph.nodes()];
    let mut before = vec![None; graph.nodes()];
    let mut open = Heap::default();
    let mut looked_at = 0;
    costs[start] = Some(C::ZERO);
    open.set(start, estimate(start));
    while let Some((node, _)) = open.pop() {
        looked_at += 1;
        let Some(so_far) = costs[node] else { continue };
        if node == end {
            let mut path: Vec<NodeId> = std::iter::successors(Some(end), |node| before[*node]).collect();
            path.reverse();
            return (Some((path, so_far)), looked_at);
        }
        for (to, weight) in graph.from(node) {
            let through = so_far + cost(weight);
            // An estimate may have been too low in between: a node can become cheaper after it was looked at.
            if costs[to].is_none_or(|known| through < known) {
                costs[to] = Some(through);
                before[to] = Some(node);
                open.set(to, through + estimate(to));
            }
        }
    }
    (None, looked_at)
}

/// Costs between all pairs of nodes, by Floyd and Warshall.
pub fn all_pairs<W: Clone, C: Cost>(graph: &Graph<W>, cost: impl Fn(&W) -> C) -> Vec<Vec<Option<C>>> {
    let nodes = graph.nodes();
    let mut costs = vec![vec![None; nodes]; nodes];
    for (from, row) in costs.iter_mut().enumerate() {
        row[from] = Some(C::ZERO);
        for (to, weight) in graph.from(from) {
            let direct = cost(weight);
            if row[to].is_none_or(|known| direct < known) {
                row[to] = Some(direct);
            }
        }
    }
    for middle in 0..nodes {
        for from in 0..nodes {
            let Some(first) = costs[from][middle] else { continue };
            for to in 0..nodes {
                let Some(second) = costs[middle][to] else { continue };
                let through = first + second;
                if costs[from][to].is_none_or(|known| through < known) {
                    costs[from][to] = Some(through);
                }
            }
        }
    }
    costs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coast() -> Graph<u64> {
        Graph::new(6, &[(0, 1, 7), (0, 2, 3), (2, 1, 2), (1, 3, 1), (2, 3, 9), (3, 0, 4), (4, 3, 1)]).unwrap()
    }

    #[test]
    fn finds_cheapest_ways() {
        let tree = cheapest(&coast(), 0, |weight| *weight);
        assert_eq!(
            (0..6).map(|node| tree.cost(node)).collect::<Vec<_>>(),
            [Some(0), Some(5), Some(3), Some(6), None, None]
        );
        assert_eq!(
            (tree.path(3), tree.path(0), tree.path(4), tree.path(99)),
            (Some(vec![0, 2, 1, 3]), Some(vec![0]), None, None)
        );
        assert_eq!((tree.within(5), tree.within(4)), (vec![0, 2, 1], vec![0, 2]));
    }

    #[test]
    fn costs_of_two_kinds() {
        let graph = Graph::new(
            4,
            &[(0, 1, (1.0, 5)), (1, 3, (1.0, 5)), (0, 2, (1.0, 2)), (2, 3, (1.0, 7)), (0, 3, (2.5, 0))],
        )
        .unwrap();
        let tree = cheapest(&graph, 0, |(distance, toll): &(f64, u64)| Then(*distance, *toll));
        assert_eq!((tree.cost(3), tree.path(3)), (Some(Then(2.0, 9)), Some(vec![0, 2, 3])));
        let tree = cheapest(&graph, 0, |(distance, toll): &(f64, u64)| Then(*toll, *distance));
        assert_eq!((tree.cost(3), tree.path(3)), (Some(Then(0, 2.5)), Some(vec![0, 3])));
    }

    #[test]
    fn goes_straight_to_the_end() {
        let side = 8;
        let at = |x: usize, y: usize| y * side + x;
        let mut edges = Vec::new();
        for y in 0..side {
            for x in 0..side {
                for (nx, ny) in [(x + 1, y), (x, y + 1), (x.wrapping_sub(1), y), (x, y.wrapping_sub(1))] {
                    let is_wall = x == 4 && y < 6;
                    if nx < side && ny < side && !is_wall {
                        edges.push((at(x, y), at(nx, ny), 1_u64));
                    }
                }
            }
        }
        let graph = Graph::new(side * side, &edges).unwrap();
        let ends = (at(0, 0), at(7, 0));
        let (plain, all) = directed(&graph, ends, |weight| *weight, |_| 0);
        let (found, few) = directed(
            &graph,
            ends,
            |weight| *weight,
            |node| (7_usize.abs_diff(node % side) + node / side) as u64,
        );
        let (path, cost) = found.unwrap();
        assert_eq!((cost, path.len(), plain.map(|(_, cost)| cost)), (19, 20, Some(19)));
        assert!(few < all && few > 20, "{few} {all}");
        assert_eq!(directed(&coast(), (0, 5), |weight| *weight, |_| 0), (None, 4));
    }

    #[test]
    fn knows_all_pairs() {
        let costs = all_pairs(&coast(), |weight| *weight);
        assert_eq!(costs[0], [Some(0), Some(5), Some(3), Some(6), None, None]);
        assert_eq!(costs[4], [Some(5), Some(10), Some(8), Some(1), Some(0), None]);
        assert_eq!(costs[5], [None, None, None, None, None, Some(0)]);
    }
}
