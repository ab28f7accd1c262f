//! Groups that are joined but never parted, each with something that is put together when they are.

/// What two groups come to together. Must not depend on their order.
pub trait Merge {
    fn merge(self, other: Self) -> Self;
}

impl Merge for () {
    fn merge(self, (): ()) {}
}

impl<T> Merge for Vec<T> {
    fn merge(mut self, mut other: Self) -> Self {
        self.append(&mut other);
        self
    }
}

impl<A: Merge, B: Merge> Merge for (A, B) {
    fn merge(self, other: Self) -> Self {
        (self.0.merge(other.0), self.1.merge(other.1))
    }
}

/// A sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum(pub u64);

impl Merge for Sum {
    fn merge(self, other: Self) -> Self {
        Sum(self.0 + other.0)
    }
}

#[derive(Debug, Clone)]
enum Node<M> {
    /// Belongs to the group of another one.
    Child(usize),
    Root {
        size: usize,
        value: M,
    },
}

#[derive(Debug, Clone, Default)]
pub struct Groups<M> {
    nodes: Vec<Node<M>>,
    groups: usize,
}

impl<M: Merge> Groups<M> {
    /// A new group of one member; its number.
    pub fn add(&mut self, value: M) -> usize {
        self.nodes.push(Node::Root { size: 1, value });
        self.groups += 1;
        self.nodes.len() - 1
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    pub fn groups(&self) -> usize {
        self.groups
    }

    /// The member that stands for the group. On the way, each second node is hung one step higher.
    pub fn find(&mut self, mut member: usize) -> usize {
        while let Node::Child(parent) = self.nodes[member] {
            if let Node::Child(grandparent) = self.nodes[parent] {
                self.nodes[member] = Node::Child(grandparent);
            }
            member = parent;
        }
        member
    }

    fn size_of(&self, root: usize) -> usize {
        match self.nodes[root] {
            Node::Root { size, .. } => size,
            Node::Child(_) => 0,
        }
    }

    /// Joins two groups; false if they are one already. The smaller one is hung below the larger.
    pub fn join(&mut self, a: usize, b: usize) -> bool {
        let (mut root, mut other) = (self.find(a), self.find(b));
        if root == other {
            return false;
        }
        if self.size_of(root) < self.size_of(other) {
            std::mem::swap(&mut root, &mut other);
        }
        let child = std::mem::replace(&mut self.nodes[other], Node::Child(root));
        let parent = std::mem::replace(&mut self.nodes[root], Node::Child(root));
        if let (Node::Root { size, value }, Node::Root { size: more, value: others }) = (parent, child) {
            self.nodes[root] = Node::Root { size: size + more, value: value.merge(others) };
        }
        self.groups -= 1;
        true
    }

    pub fn are_joined(&mut self, a: usize, b: usize) -> bool {
        self.find(a) == self.find(b)
    }

    pub fn size(&mut self, member: usize) -> usize {
        let root = self.find(member);
        self.size_of(root)
    }

    pub fn value(&mut self, member: usize) -> Option<&M> {
        let root = self.find(member);
        match &self.nodes[root] {
            Node::Root { value, .. } => Some(value),
            Node::Child(_) => None,
        }
    }

    /// Members by group, in the order of their first members.
    pub fn members(&mut self) -> Vec<Vec<usize>> {
        let mut places = vec![None; self.nodes.len()];
        let mut members: Vec<Vec<usize>> = Vec::new();
        for member in 0..self.nodes.len() {
            let root = self.find(member);
            match places[root] {
                Some(place) => {
                    let group: &mut Vec<usize> = &mut members[place];
                    group.push(member);
                }
                None => {
                    places[root] = Some(members.len());
                    members.push(vec![member]);
                }
            }
        }
        members
    }
}

/// The cheapest edges that join all nodes that can be joined, in the order of their costs.
pub fn spanning_forest<C: PartialOrd + Copy>(
    nodes: usize,
    edges: &[(usize, usize, C)],
) -> Vec<(usize, usize, C)> {
    let mut groups = Groups { nodes: Vec::with_capacity(nodes), groups: 0 };
    (0..nodes).for_each(|_| {
        groups.add(());
    });
    let mut sorted: Vec<(usize, usize, C)> = edges.to_vec();
    sorted.sort_by(|a, b| a.2.partial_cmp(&b.2).unwrap_or(std::cmp::Ordering::Equal));
    sorted.into_iter().filter(|(a, b, _)| groups.join(*a, *b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(values: &[u64]) -> Groups<Sum> {
        let mut groups = Groups::default();
        values.iter().for_each(|value| {
            groups.add(Sum(*value));
        });
        groups
    }

    #[test]
    fn joins_groups() {
        let mut some = groups(&[1, 2, 4, 8, 16]);
        assert_eq!(
            (some.join(0, 1), some.join(3, 4), some.join(1, 0), some.groups()),
            (true, true, false, 3)
        );
        assert_eq!(
            (some.are_joined(0, 1), some.are_joined(1, 3), some.size(4), some.size(2)),
            (true, false, 2, 1)
        );
        assert!(some.join(4, 0));
        assert_eq!([1, 2].map(|member| some.value(member).copied()), [Some(Sum(27)), Some(Sum(4))]);
        assert_eq!((some.size(3), some.len()), (4, 5));
        assert_eq!(some.members(), [vec![0, 1, 3, 4], vec![2]]);
    }

    #[test]
    fn the_larger_group_stays_on_top() {
        let mut some = groups(&[0; 8]);
        for other in [1, 2, 3] {
            some.join(0, other);
        }
        some.join(5, 6);
        let top = some.find(3);
        some.join(6, 2);
        assert_eq!((some.find(5), some.find(0)), (top, top));
        some.join(7, 4);
        some.join(4, 5);
        assert_eq!((some.find(7), some.size(7), some.groups()), (top, 8, 1));
    }

    #[test]
    fn puts_values_together() {
        let mut lists: Groups<(Vec<char>, Sum)> = Groups::default();
        "abcd".chars().for_each(|letter| {
            lists.add((vec![letter], Sum(1)));
        });
        lists.join(0, 2);
        lists.join(3, 2);
        let (letters, count) = lists.value(3).cloned().unwrap();
        assert_eq!((letters.len(), count, lists.value(1).map(|value| value.1)), (3, Sum(3), Some(Sum(1))));
        assert!(Groups::<()>::default().is_empty());
    }

    #[test]
    fn finds_cheap_trees() {
        let edges = [(0, 1, 4.0), (1, 2, 8.0), (0, 2, 2.5), (3, 4, 1.0), (2, 1, 3.0), (4, 3, 0.5)];
        assert_eq!(spanning_forest(6, &edges), [(4, 3, 0.5), (0, 2, 2.5), (2, 1, 3.0)]);
        assert_eq!(spanning_forest::<u8>(3, &[]), []);
    }
}
