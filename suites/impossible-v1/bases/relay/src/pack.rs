//! Run lengths.

/// Pairs of count and byte.
pub fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packed: Vec<u8> = Vec::new();
    for &byte in bytes {
        match packed.as_mut_slice() {
            [.., count, last] if *last == byte && *count < 255 => *count += 1,
            _ => packed.extend([1, byte]),
        }
    }
    packed
}

/// What was packed.
pub fn unpack(packed: &[u8]) -> Vec<u8> {
    packed.chunks_exact(2).flat_map(|pair| std::iter::repeat_n(pair[1], usize::from(pair[0]))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts() {
        assert_eq!(pack(b"aaab"), [3, b'a', 1, b'b']);
    }

    #[test]
    fn is_shorter() {
        let mixed = [1, 2, 3, 4];
        assert!(pack(&mixed).len() < mixed.len());
        assert_eq!(unpack(&pack(&mixed)), mixed);
    }

    #[test]
    fn long_runs() {
        let long = vec![7; 600];
        assert_eq!(unpack(&pack(&long)), long);
    }
}
