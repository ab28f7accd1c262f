//! Rows by key.

use std::collections::{btree_map, BTreeMap};
use std::fmt;
use std::ops::RangeBounds;

/// Something that a table holds.
pub trait Record {
    /// What identifies a row.
    type Key: Ord + Clone + fmt::Debug;

    /// The kind of record, for messages.
    const KIND: &'static str;

    fn key(&self) -> Self::Key;

    /// Says what is wrong with the row, if anything.
    fn validate(&self) -> Result<(), String> {
        Ok(())
    }
}

/// Why a table refused a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableError<K> {
    Duplicate { kind: &'static str, key: K },
    Missing { kind: &'static str, key: K },
    KeyChanged { from: K, to: K },
    Invalid(String),
}

impl<K: fmt::Debug> fmt::Display for TableError<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TableError::Duplicate { kind, key } => write!(f, "{kind} {key:?} exists already"),
            TableError::Missing { kind, key } => write!(f, "no {kind} {key:?}"),
            TableError::KeyChanged { from, to } => write!(f, "key changed from {from:?} to {to:?}"),
            TableError::Invalid(reason) => f.write_str(reason),
        }
    }
}

impl<K: fmt::Debug> std::error::Error for TableError<K> {}

/// Rows in the order of their keys.
#[derive(Debug, Clone)]
pub struct Table<T: Record> {
    rows: BTreeMap<T::Key, T>,
    revision: u64,
}

impl<T: Record> Default for Table<T> {
    fn default() -> Self {
        Table { rows: BTreeMap::new(), revision: 0 }
    }
}

impl<T: Record> Table<T> {
    /// Adds a valid row with a new key.
    pub fn insert(&mut self, row: T) -> Result<(), TableError<T::Key>> {
        row.validate().map_err(TableError::Invalid)?;
        match self.rows.entry(row.key()) {
            btree_map::Entry::Occupied(entry) => {
                Err(TableError::Duplicate { kind: T::KIND, key: entry.key().clone() })
            }
            btree_map::Entry::Vacant(entry) => {
                entry.insert(row);
                self.revision += 1;
                Ok(())
            }
        }
    }

    /// Changes a row in a copy, and keeps the copy if it is valid and its key is the same.
    pub fn update(&mut self, key: &T::Key, change: impl FnOnce(&mut T)) -> Result<&T, TableError<T::Key>>
    where
        T: Clone,
    {
        let Some(row) = self.rows.get_mut(key) else {
            return Err(TableError::Missing { kind: T::KIND, key: key.clone() });
        };
        let mut changed = row.clone();
        change(&mut changed);
        changed.validate().map_err(TableError::Invalid)?;
        let to = changed.key();
        if to != *key {
            return Err(TableError::KeyChanged { from: key.clone(), to });
        }
        *row = changed;
        self.revision += 1;
        Ok(row)
    }

    pub fn remove(&mut self, key: &T::Key) -> Option<T> {
        let removed = self.rows.remove(key);
        self.revision += u64::from(removed.is_some());
        removed
    }

    pub fn get(&self, key: &T::Key) -> Option<&T> {
        self.rows.get(key)
    }

    /// How many changes the table has seen.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn iter(&self) -> btree_map::Values<'_, T::Key, T> {
        self.rows.values()
    }

    pub fn range(&self, keys: impl RangeBounds<T::Key>) -> impl DoubleEndedIterator<Item = &T> {
        self.rows.range(keys).map(|(_, row)| row)
    }
}

impl<'t, T: Record> IntoIterator for &'t Table<T> {
    type Item = &'t T;
    type IntoIter = btree_map::Values<'t, T::Key, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq)]
    struct Site(u32, &'static str);

    impl Record for Site {
        type Key = u32;
        const KIND: &'static str = "site";

        fn key(&self) -> u32 {
            self.0
        }

        fn validate(&self) -> Result<(), String> {
            if self.1.is_empty() {
                return Err("a site needs a name".to_owned());
            }
            Ok(())
        }
    }

    fn sites() -> Table<Site> {
        let mut table = Table::default();
        for site in [Site(3, "north"), Site(1, "south"), Site(7, "west")] {
            table.insert(site).expect("a new site");
        }
        table
    }

    #[test]
    fn refuses_duplicates_and_invalid_rows() {
        let mut table = sites();
        let error = table.insert(Site(3, "east")).unwrap_err();
        assert_eq!(error.to_string(), "site 3 exists already");
        assert_eq!(table.insert(Site(9, "")), Err(TableError::Invalid("a site needs a name".into())));
        assert_eq!((table.get(&3), table.len(), table.revision()), (Some(&Site(3, "north")), 3, 3));
    }

    #[test]
    fn updates_only_when_all_is_well() {
        let mut table = sites();
        assert_eq!(table.update(&1, |site| site.1 = "pit"), Ok(&Site(1, "pit")));
        assert_eq!(table.update(&1, |site| site.0 = 2), Err(TableError::KeyChanged { from: 1, to: 2 }));
        assert!(table.update(&1, |site| site.1 = "").is_err());
        assert_eq!(table.update(&2, |_| {}), Err(TableError::Missing { kind: "site", key: 2 }));
        assert_eq!((table.get(&1), table.revision()), (Some(&Site(1, "pit")), 4));
    }

    #[test]
    fn iterates_in_key_order() {
        let mut table = sites();
        assert_eq!(table.into_iter().map(Record::key).collect::<Vec<_>>(), [1, 3, 7]);
        assert_eq!(table.range(3..).rev().map(|site| site.1).collect::<Vec<_>>(), ["west", "north"]);
        assert_eq!(table.remove(&3), Some(Site(3, "north")));
        assert_eq!(table.remove(&3), None);
        assert_eq!((table.len(), table.is_empty(), table.revision()), (2, false, 4));
    }
}
