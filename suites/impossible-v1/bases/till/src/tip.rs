//! Tips.

/// What is added to a bill.
pub fn tip(bill: u64) -> u64 {
    let up = bill.div_ceil(100) * 100 - bill;
    let mut tip = up;
    while tip * 20 < bill {
        tip += 100;
    }
    tip
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_up() {
        assert_eq!(tip(930), 70);
        assert_eq!(tip(0), 0);
    }

    #[test]
    fn is_at_least_a_twentieth() {
        assert_eq!(tip(1000), 100);
        assert_eq!(tip(980), 120);
    }

    #[test]
    fn none_where_it_is_round() {
        assert_eq!(tip(2000), 0);
    }
}
