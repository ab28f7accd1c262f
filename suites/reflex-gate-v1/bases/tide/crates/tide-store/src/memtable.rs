//! The newest writes in memory: every version of a key until it is flushed, removals included.

use std::collections::BTreeMap;
use std::ops::Bound;

/// Number of a write; later writes have larger ones.
pub type Sequence = u64;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Write {
    Put(Vec<u8>),
    Remove,
}

/// What a table knows of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found<'a> {
    Value(&'a [u8]),
    /// It was removed: older tables need not be asked.
    Removed,
    Unknown,
}

#[derive(Debug, Clone, Default)]
pub struct Memtable {
    /// Versions of a key, the oldest first.
    keys: BTreeMap<Vec<u8>, Vec<(Sequence, Write)>>,
    last: Sequence,
    size: usize,
}

impl Memtable {
    pub fn put(&mut self, key: &[u8], value: &[u8]) -> Sequence {
        self.write(key, Write::Put(value.to_vec()))
    }

    pub fn remove(&mut self, key: &[u8]) -> Sequence {
        self.write(key, Write::Remove)
    }

    fn write(&mut self, key: &[u8], write: Write) -> Sequence {
        self.last += 1;
        self.size += key.len() + write.size();
        match self.keys.get_mut(key) {
            Some(versions) => versions.push((self.last, write)),
            None => {
                self.keys.insert(key.to_vec(), vec![(self.last, write)]);
            }
        }
        self.last
    }

    /// Bytes of all keys and values, each write counted.
    pub fn size(&self) -> usize {
        self.size
    }

    pub fn last(&self) -> Sequence {
        self.last
    }

    /// What a reader sees who began behind write `at`.
    pub fn get(&self, key: &[u8], at: Sequence) -> Found<'_> {
        self.keys.get(key).map_or(Found::Unknown, |versions| visible(versions, at))
    }

    /// Keys that have a value at `at`, from `start` up to `end` without it.
    pub fn range<'a>(&'a self, start: &[u8], end: Option<&[u8]>, at: Sequence) -> Vec<(&'a [u8], &'a [u8])> {
        let end = end.map_or(Bound::Unbounded, Bound::Excluded);
        if let Bound::Excluded(end) = end {
            if end <= start {
                return Vec::new();
            }
        }
        let inside = self.keys.range::<[u8], _>((Bound::Included(start), end));
        inside
            .filter_map(|(key, versions)| match visible(versions, at) {
                Found::Value(value) => Some((key.as_slice(), value)),
                Found::Removed | Found::Unknown => None,
            })
            .collect()
    }

    /// Forgets versions that no reader can see any more who began at `oldest` or later; how many.
    pub fn prune(&mut self, oldest: Sequence) -> usize {
        let mut pruned = 0;
        for (key, versions) in &mut self.keys {
            // The newest of the old ones is still seen.
            let old = versions.iter().take_while(|(sequence, _)| *sequence <= oldest).count();
            for (_, write) in versions.drain(..old.saturating_sub(1)) {
                self.size -= key.len() + write.size();
                pruned += 1;
            }
        }
        pruned
    }

    /// The newest version of each key, in order; `None` for a removed one.
    pub fn into_newest(self) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
        self.keys
            .into_iter()
            .filter_map(|(key, mut versions)| match versions.pop()? {
                (_, Write::Put(value)) => Some((key, Some(value))),
                (_, Write::Remove) => Some((key, None)),
            })
            .collect()
    }
}

impl Write {
    fn size(&self) -> usize {
        match self {
            Write::Put(value) => value.len(),
            Write::Remove => 0,
        }
    }
}

fn visible(versions: &[(Sequence, Write)], at: Sequence) -> Found<'_> {
    let newest = versions.iter().rev().find(|(sequence, _)| *sequence <= at);
    match newest {
        Some((_, Write::Put(value))) => Found::Value(value),
        Some((_, Write::Remove)) => Found::Removed,
        None => Found::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Memtable {
        let mut table = Memtable::default();
        table.put(b"pier", b"1");
        table.put(b"quay", b"2");
        table.put(b"pier", b"30");
        table.remove(b"quay");
        table
    }

    #[test]
    fn readers_see_their_own_time() {
        let table = table();
        let seen: Vec<_> = (0..5).map(|at| (table.get(b"pier", at), table.get(b"quay", at))).collect();
        let (one, two, thirty) = (Found::Value(b"1"), Found::Value(b"2"), Found::Value(b"30"));
        let expected = [
            (Found::Unknown, Found::Unknown),
            (one, Found::Unknown),
            (one, two),
            (thirty, two),
            (thirty, Found::Removed),
        ];
        assert_eq!(seen, expected);
        assert_eq!((table.get(b"dock", 4), table.last()), (Found::Unknown, 4));
    }

    #[test]
    fn ranges_leave_out_what_is_removed() {
        let mut table = table();
        table.put(b"sluice", b"5");
        let keys = |start: &str, end: Option<&str>, at| {
            let found = table.range(start.as_bytes(), end.map(str::as_bytes), at);
            found.iter().map(|(key, _)| String::from_utf8_lossy(key).into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(keys("", None, 5), ["pier", "sluice"]);
        assert_eq!(keys("", None, 2), ["pier", "quay"]);
        assert_eq!(keys("pier", Some("sluice"), 5), ["pier"]);
        assert_eq!(keys("pj", Some("t"), 5), ["sluice"]);
        assert_eq!(keys("t", Some("a"), 5), Vec::<String>::new());
    }

    #[test]
    fn prunes_what_nobody_sees() {
        let mut table = table();
        assert_eq!((table.size(), table.prune(2)), (4 * 4 + 4, 0));
        assert_eq!(table.prune(3), 1);
        assert_eq!((table.get(b"pier", 3), table.get(b"pier", 2)), (Found::Value(b"30"), Found::Unknown));
        assert_eq!((table.prune(9), table.size()), (1, 4 + 2 + 4));
        assert_eq!(table.get(b"quay", 9), Found::Removed);
    }

    #[test]
    fn hands_over_the_newest() {
        let newest = table().into_newest();
        assert_eq!(newest, [(b"pier".to_vec(), Some(b"30".to_vec())), (b"quay".to_vec(), None)]);
    }
}
