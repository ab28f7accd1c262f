//! Whole numbers of any size, without a sign.

use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, AddAssign, Mul};
use std::str::FromStr;

/// Limbs of 32 bits, the lowest first; the last one is not zero.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Natural(Vec<u32>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NaturalError;

/// Decimal digits that are read and written at a time.
const CHUNK: usize = 9;
const CHUNK_VALUE: u32 = 1_000_000_000;

impl Natural {
    fn trimmed(mut limbs: Vec<u32>) -> Self {
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
        Natural(limbs)
    }

    pub fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// Bits up to the highest one that is set.
    pub fn bits(&self) -> usize {
        self.0.last().map_or(0, |last| self.0.len() * 32 - last.leading_zeros() as usize)
    }

    /// The difference; nothing if it would be negative.
    pub fn checked_sub(&self, other: &Natural) -> Option<Natural> {
        if (*self).cmp(other) == Ordering::Less {
            return None;
        }
        let mut borrow = false;
        let limbs = self.0.iter().enumerate().map(|(index, limb)| {
            let taken = other.0.get(index).copied().unwrap_or(0);
            let (part, first) = limb.overflowing_sub(taken);
            let (part, second) = part.overflowing_sub(u32::from(borrow));
            borrow = first || second;
            part
        });
        Some(Natural::trimmed(limbs.collect()))
    }

