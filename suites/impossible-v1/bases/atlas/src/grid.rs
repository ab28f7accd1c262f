//! Neighbours.

/// The cells beside, above and below, in order of row and column.
pub fn neighbours(row: usize, column: usize, rows: usize, columns: usize) -> Vec<(usize, usize)> {
    let near = |a: usize, b: usize| a.abs_diff(b);
    let cells = (0..rows).flat_map(|r| (0..columns).map(move |c| (r, c)));
    cells.filter(|&(r, c)| near(r, row) + near(c, column) == 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_the_middle() {
        assert_eq!(neighbours(1, 1, 3, 3), [(0, 1), (1, 0), (1, 2), (2, 1)]);
    }

    #[test]
    fn of_a_corner() {
        assert_eq!(neighbours(0, 0, 9, 9).len(), 3);
    }

    #[test]
    fn at_the_edge() {
        assert_eq!(neighbours(1, 2, 2, 3), [(0, 2), (1, 1)]);
    }
}
