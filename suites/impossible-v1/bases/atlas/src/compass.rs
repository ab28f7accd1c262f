//! Directions.

/// The heading after a turn, 0 to 359.
pub fn turned(heading: i32, by: i32) -> i32 {
    (heading + by).rem_euclid(360)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_the_right() {
        assert_eq!(turned(350, 20), 10);
    }

    #[test]
    fn to_the_left() {
        assert_eq!(turned(10, -20), 350);
        assert_eq!(turned(0, 360), 0);
    }

    #[test]
    fn all_the_way_round() {
        assert_eq!(turned(0, 360), 360);
    }
}
