//! A map whose changes can be taken back: to a savepoint, step by step, or all of them.

use std::collections::BTreeMap;

/// A place in the history that one can go back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Savepoint(usize);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UndoError {
    /// It lies behind a change that was taken back.
    Gone,
    Nothing,
}

#[derive(Debug, Clone)]
struct Step<K, V> {
    key: K,
    before: Option<V>,
}

#[derive(Debug, Clone)]
pub struct UndoMap<K, V> {
    map: BTreeMap<K, V>,
    done: Vec<Step<K, V>>,
    /// Steps that were taken back, the last one first to be done again.
    undone: Vec<Step<K, V>>,
}

impl<K, V> Default for UndoMap<K, V> {
    fn default() -> Self {
        UndoMap { map: BTreeMap::new(), done: Vec::new(), undone: Vec::new() }
    }
}

impl<K: Ord + Clone, V: Clone> UndoMap<K, V> {
    pub fn get(&self, key: &K) -> Option<&V> {
        self.map.get(key)
    }

    pub fn map(&self) -> &BTreeMap<K, V> {
        &self.map
    }

    /// Sets or removes a value and gives the one before. What was taken back can't be done again after that.
    pub fn set(&mut self, key: K, value: Option<V>) -> Option<V> {
        self.undone.clear();
        let before = replace(&mut self.map, &key, value);
        self.done.push(Step { key, before: before.clone() });
        before
    }

    /// Changes a value where there is one; tells whether there was.
    pub fn update(&mut self, key: &K, change: impl FnOnce(&mut V)) -> bool {
        let Some(mut value) = self.map.get(key).cloned() else {
            return false;
        };
        change(&mut value);
        self.set(key.clone(), Some(value));
        true
    }

    pub fn savepoint(&self) -> Savepoint {
        Savepoint(self.done.len())
    }

    /// Takes back all changes since the savepoint; how many.
    pub fn rollback(&mut self, to: Savepoint) -> Result<usize, UndoError> {
        let steps = self.done.len().checked_sub(to.0).ok_or(UndoError::Gone)?;
        for _ in 0..steps {
            self.undo()?;
        }
        self.undone.clear();
        Ok(steps)
    }

    /// Takes the last change back.
    pub fn undo(&mut self) -> Result<(), UndoError> {
        let Step { key, before } = self.done.pop().ok_or(UndoError::Nothing)?;
        let after = replace(&mut self.map, &key, before);
        self.undone.push(Step { key, before: after });
        Ok(())
    }

    /// Does the change again that was taken back last.
    pub fn redo(&mut self) -> Result<(), UndoError> {
        let Step { key, before: value } = self.undone.pop().ok_or(UndoError::Nothing)?;
        let before = replace(&mut self.map, &key, value);
        self.done.push(Step { key, before });
        Ok(())
    }

    /// Keys whose values differ from those at the savepoint, with the values that they had.
    pub fn changed_since(&self, savepoint: Savepoint) -> Result<BTreeMap<&K, Option<&V>>, UndoError>
    where
        V: PartialEq,
    {
        let steps = self.done.get(savepoint.0..).ok_or(UndoError::Gone)?;
        let mut changed = BTreeMap::new();
        for Step { key, before } in steps {
            // The first change of a key knows what it was before all of them.
            changed.entry(key).or_insert(before.as_ref());
        }
        changed.retain(|key, before| self.map.get(*key) != *before);
        Ok(changed)
    }

    /// Runs `work`; if it fails, everything is as it was before.
    pub fn atomically<T, E>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let start = self.savepoint();
        let outcome = work(self);
        if outcome.is_err() {
            // Work that has gone back further than its start has nothing left to take back.
            let _ = self.rollback(start);
        }
        outcome
    }
}

fn replace<K: Ord + Clone, V>(map: &mut BTreeMap<K, V>, key: &K, value: Option<V>) -> Option<V> {
    match value {
        Some(value) => map.insert(key.clone(), value),
        None => map.remove(key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(map: &UndoMap<char, i32>) -> String {
        map.map().iter().map(|(key, value)| format!("{key}{value}")).collect()
    }

    fn sample() -> UndoMap<char, i32> {
        let mut map = UndoMap::default();
        map.set('a', Some(1));
        map.set('b', Some(2));
        map.set('a', Some(3));
        map.set('b', None);
        map
    }

    #[test]
    fn goes_back_and_forth() {
        let mut map = sample();
        let mut seen = vec![shown(&map)];
        while map.undo().is_ok() {
            seen.push(shown(&map));
        }
        assert_eq!(seen, ["a3", "a3b2", "a1b2", "a1", ""]);
        assert_eq!((map.redo(), map.redo(), map.redo()), (Ok(()), Ok(()), Ok(())));
        assert_eq!(shown(&map), "a3b2");
        assert_eq!((map.set('c', Some(9)), map.redo()), (None, Err(UndoError::Nothing)));
    }

    #[test]
    fn rolls_back_to_savepoints() {
        let mut map = sample();
        let early = map.savepoint();
        map.set('c', Some(5));
        let late = map.savepoint();
        map.set('a', None);
        assert_eq!((map.rollback(early), shown(&map)), (Ok(2), "a3".into()));
        assert_eq!((map.rollback(late), map.redo()), (Err(UndoError::Gone), Err(UndoError::Nothing)));
        assert_eq!(map.rollback(early), Ok(0));
    }

    #[test]
    fn tells_what_changed() {
        let mut map = sample();
        let start = map.savepoint();
        map.set('c', Some(1));
        map.update(&'a', |value| *value += 1);
        map.set('c', None);
        map.set('b', Some(7));
        assert_eq!(map.changed_since(start), Ok(BTreeMap::from([(&'a', Some(&3)), (&'b', None)])));
        map.undo().unwrap();
        assert_eq!(map.changed_since(start).map(|changed| changed.len()), Ok(1));
        assert!(!map.update(&'x', |_| ()));
        assert_eq!(map.changed_since(Savepoint(99)), Err(UndoError::Gone));
    }

    #[test]
    fn works_as_a_whole_or_not_at_all() {
        let mut map = sample();
        let failed = map.atomically(|map| {
            map.set('a', Some(100));
            map.atomically(|map| Ok::<_, ()>(map.set('z', Some(1)))).unwrap();
            Err::<(), _>("no")
        });
        assert_eq!((failed, shown(&map)), (Err("no"), "a3".into()));
        let done = map.atomically(|map| Ok::<_, ()>(map.set('a', Some(4))));
        assert_eq!((done, shown(&map)), (Ok(Some(3)), "a4".into()));
    }
}
