//! Further tests of statistics.

use crate::stats::{quantile, Moments, Pairs, Sketch};

fn values(count: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    (0..count)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % 1000) as f64 / 10.0
        })
        .collect()
}

fn near(a: Option<f64>, b: f64) {
    assert!(a.is_some_and(|a| (a - b).abs() <= 1e-8 * b.abs().max(1.0)), "{a:?} is not {b}");
}

#[test]
fn against_two_passes() {
    for count in [2, 3, 10, 500] {
        let values = values(count, count as u64);
        let n = count as f64;
        let mean = values.iter().sum::<f64>() / n;
        let power = |exponent: i32| values.iter().map(|value| (value - mean).powi(exponent)).sum::<f64>();
        let moments: Moments = values.iter().copied().collect();
        assert_eq!(moments.count(), count as u64);
        near(moments.mean(), mean);
        near(moments.variance(), power(2) / (n - 1.0));
        near(moments.skewness(), (power(3) / n) / (power(2) / n).powf(1.5));
    }
}

#[test]
fn many_parts() {
    let all = values(300, 5);
    let whole: Moments = all.iter().copied().collect();
    let merged = all
        .chunks(7)
        .map(|chunk| chunk.iter().copied().collect::<Moments>())
        .fold(Moments::default(), |sum, part| sum.merged(&part));
    assert_eq!(merged.count(), 300);
    near(merged.mean(), whole.mean().unwrap());
    near(merged.variance(), whole.variance().unwrap());
    near(merged.skewness(), whole.skewness().unwrap());
    let flat: Moments = [4.0; 9].into_iter().collect();
    assert_eq!((flat.variance(), flat.skewness(), flat.merged(&Moments::default())), (Some(0.0), None, flat));
}

#[test]
fn lines() {
    let mut pairs = Pairs::default();
    for (x, noise) in values(50, 9).into_iter().zip(values(50, 10)) {
        pairs.add(x, 3.0 - 2.0 * x + noise * 1e-12);
    }
    let (slope, offset) = pairs.line().unwrap();
    assert!((slope + 2.0).abs() < 1e-9 && (offset - 3.0).abs() < 1e-9, "{slope} {offset}");
    near(pairs.correlation(), -1.0);
    let mut pairs = Pairs::default();
    for (x, y) in [(4.0, 1.0), (4.0, 2.0)] {
        assert!(pairs.correlation().is_none() && pairs.line().is_none());
        pairs.add(x, y);
    }
    assert_eq!((pairs.covariance(), pairs.correlation(), pairs.line()), (Some(0.0), None, None));
    pairs.add(5.0, 6.0);
    near(pairs.covariance(), 1.5);
    near(pairs.line().map(|line| line.0), 4.5);
}

#[test]
fn quantiles_and_sketches() {
    for count in [1, 2, 9, 400] {
        let mut exact = values(count, 77);
        let mut sketches = [Sketch::new(0.02), Sketch::new(0.02)];
        exact.iter().enumerate().for_each(|(index, value)| sketches[index % 2].add(*value));
        let [mut sketch, other] = sketches;
        sketch.merge(&other);
        assert_eq!(sketch.count(), count as u64);
        exact.sort_by(f64::total_cmp);
        for percent in [0, 10, 33, 50, 75, 99, 100] {
            let share = f64::from(percent) / 100.0;
            let place = share * (count - 1) as f64;
            let (low, high) = (exact[place.floor() as usize], exact[place.ceil() as usize]);
            let found = quantile(&mut exact.clone(), share).unwrap();
            assert!(
                (low..=high).contains(&found) && (found - low - place.fract() * (high - low)).abs() < 1e-9
            );
            let rough = sketch.quantile(share).unwrap();
            assert!((rough - low).abs() <= 0.020_000_1 * low, "{percent}: {rough} for {low}");
        }
    }
    let mut small = Sketch::new(0.05);
    [0.0, -0.0, 1e-9, f64::NAN, -3.0].into_iter().for_each(|value| small.add(value));
    assert_eq!(
        (small.count(), small.quantile(0.5), small.quantile(1.0).map(|value| (value * 1e10).round())),
        (3, Some(0.0), Some(10.0))
    );
}
