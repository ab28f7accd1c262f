//! Polynomials over any ring, and division of them over a field.

use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};

use crate::ring::{Field, Ring};

/// Coefficients from the constant one upwards; the last one is not zero.
#[derive(Debug, Clone, PartialEq)]
pub struct Poly<T>(Vec<T>);

impl<T: Ring> Poly<T> {
    pub fn new(mut coefficients: Vec<T>) -> Self {
        while coefficients.last().is_some_and(|last| last.is_zero()) {
            coefficients.pop();
        }
        Poly(coefficients)
    }

    pub fn zero() -> Self {
        Poly(Vec::new())
    }

    /// `factor * x^degree`
    pub fn term(factor: T, degree: usize) -> Self {
        let mut coefficients = vec![T::ZERO; degree];
        coefficients.push(factor);
        Poly::new(coefficients)
    }

    /// The polynomial that is zero at these places, with their number as its degree.
    pub fn with_roots(roots: &[T]) -> Self {
        roots.iter().fold(Poly(vec![T::ONE]), |product, root| &product * &Poly(vec![-*root, T::ONE]))
    }

    /// None for zero.
    pub fn degree(&self) -> Option<usize> {
        self.0.len().checked_sub(1)
    }

    pub fn coefficients(&self) -> &[T] {
        &self.0
    }

    pub fn leading(&self) -> T {
        self.0.last().copied().unwrap_or(T::ZERO)
    }

    /// Its value at a place, from the highest coefficient downwards.
    pub fn at(&self, x: T) -> T {
        self.0.iter().rev().fold(T::ZERO, |value, coefficient| value * x + *coefficient)
    }

    /// It as a function of another polynomial.
    pub fn of(&self, inner: &Poly<T>) -> Poly<T> {
        self.0
            .iter()
            .rev()
            .fold(Poly::zero(), |outer, coefficient| &(&outer * inner) + &Poly::term(*coefficient, 0))
    }

    pub fn derivative(&self) -> Self {
        let terms = self.0.iter().enumerate().skip(1);
        Poly::new(terms.map(|(degree, coefficient)| *coefficient * T::from_int(degree as i64)).collect())
    }

    fn zip(&self, other: &Self, combine: impl Fn(T, T) -> T) -> Self {
        let length = self.0.len().max(other.0.len());
        let get = |poly: &Self, index: usize| poly.0.get(index).copied().unwrap_or(T::ZERO);
        Poly::new((0..length).map(|index| combine(get(self, index), get(other, index))).collect())
    }
}

impl<T: Field> Poly<T> {
    /// Quotient and rest, whose degree is smaller than the divisor's; nothing for a divisor of zero.
    pub fn div_rem(&self, by: &Self) -> Option<(Self, Self)> {
        let degree = by.degree()?;
        let inverse = by.leading().inverse()?;
        let mut rest = self.0.clone();
        let mut quotient = vec![T::ZERO; (rest.len()).saturating_sub(degree)];
        for shift in (0..quotient.len()).rev() {
            let factor = rest[shift + degree] * inverse;
            for (place, coefficient) in rest[shift..].iter_mut().zip(&by.0) {
                *place = *place - factor * *coefficient;
            }
            quotient[shift] = factor;
        }
        rest.truncate(degree);
        Some((Poly::new(quotient), Poly::new(rest)))
    }

    /// The greatest common divisor, with a leading coefficient of one.
    pub fn gcd(&self, other: &Self) -> Self {
        let (mut a, mut b) = (self.clone(), other.clone());
        while let Some((_, rest)) = a.div_rem(&b) {
            (a, b) = (b, rest);
        }
        match a.leading().inverse() {
            Some(inverse) => Poly(a.0.into_iter().map(|coefficient| coefficient * inverse).collect()),
            None => a,
        }
    }

    /// The polynomial of least degree through these points; nothing if two of them share a place.
    pub fn through(points: &[(T, T)]) -> Option<Self> {
        let mut sum = Poly::zero();
        let mut base = Poly(vec![T::ONE]);
        for (x, y) in points {
            // What is missing at this place is added by a polynomial that is zero at all places before it.
            let factor = (*y - sum.at(*x)).divide(base.at(*x))?;
            sum = &sum + &(&base * &Poly::term(factor, 0));
            base = &base * &Poly(vec![-*x, T::ONE]);
        }
        Some(sum)
    }
}

impl<T: Ring> Add for &Poly<T> {
    type Output = Poly<T>;

    fn add(self, other: Self) -> Poly<T> {
        self.zip(other, |a, b| a + b)
    }
}

impl<T: Ring> Sub for &Poly<T> {
    type Output = Poly<T>;

    fn sub(self, other: Self) -> Poly<T> {
        self.zip(other, |a, b| a - b)
    }
}

impl<T: Ring> Neg for &Poly<T> {
    type Output = Poly<T>;

