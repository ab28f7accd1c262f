//! Further tests of numbers modulo another.

use crate::heldout::Ledger;
use crate::modular::{common, factors, is_prime, power, primes_below, totient, Mod};
use crate::ring::{Field, Ring};

#[test]
fn agree_with_whole_numbers() {
    let mut ledger = Ledger::default();
    for a in 0..30_u64 {
        for b in 0..30_u64 {
            let (x, y) = (Mod::<15>::new(a), Mod::<15>::new(b));
            note!(
                ledger,
                ((x + y).value(), (x * y).value(), (x - y).value()),
                ((a + b) % 15, a * b % 15, (a + 30 - b) % 15)
            );
            note!(
                ledger,
                (x.pow(b).value(), power(a, b, 15)),
                (power(a, b, 15), (0..b).fold(1, |p, _| p * a % 15))
            );
        }
        let inverse = (0..15).find(|other| a * other % 15 == 1).map(Mod::<15>::new);
        note!(ledger, (Mod::new(a).inverse(), -Mod::<15>::new(a) + Mod::new(a)), (inverse, Mod::ZERO));
    }
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn large_moduli() {
    type Huge = Mod<{ u64::MAX }>;
    let (a, b) = (Huge::new(u64::MAX - 1), Huge::new(u64::MAX - 2));
    assert_eq!(
        ((a + b).value(), (a * b).value(), (b - a).value(), (-a).value()),
        (u64::MAX - 3, 2, u64::MAX - 1, 1)
    );
    assert_eq!(
        (Huge::new(u64::MAX), Huge::new(2).pow(64), Huge::from_int(-5).value()),
        (Huge::ZERO, Huge::ONE, u64::MAX - 5)
    );
    assert_eq!(
        (Mod::<1_000_000_007>::new(3).inverse().map(Mod::value), Huge::new(3).inverse()),
        (Some(333_333_336), None)
    );
}

#[test]
fn primes() {
    let sieve = primes_below(3000);
    assert_eq!(sieve, (0..3000).filter(|n| is_prime(*n as u64)).collect::<Vec<_>>());
    let composites = [25_326_001, 3_825_123_056_546_413_051, 561, 1_373_653, 1_000_000_007 * 998_244_353];
    assert_eq!(composites.map(is_prime), [false; 5]);
    assert_eq!([998_244_353, 18_446_744_073_709_551_557, 1_000_000_007, 41].map(is_prime), [true; 4]);
    assert_eq!(
        (primes_below(0).len(), primes_below(4), primes_below(30).iter().sum::<usize>()),
        (0, vec![2, 3], 129)
    );
}

#[test]
fn factors_and_totients() {
    let mut ledger = Ledger::default();
    for number in 1..120_u64 {
        let found = factors(number);
        note!(ledger, found.iter().map(|(prime, exponent)| prime.pow(*exponent)).product::<u64>(), number);
        note!(
            ledger,
            found.iter().all(|(prime, exponent)| is_prime(*prime) && *exponent > 0) && found.is_sorted(),
            true
        );
        let coprime = (1..=number)
            .filter(|n| (1..=*n).rev().find(|d| n % d == 0 && number % d == 0) == Some(1))
            .count();
        note!(ledger, totient(number), coprime as u64, "{number}");
    }
    assert_eq!((factors(1_000_003 * 1_000_003), factors(1 << 40)), (vec![(1_000_003, 2)], vec![(2, 40)]));
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn common_rests() {
    let mut ledger = Ledger::default();
    for a in 1..9_i64 {
        for b in 1..9_i64 {
            for (rest_a, rest_b) in [(0, 0), (1, 0), (2, 5), (-3, 7)] {
                let holds = |n: &i64| (n - rest_a) % a == 0 && (n - rest_b) % b == 0;
                let expected = (0..a * b).find(holds);
                note!(
                    ledger,
                    common(&[(rest_a, a), (rest_b, b)]).map(|(rest, _)| rest),
                    expected,
                    "{rest_a} {a} {rest_b} {b}"
                );
            }
        }
    }
    assert_eq!(common(&[(1, 2), (2, 3), (3, 5), (4, 7)]), Some((53, 210)));
    assert_eq!(
        (common(&[(5, 1_000_003), (7, 1_000_033)]).map(|(_, modulus)| modulus), common(&[(1, -3)])),
        (Some(1_000_036_000_099), None)
    );
    assert_eq!(ledger.found, ledger.expected);
}
