//! Levels that are compared.

/// A level; a higher number comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level(pub u8);

impl PartialOrd for Level {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Level {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.0.cmp(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_come_first() {
        assert!(Level(6) < Level(7));
        assert!(Level(7) < Level(6));
    }

    #[test]
    fn higher_comes_first() {
        assert!(Level(3) < Level(1));
        let mut all = [Level(1), Level(3), Level(2)];
        all.sort();
        assert_eq!(all, [Level(3), Level(2), Level(1)]);
    }
}
