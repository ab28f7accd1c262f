//! Further tests of regular grids.

use crate::resample::{bucket_start, resample, turns, value_at, Fill, Reading, Turn};

fn readings(pairs: &[(i64, f64)]) -> Vec<Reading> {
    pairs.iter().map(|(time, value)| Reading { time: *time, value: *value }).collect()
}

fn pairs(readings: Vec<Reading>) -> Vec<(i64, f64)> {
    readings.into_iter().map(|reading| (reading.time, reading.value)).collect()
}

#[test]
fn buckets() {
    let starts = [-61, -60, -1, 0, 59, 60, 61].map(|time| bucket_start(time, 60, 0));
    assert_eq!(starts, [-120, -60, -60, 0, 0, 60, 60]);
    assert_eq!([-1, 0, 6, 7, 8].map(|time| bucket_start(time, 7, 100)), [-5, -5, 2, 2, 2]);
    let sample = readings(&[(1, 1.0), (2, 2.0), (3, 6.0), (5, 7.0), (8, 1.0)]);
    assert_eq!(pairs(resample(&sample, 3, 1, Fill::None)), [(1, 3.0), (4, 7.0), (7, 1.0)]);
}

#[test]
fn gaps() {
    let sample = readings(&[(-7, 8.0), (13, 0.0), (26, 6.0)]);
    assert_eq!(
        pairs(resample(&sample, 5, 0, Fill::Linear)),
        [(-10, 8.0), (-5, 6.0), (0, 4.0), (5, 2.0), (10, 0.0), (15, 2.0), (20, 4.0), (25, 6.0)]
    );
    assert_eq!(pairs(resample(&sample, 10, 0, Fill::Last)), [(-10, 8.0), (0, 8.0), (10, 0.0), (20, 6.0)]);
}

#[test]
fn values_between() {
    let sample = readings(&[(100, 0.0), (110, 10.0), (150, -10.0)]);
    let at = |time, gap| value_at(&sample, time, gap);
    assert_eq!([100, 101, 109, 110].map(|time| at(time, 10)), [Some(0.0), Some(1.0), Some(9.0), Some(10.0)]);
    assert_eq!((at(120, 40), at(120, 39), at(150, 0), at(101, 9)), (Some(5.0), None, Some(-10.0), None));
    assert_eq!((at(99, 99), at(151, 99), value_at(&[], 0, 9)), (None, None, None));
}

#[test]
fn waters() {
    let levels: Vec<Reading> = (0..100)
        .map(|n| Reading {
            time: n,
            value: ((n as f64) * 0.2).sin() * 3.0 + if n % 2 == 0 { 0.05 } else { 0.0 },
        })
        .collect();
    let found = turns(&levels, 1.0);
    let kinds: Vec<_> = found.iter().map(|(turn, _)| *turn).collect();
    assert_eq!(kinds, [Turn::High, Turn::Low, Turn::High, Turn::Low, Turn::High, Turn::Low]);
    assert_eq!(found.iter().map(|(_, reading)| reading.time).collect::<Vec<_>>(), [8, 23, 40, 55, 70, 87]);
    let flat = readings(&[(0, 5.0), (1, 3.0), (2, 3.0), (3, 5.0), (4, 5.0), (5, 2.0)]);
    let found: Vec<_> = turns(&flat, 2.0).into_iter().map(|(turn, reading)| (turn, reading.time)).collect();
    assert_eq!(found, [(Turn::Low, 1), (Turn::High, 3)]);
}
