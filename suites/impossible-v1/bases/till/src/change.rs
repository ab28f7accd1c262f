//! Change in coins.

/// The fewest coins for an amount; None if there is no way.
pub fn coins(amount: usize, kinds: &[usize]) -> Option<usize> {
    let mut fewest = vec![Some(0); amount + 1];
    for sum in 1..=amount {
        let ways = kinds.iter().filter(|&&kind| kind > 0 && kind <= sum);
        fewest[sum] = ways.filter_map(|kind| fewest[sum - kind]).min().map(|count: usize| count + 1);
    }
    fewest[amount]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_coins() {
        assert_eq!(coins(40, &[1, 5, 10, 25]), Some(3));
        assert_eq!(coins(3, &[2]), None);
    }

    #[test]
    fn six_in_three_coins() {
        assert_eq!(coins(6, &[4, 1, 3]), Some(3));
    }

    #[test]
    fn where_greed_fails() {
        assert_eq!(coins(6, &[1, 3, 4]), Some(2));
    }
}
