//! Further tests of neighbouring rows.

use crate::heldout::Ledger;
use crate::window::{differences, moving_max, moving_mean, ranks, runs, smoothed, Run, Ties};

#[test]
fn against_plain_loops() {
    let mut ledger = Ledger::default();
    let values: Vec<f64> = (0..60).map(|n| f64::from(n * 37 % 23)).collect();
    let holed: Vec<Option<f64>> = values.iter().map(|v| (*v as i64 % 4 != 0).then_some(*v)).collect();
    for size in [1, 2, 5, 60, 100] {
        let maxima = moving_max(&values, size);
        let means = moving_mean(&holed, size, 2);
        for index in 0..values.len() {
            let start = (index + 1).saturating_sub(size);
            note!(ledger, maxima[index], values[start..=index].iter().copied().fold(f64::MIN, f64::max));
            let known: Vec<f64> = holed[start..=index].iter().copied().flatten().collect();
            let mean = (known.len() >= 2).then(|| known.iter().sum::<f64>() / known.len() as f64);
            note!(ledger, means[index].is_some(), mean.is_some());
            note!(ledger, (means[index].unwrap_or(0.0) - mean.unwrap_or(0.0)).abs() < 1e-9, true);
        }
    }
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn differences_over_distances() {
    let values = [2.0, 3.0, 5.0, 8.0];
    assert_eq!(differences(&values, 3), [None, None, None, Some(6.0)]);
    assert_eq!(differences(&values, 0), [Some(0.0); 4]);
    assert_eq!(differences(&values, 9), [None; 4]);
    assert_eq!(differences(&values, 1), [None, Some(1.0), Some(2.0), Some(3.0)]);
}

#[test]
fn ranking() {
    let values = [2.0, 2.0, 7.0, 2.0, 1.0, 7.0];
    assert_eq!(ranks(&values, Ties::Gaps), [3, 3, 1, 3, 6, 1]);
    assert_eq!(ranks(&values, Ties::Dense), [2, 2, 1, 2, 3, 1]);
    assert_eq!(ranks(&values, Ties::None), [3, 4, 1, 5, 6, 2]);
    assert_eq!(ranks(&[], Ties::Gaps), Vec::<usize>::new());
}

#[test]
fn runs_and_gaps() {
    let values = [0.0, 2.0, 0.0, 2.0, 2.0, 0.0, 0.0, 0.0, 2.0, 0.0];
    let run = |start, length| Run { start, length };
    let found = |least, gap| runs(&values, |value| value > 1.0, least, gap);
    assert_eq!(found(1, 0), [run(1, 1), run(3, 2), run(8, 1)]);
    assert_eq!(found(1, 1), [run(1, 4), run(8, 1)]);
    assert_eq!(found(4, 1), [run(1, 4)]);
    assert_eq!(found(5, 2), []);
    assert_eq!(found(8, 3), [run(1, 8)]);
}

#[test]
fn smoothing() {
    assert_eq!(
        smoothed(&[Some(4.0), Some(8.0), None, Some(0.0)], 0.5),
        [Some(4.0), Some(6.0), Some(6.0), Some(3.0)]
    );
    assert_eq!(smoothed(&[None, Some(1.0), Some(9.0)], 1.0), [None, Some(1.0), Some(9.0)]);
}
