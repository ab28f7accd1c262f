//! Further tests of the log.

use crate::checksum::{crc32, mask};
use crate::log::{split_batch, Damage, Log, Recovery, TooLong, MAX_RECORD};

fn sample() -> Vec<u8> {
    let mut log = Log::default();
    for record in [&b"high"[..], b"low water", b""] {
        log.append(record).unwrap();
    }
    log.bytes().to_vec()
}

#[test]
fn layout() {
    let bytes = sample();
    assert_eq!(bytes[..4], [4, 0, 0, 0]);
    assert_eq!(bytes[4..8], mask(crc32(b"high")).to_le_bytes());
    assert_eq!((&bytes[8..12], bytes.len()), (&b"high"[..], 12 + 17 + 8));
}

#[test]
fn every_cut() {
    let bytes = sample();
    let kept: Vec<_> = (0..=bytes.len()).map(|cut| Log::open(bytes[..cut].to_vec()).1.records).collect();
    let expected: Vec<_> =
        (0..=bytes.len()).map(|cut| [12, 29, 37].iter().filter(|end| **end <= cut).count()).collect();
    assert_eq!(kept, expected);
    assert_eq!(Log::open(bytes[..30].to_vec()).1.dropped, Some((Damage::Torn, 1)));
    assert_eq!(Log::open(Vec::new()).1, Recovery { records: 0, dropped: None });
}

#[test]
fn every_changed_byte() {
    let bytes = sample();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x80;
        let (log, recovery) = Log::open(changed);
        let intact = [12, 29, 37].iter().filter(|end| **end <= at).count();
        assert_eq!((recovery.records, log.iter().count()), (intact, intact), "{at}");
        assert!(recovery.dropped.is_some());
    }
    let mut long = bytes.clone();
    long[13] = 1;
    assert_eq!(Log::open(long.clone()).1.dropped, Some((Damage::Torn, 25)));
    long[14] = 1;
    assert_eq!(Log::open(long).1.dropped, Some((Damage::Length, 25)));
}

#[test]
fn places() {
    let (log, _) = Log::open(sample());
    assert_eq!(
        log.iter().map(|(at, record)| (at, record.len())).collect::<Vec<_>>(),
        [(0, 4), (12, 9), (29, 0)]
    );
    assert_eq!((log.read(12), log.read(29)), (Ok(&b"low water"[..]), Ok(&b""[..])));
    assert_eq!((log.read(37), log.read(100)), (Err(Damage::Torn), Err(Damage::Torn)));
}

#[test]
fn batches() {
    let mut log = Log::default();
    assert_eq!(log.append_batch([]), Ok(0));
    assert_eq!(log.append_batch([&b"xy"[..], b"z"]), Ok(8));
    assert_eq!(log.read(8).ok().and_then(split_batch), Some(vec![&b"xy"[..], b"z"]));
    assert_eq!(log.append_batch([&[0; MAX_RECORD - 3][..]]), Err(TooLong));
    assert_eq!(log.append_batch([&[0; MAX_RECORD - 4][..]]), Ok(27));
    assert_eq!(split_batch(&[1, 0, 0]), None);
    assert_eq!(split_batch(&[2, 0, 0, 0, 1]), None);
}
