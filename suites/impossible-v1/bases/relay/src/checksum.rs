//! Checksums.

/// A checksum that depends on the order of bytes.
pub fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum: u32, &byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_same_letters() {
        assert_eq!(checksum(b"ab"), checksum(b"ba"));
    }

    #[test]
    fn of_nothing() {
        assert_eq!(checksum(b""), 0);
    }

    #[test]
    fn sees_the_order() {
        assert_eq!(checksum(b"abc"), 96354);
        assert_ne!(checksum(b"xy"), checksum(b"yx"));
    }
}
