//! Versions.

use std::cmp::Ordering;

/// Which version is the later one; None where a part is no number.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    let parts = |text: &str| text.split('.').map(|part| part.parse::<u32>().ok()).collect::<Option<Vec<_>>>();
    let (mut a, mut b) = (parts(a)?, parts(b)?);
    let length = a.len().max(b.len());
    a.resize(length, 0);
    b.resize(length, 0);
    Some(a.cmp(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_number() {
        assert_eq!(compare("1.10", "1.9"), Some(Ordering::Greater));
    }

    #[test]
    fn missing_parts_are_zero() {
        assert_eq!(compare("1.2", "1.2.0"), Some(Ordering::Equal));
    }

    #[test]
    fn no_numbers() {
        assert_eq!(compare("1.0-rc", "1.0"), None);
    }

    #[test]
    fn before_the_release() {
        assert_eq!(compare("1.0-beta", "1.0"), Some(Ordering::Less));
    }
}
