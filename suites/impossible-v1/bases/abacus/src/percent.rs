//! Shares in per cent.

/// The part in whole per cent of the whole, halves up; None of nothing.
pub fn percent(part: u32, whole: u32) -> Option<u32> {
    (part * 200 + whole).checked_div(whole * 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_eighth() {
        assert_eq!(percent(1, 8), Some(12));
    }

    #[test]
    fn halves_go_up() {
        assert_eq!(percent(1, 4), Some(25));
        assert_eq!(percent(1, 8), Some(13));
    }

    #[test]
    fn of_nothing_there_is_no_share() {
        assert_eq!(percent(3, 0), None);
    }
}
