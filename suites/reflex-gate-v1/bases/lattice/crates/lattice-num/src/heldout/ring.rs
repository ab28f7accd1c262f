//! Further tests of what numbers can do.

use crate::heldout::Ledger;
use crate::ring::{dot, Euclid, Field, Ring};

#[test]
fn powers_of_many() {
    let mut ledger = Ledger::default();
    for base in -6_i64..=6 {
        let mut expected = 1;
        for exponent in 0..20 {
            note!(ledger, Ring::pow(base, exponent), expected, "{base}^{exponent}");
            expected *= base;
        }
    }
    assert_eq!((Ring::pow(2_i128, 126), Ring::pow(-1_i32, u64::MAX), Ring::pow(0_i64, 0)), (1 << 126, -1, 1));
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn from_whole_numbers() {
    let mut ledger = Ledger::default();
    for value in (-70..70).chain([1 << 40, -(1 << 40), i64::MAX]) {
        note!(ledger, (i64::from_int(value), i128::from_int(value)), (value, i128::from(value)));
    }
    assert_eq!(
        (f64::from_int(1 << 52), f32::from_int(-3), f64::from_int(0).is_zero()),
        (4_503_599_627_370_496.0, -3.0, true)
    );
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn common_divisors() {
    let mut ledger = Ledger::default();
    for a in -40_i64..40 {
        for b in -40_i64..40 {
            let expected =
                (1..=40).rev().find(|n| a % n == 0 && b % n == 0 && (a != 0 || b != 0)).unwrap_or(0);
            let (g, x, y) = a.bezout(b);
            note!(ledger, (a.gcd(b), g, a * x + b * y), (expected, expected, expected), "{a} {b}");
            note!(ledger, a.lcm(b), if expected == 0 { 0 } else { (a * b).abs() / expected });
        }
    }
    assert_eq!([5, -5].map(i32::magnitude), [5, 5]);
    assert_eq!(
        (i32::MIN.div_rem(-1), (-9_i64).div_rem(-4), 9_i64.div_rem(4)),
        (None, Some((3, 3)), Some((2, 1)))
    );
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn fields() {
    assert_eq!(
        ((-0.5_f32).inverse(), (-0.0_f64).inverse(), 9.0_f64.divide(4.5), 0.0_f64.divide(4.0)),
        (Some(-2.0), None, Some(2.0), Some(0.0))
    );
    assert_eq!(
        (dot(&[2.0, -1.0], &[0.5, 3.0]), dot(&[1_i64; 50], &[2; 50]), dot(&[1.0], &[1.0, 2.0])),
        (Some(-2.0), Some(100), None)
    );
}
