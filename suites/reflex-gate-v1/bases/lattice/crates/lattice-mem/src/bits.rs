//! A set of small numbers, one bit each, with whole words worked on at once.

use std::fmt;
use std::iter::FusedIterator;
use std::ops::{BitAnd, BitOr, BitXor, Not, Sub};

/// Numbers from 0 up to `64 * W` without it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bits<const W: usize> {
    words: [u64; W],
}

impl<const W: usize> Default for Bits<W> {
    fn default() -> Self {
        Bits { words: [0; W] }
    }
}

impl<const W: usize> Bits<W> {
    pub const SIZE: usize = 64 * W;

    /// The numbers of a range, cut to what the set can hold.
    pub fn range(start: usize, end: usize) -> Self {
        let mut bits = Self::default();
        for (index, word) in bits.words.iter_mut().enumerate() {
            let base = index * 64;
            let (low, high) = (start.clamp(base, base + 64) - base, end.clamp(base, base + 64) - base);
            *word = below(high) & !below(low);
        }
        bits
    }

    /// False for a number that was there already.
    pub fn insert(&mut self, number: usize) -> bool {
        assert!(number < Self::SIZE, "{number} does not fit into {} bits", Self::SIZE);
        // SAFETY: the number was just checked.
        let word = unsafe { self.words.get_unchecked_mut(number / 64) };
        let mask = 1 << (number % 64);
        let is_new = *word & mask == 0;
        *word |= mask;
        is_new
    }

    pub fn remove(&mut self, number: usize) -> bool {
        let Some(word) = self.words.get_mut(number / 64) else {
            return false;
        };
        let mask = 1 << (number % 64);
        let was_there = *word & mask != 0;
        *word &= !mask;
        was_there
    }

    pub fn contains(&self, number: usize) -> bool {
        // SAFETY: the word is only looked at if the number fits.
        number < Self::SIZE && unsafe { self.words.get_unchecked(number / 64) } >> (number % 64) & 1 == 1
    }

    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Numbers below this one.
    pub fn rank(&self, number: usize) -> usize {
        let whole = (number / 64).min(W);
        let before: u32 = self.words[..whole].iter().map(|word| word.count_ones()).sum();
        let part = self.words.get(whole).map_or(0, |word| (word & below(number % 64)).count_ones());
        (before + part) as usize
    }

    /// The number before which there are so many others.
    pub fn select(&self, mut count: usize) -> Option<usize> {
        for (index, word) in self.words.iter().enumerate() {
            let ones = word.count_ones() as usize;
            if count < ones {
                let mut rest = *word;
                for _ in 0..count {
                    rest &= rest - 1;
                }
                return Some(index * 64 + rest.trailing_zeros() as usize);
            }
            count -= ones;
        }
        None
    }

    pub fn first(&self) -> Option<usize> {
        self.select(0)
    }

    pub fn last(&self) -> Option<usize> {
        let index = self.words.iter().rposition(|word| *word != 0)?;
        Some(index * 64 + 63 - self.words[index].leading_zeros() as usize)
    }

    /// The first run of `length` numbers that are not in the set.
    pub fn find_gap(&self, length: usize) -> Option<usize> {
        let mut start = 0;
        while start + length <= Self::SIZE {
            match (start..start + length).rev().find(|number| self.contains(*number)) {
                Some(taken) => start = taken + 1,
                None => return Some(start),
            }
        }
        None
    }

    pub fn is_subset(&self, other: &Self) -> bool {
        (*self - *other).is_empty()
    }

    pub fn iter(&self) -> Iter<'_, W> {
        Iter { bits: self, index: 0, rest: self.words.first().copied().unwrap_or(0) }
    }

    fn zip(mut self, other: Self, combine: impl Fn(u64, u64) -> u64) -> Self {
        for (word, others) in self.words.iter_mut().zip(other.words) {
            *word = combine(*word, others);
        }
        self
    }
}

/// The lowest `count` bits, of which there are at most 64.
const fn below(count: usize) -> u64 {
    if count >= 64 {
        u64::MAX
    } else {
        (1 << count) - 1
    }
}

