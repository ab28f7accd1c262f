//! Fractions of whole numbers, always in their lowest terms.

use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};
use std::str::FromStr;

use crate::ring::{Euclid, Field, Ring};

/// The denominator is positive, and has no divisor in common with the numerator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio<T> {
    numerator: T,
    denominator: T,
}

impl<T: Euclid> Ratio<T> {
    /// Nothing for a denominator of zero.
    pub fn new(numerator: T, denominator: T) -> Option<Self> {
        let (gcd, sign) = (numerator.gcd(denominator), if denominator < T::ZERO { -T::ONE } else { T::ONE });
        let divisor = gcd * sign;
        if denominator.is_zero() {
            return None;
        }
        let (numerator, _) = numerator.div_rem(divisor)?;
        let (denominator, _) = denominator.div_rem(divisor)?;
        Some(Ratio { numerator, denominator })
    }

    pub const fn whole(value: T) -> Self {
        Ratio { numerator: value, denominator: T::ONE }
    }

    pub const fn parts(self) -> (T, T) {
        (self.numerator, self.denominator)
    }

    /// The largest whole number that is not larger.
    pub fn floor(self) -> T {
        self.numerator.div_rem(self.denominator).map_or(T::ZERO, |(quotient, _)| quotient)
    }

    pub fn ceil(self) -> T {
        -(-self).floor()
    }

    /// The nearest whole number; halves go to the even one.
    pub fn round(self) -> T {
        let two = T::ONE + T::ONE;
        let floor = self.floor();
        let twice = (self - Ratio::whole(floor)) * Ratio::whole(two);
        let is_odd = floor.div_rem(two).is_some_and(|(_, rest)| !rest.is_zero());
        match twice.cmp(&Ratio::whole(T::ONE)) {
            Ordering::Less => floor,
            Ordering::Equal if !is_odd => floor,
            Ordering::Equal | Ordering::Greater => floor + T::ONE,
        }
    }

    /// The terms of its continued fraction.
    pub fn continued(self) -> Vec<T> {
        let mut terms = Vec::new();
        let (mut a, mut b) = self.parts();
        while let Some((quotient, rest)) = a.div_rem(b) {
            terms.push(quotient);
            (a, b) = (b, rest);
        }
        terms
    }

    /// The nearest fraction whose denominator is at most `limit`.
    pub fn limited(self, limit: T) -> Self {
        let (mut before, mut last) = ((T::ZERO, T::ONE), (T::ONE, T::ZERO));
        for term in self.continued() {
            let next = (term * last.0 + before.0, term * last.1 + before.1);
            if next.1 > limit {
                // Between the last two, the largest step that the limit allows.
                let step = (limit - before.1).div_rem(last.1).map_or(T::ZERO, |(step, _)| step);
                let between =
                    Ratio { numerator: step * last.0 + before.0, denominator: step * last.1 + before.1 };
                let last = Ratio { numerator: last.0, denominator: last.1 };
                return if (self - last).magnitude() <= (self - between).magnitude() {
                    last
                } else {
                    between
                };
            }
            (before, last) = (last, next);
        }
        self
    }

    pub fn magnitude(self) -> Self {
        Ratio { numerator: self.numerator.magnitude(), ..self }
    }

    fn reduced(numerator: T, denominator: T) -> Self {
        Ratio::new(numerator, denominator).expect("denominators are positive")
    }
}

impl<T: Euclid> Add for Ratio<T> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        // Over the smallest common denominator, so that numbers stay small.
        let common = self.denominator.lcm(other.denominator);
        let times = |denominator: T| common.div_rem(denominator).map_or(T::ONE, |(times, _)| times);
        let sum = self.numerator * times(self.denominator) + other.numerator * times(other.denominator);
        Ratio::reduced(sum, common)
    }
}

impl<T: Euclid> Sub for Ratio<T> {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl<T: Euclid> Mul for Ratio<T> {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Ratio::reduced(self.numerator * other.numerator, self.denominator * other.denominator)
    }
}

impl<T: Euclid> Neg for Ratio<T> {
    type Output = Self;

