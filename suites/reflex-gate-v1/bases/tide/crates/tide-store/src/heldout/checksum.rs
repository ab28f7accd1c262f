//! Further tests of checksums.

use crate::checksum::{crc32, find_block, mask, unmask, Crc, Rolling};

#[test]
fn known_sums() {
    assert_eq!(crc32(b"a"), 0xe8b7_be43);
    assert_eq!(crc32(b"The quick brown fox jumps over the lazy dog"), 0x414f_a339);
    assert_eq!(crc32(&[0xff; 32]), 0xff6c_ab0b);
    assert_eq!(Crc::default().finish(), 0);
}

#[test]
fn pieces() {
    let bytes: Vec<u8> = (0..200).collect();
    for cut in [0, 1, 99, 199, 200] {
        let (head, tail) = bytes.split_at(cut);
        assert_eq!(Crc::default().update(head).update(tail).finish(), crc32(&bytes));
    }
    let begun = Crc::default().update(b"12345");
    assert_eq!((begun.update(b"6789").finish(), begun.finish()), (0xcbf4_3926, crc32(b"12345")));
}

#[test]
fn masks() {
    assert_eq!(mask(1), 0xa284_ead8);
    assert_eq!(unmask(0), 0x8a94_2ebe);
    assert_eq!(unmask(mask(0x8000_0001)), 0x8000_0001);
}

#[test]
fn windows() {
    let mut sum = Rolling::new(b"abcd");
    assert_eq!(sum.value(), 0x03d4_018a);
    sum.roll(b'a', b'e');
    assert_eq!(sum.value(), Rolling::new(b"bcde").value());
    let long = vec![250_u8; 70_000];
    let mut sum = Rolling::new(&long);
    sum.roll(250, 3);
    let moved: Vec<u8> = long[1..].iter().copied().chain([3]).collect();
    assert_eq!(sum, Rolling::new(&moved));
}

#[test]
fn blocks() {
    assert_eq!(find_block(b"aabaab", b"ab"), Some(1));
    assert_eq!(find_block(b"aaab", b"aab"), Some(1));
    assert_eq!(find_block(b"abc", b"abc"), Some(0));
    assert_eq!(find_block(b"acb bca", b"bca"), Some(4));
    assert_eq!(find_block(b"", b"a"), None);
}
