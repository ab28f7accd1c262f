//! Further tests of numbers of any size.

use crate::heldout::Ledger;
use crate::natural::{Natural, NaturalError};

fn big(value: u128) -> Natural {
    value.to_string().parse().unwrap()
}

fn samples() -> Vec<u128> {
    let mut state = 1_u128;
    let mut samples =
        vec![0, 1, 2, u128::from(u32::MAX), 1 << 32, (1 << 32) + 1, u128::from(u64::MAX), 1 << 64, 1 << 96];
    for bits in [10, 31, 33, 50, 63] {
        state = state.wrapping_mul(25_214_903_917_123_456_789).wrapping_add(11);
        samples.push(state >> (128 - bits));
    }
    samples
}

#[test]
fn agree_with_machine_numbers() {
    let mut ledger = Ledger::default();
    for a in samples() {
        for b in samples() {
            let (x, y) = (big(a), big(b));
            note!(ledger, (&x + &y, x.cmp(&y)), (big(a + b), a.cmp(&b)));
            note!(ledger, x.checked_sub(&y), a.checked_sub(b).map(big));
            note!(ledger, x.div_rem(&y), a.checked_div(b).map(|quotient| (big(quotient), big(a % b))));
            if let Some(product) = a.checked_mul(b) {
                note!(ledger, &x * &y, big(product));
            }
        }
        note!(ledger, (big(a).to_string(), big(a).bits()), (a.to_string(), 128 - a.leading_zeros() as usize));
        note!(ledger, big(a).sqrt(), big(a.isqrt()));
        for bits in [0, 1, 31, 32, 33, 64, 100] {
            note!(ledger, big(a).shr(bits), big(a >> bits));
            note!(
                ledger,
                big(a).shl(bits).div_rem(&Natural::from(2).pow(bits as u32)),
                Some((big(a), Natural::default()))
            );
        }
    }
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn large_ones() {
    let factorial = (1..=40).fold(Natural::from(1), |product, n| &product * &Natural::from(n));
    assert_eq!(factorial.to_string(), "815915283247897734345611269596115894272000000000");
    let (mut a, mut b) = (Natural::default(), Natural::from(1));
    for _ in 0..300 {
        a += &b;
        std::mem::swap(&mut a, &mut b);
    }
    assert_eq!(a.to_string(), "222232244629420445529739893461909967206666939096499764990979600");
    let square = &factorial * &factorial;
    assert_eq!(
        (square.sqrt(), square.div_rem(&factorial)),
        (factorial.clone(), Some((factorial.clone(), Natural::default())))
    );
    assert_eq!(
        square.checked_sub(&Natural::from(1)).unwrap().sqrt(),
        factorial.checked_sub(&Natural::from(1)).unwrap()
    );
    let divisor = big(10_u128.pow(30) + 57);
    let (quotient, rest) = square.div_rem(&divisor).unwrap();
    assert!(rest < divisor);
    assert_eq!(&(&quotient * &divisor) + &rest, square);
}

#[test]
fn texts() {
    let read = |text: &str| text.parse::<Natural>();
    assert_eq!((read("000000000000000000001"), read("0")), (Ok(Natural::from(1)), Ok(Natural::default())));
    assert_eq!(
        (read("1e3"), read("+1"), read("٣")),
        (Err(NaturalError), Err(NaturalError), Err(NaturalError))
    );
    let chunks = "1000000000000000000000000002000000003";
    assert_eq!(read(chunks).map(|number| number.to_string()).as_deref(), Ok(chunks));
    assert_eq!(
        format!("[{:>4}] [{:<4}] [{:06}]", Natural::from(12), Natural::from(12), Natural::default()),
        "[  12] [12  ] [000000]"
    );
    assert_eq!(
        (Natural::from(u64::MAX).to_string(), Natural::from(7).pow(30)),
        (u64::MAX.to_string(), big(7_u128.pow(30)))
    );
}
