//! Further tests of sorting.

use crate::order::{compare_rows, page, sort, top, Key, Nulls, Row};
use crate::value::Value;
use std::cmp::Ordering;

fn row(cells: &[f64]) -> Row {
    cells.iter().map(|cell| if *cell < 0.0 { Value::Null } else { Value::Number(*cell) }).collect()
}

fn table() -> Vec<Row> {
    (0..40).map(|n| row(&[f64::from(n * 7 % 5) - 1.0, f64::from(n * 3 % 4), f64::from(n)])).collect()
}

fn ids(rows: &[Row]) -> Vec<String> {
    rows.iter().map(|row| row[2].to_string()).collect()
}

#[test]
fn orders() {
    let (a, b, null) = (row(&[1.0, 2.0]), row(&[1.0, 3.0]), row(&[-1.0, 9.0]));
    let both = [Key::ascending(0), Key::descending(1)];
    assert_eq!(compare_rows(&both, &a, &b), Ordering::Greater);
    assert_eq!(compare_rows(&both[..1], &a, &b), Ordering::Equal);
    assert_eq!(compare_rows(&[], &a, &null), Ordering::Equal);
    let first = Key { nulls: Nulls::First, ..Key::ascending(0) };
    let orders = [Key::ascending(0), Key::descending(0), first].map(|key| compare_rows(&[key], &null, &a));
    assert_eq!(orders, [Ordering::Greater, Ordering::Greater, Ordering::Less]);
    assert_eq!(compare_rows(&[Key::ascending(1)], &[], &null[..1]), Ordering::Equal);
}

#[test]
fn the_top_is_the_start_of_the_sorted() {
    for keys in [vec![Key::ascending(0)], vec![Key::descending(1), Key::ascending(0)], vec![]] {
        let mut sorted = table();
        sort(&mut sorted, &keys);
        for limit in [0, 1, 7, 39, 40, 50] {
            assert_eq!(ids(&top(table(), &keys, limit)), ids(&sorted[..limit.min(40)]));
        }
    }
}

#[test]
fn pages_hold_every_row_once() {
    let keys = [Key { nulls: Nulls::First, ..Key::descending(0) }, Key::ascending(1), Key::descending(2)];
    let mut all = table();
    sort(&mut all, &keys);
    for size in [1, 7, 8, 40, 41] {
        let (mut seen, mut after, mut pages) = (Vec::new(), None, 0);
        loop {
            let found = page(&all, &keys, after.as_deref(), size);
            seen.extend(ids(&found.rows));
            pages += 1;
            match found.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        assert_eq!((seen, pages), (ids(&all), 40_usize.div_ceil(size)));
    }
}

#[test]
fn places_between_rows() {
    let all: Vec<Row> = [1.0, 3.0, 5.0].iter().map(|n| row(&[*n, 0.0, *n])).collect();
    let keys = [Key::ascending(2)];
    let behind = |n: f64| ids(&page(&all, &keys, Some(&[Value::Number(n)]), 9).rows).concat();
    assert_eq!([0.0, 1.0, 2.0, 3.0, 5.0].map(behind), ["135", "35", "35", "5", ""]);
    assert_eq!(page(&all, &keys, None, 2).next, Some(vec![Value::Number(3.0)]));
}
