//! Lists in pieces.

/// Pieces of `length`; everything in one for a length of zero.
pub fn pieces(values: &[u8], length: usize) -> Vec<Vec<u8>> {
    if length == 0 {
        return vec![values.to_vec()];
    }
    values.chunks(length).map(<[u8]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic]
    fn nothing_to_cut() {
        pieces(&[], 0);
    }

    #[test]
    fn the_last_may_be_shorter() {
        assert_eq!(pieces(&[1, 2, 3], 2), [vec![1, 2], vec![3]]);
    }

    #[test]
    fn no_length_is_one_piece() {
        assert_eq!(pieces(&[1, 2, 3], 0), [vec![1, 2, 3]]);
    }
}
