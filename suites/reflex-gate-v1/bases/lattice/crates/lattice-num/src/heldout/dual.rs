//! Further tests of derivatives.

use crate::dual::{gradient, root, Dual, NoRoot};
use crate::ring::{Field, Ring};

type Function = fn(Dual<f64, 1>) -> Dual<f64, 1>;

const FUNCTIONS: [Function; 8] = [
    |x| x * x * x - x,
    |x| Dual::constant(5.0) / (x + Dual::constant(1.0)),
    |x| (x * x).sin() * x.exp(),
    |x| x.ln() - x.sqrt(),
    |x| -(x.cos() / x),
    |x| x.powf(2.5) - x.powf(-1.0),
    |x| Ring::pow(x, 7) + Dual::from_int(3) * x,
    |x| (x - Dual::constant(9.0)).inverse().unwrap_or(Dual::ZERO),
];

#[test]
fn agree_with_differences() {
    let step = 1e-6;
    for (index, function) in FUNCTIONS.iter().enumerate() {
        for at in [0.3, 1.0, 2.7] {
            let Dual { value, slope: [slope] } = function(Dual::variable(at, 0));
            let plain = |at: f64| function(Dual::constant(at));
            let measured = (plain(at + step).value - plain(at - step).value) / (2.0 * step);
            assert!(
                (slope - measured).abs() < 1e-4 * slope.abs().max(1.0),
                "{index} at {at}: {slope} {measured}"
            );
            assert_eq!((value, plain(at).slope), (plain(at).value, [0.0]));
        }
    }
}

#[test]
fn exact_numbers() {
    let (x, y): (Dual<i64, 2>, Dual<i64, 2>) = (Dual::variable(7, 0), Dual::variable(-2, 1));
    assert_eq!(x * y - y * y + -x, Dual { value: -25, slope: [-3, 11] });
    assert_eq!(Ring::pow(y, 3) * Dual::constant(5), Dual { value: -40, slope: [0, 60] });
    assert_eq!((Dual::<i64, 2>::from_int(-6), Dual::<i64, 2>::ONE * x), (Dual::constant(-6), x));
}

#[test]
fn gradients() {
    let found = gradient([2.0, 3.0, 0.5], |[a, b, c]| a * b / c + a.powf(3.0));
    assert_eq!(found, Dual { value: 20.0, slope: [18.0, 4.0, -24.0] });
    let found = gradient([1.0, 1.0], |[a, _]| a + a);
    assert_eq!(found.slope, [2.0, 0.0]);
}

#[test]
fn roots() {
    let cube = |x: Dual<f64, 1>| Ring::pow(x, 3) - Dual::constant(27.0);
    assert!(root(5.0, 1e-12, 50, cube).is_ok_and(|at| (at - 3.0).abs() < 1e-9));
    assert_eq!(root(3.0, 1e-12, 1, cube), Ok(3.0));
    assert_eq!(
        (root(0.0, 1e-12, 9, cube), root(9.0, 1e-12, 0, cube)),
        (Err(NoRoot::Flat(0.0)), Err(NoRoot::TooSlow(9.0)))
    );
    let line = |x: Dual<f64, 1>| x * Dual::constant(4.0) - Dual::constant(8.0);
    assert_eq!((root(10.0, 0.0, 2, line), root(10.0, 0.0, 1, line)), (Ok(2.0), Err(NoRoot::TooSlow(2.0))));
    assert_eq!(root(2.25, 1.0, 1, line), Ok(2.25));
}
