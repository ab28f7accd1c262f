//! Which notes mention a word: sorted lists of numbers, their differences packed, with marks to skip by.

use crate::varint::{self, VarintError};

/// After so many numbers there is a mark.
const STRIDE: usize = 16;

/// A packed, strictly rising list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Postings {
    bytes: Vec<u8>,
    /// The last number in front of each mark, and the byte that the mark is at.
    marks: Vec<(u32, usize)>,
    len: usize,
    last: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotRising;

impl Postings {
    pub fn push(&mut self, note: u32) -> Result<(), NotRising> {
        let delta = match self.last {
            None => note,
            Some(last) if note > last => note - last - 1,
            Some(_) => return Err(NotRising),
        };
        if let Some(last) = self.last.filter(|_| self.len % STRIDE == 0) {
            self.marks.push((last, self.bytes.len()));
        }
        varint::put(u64::from(delta), &mut self.bytes);
        self.len += 1;
        self.last = Some(note);
        Ok(())
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// A list from its packed form. Marks are made anew.
    pub fn unpack(bytes: &[u8]) -> Result<Self, VarintError> {
        let mut list = Postings::default();
        let mut at = 0;
        while at < bytes.len() {
            let (delta, taken) = varint::get(&bytes[at..])?;
            let next = list.last.map_or(0, |last| u64::from(last) + 1) + delta;
            let note = u32::try_from(next).map_err(|_| VarintError::Overflow)?;
            list.push(note).map_err(|_| VarintError::Overflow)?;
            at += taken;
        }
        Ok(list)
    }

    pub fn iter(&self) -> Notes<'_> {
        Notes { list: self, at: 0, last: None }
    }
}

impl FromIterator<u32> for Postings {
    /// Takes numbers in any order.
    fn from_iter<I: IntoIterator<Item = u32>>(notes: I) -> Self {
        let mut notes: Vec<u32> = notes.into_iter().collect();
        notes.sort_unstable();
        notes.dedup();
        let mut list = Postings::default();
        for note in notes {
            // They rise.
            let _ = list.push(note);
        }
        list
    }
}

#[derive(Debug, Clone)]
pub struct Notes<'a> {
    list: &'a Postings,
    at: usize,
    last: Option<u32>,
}

impl Iterator for Notes<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let (delta, taken) = varint::get(&self.list.bytes[self.at..]).ok()?;
        self.at += taken;
        self.last = Some(self.last.map_or(0, |last| last + 1) + delta as u32);
        self.last
    }
}

impl Notes<'_> {
    /// The next number that is not smaller than `target`.
    pub fn seek(&mut self, target: u32) -> Option<u32> {
        let behind = self.list.marks.partition_point(|(last, _)| *last < target);
        if let Some((last, at)) = behind.checked_sub(1).map(|mark| self.list.marks[mark]) {
            // Never back to what was read already.
            if at > self.at {
                self.at = at;
                self.last = Some(last);
            }
        }
        self.find(|note| *note >= target)
    }
}

/// Numbers that are in all lists; no list, no number.
pub fn intersect(lists: &[&Postings]) -> Vec<u32> {
    let mut order: Vec<&Postings> = lists.to_vec();
    order.sort_by_key(|list| list.len());
    let mut readers: Vec<Notes<'_>> = order.iter().map(|list| list.iter()).collect();
    let Some((shortest, others)) = readers.split_first_mut() else {
        return Vec::new();
    };
    let mut common = Vec::new();
    let mut candidate = shortest.next();
    'candidates: while let Some(note) = candidate {
        for other in others.iter_mut() {
            // What was read from a list must not be lost: it looks again from where it stood.
            let mut ahead = other.clone();
            match ahead.seek(note) {
                Some(found) if found == note => *other = ahead,
                Some(found) => {
                    candidate = shortest.seek(found);
                    continue 'candidates;
                }
                None => return common,
            }
        }
        common.push(note);
        candidate = shortest.next();
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(notes: impl IntoIterator<Item = u32>) -> Postings {
        notes.into_iter().collect()
    }

    #[test]
    fn packs_differences() {
        let packed = list([5, 3, 4, 300, 4]);
        assert_eq!(packed.bytes(), [3, 0, 0, 0xa6, 2]);
        assert_eq!((packed.iter().collect::<Vec<_>>(), packed.len()), (vec![3, 4, 5, 300], 4));
        assert_eq!(Postings::unpack(packed.bytes()), Ok(packed));
    }

    #[test]
    fn rises_only() {
        let mut packed = list([7]);
        assert_eq!(
            (packed.push(7), packed.push(6), packed.push(8)),
            (Err(NotRising), Err(NotRising), Ok(()))
        );
        assert_eq!((packed.push(u32::MAX), packed.push(u32::MAX)), (Ok(()), Err(NotRising)));
        assert_eq!(Postings::unpack(&[0, 0xff, 0xff, 0xff, 0xff, 0x0f]), Err(VarintError::Overflow));
        assert_eq!(Postings::unpack(&[0x80]), Err(VarintError::Cut));
    }

    #[test]
    fn seeks_forward() {
        let packed = list((0..100).map(|n| n * 10));
        let mut notes = packed.iter();
        assert_eq!((notes.seek(0), notes.seek(455), notes.next()), (Some(0), Some(460), Some(470)));
        assert_eq!((notes.seek(3), notes.seek(990), notes.seek(990)), (Some(480), Some(990), None));
        assert_eq!(packed.marks[..2], [(150, 16), (310, 32)]);
        assert_eq!(packed.iter().seek(160), Some(160));
        assert_eq!(packed.iter().seek(150), Some(150));
    }

    #[test]
    fn intersects() {
        let (twos, threes) = (list((0..500).map(|n| n * 2)), list((0..500).map(|n| n * 3)));
        let few = list([0, 6, 7, 12, 990, 996, 1000]);
        assert_eq!(intersect(&[&twos, &few, &threes]), [0, 6, 12, 990, 996]);
        assert_eq!(intersect(&[&twos, &threes]).len(), 167);
        assert_eq!(intersect(&[&few, &list([])]), []);
        assert_eq!(intersect(&[]), []);
        assert_eq!(intersect(&[&few]).len(), 7);
    }
}
