//! Rotated lists.

/// The list turned to the left, or to the right by a negative number.
pub fn rotated(values: &[char], by: i64) -> Vec<char> {
    let mut turned = values.to_vec();
    if !turned.is_empty() {
        let length = turned.len() as i64;
        turned.rotate_left(by.rem_euclid(length) as usize);
    }
    turned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_the_left() {
        assert_eq!(rotated(&['a', 'b', 'c'], 4), ['b', 'c', 'a']);
    }

    #[test]
    fn to_the_right() {
        assert_eq!(rotated(&['a', 'b', 'c'], -1), ['c', 'a', 'b']);
    }

    #[test]
    fn nothing_at_all() {
        assert_eq!(rotated(&[], 1), ['a']);
    }
}
