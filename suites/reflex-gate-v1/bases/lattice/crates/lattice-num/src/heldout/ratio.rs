//! Further tests of fractions.

use crate::heldout::Ledger;
use crate::ratio::{Ratio, RatioError};
use crate::ring::{Euclid, Field, Ring};

fn all() -> Vec<Ratio<i64>> {
    (-6..=6).flat_map(|n| (1..=6).filter_map(move |d| Ratio::new(n, d))).collect()
}

fn float(ratio: Ratio<i64>) -> f64 {
    let (numerator, denominator) = ratio.parts();
    numerator as f64 / denominator as f64
}

#[test]
fn agree_with_floats() {
    let mut ledger = Ledger::default();
    for a in all() {
        for b in all() {
            for (exact, near) in
                [(a + b, float(a) + float(b)), (a - b, float(a) - float(b)), (a * b, float(a) * float(b))]
            {
                note!(ledger, (float(exact) - near).abs() < 1e-9, true);
                let (numerator, denominator) = exact.parts();
                note!(ledger, (numerator.gcd(denominator), denominator > 0), (1, true));
            }
            note!(ledger, a.cmp(&b), float(a).total_cmp(&float(b)).then(a.cmp(&b)), "{a} and {b}");
            note!(ledger, a.divide(b).map(|quotient| quotient * b), (!b.is_zero()).then_some(a));
        }
        note!(
            ledger,
            (a.floor(), a.ceil(), a.round()),
            (float(a).floor() as i64, float(a).ceil() as i64, float(a).round_ties_even() as i64)
        );
    }
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn small_numbers_stay_small() {
    let large = i64::MAX / 3;
    let (a, b) = (Ratio::new(1, large).unwrap(), Ratio::new(2, large).unwrap());
    assert_eq!((a + b, b - a), (Ratio::new(3, large).unwrap(), a));
    assert_eq!(
        (Ratio::new(i64::MAX, -1).unwrap(), Ratio::new(-4, 6).unwrap().magnitude()),
        (Ratio::whole(-i64::MAX), Ratio::new(2, 3).unwrap())
    );
}

#[test]
fn texts() {
    let read = |text: &str| text.parse::<Ratio<i32>>();
    assert_eq!(
        (read("-0/7"), read("10/-4"), read("12")),
        (Ok(Ratio::ZERO), Ok(Ratio::new(-5, 2).unwrap()), Ok(Ratio::whole(12)))
    );
    assert_eq!(
        (read(""), read("1/2/3"), read("1/"), read("0/0")),
        (Err(RatioError), Err(RatioError), Err(RatioError), Err(RatioError))
    );
    assert_eq!([Ratio::new(9, 3), Ratio::new(-2, 4)].map(|r| r.unwrap().to_string()), ["3", "-1/2"]);
}

#[test]
fn best_approximations() {
    let mut ledger = Ledger::default();
    for ratio in all().into_iter().chain([Ratio::new(649, 200).unwrap(), Ratio::new(-1393, 972).unwrap()]) {
        for limit in 1..40 {
            let found = ratio.limited(limit);
            let best = (1..=limit)
                .flat_map(|d| {
                    [(ratio * Ratio::whole(d)).floor(), (ratio * Ratio::whole(d)).ceil()]
                        .map(|n| Ratio::new(n, d).unwrap())
                })
                .map(|near| (ratio - near).magnitude())
                .min();
            note!(
                ledger,
                (Some((ratio - found).magnitude()), found.parts().1 <= limit),
                (best, true),
                "{ratio} {limit} {found}"
            );
        }
        let terms = ratio.continued();
        let back = terms.iter().rev().skip(1).fold(Ratio::whole(*terms.last().unwrap()), |sum, term| {
            Ratio::whole(*term) + sum.inverse().unwrap()
        });
        note!(ledger, back, ratio);
    }
    assert_eq!(ledger.found, ledger.expected);
}
