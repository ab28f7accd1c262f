//! Who listens to which topics: a tree of levels, walked once for each message.

use std::collections::{BTreeMap, BTreeSet};

/// Subscribers by filter. Filters are written as `a/+/#`.
#[derive(Debug, Clone)]
pub struct Tree<S> {
    root: Node<S>,
    len: usize,
}

#[derive(Debug, Clone)]
struct Node<S> {
    children: BTreeMap<String, Node<S>>,
    /// Subscribers whose filter ends here.
    here: BTreeSet<S>,
    /// Subscribers whose filter ends here with `#`.
    rest: BTreeSet<S>,
}

impl<S> Default for Node<S> {
    fn default() -> Self {
        Node { children: BTreeMap::new(), here: BTreeSet::new(), rest: BTreeSet::new() }
    }
}

impl<S> Node<S> {
    fn is_empty(&self) -> bool {
        self.children.is_empty() && self.here.is_empty() && self.rest.is_empty()
    }
}

impl<S> Default for Tree<S> {
    fn default() -> Self {
        Tree { root: Node::default(), len: 0 }
    }
}

/// The levels of a filter, and whether it ends with `#`.
fn levels(filter: &str) -> (Vec<&str>, bool) {
    match filter.strip_suffix('#') {
        Some("") => (Vec::new(), true),
        Some(head) if head.ends_with('/') => (head[..head.len() - 1].split('/').collect(), true),
        _ => (filter.split('/').collect(), false),
    }
}

impl<S: Ord + Clone> Tree<S> {
    /// False: the subscriber had this filter already.
    pub fn insert(&mut self, filter: &str, subscriber: S) -> bool {
        let (levels, all) = levels(filter);
        let mut node = &mut self.root;
        for level in levels {
            node = node.children.entry(level.to_owned()).or_default();
        }
        let inserted = if all { node.rest.insert(subscriber) } else { node.here.insert(subscriber) };
        self.len += usize::from(inserted);
        inserted
    }

    /// Branches that become empty are cut off.
    pub fn remove(&mut self, filter: &str, subscriber: &S) -> bool {
        let (levels, all) = levels(filter);
        let removed = remove_below(&mut self.root, &levels, all, subscriber);
        self.len -= usize::from(removed);
        removed
    }

    /// Takes a subscriber out of all filters; how many it had.
    pub fn remove_all(&mut self, subscriber: &S) -> usize {
        let removed = purge(&mut self.root, subscriber);
        self.len -= removed;
        removed
    }

    /// Everybody who listens to a topic, each once.
    pub fn find(&self, topic: &str) -> BTreeSet<S> {
        let levels: Vec<&str> = topic.split('/').collect();
        let mut found = BTreeSet::new();
        collect(&self.root, &levels, topic.starts_with('$'), &mut found);
        found
    }

    /// Pairs of filter and subscriber.
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Nodes of the tree below the root.
    pub fn nodes(&self) -> usize {
        fn count<S>(node: &Node<S>) -> usize {
            node.children.values().map(|child| 1 + count(child)).sum()
        }
        count(&self.root)
    }
}

fn remove_below<S: Ord>(node: &mut Node<S>, levels: &[&str], all: bool, subscriber: &S) -> bool {
    let Some((level, rest)) = levels.split_first() else {
        return if all { node.rest.remove(subscriber) } else { node.here.remove(subscriber) };
    };
    let Some(child) = node.children.get_mut(*level) else {
        return false;
    };
    let removed = remove_below(child, rest, all, subscriber);
    if child.is_empty() {
        node.children.remove(*level);
    }
    removed
}

fn purge<S: Ord>(node: &mut Node<S>, subscriber: &S) -> usize {
    let own = usize::from(node.here.remove(subscriber)) + usize::from(node.rest.remove(subscriber));
    let below: usize = node.children.values_mut().map(|child| purge(child, subscriber)).sum();
    node.children.retain(|_, child| !child.is_empty());
    own + below
}

/// `internal`: wildcards don't stand for this level, which begins with `$`.
fn collect<S: Ord + Clone>(node: &Node<S>, levels: &[&str], internal: bool, found: &mut BTreeSet<S>) {
    if !internal {
        found.extend(node.rest.iter().cloned());
    }
    let Some((level, rest)) = levels.split_first() else {
        found.extend(node.here.iter().cloned());
        return;
    };
    if let Some(child) = node.children.get(*level) {
        collect(child, rest, false, found);
    }
    if let Some(child) = node.children.get("+").filter(|_| !internal) {
        collect(child, rest, false, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree<u32> {
        let mut tree = Tree::default();
        for (filter, subscriber) in
            [("a/b", 1), ("a/+", 2), ("a/#", 3), ("#", 4), ("+/b/c", 5), ("$sys/+", 6), ("a/b", 7)]
        {
            assert!(tree.insert(filter, subscriber));
        }
        tree
    }

    fn found(tree: &Tree<u32>, topic: &str) -> Vec<u32> {
        tree.find(topic).into_iter().collect()
    }

    #[test]
    fn finds_subscribers() {
        let tree = tree();
        assert_eq!(found(&tree, "a/b"), [1, 2, 3, 4, 7]);
        assert_eq!(found(&tree, "a"), [3, 4]);
        assert_eq!(found(&tree, "a/b/c"), [3, 4, 5]);
        assert_eq!(found(&tree, "b"), [4]);
        assert_eq!(found(&tree, "$sys/load"), [6]);
        assert_eq!(found(&tree, "a/$x"), [2, 3, 4]);
    }

    #[test]
    fn each_subscriber_once() {
        let mut tree = tree();
        assert!(!tree.insert("a/b", 1) && tree.insert("a/#", 1) && tree.insert("a", 1));
        assert_eq!((found(&tree, "a/b"), found(&tree, "a")), (vec![1, 2, 3, 4, 7], vec![1, 3, 4]));
        assert_eq!(tree.len(), 9);
    }

    #[test]
    fn cuts_empty_branches_off() {
        let mut tree = tree();
        assert_eq!((tree.len(), tree.nodes()), (7, 8));
        assert_eq!(
            [
                tree.remove("+/b/c", &5),
                tree.remove("+/b/c", &5),
                tree.remove("a/b", &9),
                tree.remove("a/+/#", &2)
            ],
            [true, false, false, false]
        );
        assert_eq!((tree.len(), tree.nodes()), (6, 5));
        assert!(tree.remove("a/b", &1) && tree.remove("#", &4));
        assert_eq!((found(&tree, "a/b"), tree.nodes()), (vec![2, 3, 7], 5));
    }

    #[test]
    fn removes_a_subscriber_everywhere() {
        let mut tree = tree();
        tree.insert("x/y/z", 3);
        assert_eq!((tree.remove_all(&3), tree.remove_all(&3), tree.len(), tree.nodes()), (2, 0, 6, 8));
        assert_eq!(found(&tree, "a"), [4]);
        assert_eq!((1..8).map(|subscriber| tree.remove_all(&subscriber)).sum::<usize>(), 6);
        assert_eq!((tree.is_empty(), tree.nodes()), (true, 0));
    }
}
