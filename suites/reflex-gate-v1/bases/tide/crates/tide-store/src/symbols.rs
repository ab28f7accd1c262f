//! Names stored once: each has a number, and tables of counts by name.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// A name's number in the table that it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(u32);

#[derive(Debug, Clone, Default)]
pub struct Symbols {
    names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, Symbol>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

impl Symbols {
    /// Symbols that a table can hold.
    pub const LIMIT: usize = 1 << 24;

    /// The name's symbol; a new one if need be.
    pub fn intern(&mut self, name: &str) -> Result<Symbol, Full> {
        if let Some(symbol) = self.numbers.get(name) {
            return Ok(*symbol);
        }
        if self.names.len() >= Self::LIMIT {
            return Err(Full);
        }
        let symbol = Symbol(self.names.len() as u32);
        let shared: Arc<str> = Arc::from(name);
        self.names.push(Arc::clone(&shared));
        self.numbers.insert(shared, symbol);
        Ok(symbol)
    }

    pub fn find(&self, name: &str) -> Option<Symbol> {
        self.numbers.get(name).copied()
    }

    pub fn name(&self, symbol: Symbol) -> Option<&str> {
        self.names.get(symbol.0 as usize).map(|name| &**name)
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Symbols of all names that begin like this, in the order of the names.
    pub fn starting_with(&self, prefix: &str) -> Vec<Symbol> {
        let mut found: Vec<(&str, Symbol)> = self
            .numbers
            .iter()
            .filter(|(name, _)| name.starts_with(prefix))
            .map(|(name, symbol)| (&**name, *symbol))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, symbol)| symbol).collect()
    }

    /// Takes over the names of another table; the result gives each of its symbols' new ones.
    pub fn merge(&mut self, other: &Symbols) -> Result<Vec<Symbol>, Full> {
        other.names.iter().map(|name| self.intern(name)).collect()
    }

    pub fn display(&self, symbol: Symbol) -> impl fmt::Display + '_ {
        Named(self.name(symbol).unwrap_or("?"))
    }
}

/// Names with blanks are shown in quotation marks.
struct Named<'a>(&'a str);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() || self.0.contains(char::is_whitespace) {
            write!(f, "{:?}", self.0)
        } else {
            f.pad(self.0)
        }
    }
}

/// How often each symbol occurred.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    counts: Vec<u64>,
}

impl Counts {
    pub fn add(&mut self, symbol: Symbol, times: u64) {
        let index = symbol.0 as usize;
        if index >= self.counts.len() {
            self.counts.resize(index + 1, 0);
        }
        self.counts[index] += times;
    }

    pub fn get(&self, symbol: Symbol) -> u64 {
        self.counts.get(symbol.0 as usize).copied().unwrap_or(0)
    }

    /// The most frequent symbols, at most so many; of equal ones, those that came first.
    pub fn top(&self, limit: usize) -> Vec<(Symbol, u64)> {
        let mut all: Vec<(Symbol, u64)> =
            (0..).map(Symbol).zip(self.counts.iter().copied()).filter(|(_, count)| *count > 0).collect();
        all.sort_by(|(a, many), (b, more)| more.cmp(many).then(a.cmp(b)));
        all.truncate(limit);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(names: &[&str]) -> (Symbols, Vec<Symbol>) {
        let mut symbols = Symbols::default();
        let numbers = names.iter().map(|name| symbols.intern(name).unwrap()).collect();
        (symbols, numbers)
    }

    #[test]
    fn names_have_one_number() {
        let (symbols, numbers) = table(&["pier", "quay", "pier", ""]);
        assert_eq!(numbers, [Symbol(0), Symbol(1), Symbol(0), Symbol(2)]);
        assert_eq!(
            (symbols.len(), symbols.name(Symbol(1)), symbols.name(Symbol(3))),
            (3, Some("quay"), None)
        );
        assert_eq!((symbols.find("quay"), symbols.find("q")), (Some(Symbol(1)), None));
        assert!(Arc::ptr_eq(&symbols.names[0], symbols.numbers.get_key_value("pier").unwrap().0));
    }

    #[test]
    fn finds_by_prefix() {
        let (symbols, _) = table(&["quay", "pier-2", "pie", "pier-1", "p"]);
        let names = |prefix| {
            symbols.starting_with(prefix).into_iter().filter_map(|s| symbols.name(s)).collect::<Vec<_>>()
        };
        assert_eq!(names("pie"), ["pie", "pier-1", "pier-2"]);
        assert_eq!((names("").len(), names("x").len()), (5, 0));
    }

    #[test]
    fn merges_tables() {
        let (mut symbols, _) = table(&["a", "b"]);
        let (other, _) = table(&["b", "c", "a"]);
        assert_eq!(symbols.merge(&other), Ok(vec![Symbol(1), Symbol(2), Symbol(0)]));
        assert_eq!(symbols.len(), 3);
    }

    #[test]
    fn shows_names() {
        let (symbols, numbers) = table(&["pier", "north quay", ""]);
        let shown: Vec<_> = numbers.iter().map(|symbol| symbols.display(*symbol).to_string()).collect();
        assert_eq!(shown, ["pier", "\"north quay\"", "\"\""]);
        assert_eq!(format!("{:>6}|{}", symbols.display(Symbol(0)), symbols.display(Symbol(9))), "  pier|?");
    }

    #[test]
    fn counts() {
        let mut counts = Counts::default();
        for (number, times) in [(3, 2), (1, 5), (3, 3), (0, 1)] {
            counts.add(Symbol(number), times);
        }
        assert_eq!([0, 1, 2, 3, 4].map(|n| counts.get(Symbol(n))), [1, 5, 0, 5, 0]);
        assert_eq!(counts.top(2), [(Symbol(1), 5), (Symbol(3), 5)]);
        assert_eq!(counts.top(9).len(), 3);
    }
}
