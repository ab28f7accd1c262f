//! Frames.

/// The whole frames at the start of a stream.
pub fn frames(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut whole = Vec::new();
    while let Some((&length, rest)) = bytes.split_first() {
        let Some((frame, left)) = rest.split_at_checked(usize::from(length)) else { break };
        whole.push(frame.to_vec());
        bytes = left;
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_up() {
        assert_eq!(frames(&[3, 8, 9]), [vec![8, 9, 0]]);
    }

    #[test]
    fn whole_ones() {
        assert_eq!(frames(&[2, 5, 6, 0, 1, 7]), [vec![5, 6], vec![], vec![7]]);
    }

    #[test]
    fn leaves_the_rest() {
        assert_eq!(frames(&[1, 4, 2, 5]), [vec![4]]);
    }
}
