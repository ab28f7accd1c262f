//! How much can be carried through a network at once, and where it is narrow (Dinic's algorithm).

use std::collections::VecDeque;

pub type NodeId = usize;

/// An edge and its opposite lie side by side: what flows through one is room in the other.
#[derive(Debug, Clone)]
struct Edge {
    to: NodeId,
    room: u64,
}

#[derive(Debug, Clone)]
pub struct Network {
    edges: Vec<Edge>,
    /// The edges of each node, opposites included.
    by_node: Vec<Vec<usize>>,
    /// The room of each pair when it was added.
    capacity: Vec<u64>,
}

/// Names an edge that was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EdgeId(usize);

impl Network {
    pub fn new(nodes: usize) -> Self {
        Network { edges: Vec::new(), by_node: vec![Vec::new(); nodes], capacity: Vec::new() }
    }

    pub fn add(&mut self, from: NodeId, to: NodeId, capacity: u64) -> EdgeId {
        let id = EdgeId(self.capacity.len());
        self.by_node[from].push(self.edges.len());
        self.edges.push(Edge { to, room: capacity });
        self.by_node[to].push(self.edges.len());
        self.edges.push(Edge { to: from, room: 0 });
        self.capacity.push(capacity);
        id
    }

    /// What flows through an edge.
    pub fn flow(&self, edge: EdgeId) -> u64 {
        self.edges[edge.0 * 2 + 1].room
    }

    pub fn ends(&self, edge: EdgeId) -> (NodeId, NodeId) {
        (self.edges[edge.0 * 2 + 1].to, self.edges[edge.0 * 2].to)
    }

    /// Steps from the source to each node through edges with room; nothing for those out of reach.
    fn levels(&self, source: NodeId) -> Vec<Option<u32>> {
        let mut levels = vec![None; self.by_node.len()];
        levels[source] = Some(0);
        let mut open = VecDeque::from([source]);
        while let Some(node) = open.pop_front() {
            let next = levels[node].map(|level| level + 1);
            for edge in self.by_node[node].iter().map(|edge| &self.edges[*edge]) {
                if edge.room > 0 && levels[edge.to].is_none() {
                    levels[edge.to] = next;
                    open.push_back(edge.to);
                }
            }
        }
        levels
    }

    /// Sends as much as it can, at most `limit`, along edges that lead one level on. `next` holds the edge of each node
    /// that is tried next: those in front of it lead nowhere.
    fn send(
        &mut self,
        node: NodeId,
        sink: NodeId,
        limit: u64,
        levels: &[Option<u32>],
        next: &mut [usize],
    ) -> u64 {
        if node == sink {
            return limit;
        }
        while let Some(&edge) = self.by_node[node].get(next[node]) {
            let Edge { to, room } = self.edges[edge];
            let leads_on = levels[to].is_some() && levels[to] == levels[node].map(|level| level + 1);
            if room > 0 && leads_on {
                let sent = self.send(to, sink, limit.min(room), levels, next);
                if sent > 0 {
                    self.edges[edge].room -= sent;
                    self.edges[edge ^ 1].room += sent;
                    return sent;
                }
            }
            next[node] += 1;
        }
        0
    }

    /// Fills the network from source to sink, and gives how much more flows than before.
    pub fn fill(&mut self, source: NodeId, sink: NodeId) -> u64 {
        if source == sink {
            return 0;
        }
        let mut total = 0;
        loop {
            let levels = self.levels(source);
            if levels[sink].is_none() {
                return total;
            }
            let mut next = vec![0; self.by_node.len()];
            loop {
                let sent = self.send(source, sink, u64::MAX, &levels, &mut next);
                if sent == 0 {
                    break;
                }
                total += sent;
            }
        }
    }

    /// The edges that, once it is filled, keep more from flowing: from what the source reaches to what it does not.
    pub fn narrow(&self, source: NodeId) -> Vec<EdgeId> {
        let levels = self.levels(source);
        (0..self.capacity.len())
            .map(EdgeId)
            .filter(|edge| {
                let (from, to) = self.ends(*edge);
                levels[from].is_some() && levels[to].is_none() && self.capacity[edge.0] > 0
            })
            .collect()
    }

    /// Takes all flow out.
    pub fn clear(&mut self) {
        for (pair, capacity) in self.edges.chunks_exact_mut(2).zip(&self.capacity) {
            pair[0].room = *capacity;
            pair[1].room = 0;
        }
    }
}

