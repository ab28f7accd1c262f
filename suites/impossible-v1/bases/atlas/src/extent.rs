//! Boxes.

/// Left, top, right and bottom of the smallest box.
pub fn extent(points: &[(i32, i32)]) -> Option<(i32, i32, i32, i32)> {
    let first = points.first()?;
    let start = (first.0, first.1, first.0, first.1);
    Some(points.iter().fold(start, |(l, t, r, b), &(x, y)| (l.min(x), t.min(y), r.max(x), b.max(y))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn around_some() {
        assert_eq!(extent(&[(1, 5), (4, 2)]), Some((1, 2, 4, 5)));
        assert_eq!(extent(&[]), None);
    }

    #[test]
    fn around_one() {
        assert_eq!(extent(&[(7, 7)]), Some((7, 7, 7, 7)));
    }

    #[test]
    fn with_a_margin() {
        assert_eq!(extent(&[(3, 3)]), Some((2, 2, 4, 4)));
    }
}
