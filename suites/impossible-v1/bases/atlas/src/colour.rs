//! Colours.

/// Red, green and blue of `#rgb` or `#rrggbb`.
pub fn colour(text: &str) -> Option<[u8; 3]> {
    let digits = text.strip_prefix('#')?.chars().map(|c| c.to_digit(16)).collect::<Option<Vec<_>>>()?;
    let pair = |a: u32, b: u32| (a * 16 + b) as u8;
    match digits.as_slice() {
        &[r, g, b] => Some([pair(r, r), pair(g, g), pair(b, b)]),
        &[r, s, g, h, b, c] => Some([pair(r, s), pair(g, h), pair(b, c)]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_long_form() {
        assert_eq!(colour("#0a0B0c"), Some([10, 11, 12]));
    }

    #[test]
    fn the_short_form() {
        assert_eq!(colour("#f0a"), Some([255, 0, 170]));
    }

    #[test]
    fn anything_else() {
        assert_eq!(colour("blue"), None);
        assert_eq!(colour("#12"), None);
    }

    #[test]
    fn by_name() {
        assert_eq!(colour("red"), Some([255, 0, 0]));
    }
}
