//! Values under keys that are sequences, found by their beginnings.

use std::collections::BTreeMap;

#[derive(Debug, Clone)]
struct Node<S, V> {
    value: Option<V>,
    children: BTreeMap<S, Node<S, V>>,
}

impl<S, V> Default for Node<S, V> {
    fn default() -> Self {
        Node { value: None, children: BTreeMap::new() }
    }
}

/// A map from sequences of symbols to values.
#[derive(Debug, Clone)]
pub struct Trie<S, V> {
    root: Node<S, V>,
    len: usize,
}

impl<S, V> Default for Trie<S, V> {
    fn default() -> Self {
        Trie { root: Node::default(), len: 0 }
    }
}

impl<S: Ord + Clone, V> Node<S, V> {
    fn find(&self, key: impl IntoIterator<Item = S>) -> Option<&Node<S, V>> {
        key.into_iter().try_fold(self, |node, symbol| node.children.get(&symbol))
    }

    fn remove(&mut self, mut key: impl Iterator<Item = S>) -> Option<V> {
        let Some(symbol) = key.next() else {
            return self.value.take();
        };
        let child = self.children.get_mut(&symbol)?;
        let removed = child.remove(key);
        if child.value.is_none() && child.children.is_empty() {
            self.children.remove(&symbol);
        }
        removed
    }

    fn count(&self) -> usize {
        self.children.values().map(|child| 1 + child.count()).sum()
    }
}

impl<S: Ord + Clone, V> Trie<S, V> {
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Nodes below the root.
    pub fn nodes(&self) -> usize {
        self.root.count()
    }

    pub fn insert(&mut self, key: impl IntoIterator<Item = S>, value: V) -> Option<V> {
        let mut node = &mut self.root;
        for symbol in key {
            node = node.children.entry(symbol).or_default();
        }
        let old = node.value.replace(value);
        self.len += usize::from(old.is_none());
        old
    }

    pub fn get(&self, key: impl IntoIterator<Item = S>) -> Option<&V> {
        self.root.find(key)?.value.as_ref()
    }

    /// Nodes that lead nowhere any more are removed with it.
    pub fn remove(&mut self, key: impl IntoIterator<Item = S>) -> Option<V> {
        let removed = self.root.remove(key.into_iter());
        self.len -= usize::from(removed.is_some());
        removed
    }

    /// The longest beginning of a key that has a value: its length, and the value.
    pub fn longest_prefix(&self, key: impl IntoIterator<Item = S>) -> Option<(usize, &V)> {
        let mut node = &self.root;
        let mut best = node.value.as_ref().map(|value| (0, value));
        for (index, symbol) in key.into_iter().enumerate() {
            let Some(child) = node.children.get(&symbol) else { break };
            node = child;
            if let Some(value) = &node.value {
                best = Some((index + 1, value));
            }
        }
        best
    }

    /// Keys that begin like this, with their values, in order.
    pub fn starting_with(&self, prefix: &[S]) -> Iter<'_, S, V> {
        match self.root.find(prefix.iter().cloned()) {
            Some(node) => {
                Iter { key: prefix.to_vec(), fixed: prefix.len(), next: Some(node), stack: Vec::new() }
            }
            None => Iter { key: Vec::new(), fixed: 0, next: None, stack: Vec::new() },
        }
    }

    pub fn iter(&self) -> Iter<'_, S, V> {
        self.starting_with(&[])
    }

    /// Keys that differ from this one in at most so many symbols, with the number of differences.
    pub fn near(&self, key: &[S], limit: usize) -> Vec<(Vec<S>, usize)> {
        let mut found = Vec::new();
        let mut open = vec![(&self.root, Vec::new(), 0)];
        while let Some((node, so_far, differences)) = open.pop() {
            let Some(expected) = key.get(so_far.len()) else {
                if node.value.is_some() {
                    found.push((so_far, differences));
                }
                continue;
            };
            for (symbol, child) in node.children.iter().rev() {
                let differences = differences + usize::from(symbol != expected);
                if differences <= limit {
                    let mut longer = so_far.clone();
                    longer.push(symbol.clone());
                    open.push((child, longer, differences));
                }
            }
        }
        found
    }

    /// The continuation of a beginning as far as all keys agree on it.
    pub fn completion(&self, prefix: &[S]) -> Option<Vec<S>> {
        let mut node = self.root.find(prefix.iter().cloned())?;
        let mut more = Vec::new();
        while node.value.is_none() && node.children.len() == 1 {
            let (symbol, child) = node.children.iter().next()?;
            more.push(symbol.clone());
            node = child;
        }
        Some(more)
    }
}