/// The largest number of pairs of a left and a right node that may go together, each node in one pair at the most.
pub fn matching(left: usize, right: usize, allowed: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let (source, sink) = (left + right, left + right + 1);
    let mut network = Network::new(left + right + 2);
    let edges: Vec<EdgeId> = allowed.iter().map(|(a, b)| network.add(*a, left + b, 1)).collect();
    (0..left).for_each(|node| {
        network.add(source, node, 1);
    });
    (0..right).for_each(|node| {
        network.add(left + node, sink, 1);
    });
    network.fill(source, sink);
    let mut pairs: Vec<(usize, usize)> = edges
        .into_iter()
        .zip(allowed)
        .filter(|(edge, _)| network.flow(*edge) == 1)
        .map(|(_, pair)| *pair)
        .collect();
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(nodes: usize, edges: &[(NodeId, NodeId, u64)]) -> (Network, Vec<EdgeId>) {
        let mut network = Network::new(nodes);
        let ids = edges.iter().map(|(from, to, capacity)| network.add(*from, *to, *capacity)).collect();
        (network, ids)
    }

    const HARBOUR: [(NodeId, NodeId, u64); 9] = [
        (0, 1, 16),
        (0, 2, 13),
        (1, 2, 10),
        (2, 1, 4),
        (1, 3, 12),
        (3, 2, 9),
        (2, 4, 14),
        (4, 3, 7),
        (3, 5, 20),
    ];

    #[test]
    fn fills_networks() {
        let mut edges = HARBOUR.to_vec();
        edges.push((4, 5, 4));
        let (mut some, ids) = network(6, &edges);
        assert_eq!((some.fill(0, 5), some.fill(0, 5)), (23, 0));
        assert_eq!(
            some.narrow(0).into_iter().map(|edge| some.ends(edge)).collect::<Vec<_>>(),
            [(1, 3), (4, 3), (4, 5)]
        );
        assert_eq!((some.flow(ids[9]), some.flow(ids[8]), some.ends(ids[2])), (4, 19, (1, 2)));
        let more = some.add(0, 5, 2);
        assert_eq!((some.fill(0, 5), some.flow(more)), (2, 2));
        some.clear();
        assert_eq!((some.flow(ids[8]), some.flow(more), some.fill(0, 5)), (0, 0, 25));
    }

    #[test]
    fn takes_flow_back() {
        let (mut some, ids) = network(4, &[(0, 1, 1), (0, 2, 1), (1, 2, 1), (1, 3, 1), (2, 3, 1)]);
        assert_eq!((some.fill(0, 3), some.flow(ids[2])), (2, 0));
        let (mut parallel, _) = network(2, &[(0, 1, 3), (0, 1, 4), (1, 0, 9)]);
        assert_eq!((parallel.fill(0, 1), parallel.narrow(0).len(), parallel.fill(1, 1)), (7, 2, 0));
        let (mut apart, _) = network(3, &[(0, 1, 5), (2, 1, 5), (1, 2, 0)]);
        assert_eq!((apart.fill(0, 2), apart.narrow(0).len()), (0, 0));
    }

    #[test]
    fn what_flows_in_flows_out() {
        let mut edges = HARBOUR.to_vec();
        edges.push((4, 5, 4));
        let (mut some, ids) = network(6, &edges);
        some.fill(0, 5);
        for node in 1..5 {
            let sum = |side: fn((NodeId, NodeId)) -> NodeId| {
                ids.iter()
                    .filter(|edge| side(some.ends(**edge)) == node)
                    .map(|edge| some.flow(*edge))
                    .sum::<u64>()
            };
            assert_eq!(sum(|(from, _)| from), sum(|(_, to)| to), "{node}");
        }
        assert!(ids.iter().zip(&edges).all(|(id, (.., capacity))| some.flow(*id) <= *capacity));
    }

    #[test]
    fn makes_pairs() {
        assert_eq!(matching(3, 3, &[(0, 0), (0, 1), (1, 0), (2, 1), (2, 2)]), [(0, 1), (1, 0), (2, 2)]);
        assert_eq!(matching(3, 2, &[(0, 0), (1, 0), (2, 0)]).len(), 1);
        assert_eq!(matching(2, 2, &[]), []);
    }
}
