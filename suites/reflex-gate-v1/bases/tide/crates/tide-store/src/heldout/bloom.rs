//! Further tests of the set that may say yes wrongly.

use crate::bloom::{Bloom, Mismatch};

fn key(n: usize) -> String {
    format!("station-{n}")
}

#[test]
fn sizes() {
    let hashes = |bits| Bloom::new(10, bits).hashes();
    assert_eq!([0, 1, 2, 3, 10, 16, 43, 44, 100].map(hashes), [1, 1, 1, 2, 6, 11, 29, 30, 30]);
    let mut tiny = Bloom::new(0, 1);
    tiny.insert(b"a");
    assert_eq!(tiny.fill(), 1.0 / 64.0);
}

#[test]
fn members_and_strangers() {
    for (count, bits, limit) in [(200, 4, 0.25), (500, 10, 0.02), (3000, 16, 0.002)] {
        let mut bloom = Bloom::new(count, bits);
        (0..count).for_each(|n| {
            bloom.insert(key(n).as_bytes());
        });
        assert_eq!((0..count).filter(|n| bloom.may_contain(key(*n).as_bytes())).count(), count);
        let wrong = (count..count + 10_000).filter(|n| bloom.may_contain(key(*n).as_bytes())).count();
        assert!((wrong as f64) < 10_000.0 * limit, "{wrong} with {bits} bits");
        assert!((bloom.false_rate() - wrong as f64 / 10_000.0).abs() < limit / 2.0, "{}", bloom.false_rate());
    }
}

#[test]
fn fill_and_entries() {
    let mut bloom = Bloom::new(1000, 12);
    for n in 0..50 {
        bloom.insert(key(n % 25).as_bytes());
    }
    assert_eq!(bloom.entries(), 25);
    assert!((bloom.fill() * 12_032.0 - 200.0).abs() <= 4.0, "{}", bloom.fill());
    assert_eq!(Bloom::new(5, 10).false_rate(), 0.0);
}

#[test]
fn merging() {
    let (mut a, mut b) = (Bloom::new(100, 10), Bloom::new(100, 10));
    a.insert(b"x");
    b.insert(b"y");
    let fill = a.fill();
    assert_eq!((a.merge(&b), a.entries()), (Ok(()), 2));
    assert_eq!([&b"x"[..], b"y", b"z"].map(|key| a.may_contain(key)), [true, true, false]);
    assert_eq!([&b"x"[..], b"y"].map(|key| b.may_contain(key)), [false, true]);
    assert!(a.fill() > fill);
    assert_eq!(a.merge(&Bloom::new(200, 10)), Err(Mismatch));
    assert_eq!(a.merge(&Bloom::new(101, 12)), Err(Mismatch));
}
