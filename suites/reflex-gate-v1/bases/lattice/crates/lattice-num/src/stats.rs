//! Statistics of values that come one by one: moments, correlation, and quantiles without keeping all values.

/// Count, mean and spread; two of them can be put together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Moments {
    count: u64,
    mean: f64,
    /// Sum of the squared distances from the mean.
    squares: f64,
    /// Sum of their third powers.
    cubes: f64,
}

impl Moments {
    pub fn add(&mut self, value: f64) {
        let one = Moments { count: 1, mean: value, ..Moments::default() };
        *self = self.merged(&one);
    }

    /// The moments of all values of both.
    pub fn merged(&self, other: &Moments) -> Moments {
        let count = self.count + other.count;
        if count == 0 {
            return *self;
        }
        let (n, m, all) = (self.count as f64, other.count as f64, count as f64);
        let distance = other.mean - self.mean;
        let squares = self.squares + other.squares + distance * distance * n * m / all;
        let cubes = self.cubes
            + other.cubes
            + distance.powi(3) * n * m * (n - m) / (all * all)
            + 3.0 * distance * (n * other.squares - m * self.squares) / all;
        Moments { count, mean: self.mean + distance * m / all, squares, cubes }
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// The sample's variance.
    pub fn variance(&self) -> Option<f64> {
        (self.count > 1).then(|| self.squares / (self.count - 1) as f64)
    }

    /// How far the values lean to one side.
    pub fn skewness(&self) -> Option<f64> {
        (self.squares > 0.0).then(|| (self.count as f64).sqrt() * self.cubes / self.squares.powf(1.5))
    }
}

impl FromIterator<f64> for Moments {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut moments = Moments::default();
        values.into_iter().for_each(|value| moments.add(value));
        moments
    }
}

/// How two quantities go together.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pairs {
    count: f64,
    mean: (f64, f64),
    squares: (f64, f64),
    products: f64,
}

impl Pairs {
    pub fn add(&mut self, x: f64, y: f64) {
        self.count += 1.0;
        let (dx, dy) = (x - self.mean.0, y - self.mean.1);
        self.mean.0 += dx / self.count;
        self.mean.1 += dy / self.count;
        // One distance from the old mean, one from the new.
        self.squares.0 += dx * (x - self.mean.0);
        self.squares.1 += dy * (y - self.mean.1);
        self.products += dx * (y - self.mean.1);
    }

    pub fn covariance(&self) -> Option<f64> {
        (self.count > 1.0).then(|| self.products / (self.count - 1.0))
    }

    pub fn correlation(&self) -> Option<f64> {
        let spread = (self.squares.0 * self.squares.1).sqrt();
        (spread > 0.0).then(|| self.products / spread)
    }

    /// Slope and offset of the line that is nearest to the values.
    pub fn line(&self) -> Option<(f64, f64)> {
        let slope = (self.squares.0 > 0.0).then(|| self.products / self.squares.0)?;
        Some((slope, self.mean.1 - slope * self.mean.0))
    }
}

/// A quantile by linear interpolation between the values around it, which are sorted first.
pub fn quantile(values: &mut [f64], share: f64) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    let place = share.clamp(0.0, 1.0) * last as f64;
    let (below, rest) = (place.floor() as usize, place.fract());
    let above = (below + 1).min(last);
    Some(values[below] + rest * (values[above] - values[below]))
}

/// Values counted in buckets that grow by a constant factor: quantiles with a bounded relative error.
#[derive(Debug, Clone)]
pub struct Sketch {
    /// The factor's logarithm.
    step: f64,
    buckets: std::collections::BTreeMap<i32, u64>,
    zeros: u64,
}

impl Sketch {
    /// `error`: the relative error of a quantile, for instance 0.01.
    pub fn new(error: f64) -> Self {
        Sketch {
            step: ((1.0 + error) / (1.0 - error)).ln(),
            buckets: std::collections::BTreeMap::new(),
            zeros: 0,
        }
    }

    /// Negative values are not counted.
    pub fn add(&mut self, value: f64) {
        if value > 0.0 {
            *self.buckets.entry((value.ln() / self.step).ceil() as i32).or_default() += 1;
        } else if value == 0.0 {
            self.zeros += 1;
        }
    }

    pub fn count(&self) -> u64 {
        self.zeros + self.buckets.values().sum::<u64>()
    }

