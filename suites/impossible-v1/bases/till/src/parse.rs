//! Amounts from text.

/// Cents from `12`, `12.5` or `12.50`; None for anything else.
pub fn cents(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 2 {
        return None;
    }
    let part = format!("{part:0<2}");
    Some(whole.parse::<u64>().ok()? * 100 + part.parse::<u64>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads() {
        assert_eq!(cents("12.5"), Some(1250));
        assert_eq!(cents("12"), Some(1200));
    }

    #[test]
    fn rounds_a_third_decimal() {
        assert_eq!(cents("1.005"), Some(101));
    }

    #[test]
    fn refuses() {
        assert_eq!(cents(""), None);
        assert_eq!(cents("-1"), None);
        assert_eq!(cents("1.234"), None);
    }
}
