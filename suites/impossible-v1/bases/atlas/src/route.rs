//! Routes over a strip of fields.

/// The fewest moves of one or two fields from the first field to the last; None where there is no way.
pub fn steps(strip: &str) -> Option<usize> {
    let open: Vec<bool> = strip.chars().map(|field| field != '#').collect();
    let mut fewest: Vec<Option<usize>> = vec![None; open.len()];
    for at in 0..open.len() {
        let before = (1..=2).filter_map(|back| fewest[at.checked_sub(back)?]).min();
        fewest[at] = if !open[at] { None } else if at == 0 { Some(0) } else { before.map(|moves| moves + 1) };
    }
    fewest.last().copied().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_two_walls() {
        assert_eq!(steps("..##.."), Some(3));
    }

    #[test]
    fn an_open_strip() {
        assert_eq!(steps("....."), Some(2));
        assert_eq!(steps("."), Some(0));
    }

    #[test]
    fn over_one_wall() {
        assert_eq!(steps(".#."), Some(1));
        assert_eq!(steps(".##."), None);
    }
}
