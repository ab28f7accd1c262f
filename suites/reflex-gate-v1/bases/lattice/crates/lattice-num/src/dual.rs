//! Numbers that carry their derivative along, so that functions are derived by being evaluated.

use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::ring::{Field, Ring};

/// A value and how fast it changes with each of `N` variables.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dual<T, const N: usize> {
    pub value: T,
    pub slope: [T; N],
}

impl<T: Ring, const N: usize> Dual<T, N> {
    pub fn constant(value: T) -> Self {
        Dual { value, slope: [T::ZERO; N] }
    }

    /// The variable with this number.
    pub fn variable(value: T, index: usize) -> Self {
        let mut slope = [T::ZERO; N];
        slope[index] = T::ONE;
        Dual { value, slope }
    }

    /// The chain rule: a function's value and its derivative at `self.value`.
    fn chain(self, value: T, derivative: T) -> Self {
        Dual { value, slope: self.slope.map(|slope| slope * derivative) }
    }

    fn zip(self, other: Self, value: T, combine: impl Fn(T, T) -> T) -> Self {
        let mut slope = self.slope;
        for (own, others) in slope.iter_mut().zip(other.slope) {
            *own = combine(*own, others);
        }
        Dual { value, slope }
    }
}

impl<T: Ring, const N: usize> Add for Dual<T, N> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.zip(other, self.value + other.value, |a, b| a + b)
    }
}

impl<T: Ring, const N: usize> Sub for Dual<T, N> {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.zip(other, self.value - other.value, |a, b| a - b)
    }
}

impl<T: Ring, const N: usize> Mul for Dual<T, N> {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        self.zip(other, self.value * other.value, |a, b| a * other.value + self.value * b)
    }
}

impl<T: Ring, const N: usize> Neg for Dual<T, N> {
    type Output = Self;

    fn neg(self) -> Self {
        self.chain(-self.value, -T::ONE)
    }
}

impl<T: Ring, const N: usize> Ring for Dual<T, N> {
    const ZERO: Self = Dual { value: T::ZERO, slope: [T::ZERO; N] };
    const ONE: Self = Dual { value: T::ONE, slope: [T::ZERO; N] };
}

impl<T: Field, const N: usize> Field for Dual<T, N> {
    fn inverse(self) -> Option<Self> {
        let inverse = self.value.inverse()?;
        Some(self.chain(inverse, -(inverse * inverse)))
    }
}

impl<const N: usize> Div for Dual<f64, N> {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        let quotient = self.value / other.value;
        self.zip(other, quotient, |a, b| (a - quotient * b) / other.value)
    }
}

impl<const N: usize> Dual<f64, N> {
    pub fn sqrt(self) -> Self {
        let root = self.value.sqrt();
        self.chain(root, 0.5 / root)
    }

    pub fn exp(self) -> Self {
        let power = self.value.exp();
        self.chain(power, power)
    }

    pub fn ln(self) -> Self {
        self.chain(self.value.ln(), 1.0 / self.value)
    }

    pub fn sin(self) -> Self {
        self.chain(self.value.sin(), self.value.cos())
    }

    pub fn cos(self) -> Self {
        self.chain(self.value.cos(), -self.value.sin())
    }

    pub fn powf(self, exponent: f64) -> Self {
        self.chain(self.value.powf(exponent), exponent * self.value.powf(exponent - 1.0))
    }
}

/// The gradient of a function at a point, with its value there.
pub fn gradient<const N: usize>(
    point: [f64; N],
    function: impl Fn([Dual<f64, N>; N]) -> Dual<f64, N>,
) -> Dual<f64, N> {
    let mut index = 0;
    function(point.map(|value| {
        index += 1;
        Dual::variable(value, index - 1)
    }))
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NoRoot {
    /// The function is flat there.
    Flat(f64),
    TooSlow(f64),
}

/// A place near `start` where the function is zero, by Newton's method.
pub fn root(
    start: f64,
    tolerance: f64,
    steps: usize,
    function: impl Fn(Dual<f64, 1>) -> Dual<f64, 1>,
) -> Result<f64, NoRoot> {
    let mut at = start;
    for _ in 0..steps {
        let Dual { value, slope: [slope] } = function(Dual::variable(at, 0));
        if value.abs() <= tolerance {
            return Ok(at);
        }
        if slope == 0.0 {
            return Err(NoRoot::Flat(at));
        }
        at -= value / slope;
    }
    Err(NoRoot::TooSlow(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn x(value: f64) -> Dual<f64, 1> {
        Dual::variable(value, 0)
    }

    fn near(dual: Dual<f64, 1>, value: f64, slope: f64) {
        assert!((dual.value - value).abs() < 1e-12 && (dual.slope[0] - slope).abs() < 1e-12, "{dual:?}");
    }

    #[test]
    fn derives_sums_and_products() {
        let three = Dual::constant(3.0);
        near(three * x(2.0) * x(2.0) - x(2.0) + Dual::ONE, 11.0, 11.0);
        near(-(x(2.0) + three) * (x(2.0) - three), 5.0, -4.0);
        near(Ring::pow(x(2.0), 5), 32.0, 80.0);
        let whole: Dual<i64, 2> = Dual::variable(3, 0) * Dual::variable(5, 1) + Dual::variable(3, 0);
        assert_eq!(whole, Dual { value: 18, slope: [6, 3] });
    }

    #[test]
    fn derives_quotients() {
        near(x(4.0) / (x(4.0) + Dual::ONE), 0.8, 0.04);
        near(Dual::constant(2.0) / x(4.0), 0.5, -0.125);
        assert_eq!(x(4.0).inverse(), Some(Dual { value: 0.25, slope: [-0.0625] }));
        assert_eq!((x(0.0).inverse(), Dual::ONE.divide(x(2.0)).map(|d| d.slope)), (None, Some([-0.25])));
    }

    #[test]
    fn derives_functions() {
        near(x(4.0).sqrt(), 2.0, 0.25);
        near((x(0.5) * x(0.5)).exp(), 0.25_f64.exp(), 0.25_f64.exp());
        near(x(2.0).ln(), 2.0_f64.ln(), 0.5);
        near((x(1.0) + x(1.0)).sin(), 2.0_f64.sin(), 2.0 * 2.0_f64.cos());
        near(x(1.0).cos(), 1.0_f64.cos(), -1.0_f64.sin());
        near(x(4.0).powf(1.5), 8.0, 3.0);
    }

    #[test]
    fn finds_gradients_and_roots() {
        let found = gradient([3.0, 4.0], |[a, b]| (a * a + b * b).sqrt());
        assert_eq!(found.value, 5.0);
        assert!((found.slope[0] - 0.6).abs() < 1e-12 && (found.slope[1] - 0.8).abs() < 1e-12, "{found:?}");
        let found = root(1.0, 1e-12, 20, |x| x * x - Dual::constant(2.0));
        assert!(found.is_ok_and(|at| (at - 2.0_f64.sqrt()).abs() < 1e-9), "{found:?}");
        assert_eq!(root(0.0, 1e-9, 20, |x| x * x + Dual::ONE), Err(NoRoot::Flat(0.0)));
        assert_eq!(root(1.0, 1e-9, 3, |x| x), Ok(0.0));
        assert_eq!(root(1.0, 1e-9, 1, |x| x * x), Err(NoRoot::TooSlow(0.5)));
    }
}
