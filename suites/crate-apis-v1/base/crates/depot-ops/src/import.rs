//! Taking in a delivery: the ledger, the place of each line, and what to say when it fails.

use anyhow::{ensure, Context, Result};
use depot_catalog::error::{distance, CatalogError};

use crate::ledger;
use crate::stock::Stock;

/// The stock of a ledger.
pub fn import(name: &str, text: &str) -> Result<Stock> {
    let lines = ledger::read(text).with_context(|| format!("ledger {name}"))?;
    ensure!(!lines.is_empty(), "ledger {name} is empty");
    Ok(lines
        .iter()
        .map(|line| (line.code.as_str(), line.units))
        .collect())
}

/// How far a delivery is from the door.
pub fn walk(marks: &[&str]) -> Result<u32> {
    let mut total = 0;
    for (stop, mark) in marks.iter().enumerate() {
        total += distance(mark).with_context(|| format!("stop {}", stop + 1))?;
    }
    Ok(total)
}

/// The error and its causes on one line.
pub fn explain(error: &anyhow::Error) -> String {
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    causes.join(": ")
}

/// Whether the error comes from a shelf mark, so that the clerk can mend it.
pub fn is_clerks(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(CatalogError::Mark(_)))
}

/// The first cause of all.
pub fn root(error: &anyhow::Error) -> String {
    error.root_cause().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_a_ledger() {
        let stock = import("m", "code,units,aisle,note\nb,2,A,\na,1,A,\nb,3,B,\n").unwrap();
        assert_eq!(stock.codes(), ["b", "a"]);
        assert_eq!(stock.units("b"), Some(5));
    }

    #[test]
    fn explains_failures() {
        let error = walk(&["A1", "Bx"]).unwrap_err();
        assert_eq!(
            explain(&error),
            "stop 2: shelf mark `Bx` has a bad bay number: invalid digit found in string"
        );
        assert_eq!(root(&error), "invalid digit found in string");
    }

    #[test]
    fn knows_whose_fault_it_is() {
        assert!(is_clerks(&walk(&["C"]).unwrap_err()));
        assert!(is_clerks(&walk(&["A1", "Bx"]).unwrap_err()));
        assert!(!is_clerks(
            &import("m", "code,units,aisle,note\n").unwrap_err()
        ));
    }
}
