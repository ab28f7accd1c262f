//! Further tests of the layout of values.

use crate::codec::{from_bytes, to_bytes, Decode, DecodeError, Encode};
use std::collections::BTreeMap;
use std::fmt::Debug;

fn round<T: Encode + for<'a> Decode<'a> + PartialEq + Debug>(value: T, expected: &[u8]) {
    let bytes = to_bytes(&value);
    assert_eq!(bytes, expected);
    assert_eq!(from_bytes(&bytes), Ok(value));
    for cut in 0..bytes.len() {
        assert_eq!(from_bytes::<T>(&bytes[..cut]), Err(DecodeError::Cut));
    }
}

#[test]
fn values_and_back() {
    round(0xa1b2_c3d4_u32, &[0xd4, 0xc3, 0xb2, 0xa1]);
    round(1_u64 << 56, &[0, 0, 0, 0, 0, 0, 0, 1]);
    round(String::from("æ"), &[2, 0xc3, 0xa6]);
    round((true, Some(String::new())), &[1, 1, 0]);
    round(vec![(1_u8, false), (2, true)], &[2, 1, 0, 2, 1]);
    round(Some(vec![Some(3_u16)]), &[1, 1, 1, 3, 0]);
    round(BTreeMap::from([(9_u8, None), (3, Some(4_u8))]), &[2, 3, 1, 4, 9, 0]);
}

#[test]
fn refusals() {
    assert_eq!(from_bytes::<bool>(&[9]), Err(DecodeError::BadTag(9)));
    assert_eq!(from_bytes::<&str>(&[2, 0xff, 0xfe]), Err(DecodeError::BadText));
    assert_eq!(from_bytes::<&str>(&[1, b'a', b'b', b'c']), Err(DecodeError::Trailing(2)));
    assert_eq!(from_bytes::<Vec<u64>>(&[0xff; 11]), Err(DecodeError::BadLength));
    assert_eq!(from_bytes::<Vec<u64>>(&[0xff, 0xff, 0xff, 0xff, 0x0f, 1]), Err(DecodeError::Cut));
}

#[test]
fn the_last_of_two_keys_stands() {
    assert_eq!(from_bytes(&[2, 7, 1, 7, 2]), Ok(BTreeMap::from([(7_u8, 2_u8)])));
}

#[test]
fn messages() {
    let texts = [DecodeError::Cut, DecodeError::BadLength, DecodeError::BadText, DecodeError::BadTag(4)]
        .map(|e| e.to_string());
    assert_eq!(
        texts,
        ["the bytes end too soon", "a length is no number", "a text is not UTF-8", "unknown tag 4"]
    );
}
