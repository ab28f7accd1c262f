//! Further tests of limits.

use crate::bucket::{Bucket, Limits, Meter, Refusal};

#[test]
fn long_rates() {
    for rate in [1, 3, 7, 100, 999] {
        let mut bucket = Bucket::new(20, rate, 0);
        bucket.take(20, 0).unwrap();
        let mut taken = 0;
        for ms in (0..=30_000).step_by(13) {
            while bucket.take(1, ms).is_ok() {
                taken += 1;
            }
        }
        let expected = 29_991 * rate / 1000;
        assert!(taken == expected || (rate > 900 && taken <= expected), "{taken} at {rate}");
    }
}

#[test]
fn waits_are_exact() {
    let mut bucket = Bucket::new(100, 7, 50);
    bucket.take(100, 50).unwrap();
    for tokens in [1, 2, 50, 100] {
        let Err(Refusal::Wait(ms)) = bucket.take(tokens, 50) else { panic!("no wait for {tokens}") };
        assert_eq!(ms, (tokens * 1000).div_ceil(7));
        assert!(bucket.clone().take(tokens, 50 + ms).is_ok());
        assert!(bucket.clone().take(tokens, 50 + ms - 1).is_err());
    }
    assert_eq!((bucket.available(0), bucket.available(1050)), (0, 7));
}

#[test]
fn giving_back() {
    let mut bucket = Bucket::new(10, 1, 0);
    bucket.take(6, 0).unwrap();
    bucket.give_back(2);
    assert_eq!((bucket.available(0), bucket.take(7, 0)), (6, Err(Refusal::Wait(1000))));
    bucket.give_back(100);
    assert_eq!((bucket.available(0), bucket.take(10, 0), bucket.take(0, 0)), (10, Ok(()), Ok(())));
}

#[test]
fn several_limits() {
    let mut limits = Limits::new(vec![Bucket::new(4, 2, 0), Bucket::new(6, 0, 0)]);
    assert_eq!(
        (limits.take(4, 0), limits.take(1, 0), limits.available(0)),
        (Ok(()), Err(Refusal::Wait(500)), 0)
    );
    assert_eq!((limits.take(3, 9000), limits.available(9000)), (Err(Refusal::TooMuch), 2));
    assert_eq!((limits.take(2, 9000), limits.take(1, 9000)), (Ok(()), Err(Refusal::TooMuch)));
    let mut limits = Limits::new(vec![Bucket::new(9, 1, 0), Bucket::new(9, 2, 0), Bucket::new(9, 3, 0)]);
    limits.take(9, 0).unwrap();
    assert_eq!(
        (limits.take(6, 0), limits.take(6, 2000)),
        (Err(Refusal::Wait(6000)), Err(Refusal::Wait(4000)))
    );
    assert_eq!((limits.available(6000), limits.take(6, 6000), limits.available(6000)), (6, Ok(()), 0));
    assert_eq!((limits.available(9000), Limits::new(vec![]).available(0)), (3, u64::MAX));
}

#[test]
fn meters() {
    let mut meter = Meter::new(60, 3);
    let totals: Vec<u64> = (0..12)
        .map(|step| {
            meter.add(step + 1, step * 10);
            meter.total(step * 10)
        })
        .collect();
    assert_eq!(totals, [1, 3, 6, 10, 15, 21, 25, 33, 35, 45, 45, 57]);
    assert_eq!((meter.total(139), meter.total(140), meter.total(159), meter.total(180)), (42, 23, 23, 0));
    let mut meter = Meter::new(2, 0);
    meter.add(5, 1);
    assert_eq!((meter.total(1), meter.total(2)), (5, 0));
}
