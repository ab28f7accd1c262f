//! Numbers modulo a fixed one, and what is known of primes.

use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};

use crate::ring::{Euclid, Field, Ring};

/// A number from 0 up to `M` without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mod<const M: u64>(u64);

impl<const M: u64> Mod<M> {
    pub const fn new(value: u64) -> Self {
        assert!(M > 1, "a modulus is larger than one");
        Mod(value % M)
    }

    pub const fn value(self) -> u64 {
        self.0
    }
}

impl<const M: u64> Add for Mod<M> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        // The sum of two large numbers may not fit into 64 bits.
        let (sum, carried) = self.0.overflowing_add(other.0);
        Mod(if carried || sum >= M { sum.wrapping_sub(M) } else { sum })
    }
}

impl<const M: u64> Neg for Mod<M> {
    type Output = Self;

    fn neg(self) -> Self {
        Mod(if self.0 == 0 { 0 } else { M - self.0 })
    }
}

impl<const M: u64> Sub for Mod<M> {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl<const M: u64> Mul for Mod<M> {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Mod((u128::from(self.0) * u128::from(other.0) % u128::from(M)) as u64)
    }
}

impl<const M: u64> Ring for Mod<M> {
    const ZERO: Self = Mod::new(0);
    const ONE: Self = Mod::new(1);
}

/// Only what has no divisor in common with the modulus has an inverse.
impl<const M: u64> Field for Mod<M> {
    fn inverse(self) -> Option<Self> {
        let (gcd, x, _) = i128::from(self.0).bezout(i128::from(M));
        (gcd == 1).then(|| Mod(x.rem_euclid(i128::from(M)) as u64))
    }
}

impl<const M: u64> fmt::Display for Mod<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (mod {M})", self.0)
    }
}

fn multiply(a: u64, b: u64, modulus: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(modulus)) as u64
}

pub fn power(mut base: u64, mut exponent: u64, modulus: u64) -> u64 {
    let mut result = 1 % modulus;
    base %= modulus;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = multiply(result, base, modulus);
        }
        base = multiply(base, base, modulus);
        exponent >>= 1;
    }
    result
}

/// Bases that find every composite number of 64 bits out.
const WITNESSES: [u64; 12] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];

/// The test of Miller and Rabin, which is certain for 64 bits.
pub fn is_prime(number: u64) -> bool {
    if number < 2 {
        return false;
    }
    if let Some(divisor) = WITNESSES.into_iter().find(|prime| number % prime == 0) {
        return number == divisor;
    }
    let halvings = (number - 1).trailing_zeros();
    let odd = (number - 1) >> halvings;
    WITNESSES.into_iter().all(|base| {
        let mut power = power(base, odd, number);
        if power == 1 || power == number - 1 {
            return true;
        }
        for _ in 1..halvings {
            power = multiply(power, power, number);
            if power == number - 1 {
                return true;
            }
        }
        false
    })
}

/// Primes below a limit.
pub fn primes_below(limit: usize) -> Vec<usize> {
    let mut composite = vec![false; limit];
    let mut primes = Vec::new();
    for number in 2..limit {
        if composite[number] {
            continue;
        }
        primes.push(number);
        for multiple in (number * number..limit).step_by(number) {
            composite[multiple] = true;
        }
    }
    primes
}

/// Prime factors with their exponents.
pub fn factors(mut number: u64) -> Vec<(u64, u32)> {
    let mut factors = Vec::new();
    let mut divisor = 2;
    while divisor * divisor <= number {
        let mut exponent = 0;
        while number % divisor == 0 {
            number /= divisor;
            exponent += 1;
        }
        if exponent > 0 {
            factors.push((divisor, exponent));
        }
        divisor += if divisor == 2 { 1 } else { 2 };
    }
    if number > 1 {
        factors.push((number, 1));
    }
    factors
}