    fn neg(self) -> Poly<T> {
        Poly(self.0.iter().map(|coefficient| -*coefficient).collect())
    }
}

impl<T: Ring> Mul for &Poly<T> {
    type Output = Poly<T>;

    fn mul(self, other: Self) -> Poly<T> {
        if self.0.is_empty() || other.0.is_empty() {
            return Poly::zero();
        }
        let mut product = vec![T::ZERO; self.0.len() + other.0.len() - 1];
        for (i, a) in self.0.iter().enumerate() {
            for (j, b) in other.0.iter().enumerate() {
                product[i + j] = product[i + j] + *a * *b;
            }
        }
        Poly::new(product)
    }
}

impl<T: Ring + fmt::Display> fmt::Display for Poly<T> {
    /// `3x^2 - x + 1`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut is_first = true;
        for (degree, coefficient) in
            self.0.iter().enumerate().rev().filter(|(_, coefficient)| !coefficient.is_zero())
        {
            let text = coefficient.to_string();
            let (is_negative, size) =
                text.strip_prefix('-').map_or((false, text.as_str()), |size| (true, size));
            match (is_first, is_negative) {
                (true, true) => f.write_str("-")?,
                (true, false) => {}
                (false, true) => f.write_str(" - ")?,
                (false, false) => f.write_str(" + ")?,
            }
            is_first = false;
            if size != "1" || degree == 0 {
                f.write_str(size)?;
            }
            match degree {
                0 => {}
                1 => f.write_str("x")?,
                _ => write!(f, "x^{degree}")?,
            }
        }
        if is_first {
            f.write_str("0")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ratio::Ratio;

    fn poly(coefficients: &[i64]) -> Poly<i64> {
        Poly::new(coefficients.to_vec())
    }

    fn exact(coefficients: &[i64]) -> Poly<Ratio<i64>> {
        Poly::new(coefficients.iter().map(|c| Ratio::whole(*c)).collect())
    }

    #[test]
    fn shows_terms() {
        let shown = [&[1, -1, 3][..], &[0, 0, -1], &[-5], &[], &[0, 1, 0, 2], &[4, 0, 0]]
            .map(|c| poly(c).to_string());
        assert_eq!(shown, ["3x^2 - x + 1", "-x^2", "-5", "0", "2x^3 + x", "4"]);
        assert_eq!(
            (poly(&[4, 0, 0]).degree(), poly(&[0]).degree(), poly(&[0, 0, 7]).leading()),
            (Some(0), None, 7)
        );
    }

    #[test]
    fn calculates() {
        let (a, b) = (poly(&[1, 2]), poly(&[-1, 0, 3]));
        assert_eq!(
            [&a + &b, &a - &b, &a * &b, -&a].map(|p| p.to_string()),
            ["3x^2 + 2x", "-3x^2 + 2x + 2", "6x^3 + 3x^2 - 2x - 1", "-2x - 1"]
        );
        assert_eq!((&b - &b, &a * &Poly::zero()), (Poly::zero(), Poly::zero()));
        assert_eq!(
            (b.at(2), b.at(0), Poly::<i64>::zero().at(5), b.derivative(), b.of(&a)),
            (11, -1, 0, poly(&[0, 6]), poly(&[2, 12, 12]))
        );
    }

    #[test]
    fn divides() {
        let (quotient, rest) = exact(&[-4, 0, -2, 1]).div_rem(&exact(&[-3, 1])).unwrap();
        assert_eq!((quotient, rest), (exact(&[3, 1, 1]), exact(&[5])));
        assert_eq!(exact(&[1, 1]).div_rem(&exact(&[0, 0, 2])), Some((Poly::zero(), exact(&[1, 1]))));
        assert_eq!(
            (exact(&[1]).div_rem(&Poly::zero()), Poly::zero().div_rem(&exact(&[2, 1]))),
            (None, Some((Poly::zero(), Poly::zero())))
        );
        let common = exact(&[6, 5, 1]).gcd(&exact(&[-12, 2, 2]));
        assert_eq!((common, exact(&[3]).gcd(&exact(&[0, 5]))), (exact(&[3, 1]), exact(&[1])));
    }

    #[test]
    fn goes_through_points() {
        let point = |x: i64, y: i64| (Ratio::whole(x), Ratio::whole(y));
        assert_eq!(Poly::through(&[point(0, 1), point(1, 3), point(2, 9)]), Some(exact(&[1, 0, 2])));
        assert_eq!(
            (Poly::through(&[point(1, 2), point(1, 3)]), Poly::<Ratio<i64>>::through(&[])),
            (None, Some(Poly::zero()))
        );
        assert_eq!(
            (Poly::with_roots(&[1, -2, 2]), Poly::<i64>::with_roots(&[])),
            (poly(&[4, -4, -1, 1]), poly(&[1]))
        );
    }
}
