//! Identifiers that know what they identify, so that they can't be mixed up.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::num::ParseIntError;
use std::ops::Add;
use std::str::FromStr;

/// The number of a `T`. The `T` itself need not be comparable, hashable or even sized.
pub struct Id<T: ?Sized> {
    raw: u64,
    kind: PhantomData<fn(&T)>,
}

impl<T: ?Sized> Id<T> {
    pub const fn new(raw: u64) -> Self {
        Id { raw, kind: PhantomData }
    }

    pub const fn get(self) -> u64 {
        self.raw
    }
}

impl<T: ?Sized> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Id<T> {}

impl<T: ?Sized> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl<T: ?Sized> Eq for Id<T> {}

impl<T: ?Sized> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: ?Sized> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.raw.cmp(&other.raw)
    }
}

impl<T: ?Sized> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.raw.hash(state);
    }
}

impl<T: ?Sized> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({})", self.raw)
    }
}

impl<T: ?Sized> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.raw)
    }
}

/// The identifier `step` places on; it stops at the last one.
impl<T: ?Sized> Add<u64> for Id<T> {
    type Output = Id<T>;

    fn add(self, step: u64) -> Id<T> {
        Id::new(self.raw.saturating_add(step))
    }
}

/// Reads the `Display` form; the `#` may be missing.
impl<T: ?Sized> FromStr for Id<T> {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_prefix('#').unwrap_or(text).parse().map(Id::new)
    }
}

/// Fails with the number if it is negative.
impl<T: ?Sized> TryFrom<i64> for Id<T> {
    type Error = i64;

    fn try_from(raw: i64) -> Result<Self, Self::Error> {
        u64::try_from(raw).map(Id::new).map_err(|_| raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn compares_and_hashes_by_number() {
        let ids: HashSet<Id<str>> = [Id::new(2), Id::new(1), Id::new(2)].into();
        assert_eq!(ids.len(), 2);
        assert_eq!(ids.iter().max(), Some(&Id::new(2)));
    }

    #[test]
    fn reads_its_own_display_form() {
        let id = Id::<str>::new(41) + 1;
        assert_eq!((id.to_string().parse(), "42".parse()), (Ok(id), Ok(id)));
        assert!("#-1".parse::<Id<str>>().is_err());
        assert_eq!(format!("{id:?}"), "Id(42)");
    }

    #[test]
    fn refuses_negative_numbers() {
        assert_eq!(Id::<str>::try_from(-3), Err(-3));
        assert_eq!(Id::<str>::try_from(0).map(Id::get), Ok(0));
        assert_eq!((Id::<str>::new(u64::MAX) + 1).get(), u64::MAX);
    }
}