type Children<'t, S, V> = std::collections::btree_map::Iter<'t, S, Node<S, V>>;

/// Walks through the nodes below a beginning.
pub struct Iter<'t, S, V> {
    key: Vec<S>,
    /// Symbols of the beginning, which are in all keys.
    fixed: usize,
    next: Option<&'t Node<S, V>>,
    stack: Vec<Children<'t, S, V>>,
}

impl<'t, S: Ord + Clone, V> Iterator for Iter<'t, S, V> {
    type Item = (Vec<S>, &'t V);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(node) = self.next.take() {
                self.stack.push(node.children.iter());
                if let Some(value) = &node.value {
                    return Some((self.key.clone(), value));
                }
            }
            match self.stack.last_mut()?.next() {
                Some((symbol, child)) => {
                    self.key.truncate(self.fixed + self.stack.len() - 1);
                    self.key.push(symbol.clone());
                    self.next = Some(child);
                }
                None => {
                    self.stack.pop();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trie(words: &[&str]) -> Trie<char, usize> {
        let mut trie = Trie::default();
        for (index, word) in words.iter().enumerate() {
            trie.insert(word.chars(), index);
        }
        trie
    }

    fn letters(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    fn words<'t>(entries: impl Iterator<Item = (Vec<char>, &'t usize)>) -> Vec<String> {
        entries.map(|(word, index)| format!("{}{index}", word.into_iter().collect::<String>())).collect()
    }

    #[test]
    fn keeps_values() {
        let mut some = trie(&["tide", "tides", "tie", "", "sea"]);
        assert_eq!(
            (some.len(), some.nodes(), some.get("tide".chars()), some.get("tid".chars())),
            (5, 9, Some(&0), None)
        );
        assert_eq!(
            (some.insert("tie".chars(), 9), some.insert("ti".chars(), 7), some.len()),
            (Some(2), None, 6)
        );
        assert_eq!(
            (some.remove("tides".chars()), some.remove("tides".chars()), some.nodes()),
            (Some(1), None, 8)
        );
        assert_eq!(
            (some.remove("tide".chars()), some.remove("sea".chars()), some.nodes(), some.len()),
            (Some(0), Some(4), 3, 3)
        );
        assert_eq!((some.remove("".chars()), some.is_empty()), (Some(3), false));
    }

    #[test]
    fn finds_beginnings() {
        let some = trie(&["a", "abc", "abd", "b", "abcde"]);
        assert_eq!(some.longest_prefix("abcdx".chars()), Some((3, &1)));
        assert_eq!(
            (some.longest_prefix("abx".chars()), some.longest_prefix("x".chars())),
            (Some((1, &0)), None)
        );
        assert_eq!(
            (some.longest_prefix("abcde".chars()), trie(&[""]).longest_prefix("q".chars())),
            (Some((5, &4)), Some((0, &0)))
        );
    }

    #[test]
    fn lists_in_order() {
        let some = trie(&["b", "abc", "", "ab", "abd", "c"]);
        assert_eq!(words(some.iter()), ["2", "ab3", "abc1", "abd4", "b0", "c5"]);
        assert_eq!(words(some.starting_with(&['a', 'b'])), ["ab3", "abc1", "abd4"]);
        assert_eq!(
            (words(some.starting_with(&['c'])), words(some.starting_with(&['x']))),
            (vec!["c5".to_owned()], vec![])
        );
    }

    #[test]
    fn helps_with_writing() {
        let some = trie(&["harbour", "harvest", "harbours", "dock"]);
        let completion =
            |text: &str| some.completion(&letters(text)).map(|more| more.into_iter().collect::<String>());
        assert_eq!(
            [completion("h"), completion("harb"), completion("d"), completion("harbour"), completion("x")],
            [Some("ar".into()), Some("our".into()), Some("ock".into()), Some(String::new()), None]
        );
        let near = |text: &str, limit| {
            some.near(&letters(text), limit)
                .into_iter()
                .map(|(word, n)| (word.into_iter().collect::<String>(), n))
                .collect::<Vec<_>>()
        };
        assert_eq!(near("harbest", 3), [("harbour".to_owned(), 3), ("harvest".to_owned(), 1)]);
        assert_eq!(
            (near("dack", 1), near("dac", 3), near("harbest", 0)),
            (vec![("dock".to_owned(), 1)], vec![], vec![])
        );
    }
}