    pub fn merge(&mut self, other: &Sketch) {
        self.zeros += other.zeros;
        for (bucket, count) in &other.buckets {
            *self.buckets.entry(*bucket).or_default() += count;
        }
    }

    pub fn quantile(&self, share: f64) -> Option<f64> {
        let last = self.count().checked_sub(1)?;
        let rank = (share.clamp(0.0, 1.0) * last as f64).floor() as u64;
        let mut seen = self.zeros;
        if rank < seen {
            return Some(0.0);
        }
        for (bucket, count) in &self.buckets {
            seen += count;
            if rank < seen {
                // The middle of the bucket, as far from its lower end as from its upper one in proportion.
                let upper = (f64::from(*bucket) * self.step).exp();
                return Some(2.0 * upper / (1.0 + self.step.exp()));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: Option<f64>, b: f64) {
        assert!(a.is_some_and(|a| (a - b).abs() < 1e-9), "{a:?} is not {b}");
    }

    #[test]
    fn moments() {
        let some: Moments = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0].into_iter().collect();
        near(some.mean(), 5.0);
        near(some.variance(), 32.0 / 7.0);
        near(some.skewness(), 0.65625);
        let shifted: Moments = [1e9, 1e9 + 1.0, 1e9 + 2.0].into_iter().collect();
        assert_eq!((shifted.variance(), shifted.skewness()), (Some(1.0), Some(0.0)));
        let one: Moments = [3.0].into_iter().collect();
        assert_eq!(
            (one.mean(), one.variance(), one.skewness(), Moments::default().mean()),
            (Some(3.0), None, None, None)
        );
    }

    #[test]
    fn moments_are_put_together() {
        let values = [1.0, 8.0, 2.0, 2.5, 9.0, -4.0, 0.5];
        let whole: Moments = values.into_iter().collect();
        for cut in 0..=7 {
            let (head, tail) = values.split_at(cut);
            let merged = head.iter().copied().collect::<Moments>().merged(&tail.iter().copied().collect());
            assert_eq!(merged.count(), 7);
            near(merged.mean(), whole.mean().unwrap());
            near(merged.variance(), whole.variance().unwrap());
            near(merged.skewness(), whole.skewness().unwrap());
        }
        assert_eq!(Moments::default().merged(&Moments::default()), Moments::default());
    }

    #[test]
    fn pairs() {
        let mut pairs = Pairs::default();
        assert_eq!((pairs.covariance(), pairs.correlation(), pairs.line()), (None, None, None));
        for (x, y) in [(1.0, 2.0), (2.0, 3.0), (3.0, 7.0), (6.0, 8.0)] {
            pairs.add(x, y);
        }
        near(pairs.covariance(), 17.0 / 3.0);
        near(pairs.correlation(), 17.0 / (14.0_f64 * 26.0).sqrt());
        let (slope, offset) = pairs.line().unwrap();
        near(Some(slope), 17.0 / 14.0);
        near(Some(offset), 5.0 - 3.0 * 17.0 / 14.0);
    }

    #[test]
    fn quantiles() {
        let mut values = [9.0, 1.0, 5.0, 3.0];
        let all = [-1.0, 0.0, 0.25, 0.5, 0.9, 1.0, 2.0].map(|share| quantile(&mut values, share).unwrap());
        assert_eq!(all.map(|value| (value * 10.0).round()), [10.0, 10.0, 25.0, 40.0, 78.0, 90.0, 90.0]);
        assert_eq!((quantile(&mut [], 0.5), quantile(&mut [7.0], 0.3)), (None, Some(7.0)));
    }

    #[test]
    fn sketches() {
        let mut sketch = Sketch::new(0.01);
        assert_eq!(sketch.quantile(0.5), None);
        (0..=1000).for_each(|n| sketch.add(f64::from(n)));
        sketch.add(-5.0);
        assert_eq!((sketch.count(), sketch.quantile(0.0)), (1001, Some(0.0)));
        for share in [0.1, 0.5, 0.9, 1.0] {
            let found = sketch.quantile(share).unwrap();
            assert!((found / (share * 1000.0) - 1.0).abs() <= 0.0100001, "{share}: {found}");
        }
        let mut other = Sketch::new(0.01);
        (0..2002).for_each(|_| other.add(5000.0));
        sketch.merge(&other);
        let found = sketch.quantile(0.5).unwrap();
        assert!(sketch.count() == 3003 && (found / 5000.0 - 1.0).abs() <= 0.0100001);
    }
}
