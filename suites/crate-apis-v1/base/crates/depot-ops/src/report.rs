//! Reports over ledger lines.

use itertools::Itertools;

use crate::ledger::Line;

/// Each code once, in the order of its first line.
pub fn distinct_codes(lines: &[Line]) -> Vec<&str> {
    lines
        .iter()
        .map(|line| line.code.as_str())
        .unique()
        .collect()
}

/// The smallest and the largest number of units.
pub fn spread(lines: &[Line]) -> Option<(u32, u32)> {
    lines.iter().map(|line| line.units).minmax().into_option()
}

/// The units of each aisle, aisles in alphabetical order.
pub fn per_aisle(lines: &[Line]) -> Vec<(char, u32)> {
    let sorted = lines.iter().sorted_by_key(|line| line.aisle);
    let mut totals = Vec::new();
    for (aisle, group) in &sorted.chunk_by(|line| line.aisle) {
        totals.push((aisle, group.map(|line| line.units).sum()));
    }
    totals
}

/// The walk of a picker: consecutive lines in the same aisle are one visit.
pub fn visits(lines: &[Line]) -> String {
    lines
        .iter()
        .chunk_by(|line| line.aisle)
        .into_iter()
        .map(|(aisle, group)| format!("{aisle}x{}", group.count()))
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Line> {
        let line = |(index, code): (usize, &str)| Line {
            code: code.to_owned(),
            units: index as u32 + 2,
            aisle: code.chars().next().unwrap(),
            note: None,
        };
        text.split(' ').enumerate().map(line).collect()
    }

    #[test]
    fn lists_codes_once() {
        assert_eq!(distinct_codes(&lines("B2 A1 B2 B2 A1")), ["B2", "A1"]);
    }

    #[test]
    fn measures_the_spread() {
        assert_eq!(spread(&lines("A1 A2 B1")), Some((2, 4)));
        assert_eq!(spread(&lines("A1")), Some((2, 2)));
        assert_eq!(spread(&[]), None);
    }

    #[test]
    fn sums_aisles() {
        assert_eq!(per_aisle(&lines("B1 A1 B2")), [('A', 3), ('B', 6)]);
    }

    #[test]
    fn follows_the_picker() {
        assert_eq!(visits(&lines("B1 B2 A1 B3")), "Bx2 Ax1 Bx1");
    }
}
