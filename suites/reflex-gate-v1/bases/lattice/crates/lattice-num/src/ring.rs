//! What numbers can do, as traits: enough to write algorithms once for all of them.

use std::fmt::Debug;
use std::ops::{Add, Mul, Neg, Sub};

/// Numbers that can be added, subtracted and multiplied.
pub trait Ring:
    Copy + PartialEq + Debug + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Neg<Output = Self>
{
    const ZERO: Self;
    const ONE: Self;

    fn is_zero(self) -> bool {
        self == Self::ZERO
    }

    /// `self` multiplied by itself so many times, in steps that double.
    fn pow(self, mut exponent: u64) -> Self {
        let (mut base, mut power) = (self, Self::ONE);
        while exponent > 0 {
            if exponent & 1 == 1 {
                power = power * base;
            }
            exponent >>= 1;
            if exponent > 0 {
                base = base * base;
            }
        }
        power
    }

    /// The whole number as one of these.
    fn from_int(value: i64) -> Self {
        let mut sum = Self::ZERO;
        let mut unit = Self::ONE;
        let mut rest = value.unsigned_abs();
        while rest > 0 {
            if rest & 1 == 1 {
                sum = sum + unit;
            }
            rest >>= 1;
            if rest > 0 {
                unit = unit + unit;
            }
        }
        if value < 0 {
            -sum
        } else {
            sum
        }
    }
}

/// Numbers that can be divided by all but zero.
pub trait Field: Ring {
    /// One divided by it; nothing for zero.
    fn inverse(self) -> Option<Self>;

    fn divide(self, by: Self) -> Option<Self> {
        by.inverse().map(|inverse| self * inverse)
    }
}

/// Numbers that can be divided with a rest.
pub trait Euclid: Ring + Ord {
    /// Quotient and rest, which is not negative and smaller than the divisor; nothing for zero.
    fn div_rem(self, by: Self) -> Option<(Self, Self)>;

    /// The greatest number that divides both; zero for two zeros.
    fn gcd(self, other: Self) -> Self {
        let (mut a, mut b) = (self.magnitude(), other.magnitude());
        while let Some((_, rest)) = a.div_rem(b) {
            (a, b) = (b, rest);
        }
        a
    }

    /// The smallest number that both divide; zero if one is zero.
    fn lcm(self, other: Self) -> Self {
        match self.div_rem(self.gcd(other)) {
            Some((part, _)) => (part * other).magnitude(),
            None => Self::ZERO,
        }
    }

    fn magnitude(self) -> Self {
        if self < Self::ZERO {
            -self
        } else {
            self
        }
    }

    /// `(g, x, y)` with `g = self * x + other * y`, where `g` is the greatest common divisor.
    fn bezout(self, other: Self) -> (Self, Self, Self) {
        let (mut r, mut next_r) = (self, other);
        let (mut x, mut next_x) = (Self::ONE, Self::ZERO);
        let (mut y, mut next_y) = (Self::ZERO, Self::ONE);
        while let Some((quotient, rest)) = r.div_rem(next_r) {
            (r, next_r) = (next_r, rest);
            (x, next_x) = (next_x, x - quotient * next_x);
            (y, next_y) = (next_y, y - quotient * next_y);
        }
        if r < Self::ZERO {
            (-r, -x, -y)
        } else {
            (r, x, y)
        }
    }
}

macro_rules! integers {
    ($($int:ty),*) => {$(
        impl Ring for $int {
            const ZERO: Self = 0;
            const ONE: Self = 1;
        }

        impl Euclid for $int {
            fn div_rem(self, by: Self) -> Option<(Self, Self)> {
                Some((self.checked_div_euclid(by)?, self.checked_rem_euclid(by)?))
            }
        }
    )*};
}

integers!(i32, i64, i128);

macro_rules! floats {
    ($($float:ty),*) => {$(
        impl Ring for $float {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
        }

        impl Field for $float {
            fn inverse(self) -> Option<Self> {
                (self != 0.0).then(|| 1.0 / self)
            }
        }
    )*};
}

floats!(f32, f64);

/// The sum of all products, with the numbers taken in pairs.
pub fn dot<T: Ring>(a: &[T], b: &[T]) -> Option<T> {
    (a.len() == b.len()).then(|| a.iter().zip(b).fold(T::ZERO, |sum, (x, y)| sum + *x * *y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers() {
        assert_eq!((0..6).map(|n| Ring::pow(3_i64, n)).collect::<Vec<_>>(), [1, 3, 9, 27, 81, 243]);
        assert_eq!(
            (Ring::pow(-2_i32, 31), Ring::pow(0.5_f64, 3), Ring::pow(7_i64, 22)),
            (i32::MIN, 0.125, 3_909_821_048_582_988_049)
        );
    }

    #[test]
    fn whole_numbers() {
        assert_eq!([0, 1, -1, 300, -77].map(i64::from_int), [0, 1, -1, 300, -77]);
        assert_eq!((f32::from_int(-12), i128::from_int(i64::MIN)), (-12.0, i128::from(i64::MIN)));
        assert!(0_i32.is_zero() && !1_i32.is_zero());
    }

    #[test]
    fn divisors() {
        assert_eq!([12.gcd(18), (-12).gcd(18), 0.gcd(-5), 0.gcd(0), 17.gcd(4)], [6, 6, 5, 0, 1]);
        assert_eq!([4.lcm(6), (-4).lcm(6), 0.lcm(3), 7.lcm(7)], [12, 12, 0, 7]);
        for (a, b) in [(240_i64, 46), (46, 240), (-240, 46), (7, 0), (0, -7), (17, -5)] {
            let (g, x, y) = a.bezout(b);
            assert_eq!((g, a * x + b * y), (a.gcd(b), g), "{a} {b}");
        }
        assert_eq!((7.div_rem(0), (-7).div_rem(2), 7.div_rem(-2)), (None, Some((-4, 1)), Some((-3, 1))));
    }

    #[test]
    fn inverses_and_products() {
        assert_eq!(
            (4.0_f64.inverse(), 0.0_f32.inverse(), 1.0_f64.divide(8.0), 1.0_f64.divide(0.0)),
            (Some(0.25), None, Some(0.125), None)
        );
        assert_eq!(
            (dot(&[1, 2, 3], &[4, 5, 6]), dot(&[1.5], &[2.0]), dot(&[1], &[]), dot::<i32>(&[], &[])),
            (Some(32), Some(3.0), None, Some(0))
        );
    }
}