    fn neg(self) -> Self {
        Ratio { numerator: -self.numerator, ..self }
    }
}

impl<T: Euclid> Ord for Ratio<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.numerator * other.denominator).cmp(&(other.numerator * self.denominator))
    }
}

impl<T: Euclid> PartialOrd for Ratio<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Euclid> Ring for Ratio<T> {
    const ZERO: Self = Ratio::whole(T::ZERO);
    const ONE: Self = Ratio::whole(T::ONE);
}

impl<T: Euclid> Field for Ratio<T> {
    fn inverse(self) -> Option<Self> {
        Ratio::new(self.denominator, self.numerator)
    }
}

impl<T: Euclid + fmt::Display> fmt::Display for Ratio<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.denominator == T::ONE {
            write!(f, "{}", self.numerator)
        } else {
            write!(f, "{}/{}", self.numerator, self.denominator)
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RatioError;

impl<T: Euclid + FromStr> FromStr for Ratio<T> {
    type Err = RatioError;

    fn from_str(text: &str) -> Result<Self, RatioError> {
        let part = |text: &str| text.trim().parse::<T>().map_err(|_| RatioError);
        match text.split_once('/') {
            Some((numerator, denominator)) => {
                Ratio::new(part(numerator)?, part(denominator)?).ok_or(RatioError)
            }
            None => part(text).map(Ratio::whole),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(text: &str) -> Ratio<i64> {
        text.parse().unwrap()
    }

    #[test]
    fn keeps_lowest_terms() {
        assert_eq!(
            ["6/8", "6/-8", "-6/-8", "0/-5", "7/1", " 4 / 2 "].map(|text| ratio(text).to_string()),
            ["3/4", "-3/4", "3/4", "0", "7", "2"]
        );
        assert_eq!(
            (Ratio::new(1, 0), "1/0".parse::<Ratio<i32>>(), "x/2".parse::<Ratio<i32>>()),
            (None, Err(RatioError), Err(RatioError))
        );
        assert_eq!(ratio("-6/8").parts(), (-3, 4));
    }

    #[test]
    fn calculates() {
        let (a, b) = (ratio("5/6"), ratio("-3/4"));
        assert_eq!([a + b, a - b, a * b, -a].map(|r| r.to_string()), ["1/12", "19/12", "-5/8", "-5/6"]);
        assert_eq!(
            (a.divide(b), b.inverse(), Ratio::<i64>::ZERO.inverse()),
            (Some(ratio("-10/9")), Some(ratio("-4/3")), None)
        );
        assert_eq!((ratio("-2/3").pow(3), Ratio::from_int(-4)), (ratio("-8/27"), ratio("-4")));
    }

    #[test]
    fn compares_and_rounds() {
        let mut some = ["1/2", "-1/3", "2/5", "-1/2", "0"].map(ratio);
        some.sort();
        assert_eq!(some.map(|r| r.to_string()), ["-1/2", "-1/3", "0", "2/5", "1/2"]);
        assert_eq!(
            ["7/2", "-7/2", "4", "-1/3"].map(|text| (ratio(text).floor(), ratio(text).ceil())),
            [(3, 4), (-4, -3), (4, 4), (-1, 0)]
        );
        assert_eq!(
            ["1/2", "3/2", "5/2", "-1/2", "-3/2", "7/3", "8/3"].map(|text| ratio(text).round()),
            [0, 2, 2, 0, -2, 2, 3]
        );
    }

    #[test]
    fn finds_near_fractions() {
        assert_eq!(
            (ratio("415/93").continued(), ratio("-7/3").continued()),
            (vec![4, 2, 6, 7], vec![-3, 1, 2])
        );
        let pi = ratio("314159265/100000000");
        assert_eq!(
            [1, 10, 100, 500].map(|limit| pi.limited(limit).to_string()),
            ["3", "22/7", "311/99", "355/113"]
        );
        assert_eq!((ratio("3/4").limited(4), ratio("-7/3").limited(1)), (ratio("3/4"), ratio("-2")));
    }
}
