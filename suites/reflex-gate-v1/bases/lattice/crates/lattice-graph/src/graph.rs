//! Directed graphs in two plain arrays, and ways to walk through them.

use std::collections::VecDeque;

pub type NodeId = usize;

/// Edges of node `n` lie from `starts[n]` up to `starts[n + 1]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph<W> {
    starts: Vec<usize>,
    targets: Vec<NodeId>,
    weights: Vec<W>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoNode(pub NodeId);

impl<W: Clone> Graph<W> {
    /// A graph of so many nodes; the edges of a node keep their order.
    pub fn new(nodes: usize, edges: &[(NodeId, NodeId, W)]) -> Result<Self, NoNode> {
        let mut starts = vec![0; nodes + 1];
        for (from, to, _) in edges {
            let highest = *from.max(to);
            if highest >= nodes {
                return Err(NoNode(highest));
            }
            starts[from + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let mut next = starts.clone();
        let mut order = vec![0; edges.len()];
        for (index, (from, ..)) in edges.iter().enumerate() {
            order[next[*from]] = index;
            next[*from] += 1;
        }
        let targets = order.iter().map(|index| edges[*index].1).collect();
        let weights = order.iter().map(|index| edges[*index].2.clone()).collect();
        Ok(Graph { starts, targets, weights })
    }

    pub fn nodes(&self) -> usize {
        self.starts.len() - 1
    }

    pub fn edges(&self) -> usize {
        self.targets.len()
    }

    /// Targets and weights of a node's edges.
    pub fn from(&self, node: NodeId) -> impl Iterator<Item = (NodeId, &W)> {
        let range = self.starts[node]..self.starts[node + 1];
        self.targets[range.clone()].iter().copied().zip(&self.weights[range])
    }

    pub fn reversed(&self) -> Self {
        let edges: Vec<(NodeId, NodeId, W)> = (0..self.nodes())
            .flat_map(|node| self.from(node).map(move |(to, weight)| (to, node, weight.clone())))
            .collect();
        Graph::new(self.nodes(), &edges).expect("the nodes are the same")
    }

    /// Steps from the nearest of these nodes to each node; nothing for those out of reach.
    pub fn distances(&self, from: &[NodeId]) -> Vec<Option<usize>> {
        let mut distances = vec![None; self.nodes()];
        let mut open: VecDeque<NodeId> = VecDeque::new();
        for start in from {
            if distances[*start].is_none() {
                distances[*start] = Some(0);
                open.push_back(*start);
            }
        }
        while let Some(node) = open.pop_front() {
            let next = distances[node].map(|distance| distance + 1);
            for (to, _) in self.from(node) {
                if distances[to].is_none() {
                    distances[to] = next;
                    open.push_back(to);
                }
            }
        }
        distances
    }

    pub fn depth_first(&self, start: NodeId) -> DepthFirst<'_, W> {
        DepthFirst { graph: self, seen: vec![false; self.nodes()], stack: Vec::new(), start: Some(start) }
    }

    /// Nodes in an order in which all edges lead forwards, of several possible ones the smallest; or a circle.
    pub fn order(&self) -> Result<Vec<NodeId>, Vec<NodeId>> {
        let mut incoming = vec![0_usize; self.nodes()];
        self.targets.iter().for_each(|to| incoming[*to] += 1);
        let mut ready: std::collections::BTreeSet<NodeId> =
            (0..self.nodes()).filter(|node| incoming[*node] == 0).collect();
        let mut order = Vec::with_capacity(self.nodes());
        while let Some(node) = ready.pop_first() {
            order.push(node);
            for (to, _) in self.from(node) {
                incoming[to] -= 1;
                if incoming[to] == 0 {
                    ready.insert(to);
                }
            }
        }
        match incoming.iter().position(|count| *count > 0) {
            None => Ok(order),
            Some(stuck) => Err(self.circle(stuck, &incoming)),
        }
    }

    /// A circle among nodes that have edges from each other: going back from any of them leads into one.
    fn circle(&self, start: NodeId, incoming: &[usize]) -> Vec<NodeId> {
        let back = self.reversed();
        let mut path = vec![start];
        loop {
            let last = path[path.len() - 1];
            let before = back.from(last).map(|(node, _)| node).find(|node| incoming[*node] > 0);
            let Some(before) = before else { return path };
            if let Some(place) = path.iter().position(|node| *node == before) {
                let mut circle = path.split_off(place);
                circle.reverse();
                return circle;
            }
            path.push(before);
        }
    }
}

/// Nodes in the order in which they are reached, following each path to its end first.
pub struct DepthFirst<'g, W> {
    graph: &'g Graph<W>,
    seen: Vec<bool>,
    /// Nodes on the way, each with the number of its edges that were followed.
    stack: Vec<(NodeId, usize)>,
    start: Option<NodeId>,
}

