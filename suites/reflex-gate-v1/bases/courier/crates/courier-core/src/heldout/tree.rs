//! Further tests of the tree of subscribers.

use crate::tree::Tree;

const FILTERS: [&str; 10] = ["x", "x/y", "x/+", "x/#", "+", "+/+", "#", "x/+/z", "/+", "$in/#"];

fn full() -> Tree<usize> {
    let mut tree = Tree::default();
    for (index, filter) in FILTERS.iter().enumerate() {
        tree.insert(filter, index);
    }
    tree
}

fn found(tree: &Tree<usize>, topic: &str) -> String {
    tree.find(topic).into_iter().map(|index| index.to_string()).collect()
}

#[test]
fn topics() {
    let tree = full();
    let topics = ["x", "x/y", "x/y/z", "x/y/z/w", "y", "y/z", "/y", "$in", "$in/a/b", "$x/y", ""];
    let all = topics.map(|topic| found(&tree, topic));
    assert_eq!(all, ["0346", "12356", "367", "36", "46", "56", "568", "9", "9", "", "46"]);
}

#[test]
fn removing_one_by_one() {
    let mut tree = full();
    assert_eq!((tree.len(), tree.nodes()), (10, 9));
    for (index, filter) in FILTERS.iter().enumerate() {
        assert!(!tree.remove(filter, &99));
        assert!(tree.remove(filter, &index));
        assert!(!tree.remove(filter, &index));
        assert_eq!(tree.len(), 9 - index);
    }
    assert_eq!((tree.is_empty(), tree.nodes(), found(&tree, "x/y")), (true, 0, String::new()));
}

#[test]
fn several_subscribers() {
    let mut tree = full();
    for filter in FILTERS {
        assert!(tree.insert(filter, 50));
        assert!(!tree.insert(filter, 50));
    }
    assert_eq!((tree.find("x/y").len(), tree.len()), (6, 20));
    assert_eq!((tree.remove_all(&50), tree.len(), tree.nodes()), (10, 10, 9));
    assert_eq!(found(&tree, "x"), "0346");
    assert_eq!(FILTERS.iter().enumerate().map(|(index, _)| tree.remove_all(&index)).sum::<usize>(), 10);
    assert_eq!(tree.nodes(), 0);
}

#[test]
fn names_that_end_in_a_hash() {
    let mut tree = Tree::default();
    tree.insert("a#", 1);
    tree.insert("a/b/#", 2);
    assert_eq!(
        (found(&tree, "a#"), found(&tree, "a"), found(&tree, "a/b"), found(&tree, "a/b/c/d")),
        ("1".into(), String::new(), "2".into(), "2".into())
    );
    assert_eq!((tree.remove("a/b", &2), tree.remove("a/b/#", &2), tree.nodes()), (false, true, 1));
}
