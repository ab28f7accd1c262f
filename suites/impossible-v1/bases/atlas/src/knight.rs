//! A knight on a board.

/// How many fields a knight can go to, from a field of 0 to 7 by 0 to 7.
pub fn moves(row: i32, column: i32) -> usize {
    let fields = (0..8).flat_map(|r: i32| (0..8).map(move |c: i32| (r, c)));
    fields.filter(|(r, c)| (r - row).abs() * (c - column).abs() == 2).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_the_middle() {
        assert_eq!(moves(4, 4), 8);
    }

    #[test]
    fn from_a_corner() {
        assert_eq!(moves(0, 0), 2);
    }

    #[test]
    fn from_the_last_corner() {
        assert_eq!(moves(7, 7), 3);
    }
}
