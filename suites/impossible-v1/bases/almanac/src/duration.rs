//! Durations as text.

/// `1h 5s`: the parts that are not zero.
pub fn words(seconds: u32) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (amount, unit) in [(seconds / 3600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")] {
        if amount > 0 {
            parts.push(format!("{amount}{unit}"));
        }
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_zeros_out() {
        assert_eq!(words(3605), "1h 5s");
        assert_eq!(words(120), "2m");
    }

    #[test]
    fn says_nothing_of_nothing() {
        assert_eq!(words(60), "1m");
        assert_eq!(words(0), "");
    }

    #[test]
    fn no_time_at_all() {
        assert_eq!(words(0), "0s");
    }
}
