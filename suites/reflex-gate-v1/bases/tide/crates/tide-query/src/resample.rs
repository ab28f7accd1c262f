//! Brings readings that come at any time onto a regular grid, and finds where they turn.

/// A reading and its time in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    pub time: i64,
    pub value: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// Buckets without readings are left out.
    None,
    /// They repeat the last value.
    Last,
    /// They lie on the line between the values around them.
    Linear,
}

/// A bucket begins at a multiple of `step` behind `origin` and holds readings up to its end without it.
pub fn bucket_start(time: i64, step: i64, origin: i64) -> i64 {
    (time - origin).div_euclid(step) * step + origin
}

/// Means of the readings of each bucket. `readings` are sorted by time.
pub fn resample(readings: &[Reading], step: i64, origin: i64, fill: Fill) -> Vec<Reading> {
    let mut buckets: Vec<Reading> = Vec::new();
    let same_bucket =
        |a: &Reading, b: &Reading| bucket_start(a.time, step, origin) == bucket_start(b.time, step, origin);
    for bucket in readings.chunk_by(same_bucket) {
        let mean = bucket.iter().map(|reading| reading.value).sum::<f64>() / bucket.len() as f64;
        let next = Reading { time: bucket_start(bucket[0].time, step, origin), value: mean };
        if let Some(last) = buckets.last().copied() {
            fill_between(&mut buckets, last, next, step, fill);
        }
        buckets.push(next);
    }
    buckets
}

fn fill_between(buckets: &mut Vec<Reading>, last: Reading, next: Reading, step: i64, fill: Fill) {
    let slope = match fill {
        Fill::None => return,
        Fill::Last => 0.0,
        Fill::Linear => (next.value - last.value) / (next.time - last.time) as f64,
    };
    let mut time = last.time + step;
    while time < next.time {
        buckets.push(Reading { time, value: last.value + slope * (time - last.time) as f64 });
        time += step;
    }
}

/// The value at a time on the line between the readings around it; none outside of them, or across more than `max_gap`.
pub fn value_at(readings: &[Reading], time: i64, max_gap: i64) -> Option<f64> {
    let after = readings.partition_point(|reading| reading.time < time);
    let next = readings.get(after)?;
    if next.time == time {
        return Some(next.value);
    }
    let last = readings.get(after.checked_sub(1)?)?;
    if next.time - last.time > max_gap {
        return None;
    }
    let share = (time - last.time) as f64 / (next.time - last.time) as f64;
    Some(last.value + share * (next.value - last.value))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    High,
    Low,
}

/// High and low waters: turning points that the readings move away from by at least `least` on both sides.
pub fn turns(readings: &[Reading], least: f64) -> Vec<(Turn, Reading)> {
    let mut turns = Vec::new();
    let Some(first) = readings.first() else {
        return turns;
    };
    let (mut high, mut low) = (*first, *first);
    let mut rising: Option<bool> = None;
    for reading in readings {
        if reading.value > high.value {
            high = *reading;
        }
        if reading.value < low.value {
            low = *reading;
        }
        if rising != Some(false) && high.value - reading.value >= least {
            if rising.is_some() {
                turns.push((Turn::High, high));
            }
            rising = Some(false);
            low = *reading;
        } else if rising != Some(true) && reading.value - low.value >= least {
            if rising.is_some() {
                turns.push((Turn::Low, low));
            }
            rising = Some(true);
            high = *reading;
        }
    }
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(pairs: &[(i64, f64)]) -> Vec<Reading> {
        pairs.iter().map(|(time, value)| Reading { time: *time, value: *value }).collect()
    }

    fn pairs(readings: &[Reading]) -> Vec<(i64, f64)> {
        readings.iter().map(|reading| (reading.time, reading.value)).collect()
    }

    #[test]
    fn averages_buckets() {
        let sample = readings(&[(-5, 1.0), (0, 2.0), (9, 4.0), (10, 5.0), (41, 9.0)]);
        assert_eq!(
            pairs(&resample(&sample, 10, 0, Fill::None)),
            [(-10, 1.0), (0, 3.0), (10, 5.0), (40, 9.0)]
        );
        assert_eq!(pairs(&resample(&sample, 10, 5, Fill::None)), [(-5, 1.5), (5, 4.5), (35, 9.0)]);
        assert_eq!(resample(&[], 10, 0, Fill::Last), []);
    }

    #[test]
    fn fills_gaps() {
        let sample = readings(&[(0, 1.0), (30, 4.0)]);
        assert_eq!(pairs(&resample(&sample, 10, 0, Fill::Last)), [(0, 1.0), (10, 1.0), (20, 1.0), (30, 4.0)]);
        assert_eq!(
            pairs(&resample(&sample, 10, 0, Fill::Linear)),
            [(0, 1.0), (10, 2.0), (20, 3.0), (30, 4.0)]
        );
    }

    #[test]
    fn interpolates() {
        let sample = readings(&[(0, 1.0), (10, 3.0), (40, 6.0)]);
        let at = |time| value_at(&sample, time, 20);
        assert_eq!(
            [0, 5, 10, 25, 40, 41, -1].map(at),
            [Some(1.0), Some(2.0), Some(3.0), None, Some(6.0), None, None]
        );
        assert_eq!(value_at(&sample, 20, 30), Some(4.0));
    }

    #[test]
    fn finds_turning_points() {
        let sample = readings(&[
            (0, 2.0),
            (1, 4.0),
            (2, 3.9),
            (3, 5.0),
            (4, 3.0),
            (5, 1.0),
            (6, 1.2),
            (7, 2.0),
            (8, 6.0),
        ]);
        assert_eq!(turns(&sample, 1.0), [(Turn::High, sample[3]), (Turn::Low, sample[5])]);
        assert_eq!(turns(&sample, 5.0), []);
        let small = turns(&sample, 0.1);
        assert_eq!(small.iter().map(|(_, reading)| reading.time).collect::<Vec<_>>(), [1, 2, 3, 5]);
        assert_eq!(turns(&[], 1.0), []);
    }
}