    /// `self = self * factor + more`
    fn multiply_add(&mut self, factor: u32, more: u32) {
        let mut carry = u64::from(more);
        for limb in &mut self.0 {
            let value = u64::from(*limb) * u64::from(factor) + carry;
            *limb = value as u32;
            carry = value >> 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    /// Divides by a small number and gives the rest.
    fn divide_small(&mut self, divisor: u32) -> u32 {
        let mut rest = 0_u64;
        for limb in self.0.iter_mut().rev() {
            let value = rest << 32 | u64::from(*limb);
            *limb = (value / u64::from(divisor)) as u32;
            rest = value % u64::from(divisor);
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        rest as u32
    }

    pub fn shl(&self, bits: usize) -> Natural {
        if self.is_zero() {
            return Natural::default();
        }
        let (limbs, bits) = (bits / 32, bits % 32);
        let mut shifted = vec![0; limbs];
        let mut carry = 0;
        for limb in &self.0 {
            let value = u64::from(*limb) << bits | carry;
            shifted.push(value as u32);
            carry = value >> 32;
        }
        shifted.push(carry as u32);
        Natural::trimmed(shifted)
    }

    pub fn shr(&self, bits: usize) -> Natural {
        let (limbs, bits) = (bits / 32, bits % 32);
        let kept = self.0.get(limbs..).unwrap_or(&[]);
        let shifted = kept.iter().enumerate().map(|(index, limb)| {
            let next = kept.get(index + 1).copied().unwrap_or(0);
            ((u64::from(next) << 32 | u64::from(*limb)) >> bits) as u32
        });
        Natural::trimmed(shifted.collect())
    }

    /// Quotient and rest; nothing for a divisor of zero.
    pub fn div_rem(&self, by: &Natural) -> Option<(Natural, Natural)> {
        if by.is_zero() {
            return None;
        }
        if let [small] = by.0[..] {
            let mut quotient = self.clone();
            let rest = quotient.divide_small(small);
            return Some((quotient, Natural::from(u64::from(rest))));
        }
        let Some(distance) = self.bits().checked_sub(by.bits()) else {
            return Some((Natural::default(), self.clone()));
        };
        let mut rest = self.clone();
        let mut quotient = vec![0_u32; distance / 32 + 1];
        let mut divisor = by.shl(distance);
        for bit in (0..=distance).rev() {
            if let Some(less) = rest.checked_sub(&divisor) {
                rest = less;
                quotient[bit / 32] |= 1 << (bit % 32);
            }
            divisor = divisor.shr(1);
        }
        Some((Natural::trimmed(quotient), rest))
    }

    pub fn pow(&self, mut exponent: u32) -> Natural {
        let mut power = Natural::from(1);
        let mut base = self.clone();
        while exponent > 0 {
            if exponent & 1 == 1 {
                power = &power * &base;
            }
            base = &base * &base;
            exponent >>= 1;
        }
        power
    }

    /// The largest number whose square is not larger.
    pub fn sqrt(&self) -> Natural {
        let mut root = Natural::from(1).shl(self.bits().div_ceil(2));
        loop {
            // Newton's method from above: it falls until it is there.
            let Some((quotient, _)) = self.div_rem(&root) else {
                return root;
            };
            let next = (&root + &quotient).shr(1);
            if next >= root {
                return root;
            }
            root = next;
        }
    }
}

impl From<u64> for Natural {
    fn from(value: u64) -> Self {
        Natural::trimmed(vec![value as u32, (value >> 32) as u32])
    }
}

impl AddAssign<&Natural> for Natural {
    fn add_assign(&mut self, other: &Natural) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        let mut carry = 0;
        for (index, limb) in self.0.iter_mut().enumerate() {
            let sum = u64::from(*limb) + u64::from(other.0.get(index).copied().unwrap_or(0)) + carry;
            *limb = sum as u32;
            carry = sum >> 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }
}

impl Add for &Natural {
    type Output = Natural;

    fn add(self, other: Self) -> Natural {
        let mut sum = self.clone();
        sum += other;
        sum
    }
}

impl Mul for &Natural {
    type Output = Natural;

    fn mul(self, other: Self) -> Natural {
        let mut limbs = vec![0_u32; self.0.len() + other.0.len()];
        for (i, a) in self.0.iter().enumerate() {
            let mut carry = 0;
            for (j, b) in other.0.iter().enumerate() {
                let value = u64::from(*a) * u64::from(*b) + u64::from(limbs[i + j]) + carry;
                limbs[i + j] = value as u32;
                carry = value >> 32;
            }
            limbs[i + other.0.len()] = carry as u32;
        }
        Natural::trimmed(limbs)
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_length = self.0.len().cmp(&other.0.len());
        by_length.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for Natural {
    type Err = NaturalError;

    fn from_str(text: &str) -> Result<Self, NaturalError> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NaturalError);
        }
        let mut number = Natural::default();
        // The first chunk is the one that is shorter.
        let (head, tail) = text.split_at(text.len() % CHUNK);
        let chunks =
            std::iter::once(head).chain((0..tail.len()).step_by(CHUNK).map(|at| &tail[at..at + CHUNK]));
        for chunk in chunks.filter(|chunk| !chunk.is_empty()) {
            number.multiply_add(10_u32.pow(chunk.len() as u32), chunk.parse().map_err(|_| NaturalError)?);
        }
        Ok(number)
    }
}

impl fmt::Display for Natural {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.clone();
        let mut chunks = Vec::new();
        while !rest.is_zero() {
            chunks.push(rest.divide_small(CHUNK_VALUE));
        }
        let mut text = chunks.pop().unwrap_or(0).to_string();
        for chunk in chunks.into_iter().rev() {
            text.push_str(&format!("{chunk:0width$}", width = CHUNK));
        }
        f.pad_integral(true, "", &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Natural {
        text.parse().unwrap()
    }

    #[test]
    fn reads_and_shows() {
        for text in
            ["0", "7", "1000000000", "18446744073709551616", "340282366920938463463374607431768211455"]
        {
            assert_eq!(n(text).to_string(), text);
        }
        assert_eq!(
            (n("000042"), format!("{:>6}|{:04}", n("42"), n("7"))),
            (Natural::from(42), "    42|0007".into())
        );
        assert_eq!(
            ["", "-1", "1_0", " 1"].map(|text| text.parse::<Natural>()),
            [Err(NaturalError), Err(NaturalError), Err(NaturalError), Err(NaturalError)]
        );
    }

    #[test]
    fn calculates() {
        let (a, b) = (n("99999999999999999999"), n("1"));
        assert_eq!(((&a + &b).to_string(), (&b + &a).bits()), ("100000000000000000000".into(), 67));
        assert_eq!((&a * &a).to_string(), "9999999999999999999800000000000000000001");
        assert_eq!(
            ((&a + &b).checked_sub(&b), b.checked_sub(&a), a.checked_sub(&a)),
            (Some(a.clone()), None, Some(Natural::default()))
        );
        assert_eq!(
            (Natural::from(3).pow(100).to_string(), Natural::from(9).pow(0)),
            ("515377520732011331036461129765621272702107522001".into(), b)
        );
    }

    #[test]
    fn divides() {
        let (quotient, rest) =
            n("100000000000000000000000000007").div_rem(&n("10000000000000000003")).unwrap();
        assert_eq!(
            (quotient.to_string(), rest.to_string()),
            ("9999999999".into(), "9999999970000000010".into())
        );
        assert_eq!(n("123456789012345678901").div_rem(&n("1000")), Some((n("123456789012345678"), n("901"))));
        assert_eq!(
            (n("5").div_rem(&Natural::default()), n("5").div_rem(&n("99999999999"))),
            (None, Some((Natural::default(), n("5"))))
        );
    }

    #[test]
    fn shifts_and_compares() {
        let some = n("12345678901234567890");
        assert_eq!(
            (some.shl(70).shr(70), some.shl(32).shr(64), some.shr(64).is_zero()),
            (some.clone(), Natural::from(2_874_452_364), true)
        );
        assert_eq!(
            ([n("0"), n("1"), n("4294967296")].map(|x| x.bits()), Natural::default().shl(99)),
            ([0, 1, 33], Natural::default())
        );
        assert!(n("4294967296") > n("4294967295") && n("8589934592") > n("4294967297") && n("0") < n("1"));
        assert_eq!(
            ["0", "1", "99", "100", "340282366920938463463374607431768211456"]
                .map(|text| n(text).sqrt().to_string()),
            ["0", "1", "9", "10", "18446744073709551616"]
        );
    }
}
