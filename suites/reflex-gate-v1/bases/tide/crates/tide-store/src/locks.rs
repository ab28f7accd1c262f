//! Locks on keys, shared or not, granted in the order of asking, with circles of waiting found at once.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub type Owner = u32;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Shared,
    Exclusive,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Granted,
    /// In the queue; `release` will tell when it is granted.
    Waiting,
    /// Waiting would never end: all of a circle would wait for each other.
    Deadlock,
}

#[derive(Debug, Default)]
struct Lock {
    holders: BTreeMap<Owner, Mode>,
    queue: VecDeque<(Owner, Mode)>,
}

impl Lock {
    /// Can `owner` hold it in this mode beside those who hold it now?
    fn admits(&self, owner: Owner, mode: Mode) -> bool {
        let mut others = self.holders.iter().filter(|(holder, _)| **holder != owner);
        match mode {
            Mode::Shared => others.all(|(_, held)| *held == Mode::Shared),
            Mode::Exclusive => others.next().is_none(),
        }
    }

    /// Whom somebody who asks has to wait for: holders that don't go together with it, and all in front of it.
    fn obstacles(&self, owner: Owner, mode: Mode) -> BTreeSet<Owner> {
        let clash = |other: Mode| mode == Mode::Exclusive || other == Mode::Exclusive;
        let holders = self.holders.iter().filter(|(_, held)| clash(**held)).map(|(holder, _)| *holder);
        let before =
            self.queue.iter().take_while(|(waiting, _)| *waiting != owner).map(|(waiting, _)| *waiting);
        holders.chain(before).filter(|other| *other != owner).collect()
    }

    /// Grants from the front of the queue as long as it goes.
    fn advance(&mut self) -> Vec<Owner> {
        let mut granted = Vec::new();
        while let Some((owner, mode)) = self.queue.front().copied() {
            if !self.admits(owner, mode) {
                break;
            }
            self.queue.pop_front();
            self.holders.insert(owner, mode);
            granted.push(owner);
        }
        granted
    }
}

#[derive(Debug, Default)]
pub struct LockTable<K> {
    locks: BTreeMap<K, Lock>,
}

impl<K: Ord + Clone> LockTable<K> {
    pub fn acquire(&mut self, owner: Owner, key: K, mode: Mode) -> Outcome {
        let lock = self.locks.entry(key.clone()).or_default();
        let held = lock.holders.get(&owner).copied();
        if held == Some(Mode::Exclusive) || held == Some(mode) {
            return Outcome::Granted;
        }
        // Who has it shared and wants it alone goes in front: those behind could not get it before anyway.
        if lock.admits(owner, mode) && (lock.queue.is_empty() || held.is_some()) {
            lock.holders.insert(owner, mode);
            return Outcome::Granted;
        }
        match held {
            Some(_) => lock.queue.push_front((owner, mode)),
            None => lock.queue.push_back((owner, mode)),
        }
        if self.waits_for_itself(owner) {
            self.cancel(owner, &key);
            return Outcome::Deadlock;
        }
        Outcome::Waiting
    }

    fn waits_for_itself(&self, start: Owner) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![start];
        while let Some(owner) = open.pop() {
            for lock in self.locks.values() {
                let waiting = lock.queue.iter().filter(|(waiting, _)| *waiting == owner);
                for obstacle in waiting.flat_map(|(_, mode)| lock.obstacles(owner, *mode)) {
                    if obstacle == start {
                        return true;
                    }
                    if seen.insert(obstacle) {
                        open.push(obstacle);
                    }
                }
            }
        }
        false
    }

    fn cancel(&mut self, owner: Owner, key: &K) {
        if let Some(lock) = self.locks.get_mut(key) {
            lock.queue.retain(|(waiting, _)| *waiting != owner);
        }
    }

    /// Gives up all that an owner holds and waits for; who gets what by that, in order.
    pub fn release(&mut self, owner: Owner) -> Vec<(Owner, K)> {
        let mut granted = Vec::new();
        for (key, lock) in &mut self.locks {
            lock.holders.remove(&owner);
            lock.queue.retain(|(waiting, _)| *waiting != owner);
            granted.extend(lock.advance().into_iter().map(|owner| (owner, key.clone())));
        }
        self.locks.retain(|_, lock| !lock.holders.is_empty() || !lock.queue.is_empty());
        granted
    }

    /// Who holds a key.
    pub fn holders(&self, key: &K) -> Vec<(Owner, Mode)> {
        self.locks
            .get(key)
            .into_iter()
            .flat_map(|lock| &lock.holders)
            .map(|(owner, mode)| (*owner, *mode))
            .collect()
    }

    /// Keys that somebody holds or waits for.
    pub fn len(&self) -> usize {
        self.locks.len()
    }

    pub fn is_empty(&self) -> bool {
        self.locks.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Mode::{Exclusive, Shared};
    use super::Outcome::{Deadlock, Granted, Waiting};
    use super::*;

    #[test]
    fn shares_and_excludes() {
        let mut table = LockTable::default();
        assert_eq!((table.acquire(1, "a", Shared), table.acquire(2, "a", Shared)), (Granted, Granted));
        assert_eq!(table.acquire(3, "a", Exclusive), Waiting);
        assert_eq!(table.holders(&"a"), [(1, Shared), (2, Shared)]);
        assert_eq!(table.release(1), []);
        assert_eq!(table.release(2), [(3, "a")]);
        assert_eq!(table.holders(&"a"), [(3, Exclusive)]);
        assert_eq!((table.release(3), table.len()), (vec![], 0));
    }

    #[test]
    fn nobody_overtakes() {
        let mut table = LockTable::default();
        table.acquire(1, "a", Shared);
        table.acquire(2, "a", Exclusive);
        assert_eq!((table.acquire(3, "a", Shared), table.acquire(4, "a", Shared)), (Waiting, Waiting));
        assert_eq!(table.release(1), [(2, "a")]);
        assert_eq!(table.release(2), [(3, "a"), (4, "a")]);
    }

    #[test]
    fn asks_again_and_for_more() {
        let mut table = LockTable::default();
        table.acquire(1, "a", Shared);
        assert_eq!((table.acquire(1, "a", Shared), table.acquire(1, "a", Exclusive)), (Granted, Granted));
        assert_eq!((table.acquire(1, "a", Shared), table.holders(&"a")), (Granted, vec![(1, Exclusive)]));
        let mut table = LockTable::default();
        table.acquire(1, "a", Shared);
        table.acquire(2, "a", Shared);
        table.acquire(3, "a", Exclusive);
        assert_eq!(table.acquire(1, "a", Exclusive), Waiting);
        assert_eq!(table.release(2), [(1, "a")]);
        assert_eq!(table.release(1), [(3, "a")]);
    }

    #[test]
    fn finds_circles() {
        let mut table = LockTable::default();
        for (owner, key) in [(1, "a"), (2, "b"), (3, "c")] {
            assert_eq!(table.acquire(owner, key, Exclusive), Granted);
        }
        assert_eq!((table.acquire(1, "b", Shared), table.acquire(2, "c", Shared)), (Waiting, Waiting));
        assert_eq!(table.acquire(3, "a", Exclusive), Deadlock);
        assert_eq!(table.release(3), [(2, "c")]);
        assert_eq!(table.release(2), [(1, "b")]);
        let mut table = LockTable::default();
        table.acquire(1, "a", Shared);
        table.acquire(2, "a", Shared);
        assert_eq!((table.acquire(1, "a", Exclusive), table.acquire(2, "a", Exclusive)), (Waiting, Deadlock));
    }
}