/// How many numbers below it have no divisor in common with it.
pub fn totient(number: u64) -> u64 {
    factors(number).into_iter().fold(number, |count, (prime, _)| count / prime * (prime - 1))
}

/// The smallest number with these rests, and the modulus up to which it is the only one; nothing if they contradict
/// each other.
pub fn common(rests: &[(i64, i64)]) -> Option<(i64, i64)> {
    let (mut rest, mut modulus) = (0_i128, 1_i128);
    for (other_rest, other_modulus) in rests {
        let (other_rest, other_modulus) = (i128::from(*other_rest), i128::from(*other_modulus));
        if other_modulus < 1 {
            return None;
        }
        let (gcd, x, _) = modulus.bezout(other_modulus);
        let (steps, left) = (other_rest - rest).div_rem(gcd)?;
        if left != 0 {
            return None;
        }
        let least = modulus.lcm(other_modulus);
        let step = (steps * x).rem_euclid(other_modulus / gcd);
        rest = (rest + modulus * step).rem_euclid(least);
        modulus = least;
    }
    Some((i64::try_from(rest).ok()?, i64::try_from(modulus).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Seven = Mod<7>;
    type Large = Mod<{ u64::MAX - 58 }>;

    #[test]
    fn calculates() {
        let (a, b) = (Seven::new(12), Seven::new(3));
        assert_eq!([a + b, a - b, b - a, a * b, -a, -Seven::ZERO].map(Mod::value), [1, 2, 5, 1, 2, 0]);
        assert_eq!(
            (a.pow(5), Seven::from_int(-1), a.to_string()),
            (Seven::new(3), Seven::new(6), "5 (mod 7)".into())
        );
        let most = Large::new(u64::MAX - 59);
        assert_eq!((most + most, most * most, most + Large::ONE), (-Large::new(2), Large::ONE, Large::ZERO));
    }

    #[test]
    fn inverts() {
        assert_eq!(
            (1..7).map(|n| Seven::new(n).inverse().unwrap().value()).collect::<Vec<_>>(),
            [1, 4, 5, 2, 3, 6]
        );
        assert_eq!(
            (Mod::<12>::new(5).inverse(), Mod::<12>::new(8).inverse(), Seven::ZERO.inverse()),
            (Some(Mod::new(5)), None, None)
        );
        let some = Large::new(123_456_789);
        assert_eq!(
            (some.divide(some), some.inverse().map(|inverse| inverse * some)),
            (Some(Large::ONE), Some(Large::ONE))
        );
    }

    #[test]
    fn knows_primes() {
        let small = primes_below(100);
        assert_eq!(
            (small.len(), small.last(), primes_below(2).len(), primes_below(3)),
            (25, Some(&97), 0, vec![2])
        );
        let more = primes_below(1000);
        assert!((0..1000).all(|n| is_prime(n) == more.contains(&(n as usize))));
        assert_eq!(
            [u64::MAX - 58, u64::MAX, 3_215_031_751, 2_147_483_647].map(is_prime),
            [true, false, false, true]
        );
        assert_eq!((power(2, 10, 1000), power(5, 0, 1), power(3, 1 << 60, 5)), (24, 0, 1));
    }

    #[test]
    fn takes_numbers_apart() {
        assert_eq!(
            (factors(360), factors(97), factors(1)),
            (vec![(2, 3), (3, 2), (5, 1)], vec![(97, 1)], vec![])
        );
        assert_eq!([1, 2, 9, 10, 97, 360].map(totient), [1, 1, 6, 4, 96, 96]);
        assert_eq!(
            (common(&[(2, 3), (3, 5), (2, 7)]), common(&[(1, 4), (3, 6)]), common(&[(1, 4), (2, 6)])),
            (Some((23, 105)), Some((9, 12)), None)
        );
        assert_eq!((common(&[]), common(&[(-1, 5)]), common(&[(0, 0)])), (Some((0, 1)), Some((4, 5)), None));
    }
}
