//! Further tests of arenas.

use crate::arena::Arena;
use crate::counted::Counter;

#[test]
fn chunk_sizes() {
    let arena = Arena::default();
    let mut grown = Vec::new();
    for n in 0..3000_u32 {
        arena.alloc(n);
        if arena.chunks() > grown.len() {
            grown.push(n);
        }
    }
    assert_eq!(grown, [0, 4, 12, 28, 60, 124, 252, 508, 1020, 2044]);
    let arena = Arena::default();
    arena.alloc_all(0..3);
    arena.alloc_all(0..1);
    assert_eq!(arena.chunks(), 1);
    arena.alloc_all(0..20);
    arena.alloc_all(0..1);
    assert_eq!((arena.chunks(), arena.len()), (3, 25));
    arena.alloc_all(0..39);
    assert_eq!(arena.chunks(), 3);
    arena.alloc(1);
    assert_eq!(arena.chunks(), 4);
}

#[test]
fn mixed_borrows() {
    let arena = Arena::default();
    let mut words = Vec::new();
    for n in 1..40_usize {
        words.push(&*arena.alloc(format!("w{n}")));
        let all = arena.alloc_all((0..n % 5).map(|k| format!("{n}.{k}")));
        if let Some(last) = all.last_mut() {
            last.push('!');
        }
        words.extend(&*all);
    }
    assert_eq!((words.len(), arena.len()), (119, 119));
    assert_eq!((words[0].as_str(), words[1].as_str(), words[118].as_str()), ("w1", "1.0!", "39.3!"));
    let whole: Vec<String> = words.into_iter().cloned().collect();
    assert_eq!(arena.into_vec(), whole);
}

#[test]
fn making_values_may_use_the_arena() {
    let arena: Arena<u32> = Arena::default();
    let outer = arena.alloc_all((0..3).map(|n| *arena.alloc(n * 10) + 1));
    assert_eq!((&*outer, arena.len()), (&[1, 11, 21][..], 6));
    let mut arena = arena;
    arena.iter_mut().for_each(|n| *n += 100);
    assert_eq!(arena.into_vec(), [100, 110, 120, 101, 111, 121]);
}

#[test]
fn owners() {
    let counter = Counter::default();
    let mut arena = Arena::default();
    for round in 1..4_u32 {
        for id in 0..round * 7 {
            arena.alloc(counter.value(id));
        }
        arena.alloc_all((0..round).map(|id| counter.value(id)));
        assert_eq!(counter.counts().0, round as usize * 8);
        arena.clear();
        assert_eq!((counter.counts().0, arena.len(), arena.iter_mut().count()), (0, 0, 0));
    }
    assert_eq!(counter.counts(), (0, 48));
    arena.alloc(counter.value(1));
    drop(arena);
    assert_eq!(counter.counts(), (0, 49));
    let mut empty: Arena<u8> = Arena::default();
    empty.clear();
    assert_eq!((empty.chunks(), empty.into_vec()), (0, vec![]));
}
