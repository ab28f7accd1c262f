//! Further tests of plans.

use crate::plan::{expected_rows, plans, Condition, Index, Table, Test};

fn table() -> Table {
    let index = |column: &str, keys, clustered| Index { column: column.into(), keys, clustered };
    Table {
        name: "t".into(),
        rows: 1000,
        indexes: vec![index("a", 100, false), index("b", 4, false), index("c", 0, true)],
    }
}

fn on(column: &str, test: Test) -> Condition {
    Condition { column: column.into(), test }
}

fn shown(conditions: &[Condition], order_by: Option<&str>) -> Vec<(String, f64, f64)> {
    plans(&table(), conditions, order_by)
        .into_iter()
        .map(|p| (p.plan.to_string(), p.cost.round(), p.rows))
        .collect()
}

#[test]
fn shares() {
    let rows = |conditions: &[Condition]| expected_rows(&table(), conditions);
    assert_eq!(rows(&[]), 1000.0);
    assert_eq!(rows(&[on("a", Test::Keys(3))]), 30.0);
    assert_eq!(rows(&[on("c", Test::Keys(3)), on("z", Test::Keys(2))]), 200.0);
    assert_eq!(rows(&[on("b", Test::Range(1.5)), on("b", Test::Keys(1))]), 250.0);
}

#[test]
fn prices() {
    let found = shown(&[on("a", Test::Keys(2)), on("b", Test::Keys(1))], None);
    assert_eq!(
        found,
        [
            ("look a up in t".into(), 96.0, 5.0),
            ("scan t".into(), 1000.0, 5.0),
            ("look b up in t".into(), 1008.0, 5.0)
        ]
    );
    let found = shown(&[on("c", Test::Range(0.25)), on("a", Test::Range(0.25))], None);
    assert_eq!(found[0], ("look c up in t".into(), 258.0, 62.5));
    assert_eq!(found[1], ("scan t".into(), 1000.0, 62.5));
    assert_eq!(shown(&[on("z", Test::Keys(1))], None), [("scan t".into(), 1000.0, 100.0)]);
}

#[test]
fn orders() {
    let found = shown(&[on("a", Test::Keys(1))], Some("c"));
    assert_eq!(found[0], ("look a up in t, sort by c".into(), 51.0, 10.0));
    assert_eq!(found[1], ("scan t".into(), 1000.0, 10.0));
    let found = shown(&[on("b", Test::Range(0.5))], Some("b"));
    assert_eq!(found[0], ("scan t, sort by b".into(), 1448.0, 500.0));
    assert_eq!(found[1], ("look b up in t".into(), 2008.0, 500.0));
    assert_eq!(
        shown(&[on("a", Test::Range(0.0))], Some("b"))[0],
        ("look a up in t, sort by b".into(), 8.0, 0.0)
    );
}
