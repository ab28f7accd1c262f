//! Zoom levels.

/// A level of detail, 0 to 19.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zoom(pub u8);

impl Zoom {
    pub fn closer(self) -> Zoom {
        Zoom((self.0 + 1).min(19))
    }

    pub fn farther(self) -> Zoom {
        Zoom(self.0.saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_level() {
        assert_eq!(Zoom(4).closer(), Zoom(5));
        assert_eq!(Zoom(4).farther(), Zoom(3));
    }

    #[test]
    fn there_and_back() {
        let there = Zoom(17).closer().closer().closer();
        assert_eq!(there, Zoom(19));
        assert_eq!(there.farther(), Zoom(19));
    }

    #[test]
    fn to_the_ends() {
        assert_eq!(Zoom(19).closer(), Zoom(19));
        assert_eq!(Zoom(0).farther(), Zoom(0));
        assert_eq!(Zoom(19).closer().farther(), Zoom(18));
    }
}
