//! Limits how much may be sent in a time. Time is told from outside, in milliseconds.

/// A bucket that fills evenly and is emptied by what is sent.
#[derive(Debug, Clone)]
pub struct Bucket {
    capacity: u64,
    /// Tokens a second.
    rate: u64,
    /// In thousandths of a token, so that slow rates lose nothing.
    level: u64,
    seen_ms: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There will be enough in so many milliseconds.
    Wait(u64),
    /// The bucket never holds so much.
    TooMuch,
}

impl Bucket {
    /// It begins full.
    pub fn new(capacity: u64, rate: u64, now_ms: u64) -> Self {
        Bucket { capacity, rate, level: capacity * 1000, seen_ms: now_ms }
    }

    fn refill(&mut self, now_ms: u64) {
        // A clock that goes backwards fills nothing.
        let passed = now_ms.saturating_sub(self.seen_ms);
        self.level = self.level.saturating_add(passed.saturating_mul(self.rate)).min(self.capacity * 1000);
        self.seen_ms = self.seen_ms.max(now_ms);
    }

    /// Tokens that could be taken now.
    pub fn available(&mut self, now_ms: u64) -> u64 {
        self.refill(now_ms);
        self.level / 1000
    }

    pub fn take(&mut self, tokens: u64, now_ms: u64) -> Result<(), Refusal> {
        self.refill(now_ms);
        if tokens > self.capacity {
            return Err(Refusal::TooMuch);
        }
        let wanted = tokens * 1000;
        if wanted <= self.level {
            self.level -= wanted;
            return Ok(());
        }
        if self.rate == 0 {
            return Err(Refusal::TooMuch);
        }
        Err(Refusal::Wait((wanted - self.level).div_ceil(self.rate)))
    }

    /// Gives back what was taken and not used.
    pub fn give_back(&mut self, tokens: u64) {
        self.level = (self.level + tokens * 1000).min(self.capacity * 1000);
    }
}

/// Several limits at once, of which each must hold: a burst, a minute, a day.
#[derive(Debug, Clone)]
pub struct Limits {
    buckets: Vec<Bucket>,
}

impl Limits {
    pub fn new(buckets: Vec<Bucket>) -> Self {
        Limits { buckets }
    }

    /// Takes from all buckets or from none. The longest wait is told.
    pub fn take(&mut self, tokens: u64, now_ms: u64) -> Result<(), Refusal> {
        let mut longest = 0;
        for index in 0..self.buckets.len() {
            match self.buckets[index].take(tokens, now_ms) {
                Ok(()) if longest == 0 => {}
                Ok(()) => self.buckets[index].give_back(tokens),
                Err(Refusal::TooMuch) => {
                    let taken = if longest == 0 { index } else { 0 };
                    self.buckets[..taken].iter_mut().for_each(|bucket| bucket.give_back(tokens));
                    return Err(Refusal::TooMuch);
                }
                Err(Refusal::Wait(ms)) => {
                    if longest == 0 {
                        self.buckets[..index].iter_mut().for_each(|bucket| bucket.give_back(tokens));
                    }
                    longest = longest.max(ms);
                }
            }
        }
        if longest == 0 {
            Ok(())
        } else {
            Err(Refusal::Wait(longest))
        }
    }

    pub fn available(&mut self, now_ms: u64) -> u64 {
        self.buckets.iter_mut().map(|bucket| bucket.available(now_ms)).min().unwrap_or(u64::MAX)
    }
}

/// How much was sent in the last `window_ms`, told in steps.
#[derive(Debug, Clone)]
pub struct Meter {
    steps: Vec<u64>,
    step_ms: u64,
    /// The number of the newest step.
    current: u64,
}

impl Meter {
    pub fn new(window_ms: u64, steps: usize) -> Self {
        let steps = steps.max(1);
        Meter { steps: vec![0; steps], step_ms: (window_ms / steps as u64).max(1), current: 0 }
    }

    fn advance(&mut self, now_ms: u64) {
        let step = now_ms / self.step_ms;
        let passed = step.saturating_sub(self.current).min(self.steps.len() as u64);
        for back in 0..passed {
            let index = (step - back) as usize % self.steps.len();
            self.steps[index] = 0;
        }
        self.current = self.current.max(step);
    }

    pub fn add(&mut self, amount: u64, now_ms: u64) {
        self.advance(now_ms);
        let index = self.current as usize % self.steps.len();
        self.steps[index] += amount;
    }

    pub fn total(&mut self, now_ms: u64) -> u64 {
        self.advance(now_ms);
        self.steps.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_evenly() {
        let mut bucket = Bucket::new(10, 4, 1000);
        assert_eq!((bucket.take(10, 1000), bucket.take(1, 1000)), (Ok(()), Err(Refusal::Wait(250))));
        assert_eq!((bucket.take(1, 1249), bucket.take(1, 1250)), (Err(Refusal::Wait(1)), Ok(())));
        assert_eq!((bucket.available(2000), bucket.available(1500), bucket.available(90_000)), (3, 3, 10));
        assert_eq!(bucket.take(11, 90_000), Err(Refusal::TooMuch));
    }

    #[test]
    fn keeps_parts_of_tokens() {
        let mut bucket = Bucket::new(5, 3, 0);
        bucket.take(5, 0).unwrap();
        let taken = (1..=1000).filter(|ms| bucket.take(1, *ms).is_ok()).count();
        assert_eq!(taken, 3);
        assert_eq!(bucket.take(2, 1000), Err(Refusal::Wait(667)));
        bucket.give_back(9);
        assert_eq!(bucket.available(1000), 5);
        let mut dry = Bucket::new(2, 0, 0);
        assert_eq!((dry.take(2, 0), dry.take(1, 99)), (Ok(()), Err(Refusal::TooMuch)));
    }

    #[test]
    fn takes_from_all_or_none() {
        let mut limits =
            Limits::new(vec![Bucket::new(10, 10, 0), Bucket::new(15, 1, 0), Bucket::new(12, 2, 0)]);
        assert_eq!((limits.take(8, 0), limits.take(5, 0)), (Ok(()), Err(Refusal::Wait(500))));
        assert_eq!(limits.available(0), 2);
        assert_eq!(
            (limits.take(8, 600), limits.take(11, 600)),
            (Err(Refusal::Wait(1400)), Err(Refusal::TooMuch))
        );
        assert_eq!((limits.available(600), limits.take(5, 600), limits.available(600)), (5, Ok(()), 0));
    }

    #[test]
    fn measures_a_window() {
        let mut meter = Meter::new(1000, 4);
        for (ms, amount) in [(0, 1), (249, 2), (250, 4), (999, 8)] {
            meter.add(amount, ms);
        }
        assert_eq!([999, 1000, 1249, 1250, 1999, 2000].map(|ms| meter.total(ms)), [15, 12, 12, 8, 0, 0]);
        meter.add(16, 50_000);
        assert_eq!((meter.total(50_000), meter.total(40_000)), (16, 16));
    }
}
