//! Further tests of graphs.

use crate::graph::{Graph, NoNode, NodeId};

fn random(nodes: usize, edges: usize, seed: u64) -> (Graph<u64>, Vec<(NodeId, NodeId, u64)>) {
    let mut state = seed;
    let edges: Vec<(NodeId, NodeId, u64)> = (0..edges)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) as usize % nodes, (state >> 43) as usize % nodes, state >> 55)
        })
        .collect();
    (Graph::new(nodes, &edges).unwrap(), edges)
}

#[test]
fn edges_by_node() {
    for (nodes, count) in [(1, 0), (1, 3), (5, 20), (30, 40)] {
        let (graph, edges) = random(nodes, count, count as u64);
        assert_eq!((graph.nodes(), graph.edges()), (nodes, count));
        let back = graph.reversed();
        for node in 0..nodes {
            let expected: Vec<_> =
                edges.iter().filter(|edge| edge.0 == node).map(|edge| (edge.1, edge.2)).collect();
            assert_eq!(graph.from(node).map(|(to, weight)| (to, *weight)).collect::<Vec<_>>(), expected);
            let mut incoming: Vec<_> =
                edges.iter().filter(|edge| edge.1 == node).map(|edge| (edge.0, edge.2)).collect();
            let mut found: Vec<_> = back.from(node).map(|(to, weight)| (to, *weight)).collect();
            incoming.sort_unstable();
            found.sort_unstable();
            assert_eq!(found, incoming);
        }
    }
    assert_eq!(
        (Graph::new(3, &[(0, 1, 'x'), (4, 3, 'y')]), Graph::<u8>::new(0, &[(0, 0, 1)])),
        (Err(NoNode(4)), Err(NoNode(0)))
    );
}

#[test]
fn distances() {
    for seed in 0..20 {
        let (graph, edges) = random(25, 35, seed);
        let starts = [seed as usize % 25, 3];
        let mut expected = vec![None; 25];
        starts.iter().for_each(|start| expected[*start] = Some(0));
        for _ in 0..25 {
            for (from, to, _) in &edges {
                if let Some(distance) = expected[*from] {
                    expected[*to] =
                        Some(expected[*to].map_or(distance + 1, |old: usize| old.min(distance + 1)));
                }
            }
        }
        assert_eq!(graph.distances(&starts), expected);
        let mut reached: Vec<_> = graph.depth_first(3).collect();
        reached.sort_unstable();
        let near = graph.distances(&[3]);
        assert_eq!(reached, (0..25).filter(|node| near[*node].is_some()).collect::<Vec<_>>());
    }
}

#[test]
fn walks() {
    let edges =
        [(0, 2), (0, 1), (2, 3), (3, 3), (3, 1), (1, 4), (4, 2), (5, 0)].map(|(from, to)| (from, to, ()));
    let graph = Graph::new(6, &edges).unwrap();
    assert_eq!(graph.depth_first(0).collect::<Vec<_>>(), [0, 2, 3, 1, 4]);
    assert_eq!(graph.depth_first(5).collect::<Vec<_>>(), [5, 0, 2, 3, 1, 4]);
    let mut walk = graph.depth_first(4);
    let steps: Vec<_> = std::iter::from_fn(|| walk.next().map(|node| (node, walk.depth()))).collect();
    assert_eq!((steps, walk.next(), walk.depth()), (vec![(4, 1), (2, 2), (3, 3), (1, 4)], None, 0));
}

#[test]
fn orders() {
    let (mut ordered, mut circles) = (0, 0);
    for seed in 0..60 {
        let (graph, edges) = random(12, 9, seed);
        match graph.order() {
            Ok(order) => {
                ordered += 1;
                let place = |node| order.iter().position(|other| *other == node).unwrap();
                assert!(order.len() == 12 && edges.iter().all(|(from, to, _)| place(*from) < place(*to)));
                for pair in order.windows(2).filter(|pair| pair[1] < pair[0]) {
                    assert!(edges
                        .iter()
                        .any(|(from, to, _)| *to == pair[1] && place(*from) == place(pair[0])));
                }
            }
            Err(circle) => {
                circles += 1;
                let closed = circle.iter().zip(circle.iter().cycle().skip(1));
                assert!(
                    !circle.is_empty()
                        && closed
                            .into_iter()
                            .all(|(from, to)| edges.iter().any(|edge| edge.0 == *from && edge.1 == *to))
                );
            }
        }
    }
    assert!(ordered > 5 && circles > 5, "{ordered} {circles}");
    let edges = [(2, 0), (3, 1), (3, 2)].map(|(from, to)| (from, to, ()));
    assert_eq!(Graph::new(5, &edges).unwrap().order(), Ok(vec![3, 1, 2, 0, 4]));
}
