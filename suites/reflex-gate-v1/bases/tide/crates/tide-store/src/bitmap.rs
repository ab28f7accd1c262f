//! Sets of row numbers: sparse blocks are sorted lists, dense ones are bits.

use std::collections::BTreeMap;

/// A list longer than this takes more room than the bits.
const MAX_LIST: usize = 4096;
const WORDS: usize = 1024;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Block {
    List(Vec<u16>),
    /// The words and how many of their bits are set.
    Bits(Box<[u64; WORDS]>, usize),
}

impl Block {
    fn len(&self) -> usize {
        match self {
            Block::List(list) => list.len(),
            Block::Bits(_, len) => *len,
        }
    }

    fn contains(&self, low: u16) -> bool {
        match self {
            Block::List(list) => list.binary_search(&low).is_ok(),
            Block::Bits(words, _) => words[usize::from(low) / 64] >> (low % 64) & 1 == 1,
        }
    }

    fn insert(&mut self, low: u16) -> bool {
        match self {
            Block::List(list) => {
                let Err(place) = list.binary_search(&low) else {
                    return false;
                };
                list.insert(place, low);
                if list.len() > MAX_LIST {
                    *self = Block::bits(list);
                }
                true
            }
            Block::Bits(words, len) => {
                let (word, mask) = (&mut words[usize::from(low) / 64], 1 << (low % 64));
                let is_new = *word & mask == 0;
                *word |= mask;
                *len += usize::from(is_new);
                is_new
            }
        }
    }

    fn remove(&mut self, low: u16) -> bool {
        match self {
            Block::List(list) => list.binary_search(&low).map(|place| list.remove(place)).is_ok(),
            Block::Bits(words, len) => {
                let (word, mask) = (&mut words[usize::from(low) / 64], 1 << (low % 64));
                let was_in = *word & mask != 0;
                *word &= !mask;
                *len -= usize::from(was_in);
                if *len <= MAX_LIST {
                    *self = Block::List(self.values().collect());
                }
                was_in
            }
        }
    }

    fn bits(list: &[u16]) -> Self {
        let mut words = Box::new([0_u64; WORDS]);
        for low in list {
            words[usize::from(*low) / 64] |= 1 << (low % 64);
        }
        Block::Bits(words, list.len())
    }

    fn values(&self) -> Box<dyn Iterator<Item = u16> + '_> {
        match self {
            Block::List(list) => Box::new(list.iter().copied()),
            Block::Bits(words, _) => Box::new(words.iter().enumerate().flat_map(|(index, word)| {
                let rest = |word: u64| (word != 0).then_some(word);
                let words = std::iter::successors(rest(*word), move |word| rest(word & (word - 1)));
                words.map(move |word| (index * 64) as u16 + word.trailing_zeros() as u16)
            })),
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bitmap {
    /// Blocks by the upper half of their numbers; none is empty.
    blocks: BTreeMap<u16, Block>,
}

fn halves(row: u32) -> (u16, u16) {
    ((row >> 16) as u16, row as u16)
}

impl Bitmap {
    pub fn insert(&mut self, row: u32) -> bool {
        let (high, low) = halves(row);
        self.blocks.entry(high).or_insert_with(|| Block::List(Vec::new())).insert(low)
    }

    pub fn remove(&mut self, row: u32) -> bool {
        let (high, low) = halves(row);
        let Some(block) = self.blocks.get_mut(&high) else {
            return false;
        };
        let removed = block.remove(low);
        if block.len() == 0 {
            self.blocks.remove(&high);
        }
        removed
    }

    pub fn contains(&self, row: u32) -> bool {
        let (high, low) = halves(row);
        self.blocks.get(&high).is_some_and(|block| block.contains(low))
    }

    pub fn len(&self) -> usize {
        self.blocks.values().map(Block::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.blocks
            .iter()
            .flat_map(|(high, block)| block.values().map(|low| u32::from(*high) << 16 | u32::from(low)))
    }

    /// Rows below this one.
    pub fn rank(&self, row: u32) -> usize {
        let (high, low) = halves(row);
        let whole: usize = self.blocks.range(..high).map(|(_, block)| block.len()).sum();
        let part =
            self.blocks.get(&high).map_or(0, |block| block.values().take_while(|value| *value < low).count());
        whole + part
    }

    /// Rows that are in both.
    pub fn and(&self, other: &Bitmap) -> Bitmap {
        let (few, many) = if self.len() <= other.len() { (self, other) } else { (other, self) };
        few.iter().filter(|row| many.contains(*row)).collect()
    }

    pub fn or(&self, other: &Bitmap) -> Bitmap {
        self.iter().chain(other.iter()).collect()
    }

    /// Rows that are here and not there.
    pub fn without(&self, other: &Bitmap) -> Bitmap {
        self.iter().filter(|row| !other.contains(*row)).collect()
    }
}

impl FromIterator<u32> for Bitmap {
    fn from_iter<I: IntoIterator<Item = u32>>(rows: I) -> Self {
        let mut bitmap = Bitmap::default();
        for row in rows {
            bitmap.insert(row);
        }
        bitmap
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bitmap: &Bitmap) -> Vec<u32> {
        bitmap.iter().collect()
    }

    #[test]
    fn holds_rows_in_order() {
        let mut bitmap: Bitmap = [70_000, 5, u32::MAX, 65_535, 65_536].into_iter().collect();
        assert_eq!(rows(&bitmap), [5, 65_535, 65_536, 70_000, u32::MAX]);
        assert_eq!((bitmap.insert(5), bitmap.insert(6), bitmap.len()), (false, true, 6));
        assert_eq!((bitmap.contains(70_000), bitmap.contains(4464)), (true, false));
        assert_eq!(
            (bitmap.remove(70_000), bitmap.remove(70_000), bitmap.remove(200_000)),
            (true, false, false)
        );
        assert_eq!(rows(&bitmap), [5, 6, 65_535, 65_536, u32::MAX]);
    }

    #[test]
    fn changes_its_form() {
        let mut bitmap: Bitmap = (0..4096).map(|n| n * 3).collect();
        assert!(matches!(bitmap.blocks[&0], Block::List(_)));
        assert!(bitmap.insert(1));
        assert!(matches!(bitmap.blocks[&0], Block::Bits(..)));
        assert_eq!((bitmap.insert(1), bitmap.insert(3), bitmap.len()), (false, false, 4097));
        assert_eq!(bitmap.iter().take(4).collect::<Vec<_>>(), [0, 1, 3, 6]);
        assert_eq!((bitmap.remove(2), bitmap.remove(6)), (false, true));
        assert!(matches!(bitmap.blocks[&0], Block::List(_)));
        assert_eq!((bitmap.len(), bitmap.contains(6), bitmap.contains(9)), (4096, false, true));
    }

    #[test]
    fn combines() {
        let threes: Bitmap = (0..30_000).map(|n| n * 3).collect();
        let few: Bitmap = [3, 4, 66_000, 66_001].into_iter().collect();
        assert_eq!(rows(&threes.and(&few)), [3, 66_000]);
        assert_eq!(rows(&few.without(&threes)), [4, 66_001]);
        assert_eq!(threes.or(&few).len(), 30_002);
        assert!(few.and(&Bitmap::default()).is_empty());
    }

    #[test]
    fn ranks() {
        let evens: Bitmap = (0..50_000).map(|n| n * 2).collect();
        assert_eq!(
            [0, 1, 2, 65_536, 65_537, 99_998, 4_000_000].map(|row| evens.rank(row)),
            [0, 1, 1, 32_768, 32_769, 49_999, 50_000]
        );
    }
}
