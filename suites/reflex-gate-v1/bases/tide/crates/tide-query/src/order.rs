//! Sorts rows by several columns, keeps the best few, and goes on where a page ended.

use std::cmp::Ordering;

use crate::value::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    First,
    Last,
}

/// A column to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    pub column: usize,
    pub descending: bool,
    pub nulls: Nulls,
}

impl Key {
    pub const fn ascending(column: usize) -> Self {
        Key { column, descending: false, nulls: Nulls::Last }
    }

    pub const fn descending(column: usize) -> Self {
        Key { column, descending: true, nulls: Nulls::Last }
    }

    /// Where nulls go is not turned round by a descending order.
    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        let (a_is_null, b_is_null) = (*a == Value::Null, *b == Value::Null);
        if a_is_null || b_is_null {
            let nulls_last = a_is_null.cmp(&b_is_null);
            return if self.nulls == Nulls::First { nulls_last.reverse() } else { nulls_last };
        }
        let order = a.total_order(b);
        if self.descending {
            order.reverse()
        } else {
            order
        }
    }
}

pub type Row = Vec<Value>;

/// A row that lacks a column has null there.
fn cell(row: &[Value], column: usize) -> &Value {
    row.get(column).unwrap_or(&Value::Null)
}

pub fn compare_rows(keys: &[Key], a: &[Value], b: &[Value]) -> Ordering {
    let orders = keys.iter().map(|key| key.compare(cell(a, key.column), cell(b, key.column)));
    orders.fold(Ordering::Equal, Ordering::then)
}

/// Rows that compare equal stay in their order.
pub fn sort(rows: &mut [Row], keys: &[Key]) {
    rows.sort_by(|a, b| compare_rows(keys, a, b));
}

/// The first `limit` rows of the sorted ones, without sorting all of them.
pub fn top(rows: impl IntoIterator<Item = Row>, keys: &[Key], limit: usize) -> Vec<Row> {
    let mut best: Vec<Row> = Vec::with_capacity(limit + 1);
    for row in rows {
        // Behind all that are not larger: an earlier row stays in front of an equal one.
        let place = best.partition_point(|kept| compare_rows(keys, kept, &row) != Ordering::Greater);
        if place < limit {
            best.insert(place, row);
            best.truncate(limit);
        }
    }
    best
}

/// One page of sorted rows, and where the next one begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub rows: Vec<Row>,
    /// The key columns of the last row, if there are more rows behind it.
    pub next: Option<Row>,
}

/// The rows behind those whose keys are `after`. Keys must tell all rows apart, or rows may be left out.
pub fn page(rows: &[Row], keys: &[Key], after: Option<&[Value]>, size: usize) -> Page {
    let start = after.map_or(0, |after| {
        // `after` holds the key columns only, in the order of the keys.
        let positions: Vec<Key> =
            keys.iter().enumerate().map(|(column, key)| Key { column, ..*key }).collect();
        rows.partition_point(|row| compare_rows(&positions, &key_of(row, keys), after) != Ordering::Greater)
    });
    let end = rows.len().min(start.saturating_add(size));
    let next = (end < rows.len() && end > start).then(|| key_of(&rows[end - 1], keys));
    Page { rows: rows[start..end].to_vec(), next }
}

fn key_of(row: &[Value], keys: &[Key]) -> Row {
    keys.iter().map(|key| cell(row, key.column).clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(cells: &[(&str, Option<f64>)]) -> Vec<Row> {
        cells.iter().map(|(name, level)| vec![Value::from(*name), (*level).into()]).collect()
    }

    fn names(rows: &[Row]) -> String {
        rows.iter().map(|row| row[0].to_string().replace('"', "")).collect::<Vec<_>>().join(" ")
    }

    fn sample() -> Vec<Row> {
        rows(&[("d", Some(2.0)), ("a", None), ("c", Some(1.0)), ("b", Some(2.0)), ("e", None)])
    }

    #[test]
    fn sorts_by_several_columns() {
        let sorted = |keys: &[Key]| {
            let mut rows = sample();
            sort(&mut rows, keys);
            names(&rows)
        };
        assert_eq!(sorted(&[Key::ascending(1), Key::ascending(0)]), "c b d a e");
        assert_eq!(sorted(&[Key::descending(1), Key::descending(0)]), "d b c e a");
        assert_eq!(sorted(&[Key { nulls: Nulls::First, ..Key::descending(1) }]), "a e d b c");
        assert_eq!(sorted(&[Key::ascending(7)]), "d a c b e");
    }

    #[test]
    fn keeps_the_first() {
        let first = |limit| names(&top(sample(), &[Key::descending(1)], limit));
        assert_eq!([0, 1, 2, 3, 4, 9].map(first), ["", "d", "d b", "d b c", "d b c a", "d b c a e"]);
    }

    #[test]
    fn turns_pages() {
        let keys = [Key::ascending(1), Key::descending(0)];
        let mut all = sample();
        sort(&mut all, &keys);
        assert_eq!(names(&all), "c d b e a");
        let first = page(&all, &keys, None, 2);
        assert_eq!(
            (names(&first.rows), first.next.as_deref()),
            ("c d".into(), Some(&[Value::Number(2.0), "d".into()][..]))
        );
        let second = page(&all, &keys, first.next.as_deref(), 2);
        assert_eq!(names(&second.rows), "b e");
        let third = page(&all, &keys, second.next.as_deref(), 2);
        assert_eq!((names(&third.rows), third.next), ("a".into(), None));
        assert_eq!(page(&all, &keys, None, 5).next, None);
        assert_eq!(page(&all, &keys, None, 0), Page { rows: vec![], next: None });
    }
}
