//! A set that may say yes wrongly, but never no: it spares looking into tables that don't hold a key.

/// FNV-1a with 64 bits.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Lets each bit of a number depend on all others: the end of splitmix64.
const fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bloom {
    words: Vec<u64>,
    hashes: u32,
    entries: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mismatch;

impl Bloom {
    /// For so many entries, with so many bits for each: ten bits give about one wrong yes in a hundred.
    pub fn new(expected: usize, bits_per_entry: usize) -> Self {
        let bits = (expected * bits_per_entry).max(64);
        // The number of hashes with the fewest wrong answers is the bits for each entry times ln 2.
        let hashes = (bits_per_entry * 69 / 100).clamp(1, 30) as u32;
        Bloom { words: vec![0; bits.div_ceil(64)], hashes, entries: 0 }
    }

    pub fn hashes(&self) -> u32 {
        self.hashes
    }

    /// The bits of a key: two hashes make all the others.
    fn bits(&self, key: &[u8]) -> impl Iterator<Item = (usize, u64)> {
        let hash = fnv(key);
        let (first, step) = (mix(hash), mix(hash.wrapping_add(0x9e37_79b9_7f4a_7c15)) | 1);
        let count = self.words.len() as u64 * 64;
        (0..u64::from(self.hashes)).map(move |round| {
            let bit = first.wrapping_add(round.wrapping_mul(step)) % count;
            ((bit / 64) as usize, 1 << (bit % 64))
        })
    }

    /// True: the key was certainly not in it before.
    pub fn insert(&mut self, key: &[u8]) -> bool {
        let mut is_new = false;
        for (word, mask) in self.bits(key) {
            is_new |= self.words[word] & mask == 0;
            self.words[word] |= mask;
        }
        self.entries += usize::from(is_new);
        is_new
    }

    pub fn may_contain(&self, key: &[u8]) -> bool {
        self.bits(key).all(|(word, mask)| self.words[word] & mask != 0)
    }

    /// Keys that were new when they came.
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// The share of bits that are set.
    pub fn fill(&self) -> f64 {
        let set: u32 = self.words.iter().map(|word| word.count_ones()).sum();
        f64::from(set) / (self.words.len() as f64 * 64.0)
    }

    /// The share of strange keys for which it says yes.
    pub fn false_rate(&self) -> f64 {
        self.fill().powi(self.hashes as i32)
    }

    /// Takes the other's keys in as well. Both must have been made for the same number of entries.
    pub fn merge(&mut self, other: &Bloom) -> Result<(), Mismatch> {
        if self.words.len() != other.words.len() || self.hashes != other.hashes {
            return Err(Mismatch);
        }
        for (word, others) in self.words.iter_mut().zip(&other.words) {
            *word |= others;
        }
        self.entries += other.entries;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(keys: std::ops::Range<u32>) -> Bloom {
        let mut bloom = Bloom::new(1000, 10);
        for key in keys {
            bloom.insert(&key.to_le_bytes());
        }
        bloom
    }

    #[test]
    fn never_says_no_wrongly() {
        let bloom = filled(0..1000);
        assert!((0..1000_u32).all(|key| bloom.may_contain(&key.to_le_bytes())));
    }

    #[test]
    fn seldom_says_yes_wrongly() {
        let bloom = filled(0..1000);
        let wrong = (1000..21_000_u32).filter(|key| bloom.may_contain(&key.to_le_bytes())).count();
        assert!(wrong < 300, "{wrong} of 20000");
        assert!((0.004..0.013).contains(&bloom.false_rate()), "{}", bloom.false_rate());
    }

    #[test]
    fn knows_what_is_new() {
        let mut bloom = Bloom::new(100, 8);
        assert_eq!(
            (bloom.insert(b"pier"), bloom.insert(b"pier"), bloom.insert(b"quay")),
            (true, false, true)
        );
        assert_eq!((bloom.entries(), bloom.hashes()), (2, 5));
        assert_eq!(bloom.fill(), 10.0 / 832.0);
    }

    #[test]
    fn merges() {
        let (mut all, others) = (filled(0..300), filled(300..500));
        assert_eq!(all.merge(&others), Ok(()));
        assert!((0..500_u32).all(|key| all.may_contain(&key.to_le_bytes())));
        assert_eq!(all.entries(), 500);
        assert_eq!(all.merge(&Bloom::new(1000, 11)), Err(Mismatch));
        assert_eq!(all.merge(&Bloom::new(100, 10)), Err(Mismatch));
    }

    #[test]
    fn hashes_as_others_do() {
        assert_eq!((fnv(b""), fnv(b"a")), (0xcbf2_9ce4_8422_2325, 0xaf63_dc4c_8601_ec8c));
        // The first number of splitmix64 that is seeded with 0.
        assert_eq!(mix(0x9e37_79b9_7f4a_7c15), 0xe220_a839_7b1d_cdaf);
    }
}
