//! When to try again: growing pauses with some chance in them, and a budget for all retries together.

use std::time::Duration;

/// Pauses grow by `factor` from `first` up to `limit`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Policy {
    pub first: Duration,
    pub limit: Duration,
    pub factor: f64,
    /// The share of a pause that is left to chance, 0 to 1.
    pub jitter: f64,
    pub retries: u32,
}

impl Policy {
    /// The pause before a retry, which are counted from 0, without chance.
    pub fn pause(&self, retry: u32) -> Duration {
        let grown = self.first.as_secs_f64() * self.factor.powi(retry.min(1000) as i32);
        if grown >= self.limit.as_secs_f64() {
            self.limit
        } else {
            Duration::from_secs_f64(grown)
        }
    }
}

/// A source of chance that is the same each time for the same seed: xorshift with a multiplication (xorshift64*).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        // Nothing comes from zero.
        Chance(if seed == 0 { 0x9e37_79b9_7f4a_7c15 } else { seed })
    }

    /// From 0 to 1, without 1.
    pub fn share(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11;
        bits as f64 / (1_u64 << 53) as f64
    }
}

/// The pauses of one request.
#[derive(Debug, Clone)]
pub struct Backoff {
    policy: Policy,
    chance: Chance,
    retry: u32,
}

impl Backoff {
    pub fn new(policy: Policy, seed: u64) -> Self {
        Backoff { policy, chance: Chance::new(seed), retry: 0 }
    }

    /// Retries so far.
    pub fn retries(&self) -> u32 {
        self.retry
    }

    /// A server that says when to come back is not asked earlier, nor later than the limit.
    pub fn next_after(&mut self, asked_for: Duration) -> Option<Duration> {
        let own = self.next()?;
        Some(own.max(asked_for.min(self.policy.limit)))
    }

    /// After a success everything begins anew.
    pub fn reset(&mut self) {
        self.retry = 0;
    }
}

impl Iterator for Backoff {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        if self.retry >= self.policy.retries {
            return None;
        }
        let pause = self.policy.pause(self.retry);
        self.retry += 1;
        let left_to_chance = pause.mul_f64(self.policy.jitter.clamp(0.0, 1.0));
        Some(pause - left_to_chance + left_to_chance.mul_f64(self.chance.share()))
    }
}

/// Retries that all requests share: each success earns a part of one, each retry costs a whole one.
#[derive(Debug, Clone)]
pub struct Budget {
    /// In hundredths of a retry.
    balance: u32,
    limit: u32,
    earned: u32,
}

impl Budget {
    /// `percent`: retries that a hundred successes earn. It begins with all that it can hold.
    pub fn new(limit: u32, percent: u32) -> Self {
        Budget { balance: limit * 100, limit: limit * 100, earned: percent }
    }

    pub fn succeeded(&mut self) {
        self.balance = (self.balance + self.earned).min(self.limit);
    }

    /// Takes a retry if there is one.
    pub fn take(&mut self) -> bool {
        match self.balance.checked_sub(100) {
            Some(left) => {
                self.balance = left;
                true
            }
            None => false,
        }
    }

    /// Whole retries that are left.
    pub fn left(&self) -> u32 {
        self.balance / 100
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Policy = Policy {
        first: Duration::from_millis(100),
        limit: Duration::from_secs(1),
        factor: 2.0,
        jitter: 0.0,
        retries: 6,
    };

    fn millis(pauses: impl Iterator<Item = Duration>) -> Vec<u128> {
        pauses.map(|pause| pause.as_millis()).collect()
    }

    #[test]
    fn pauses_grow_up_to_a_limit() {
        assert_eq!(millis(Backoff::new(POLICY, 1)), [100, 200, 400, 800, 1000, 1000]);
        assert_eq!(POLICY.pause(u32::MAX), Duration::from_secs(1));
        assert_eq!(Policy { factor: 1.0, ..POLICY }.pause(50), Duration::from_millis(100));
    }

    #[test]
    fn chance_shortens_pauses() {
        let half = Policy { jitter: 0.5, ..POLICY };
        let pauses = millis(Backoff::new(half, 7));
        let plain = millis(Backoff::new(POLICY, 7));
        assert!(
            pauses.iter().zip(&plain).all(|(short, long)| short <= long && *short >= long / 2),
            "{pauses:?}"
        );
        assert_eq!(pauses, millis(Backoff::new(half, 7)));
        assert_ne!(pauses, millis(Backoff::new(half, 8)));
    }

    #[test]
    fn servers_may_ask_for_more() {
        let mut backoff = Backoff::new(POLICY, 1);
        let ask = |backoff: &mut Backoff, millis| {
            backoff.next_after(Duration::from_millis(millis)).map(|p| p.as_millis())
        };
        assert_eq!(
            [50, 700, 9000].map(|millis| ask(&mut backoff, millis)),
            [Some(100), Some(700), Some(1000)]
        );
        assert_eq!(backoff.retries(), 3);
        backoff.reset();
        assert_eq!(
            (backoff.next(), backoff.by_ref().count(), ask(&mut backoff, 1)),
            (Some(POLICY.first), 5, None)
        );
    }

    #[test]
    fn chance_is_spread_evenly() {
        let mut chance = Chance::new(0);
        let shares: Vec<f64> = (0..1000).map(|_| chance.share()).collect();
        assert!(shares.iter().all(|share| (0.0..1.0).contains(share)));
        let mean = shares.iter().sum::<f64>() / 1000.0;
        assert!((mean - 0.5).abs() < 0.03, "{mean}");
        assert_eq!((Chance::new(1).share() * 1e6) as u32, 280_835);
    }

    #[test]
    fn budgets_run_out() {
        let mut budget = Budget::new(2, 25);
        assert_eq!([budget.take(), budget.take(), budget.take()], [true, true, false]);
        (0..3).for_each(|_| budget.succeeded());
        assert_eq!((budget.left(), budget.take()), (0, false));
        budget.succeeded();
        assert_eq!((budget.left(), budget.take(), budget.left()), (1, true, 0));
        (0..100).for_each(|_| budget.succeeded());
        assert_eq!(budget.left(), 2);
    }
}
