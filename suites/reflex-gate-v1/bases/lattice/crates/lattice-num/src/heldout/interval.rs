//! Further tests of intervals.

use crate::heldout::Ledger;
use crate::interval::{busiest, Interval, Set};

fn all() -> Vec<Interval<f64>> {
    let ends = [-2.0, -0.5, 0.0, 1.5, 3.0];
    ends.iter().flat_map(|low| ends.iter().filter_map(|high| Interval::new(*low, *high))).collect()
}

fn inside(interval: Interval<f64>) -> [f64; 3] {
    let (low, high) = interval.bounds();
    [low, interval.middle(), high]
}

#[test]
fn hold_all_results() {
    let mut ledger = Ledger::default();
    assert_eq!(all().len(), 15);
    for a in all() {
        for b in all() {
            for x in inside(a) {
                for y in inside(b) {
                    note!(
                        ledger,
                        a.plus(b).contains(x + y) && a.minus(b).contains(x - y) && a.times(b).contains(x * y),
                        true
                    );
                    note!(
                        ledger,
                        a.over(b).is_none_or(|quotient| quotient.contains(x / y)
                            || (x / y).abs() < 1e9 && quotient.width() < 1e-9),
                        true
                    );
                }
                note!(ledger, a.squared().contains(x * x) && a.hull(b).contains(x), true);
            }
            note!(ledger, a.over(b).is_none(), b.contains(0.0));
            let (width, expected) = (a.plus(b).width(), a.width() + b.width());
            note!(ledger, (width, a.minus(b).width()), (expected, expected));
            note!(ledger, a.intersection(b).is_some(), a.overlaps(b));
            note!(ledger, a.covers(b), a.hull(b) == a);
            if let Some(common) = a.intersection(b) {
                note!(ledger, a.covers(common) && b.covers(common) && common.contains(common.middle()), true);
            }
        }
        note!(
            ledger,
            (a.squared().bounds().0 == 0.0, a.times(Interval::point(-1.0)).bounds()),
            (a.contains(0.0), (-a.bounds().1, -a.bounds().0))
        );
    }
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn sets_of_whole_numbers() {
    let mut ledger = Ledger::default();
    let mut state = 8_u64;
    for _ in 0..200 {
        let mut intervals = Vec::new();
        for _ in 0..8 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let low = (state >> 33) as i64 % 40;
            intervals.extend(Interval::new(low, low + (state >> 50) as i64 % 6));
        }
        let (a, b): (Set<i64>, Set<i64>) =
            (intervals[..4].iter().copied().collect(), intervals[4..].iter().copied().collect());
        let common = a.intersection(&b);
        let holds = |parts: &[Interval<i64>], n: i64| parts.iter().any(|interval| interval.contains(n));
        for n in -1..50 {
            note!(
                ledger,
                (a.contains(n), b.contains(n)),
                (holds(&intervals[..4], n), holds(&intervals[4..], n))
            );
            note!(ledger, common.contains(n), a.contains(n) && b.contains(n));
        }
        note!(ledger, a.intervals().windows(2).all(|pair| pair[0].bounds().1 < pair[1].bounds().0), true);
        note!(
            ledger,
            a.gaps().zip(a.intervals()).all(|((from, to), before)| from == before.bounds().1 && from < to),
            true
        );
        note!(ledger, a.gaps().count(), a.intervals().len() - 1);
        let counts: Vec<usize> =
            (0..50).map(|n| intervals.iter().filter(|interval| interval.contains(n)).count()).collect();
        let most = counts.iter().copied().max().unwrap();
        note!(
            ledger,
            busiest(&intervals),
            Some((most, counts.iter().position(|count| *count == most).unwrap() as i64))
        );
    }
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn special_cases() {
    assert_eq!(
        (Interval::around([1.5, -2.0, 7.0]).map(Interval::bounds), Interval::new(1, 0)),
        (Some((-2.0, 7.0)), None)
    );
    assert_eq!((Interval::new(0.0, f64::NAN), Interval::point('x').contains('x')), (None, true));
    let words: Set<&str> = [("b", "d"), ("a", "b"), ("x", "z")]
        .into_iter()
        .filter_map(|(low, high)| Interval::new(low, high))
        .collect();
    assert_eq!(
        words.intervals().iter().map(|word| word.bounds()).collect::<Vec<_>>(),
        [("a", "d"), ("x", "z")]
    );
    assert_eq!(
        (words.contains("cat"), words.contains("dog"), words.intersection(&Set::default())),
        (true, false, Set::default())
    );
}
