//! An append-only log of records, each with its length and checksum, that survives being cut off.

use crate::checksum::{crc32, mask, unmask};

const HEADER: usize = 8;

/// Records are not longer than this: a larger length is damage.
pub const MAX_RECORD: usize = 1 << 16;

#[derive(Debug, Clone, Default)]
pub struct Log {
    bytes: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// The last record is not complete: the writer was stopped.
    Torn,
    Checksum,
    Length,
}

/// What opening a log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    pub records: usize,
    /// Why reading stopped, and how many bytes were dropped there.
    pub dropped: Option<(Damage, usize)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

impl Log {
    /// Appends a record; the result is where it begins.
    pub fn append(&mut self, record: &[u8]) -> Result<usize, TooLong> {
        if record.len() > MAX_RECORD {
            return Err(TooLong);
        }
        let at = self.bytes.len();
        self.bytes.extend((record.len() as u32).to_le_bytes());
        self.bytes.extend(mask(crc32(record)).to_le_bytes());
        self.bytes.extend(record);
        Ok(at)
    }

    /// Appends all of them or none: they share one record, so that a torn write loses them together.
    pub fn append_batch<'r>(
        &mut self,
        records: impl IntoIterator<Item = &'r [u8]>,
    ) -> Result<usize, TooLong> {
        let mut batch = Vec::new();
        for record in records {
            batch.extend((record.len() as u32).to_le_bytes());
            batch.extend(record);
        }
        self.append(&batch)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The record that begins at `at`.
    pub fn read(&self, at: usize) -> Result<&[u8], Damage> {
        record_at(&self.bytes, at).map(|(record, _)| record)
    }

    pub fn iter(&self) -> Records<'_> {
        Records { bytes: &self.bytes, at: 0 }
    }

    /// Opens what was stored: everything from the first damaged record on is dropped.
    pub fn open(mut bytes: Vec<u8>) -> (Self, Recovery) {
        let (mut at, mut records) = (0, 0);
        let mut dropped = None;
        while at < bytes.len() {
            match record_at(&bytes, at) {
                Ok((_, end)) => {
                    at = end;
                    records += 1;
                }
                Err(damage) => {
                    dropped = Some((damage, bytes.len() - at));
                    break;
                }
            }
        }
        bytes.truncate(at);
        (Log { bytes }, Recovery { records, dropped })
    }
}

fn number_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    four.try_into().ok().map(u32::from_le_bytes)
}

/// A record and where the next one begins.
fn record_at(bytes: &[u8], at: usize) -> Result<(&[u8], usize), Damage> {
    let length = number_at(bytes, at).ok_or(Damage::Torn)? as usize;
    if length > MAX_RECORD {
        return Err(Damage::Length);
    }
    let expected = number_at(bytes, at + 4).ok_or(Damage::Torn)?;
    let start = at + HEADER;
    let record = bytes.get(start..start + length).ok_or(Damage::Torn)?;
    if crc32(record) == unmask(expected) {
        Ok((record, start + length))
    } else {
        Err(Damage::Checksum)
    }
}

/// The parts of a batch, as they were appended.
pub fn split_batch(batch: &[u8]) -> Option<Vec<&[u8]>> {
    let mut parts = Vec::new();
    let mut at = 0;
    while at < batch.len() {
        let length = number_at(batch, at)? as usize;
        let part = batch.get(at + 4..at + 4 + length)?;
        parts.push(part);
        at += 4 + length;
    }
    Some(parts)
}

/// Records with the places where they begin.
#[derive(Debug, Clone)]
pub struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Records<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (record, end) = record_at(self.bytes, self.at).ok()?;
        let at = std::mem::replace(&mut self.at, end);
        Some((at, record))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log_of(records: &[&str]) -> Log {
        let mut log = Log::default();
        for record in records {
            log.append(record.as_bytes()).unwrap();
        }
        log
    }

    #[test]
    fn reads_what_was_appended() {
        let mut log = log_of(&["one", ""]);
        assert_eq!(log.append(b"three"), Ok(19));
        let records: Vec<_> = log.iter().collect();
        assert_eq!(records, [(0, &b"one"[..]), (11, b""), (19, b"three")]);
        assert_eq!(log.read(19), Ok(&b"three"[..]));
        assert_eq!(log.append(&vec![0; MAX_RECORD + 1]), Err(TooLong));
        assert!(log.append(&vec![0; MAX_RECORD]).is_ok());
    }

    #[test]
    fn drops_a_torn_end() {
        let whole = log_of(&["one", "two"]);
        for cut in 12..22 {
            let (log, recovery) = Log::open(whole.bytes()[..cut].to_vec());
            assert_eq!(recovery, Recovery { records: 1, dropped: Some((Damage::Torn, cut - 11)) });
            assert_eq!(log.bytes().len(), 11);
        }
        let (_, recovery) = Log::open(whole.bytes().to_vec());
        assert_eq!(recovery, Recovery { records: 2, dropped: None });
    }

    #[test]
    fn notices_changed_bytes() {
        let mut bytes = log_of(&["one", "two", "three"]).bytes().to_vec();
        bytes[20] ^= 1;
        let (mut log, recovery) = Log::open(bytes);
        assert_eq!(recovery, Recovery { records: 1, dropped: Some((Damage::Checksum, 24)) });
        log.append(b"2").unwrap();
        assert_eq!(log.iter().count(), 2);
        assert_eq!(log.read(3), Err(Damage::Length));
    }

    #[test]
    fn keeps_batches_together() {
        let mut log = Log::default();
        let at = log.append_batch([&b"a"[..], b"", b"ccc"]).unwrap();
        let batch = log.read(at).unwrap();
        assert_eq!(split_batch(batch), Some(vec![&b"a"[..], b"", b"ccc"]));
        assert_eq!(split_batch(&batch[..batch.len() - 1]), None);
        assert_eq!(split_batch(&[]), Some(vec![]));
    }
}
