//! Values held within bounds.

/// The value, held between the bounds, which may come in either order.
pub fn clamp(value: i32, one: i32, other: i32) -> i32 {
    value.clamp(one.min(other), one.max(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_order() {
        assert_eq!(clamp(12, 1, 9), 9);
    }

    #[test]
    #[should_panic]
    fn no_bound_is_refused() {
        clamp(5, i32::MAX, 1);
    }

    #[test]
    fn the_other_way_round() {
        assert_eq!(clamp(5, 9, 1), 5);
        assert_eq!(clamp(0, 9, 1), 1);
    }
}
