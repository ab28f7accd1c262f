//! Further tests of groups.

use crate::group::{group, having, rollup, Aggregate};

fn one(values: &[f64], aggregate: Aggregate) -> Option<f64> {
    group(values.iter().map(|value| ((), Some(*value))), aggregate).first().and_then(|(_, value)| *value)
}

#[test]
fn single_groups() {
    let values = [3.0, -1.0, 8.0, 2.0, 3.0];
    assert_eq!(one(&values, Aggregate::Count), Some(5.0));
    assert_eq!(one(&values, Aggregate::Sum), Some(15.0));
    assert_eq!(one(&values, Aggregate::Mean), Some(3.0));
    assert_eq!((one(&values, Aggregate::Min), one(&values, Aggregate::Max)), (Some(-1.0), Some(8.0)));
    assert_eq!(
        (one(&values, Aggregate::Median), one(&values[..4], Aggregate::Median)),
        (Some(3.0), Some(2.5))
    );
    assert_eq!((one(&[7.0], Aggregate::Median), one(&[7.0], Aggregate::Deviation)), (Some(7.0), None));
    assert_eq!(one(&[1.0, 5.0], Aggregate::Deviation), Some(8.0_f64.sqrt()));
    assert_eq!(one(&[1e9, 1e9 + 4.0, 1e9 + 8.0], Aggregate::Deviation), Some(4.0));
}

#[test]
fn missing_values() {
    let rows = [(2, None), (1, Some(6.0)), (2, None), (1, None), (1, Some(2.0))];
    let all = |aggregate| group(rows, aggregate);
    assert_eq!(all(Aggregate::Count), [(1, Some(2.0)), (2, Some(0.0))]);
    assert_eq!(all(Aggregate::Mean), [(1, Some(4.0)), (2, None)]);
    assert_eq!(all(Aggregate::Median), [(1, Some(4.0)), (2, None)]);
    assert_eq!(all(Aggregate::Max), [(1, Some(6.0)), (2, None)]);
    assert_eq!(group(Vec::<(u8, Option<f64>)>::new(), Aggregate::Sum), []);
}

#[test]
fn subtotals() {
    let rows = [(vec!["x", "y", "z"], 3.0), (vec!["x", "y"], 5.0), (vec![], 7.0), (vec!["w"], -1.0)];
    let shown = |aggregate| {
        rollup(&rows, aggregate)
            .into_iter()
            .map(|(key, value)| (key.concat(), value.unwrap()))
            .collect::<Vec<_>>()
    };
    let text = |pairs: [(&str, f64); 5]| pairs.map(|(key, value)| (key.to_owned(), value)).to_vec();
    assert_eq!(shown(Aggregate::Count), text([("", 4.0), ("w", 1.0), ("x", 2.0), ("xy", 2.0), ("xyz", 1.0)]));
    assert_eq!(shown(Aggregate::Max), text([("", 7.0), ("w", -1.0), ("x", 5.0), ("xy", 5.0), ("xyz", 3.0)]));
}

#[test]
fn conditions_on_groups() {
    let groups = group(
        [('b', Some(3.0)), ('a', Some(3.0)), ('c', Some(9.0)), ('d', Some(1.0)), ('c', Some(1.0))],
        Aggregate::Sum,
    );
    assert_eq!(having(groups.clone(), 3.0), [('c', 10.0), ('a', 3.0), ('b', 3.0)]);
    assert_eq!(having(groups, 11.0), []);
}
