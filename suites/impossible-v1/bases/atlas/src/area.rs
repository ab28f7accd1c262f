//! Areas.

/// Twice the area of a triangle.
pub fn doubled_area(a: (i64, i64), b: (i64, i64), c: (i64, i64)) -> u64 {
    ((b.0 - a.0) * (c.1 - a.1) - (c.0 - a.0) * (b.1 - a.1)).unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_triangle() {
        assert_eq!(doubled_area((0, 0), (4, 0), (0, 3)), 12);
    }

    #[test]
    fn in_any_order() {
        assert_eq!(doubled_area((0, 0), (0, 3), (4, 0)), 12);
        assert_eq!(doubled_area((0, 0), (1, 1), (2, 2)), 0);
    }

    #[test]
    fn of_a_thin_strip() {
        assert_eq!(doubled_area((1, 1), (2, 2), (3, 3)), 1);
    }
}