impl<W: Clone> DepthFirst<'_, W> {
    /// How many nodes are on the way to the one that came last.
    pub fn depth(&self) -> usize {
        self.stack.len()
    }

    fn reach(&mut self, node: NodeId) -> Option<NodeId> {
        self.seen[node] = true;
        self.stack.push((node, 0));
        Some(node)
    }
}

impl<W: Clone> Iterator for DepthFirst<'_, W> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        if let Some(start) = self.start.take() {
            return self.reach(start);
        }
        while let Some((node, followed)) = self.stack.last_mut() {
            let edge = self.graph.starts[*node] + *followed;
            if edge == self.graph.starts[*node + 1] {
                self.stack.pop();
                continue;
            }
            *followed += 1;
            let to = self.graph.targets[edge];
            if !self.seen[to] {
                return self.reach(to);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(nodes: usize, edges: &[(NodeId, NodeId)]) -> Graph<()> {
        let edges: Vec<_> = edges.iter().map(|(from, to)| (*from, *to, ())).collect();
        Graph::new(nodes, &edges).unwrap()
    }

    #[test]
    fn holds_edges() {
        let some = Graph::new(4, &[(2, 0, 'a'), (0, 1, 'b'), (2, 3, 'c'), (2, 2, 'd')]).unwrap();
        let from = |node| some.from(node).map(|(to, weight)| format!("{to}{weight}")).collect::<String>();
        assert_eq!([from(0), from(1), from(2), from(3)], ["1b", "", "0a3c2d", ""]);
        assert_eq!((some.nodes(), some.edges(), Graph::new(2, &[(0, 2, ())])), (4, 4, Err(NoNode(2))));
        let back = some.reversed();
        assert_eq!(
            (back.from(2).count(), back.from(0).next(), back.reversed().from(2).count()),
            (1, Some((2, &'a')), 3)
        );
    }

    #[test]
    fn counts_steps() {
        let some = graph(6, &[(0, 1), (1, 2), (2, 0), (0, 3), (3, 2), (4, 5)]);
        assert_eq!(some.distances(&[0]), [Some(0), Some(1), Some(2), Some(1), None, None]);
        assert_eq!(some.distances(&[2, 5, 2]), [Some(1), Some(2), Some(0), Some(2), None, Some(0)]);
        assert_eq!(some.distances(&[]), [None; 6]);
    }

    #[test]
    fn goes_deep_first() {
        let some = graph(7, &[(0, 1), (0, 2), (1, 3), (3, 0), (3, 4), (2, 4), (2, 5), (6, 0)]);
        assert_eq!(some.depth_first(0).collect::<Vec<_>>(), [0, 1, 3, 4, 2, 5]);
        let mut walk = some.depth_first(0);
        let mut depths = Vec::new();
        while walk.next().is_some() {
            depths.push(walk.depth());
        }
        assert_eq!((depths, walk.depth()), (vec![1, 2, 3, 4, 2, 3], 0));
    }

    #[test]
    fn finds_orders_and_circles() {
        let some = graph(5, &[(3, 1), (1, 0), (4, 0), (3, 4)]);
        assert_eq!(some.order(), Ok(vec![2, 3, 1, 4, 0]));
        let circle = graph(6, &[(0, 1), (1, 2), (2, 3), (3, 1), (3, 4), (4, 5)]);
        let mut found = circle.order().unwrap_err();
        let smallest = found.iter().position(|node| *node == 1).unwrap();
        found.rotate_left(smallest);
        assert_eq!(found, [1, 2, 3]);
        assert_eq!((graph(1, &[(0, 0)]).order(), graph(0, &[]).order()), (Err(vec![0]), Ok(vec![])));
    }
}
