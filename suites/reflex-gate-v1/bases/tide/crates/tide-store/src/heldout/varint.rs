//! Further tests of numbers of variable length.

use crate::heldout::Ledger;
use crate::varint::{get, get_deltas, len, put, put_deltas, unzigzag, zigzag, VarintError};

#[test]
fn every_length() {
    let mut ledger = Ledger::default();
    for bits in 0..64 {
        for value in [(1_u64 << bits) - 1, 1 << bits, (1 << bits) | 1] {
            let mut out = vec![7];
            let taken = put(value, &mut out);
            note!(ledger, (taken, len(value)), (out.len() - 1, out.len() - 1), "{value}");
            note!(ledger, get(&out[1..]), Ok((value, taken)), "{value}");
            note!(ledger, get(&out[1..taken]), Err(VarintError::Cut), "{value}");
        }
    }
    assert_eq!([0, 127, 128, 16_383, 16_384, u64::MAX].map(len), [1, 1, 2, 2, 3, 10]);
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn one_form_only() {
    assert_eq!(get(&[0x81, 0x80, 0]), Err(VarintError::Padded));
    assert_eq!(get(&[0, 0]), Ok((0, 1)));
    assert_eq!(get(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]), Ok((u64::MAX, 10)));
    assert_eq!(get(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 3]), Err(VarintError::Overflow));
    assert_eq!(get(&[0x80; 9]), Err(VarintError::Cut));
    assert_eq!(get(&[0x81; 12]), Err(VarintError::Overflow));
}

#[test]
fn signs() {
    for value in [0, 5, -5, 63, -64, 64, i64::MAX, i64::MIN, i64::MIN + 1] {
        assert_eq!(unzigzag(zigzag(value)), value);
    }
    assert_eq!([-64, 63, 64].map(|value| len(zigzag(value))), [1, 1, 2]);
}

#[test]
fn differences() {
    let mut out = Vec::new();
    put_deltas(&[-3, -3, 97], &mut out);
    assert_eq!(out, [3, 5, 0, 0xc8, 1]);
    put_deltas(&[], &mut out);
    assert_eq!(get_deltas(&out), Ok((vec![-3, -3, 97], 5)));
    assert_eq!(get_deltas(&out[5..]), Ok((vec![], 1)));
    assert_eq!(get_deltas(&out[..4]), Err(VarintError::Cut));
    assert_eq!(get_deltas(&[1, 0x80, 0]), Err(VarintError::Padded));
}
