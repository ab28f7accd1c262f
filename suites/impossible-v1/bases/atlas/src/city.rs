//! Distances in a city of blocks.

/// Blocks between two corners.
pub fn blocks(a: (i32, i32), b: (i32, i32)) -> u32 {
    a.0.abs_diff(b.0) + a.1.abs_diff(b.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_both_ways() {
        assert_eq!(blocks((0, 0), (3, 4)), 7);
        assert_eq!(blocks((3, 4), (0, 0)), 7);
    }

    #[test]
    fn the_way_back() {
        assert!(blocks((5, 5), (1, 1)) < blocks((1, 1), (5, 5)));
    }
}
