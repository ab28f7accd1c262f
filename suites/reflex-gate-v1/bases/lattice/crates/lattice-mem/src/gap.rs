//! Text that is edited at one place after another: the free memory lies where the last edit was.

use std::fmt;
use std::mem::MaybeUninit;
use std::ops::Range;

/// Bytes in front of `start` and from `end` on are text; what lies between is free. Both parts are whole characters.
pub struct GapText {
    bytes: Box<[MaybeUninit<u8>]>,
    start: usize,
    end: usize,
}

impl Default for GapText {
    fn default() -> Self {
        GapText { bytes: Box::new([]), start: 0, end: 0 }
    }
}

impl GapText {
    pub fn len(&self) -> usize {
        self.bytes.len() - (self.end - self.start)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where the last edit was.
    pub fn gap(&self) -> usize {
        self.start
    }

    /// The text in front of the gap and behind it.
    pub fn parts(&self) -> (&str, &str) {
        let (head, tail) = (&self.bytes[..self.start], &self.bytes[self.end..]);
        // SAFETY: both parts were written from text, and the gap is only moved by whole characters.
        unsafe {
            let head = std::slice::from_raw_parts(head.as_ptr().cast::<u8>(), head.len());
            let tail = std::slice::from_raw_parts(tail.as_ptr().cast::<u8>(), tail.len());
            (std::str::from_utf8_unchecked(head), std::str::from_utf8_unchecked(tail))
        }
    }

    /// Is there a character's start, or the end, at this byte?
    pub fn is_boundary(&self, at: usize) -> bool {
        let (head, tail) = self.parts();
        if at <= head.len() {
            head.is_char_boundary(at)
        } else {
            tail.is_char_boundary(at - head.len())
        }
    }

    fn check(&self, at: usize) {
        assert!(self.is_boundary(at), "byte {at} is no boundary of {} bytes", self.len());
    }

    /// Moves the gap to a boundary.
    fn move_gap(&mut self, at: usize) {
        if at < self.start {
            let count = self.start - at;
            self.bytes.copy_within(at..self.start, self.end - count);
            self.end -= count;
        } else {
            let count = at - self.start;
            self.bytes.copy_within(self.end..self.end + count, self.start);
            self.end += count;
        }
        self.start = at;
    }

    /// Makes the gap at least this large.
    fn reserve(&mut self, needed: usize) {
        if self.end - self.start >= needed {
            return;
        }
        let size = (self.len() + needed).next_power_of_two().max(16);
        let mut bytes: Box<[MaybeUninit<u8>]> = vec![MaybeUninit::uninit(); size].into_boxed_slice();
        let tail = self.bytes.len() - self.end;
        bytes[..self.start].copy_from_slice(&self.bytes[..self.start]);
        bytes[size - tail..].copy_from_slice(&self.bytes[self.end..]);
        self.end = size - tail;
        self.bytes = bytes;
    }

    pub fn insert(&mut self, at: usize, text: &str) {
        self.check(at);
        self.reserve(text.len());
        self.move_gap(at);
        for (place, byte) in self.bytes[self.start..self.end].iter_mut().zip(text.bytes()) {
            place.write(byte);
        }
        self.start += text.len();
    }

    /// Takes a range out and gives its text.
    pub fn remove(&mut self, range: Range<usize>) -> String {
        assert!(range.start <= range.end, "a range that begins behind its end");
        self.check(range.start);
        self.check(range.end);
        let removed = self.slice(range.clone());
        self.move_gap(range.start);
        self.end += range.end - range.start;
        removed
    }

    /// The text of a range, whichever side of the gap it lies on.
    pub fn slice(&self, range: Range<usize>) -> String {
        let (head, tail) = self.parts();
        let middle = head.len();
        let in_head = &head[range.start.min(middle)..range.end.min(middle)];
        let in_tail = &tail[range.start.max(middle) - middle..range.end.max(middle) - middle];
        [in_head, in_tail].concat()
    }

    /// The byte at which a line begins, which are counted from 0.
    pub fn line_start(&self, line: usize) -> Option<usize> {
        if line == 0 {
            return Some(0);
        }
        let (head, tail) = self.parts();
        let ends = head.bytes().chain(tail.bytes()).enumerate().filter(|(_, byte)| *byte == b'\n');
        ends.map(|(at, _)| at + 1).nth(line - 1)
    }

    pub fn chars(&self) -> impl DoubleEndedIterator<Item = char> + '_ {
        let (head, tail) = self.parts();
        head.chars().chain(tail.chars())
    }
}

impl From<&str> for GapText {
    fn from(text: &str) -> Self {
        let mut gap = GapText::default();
        gap.insert(0, text);
        gap
    }
}

impl fmt::Display for GapText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (head, tail) = self.parts();
        f.write_str(head)?;
        f.write_str(tail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_text() {
        let mut text = GapText::from("high tide");
        text.insert(5, "water and ");
        text.insert(0, "The ");
        text.insert(text.len(), ".");
        assert_eq!(text.to_string(), "The high water and tide.");
        assert_eq!((text.remove(8..14), text.gap(), text.len()), (" water".into(), 8, 18));
        assert_eq!(
            (text.remove(17..18), text.remove(0..4), text.to_string()),
            (".".into(), "The ".into(), "high and tide".into())
        );
        assert_eq!((text.remove(0..13), text.is_empty()), ("high and tide".into(), true));
    }

    #[test]
    fn keeps_characters_whole() {
        let mut text = GapText::from("aéb\u{1f30a}c");
        text.insert(3, "ü");
        assert_eq!((text.to_string(), text.parts()), ("aéüb\u{1f30a}c".into(), ("aéü", "b\u{1f30a}c")));
        let boundaries: Vec<usize> = (0..12).filter(|at| text.is_boundary(*at)).collect();
        assert_eq!(boundaries, [0, 1, 3, 5, 6, 10, 11]);
        assert_eq!(text.chars().rev().collect::<String>(), "c\u{1f30a}büéa");
    }

    #[test]
    fn gives_ranges_and_lines() {
        let mut text = GapText::from("one\ntwo\n\nfour");
        text.insert(5, "!");
        assert_eq!(
            [text.slice(0..3), text.slice(4..8), text.slice(6..9), text.slice(9..14), text.slice(6..6)],
            ["one", "t!wo", "wo\n", "\nfour", ""]
        );
        assert_eq!(
            (0..5).map(|line| text.line_start(line)).collect::<Vec<_>>(),
            [Some(0), Some(4), Some(9), Some(10), None]
        );
    }

    #[test]
    fn grows_seldom() {
        let mut text = GapText::default();
        let mut sizes = Vec::new();
        for n in 0..100 {
            text.insert(n / 2, "x");
            if sizes.last() != Some(&text.bytes.len()) {
                sizes.push(text.bytes.len());
            }
        }
        assert_eq!((sizes, text.to_string()), (vec![16, 32, 64, 128], "x".repeat(100)));
    }

    #[test]
    #[should_panic(expected = "byte 2 is no boundary of 3 bytes")]
    fn refuses_halves_of_characters() {
        GapText::from("aé").insert(2, "x");
    }
}
