//! Further tests of values with several owners.

use crate::counted::Counter;
use crate::shared::{Shared, Watch};

#[test]
fn long_lives() {
    let counter = Counter::default();
    let first = Shared::new(counter.value(9));
    let mut owners = vec![first];
    let mut watchers = Vec::new();
    for round in 0..50 {
        let next = owners[round].clone();
        watchers.push(next.watch());
        owners.push(next);
    }
    assert_eq!((owners[0].owners(), owners[50].watchers()), (51, 50));
    owners.truncate(1);
    watchers.truncate(3);
    assert_eq!((owners[0].owners(), owners[0].watchers(), counter.counts()), (1, 3, (1, 0)));
    owners.extend(watchers.iter().filter_map(Watch::get));
    assert_eq!((owners.len(), owners[3].owners(), owners[2].id), (4, 4, 9));
    owners.clear();
    assert_eq!((counter.counts(), watchers.iter().filter_map(Watch::get).count()), ((0, 1), 0));
    drop(watchers.clone());
    assert!(watchers[2].get().is_none());
}

#[test]
fn taking_out() {
    let counter = Counter::default();
    let one = Shared::new(counter.value(1));
    let two = one.clone();
    let Err(one) = one.into_inner() else { panic!("there are two owners") };
    assert_eq!((one.owners(), counter.counts()), (2, (1, 0)));
    drop(one);
    let watch = two.watch();
    let Ok(value) = two.into_inner() else { panic!("there is one owner") };
    assert_eq!((value.id, counter.counts(), watch.get().is_none()), (1, (1, 0), true));
    drop(value);
    assert_eq!(counter.counts(), (0, 1));
}

#[test]
fn copies_on_demand() {
    let counter = Counter::default();
    let mut shares = vec![Shared::new(counter.value(0)); 3];
    for (id, share) in (10_u32..).zip(&mut shares) {
        share.make_mut().id = id;
    }
    assert_eq!(
        (shares.iter().map(|share| share.id).collect::<Vec<_>>(), counter.counts()),
        (vec![10, 11, 12], (3, 0))
    );
    let watch = shares[1].watch();
    assert!(shares[1].get_mut().is_none() && shares[0].get_mut().is_some());
    shares[1].make_mut().id = 20;
    assert_eq!(
        (watch.get().is_none(), shares[1].id, shares[1].watchers(), counter.counts()),
        (true, 20, 0, (3, 0))
    );
    let (both, seen) = (shares[2].clone(), shares[2].watch());
    shares[2].make_mut().id = 30;
    assert_eq!(
        (seen.get().map(|value| value.id), both.id, both.watchers(), both.owners()),
        (Some(12), 12, 1, 1)
    );
    drop((shares, both));
    assert_eq!(counter.counts(), (0, 4));
}

struct Tree<'a> {
    parent: Option<Watch<Tree<'a>>>,
    children: Vec<Shared<Tree<'a>>>,
    #[allow(dead_code)]
    mark: crate::counted::Counted<'a>,
    depth: u32,
}

fn tree<'a>(counter: &'a Counter, parent: Option<Watch<Tree<'a>>>, depth: u32) -> Shared<Tree<'a>> {
    Shared::cyclic(|own| Tree {
        parent,
        children: (0..depth).map(|_| tree(counter, Some(own.clone()), depth - 1)).collect(),
        mark: counter.value(depth),
        depth,
    })
}

#[test]
fn children_watch_their_parents() {
    let counter = Counter::default();
    let root = tree(&counter, None, 3);
    assert_eq!((counter.counts(), root.owners(), root.watchers()), ((16, 0), 1, 3));
    let leaf = root.children[2].children[0].children[0].clone();
    let depths: Vec<u32> = std::iter::successors(Some(leaf.clone()), |node| node.parent.as_ref()?.get())
        .map(|node| node.depth)
        .collect();
    assert_eq!(depths, [0, 1, 2, 3]);
    drop(root);
    assert_eq!(
        (counter.counts(), leaf.parent.as_ref().is_some_and(|parent| parent.get().is_none())),
        ((1, 15), true)
    );
    drop(leaf);
    assert_eq!(counter.counts(), (0, 16));
}
