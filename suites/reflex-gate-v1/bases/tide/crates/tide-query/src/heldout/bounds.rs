//! Further tests of key ranges.

use crate::bounds::{bounds, End, Range, Ranges};
use crate::eval::eval;
use crate::parse::parse;
use crate::value::Value;
use std::collections::HashMap;

const CONDITIONS: [&str; 12] = [
    "k > 1 and k < 3",
    "k >= 1 and k <= 3 or k = 5",
    "2 <= k and 4 > k",
    "k != 2",
    "k != 2 and k != 4",
    "k in (1, 3, 5) or k > 4",
    "k in (1, null)",
    "k < 1 or k > 1",
    "k = 1 or k < 1 or k > 1",
    "(k > 0 and k <= 2) or (k >= 2 and k < 4)",
    "k >= 3 and (k < 4 or k = 5)",
    "3 = k or k in ()",
];

#[test]
fn agree_with_evaluation() {
    for condition in CONDITIONS {
        let expr = parse(condition).unwrap();
        let ranges = bounds(&expr, "k");
        for step in -2..14 {
            let key = f64::from(step) / 2.0;
            let holds = eval(&expr, &HashMap::from([("k", Value::Number(key))])) == Ok(true.into());
            assert_eq!(ranges.contains(key), holds, "{condition} at {key}");
        }
    }
}

#[test]
fn forms() {
    let count = |condition| bounds(&parse(condition).unwrap(), "k").ranges().len();
    assert_eq!(CONDITIONS.map(count), [1, 2, 1, 2, 3, 3, 1, 2, 1, 1, 2, 1]);
    assert_eq!(["null", "k = 1 and false", "x or k = 1", "k = 1 and x"].map(count), [0, 0, 1, 1]);
    let end = |at, included| Some(End { at, included });
    let found = bounds(&parse("k > 2 and k <= 8 and j < 1").unwrap(), "k");
    assert_eq!(found.ranges(), [Range { low: end(2.0, false), high: end(8.0, true) }]);
    assert_eq!(bounds(&parse("j < 1").unwrap(), "k"), Ranges::all());
}

#[test]
fn unions() {
    let union = |a: &str, b: &str| {
        let [a, b] = [a, b].map(|condition| bounds(&parse(condition).unwrap(), "k"));
        assert_eq!(a.or(&b), b.or(&a));
        a.or(&b)
    };
    let end = |at, included| Some(End { at, included });
    assert_eq!(union("k <= 2", "k > 2"), Ranges::all());
    assert_eq!(
        union("k >= 1 and k < 5", "k > 1 and k <= 5").ranges(),
        [Range { low: end(1.0, true), high: end(5.0, true) }]
    );
    assert_eq!(union("k > 1", "k = 9").ranges(), [Range { low: end(1.0, false), high: None }]);
    assert_eq!(union("k < 1", "k > 1 and k < 2").ranges().len(), 2);
    assert_eq!(Ranges::none().or(&Ranges::none()), Ranges::none());
}