macro_rules! operators {
    ($($name:ident $method:ident $combine:expr;)*) => {$(
        impl<const W: usize> $name for Bits<W> {
            type Output = Self;

            fn $method(self, other: Self) -> Self {
                self.zip(other, $combine)
            }
        }
    )*};
}

operators! {
    BitAnd bitand |a, b| a & b;
    BitOr bitor |a, b| a | b;
    BitXor bitxor |a, b| a ^ b;
    Sub sub |a, b| a & !b;
}

impl<const W: usize> Not for Bits<W> {
    type Output = Self;

    fn not(self) -> Self {
        Bits { words: self.words.map(|word| !word) }
    }
}

impl<const W: usize> FromIterator<usize> for Bits<W> {
    fn from_iter<I: IntoIterator<Item = usize>>(numbers: I) -> Self {
        let mut bits = Self::default();
        for number in numbers {
            bits.insert(number);
        }
        bits
    }
}

#[derive(Debug, Clone)]
pub struct Iter<'a, const W: usize> {
    bits: &'a Bits<W>,
    index: usize,
    rest: u64,
}

impl<const W: usize> Iterator for Iter<'_, W> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.rest == 0 {
            self.index += 1;
            self.rest = *self.bits.words.get(self.index)?;
        }
        let bit = self.rest.trailing_zeros() as usize;
        self.rest &= self.rest - 1;
        Some(self.index * 64 + bit)
    }
}

impl<const W: usize> FusedIterator for Iter<'_, W> {}

impl<const W: usize> fmt::Debug for Bits<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Set = Bits<3>;

    fn set(numbers: &[usize]) -> Set {
        numbers.iter().copied().collect()
    }

    #[test]
    fn holds_numbers() {
        let mut some = set(&[0, 63, 64, 191]);
        assert_eq!((some.insert(64), some.insert(100), some.len()), (false, true, 5));
        assert_eq!(
            [0, 1, 63, 64, 100, 191, 192, 9999].map(|n| some.contains(n)),
            [true, false, true, true, true, true, false, false]
        );
        assert_eq!((some.remove(0), some.remove(0), some.remove(500)), (true, false, false));
        assert_eq!(format!("{some:?}"), "{63, 64, 100, 191}");
        assert!(!some.is_empty() && Set::default().is_empty());
    }

    #[test]
    fn combines_words() {
        let (evens, low): (Set, Set) = ((0..192).step_by(2).collect(), Bits::range(0, 70));
        assert_eq!(
            ((evens & low).len(), (evens | low).len(), (evens ^ low).len(), (low - evens).len()),
            (35, 131, 96, 35)
        );
        assert_eq!(
            ((!low).len(), (!low).first(), low.is_subset(&(low | evens)), low.is_subset(&evens)),
            (122, Some(70), true, false)
        );
    }

    #[test]
    fn counts_and_selects() {
        let some = set(&[3, 64, 70, 190]);
        assert_eq!([0, 3, 4, 64, 65, 190, 191, 192, 500].map(|n| some.rank(n)), [0, 0, 1, 1, 2, 3, 4, 4, 4]);
        assert_eq!([0, 1, 2, 3, 4].map(|n| some.select(n)), [Some(3), Some(64), Some(70), Some(190), None]);
        assert_eq!((some.first(), some.last(), Set::default().last()), (Some(3), Some(190), None));
    }

    #[test]
    fn ranges_and_gaps() {
        assert_eq!(
            (Set::range(62, 130).len(), Set::range(64, 64).len(), Set::range(150, 999).first()),
            (68, 0, Some(150))
        );
        assert_eq!(Set::range(62, 130), (62..130).collect());
        let some = set(&[2, 5, 9, 60, 130]);
        assert_eq!(
            [1, 2, 3, 4, 50, 69, 70].map(|n| some.find_gap(n)),
            [Some(0), Some(0), Some(6), Some(10), Some(10), Some(61), None]
        );
        assert_eq!((Set::default().find_gap(192), Set::default().find_gap(193)), (Some(0), None));
    }

    #[test]
    #[should_panic(expected = "192 does not fit into 192 bits")]
    fn refuses_large_numbers() {
        set(&[192]);
    }
}
