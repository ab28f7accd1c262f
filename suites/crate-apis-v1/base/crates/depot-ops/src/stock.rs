//! The stock on the shelves, in the order in which it came in.

use indexmap::map::Entry;
use indexmap::IndexMap;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stock {
    units: IndexMap<String, u32>,
}

impl Stock {
    /// Adds units; a code that is already there keeps its place.
    pub fn receive(&mut self, code: &str, units: u32) {
        match self.units.entry(code.to_owned()) {
            Entry::Occupied(mut there) => *there.get_mut() += units,
            Entry::Vacant(free) => {
                free.insert(units);
            }
        }
    }

    pub fn units(&self, code: &str) -> Option<u32> {
        self.units.get(code).copied()
    }

    pub fn codes(&self) -> Vec<&str> {
        self.units.keys().map(String::as_str).collect()
    }

    /// Takes a code off the shelves; the others stay in order.
    pub fn discontinue(&mut self, code: &str) -> Option<u32> {
        self.units.shift_remove(code)
    }

    /// The code that came in first.
    pub fn oldest(&self) -> Option<(&str, u32)> {
        self.units
            .first()
            .map(|(code, units)| (code.as_str(), *units))
    }

    /// Takes out the code that came in first.
    pub fn clear_oldest(&mut self) -> Option<(String, u32)> {
        self.units.shift_remove_index(0)
    }

    /// Where the code stands in the order of arrival, and its units.
    pub fn standing(&self, code: &str) -> Option<(usize, u32)> {
        self.units
            .get_full(code)
            .map(|(index, _, units)| (index, *units))
    }
}

impl<'a> FromIterator<(&'a str, u32)> for Stock {
    fn from_iter<I: IntoIterator<Item = (&'a str, u32)>>(lines: I) -> Self {
        let mut stock = Stock::default();
        for (code, units) in lines {
            stock.receive(code, units);
        }
        stock
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stock() -> Stock {
        Stock::from_iter([("d", 4), ("a", 1), ("c", 3), ("b", 2)])
    }

    #[test]
    fn receiving_keeps_the_order() {
        let mut stock = stock();
        stock.receive("a", 10);
        assert_eq!(stock.codes(), ["d", "a", "c", "b"]);
        assert_eq!(stock.units("a"), Some(11));
    }

    #[test]
    fn discontinuing_keeps_the_order() {
        let mut stock = stock();
        assert_eq!(stock.discontinue("a"), Some(1));
        assert_eq!(stock.codes(), ["d", "c", "b"]);
        assert_eq!(stock.discontinue("a"), None);
    }

    #[test]
    fn clears_the_oldest() {
        let mut stock = stock();
        assert_eq!(stock.oldest(), Some(("d", 4)));
        assert_eq!(stock.clear_oldest(), Some(("d".into(), 4)));
        assert_eq!(stock.codes(), ["a", "c", "b"]);
    }

    #[test]
    fn knows_the_standing() {
        assert_eq!(stock().standing("c"), Some((2, 3)));
        assert_eq!(stock().standing("z"), None);
    }
}
