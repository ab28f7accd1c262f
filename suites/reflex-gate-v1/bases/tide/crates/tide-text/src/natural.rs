//! Names in the order that people expect, and in the cases that programs want.

use std::cmp::Ordering;

/// Compares names so that `gauge9` comes before `gauge10`. Upper case makes no difference unless the rest is equal;
/// of equal numbers the one with fewer leading zeros comes first.
pub fn compare(a: &str, b: &str) -> Ordering {
    let (mut x, mut y) = (a, b);
    let mut tie = Ordering::Equal;
    while !x.is_empty() && !y.is_empty() {
        let ((digits_x, rest_x), (digits_y, rest_y)) = (split_digits(x), split_digits(y));
        if digits_x.is_empty() || digits_y.is_empty() {
            let (c, d) = (first(x), first(y));
            let order = folded(c).cmp(&folded(d));
            if order != Ordering::Equal {
                return order;
            }
            tie = tie.then(c.cmp(&d));
            (x, y) = (&x[c.len_utf8()..], &y[d.len_utf8()..]);
        } else {
            let (value_x, value_y) = (digits_x.trim_start_matches('0'), digits_y.trim_start_matches('0'));
            let order = value_x.len().cmp(&value_y.len()).then_with(|| value_x.cmp(value_y));
            if order != Ordering::Equal {
                return order;
            }
            tie = tie.then(digits_x.len().cmp(&digits_y.len()));
            (x, y) = (rest_x, rest_y);
        }
    }
    x.len().cmp(&y.len()).then(tie)
}

fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

fn first(text: &str) -> char {
    text.chars().next().unwrap_or('\0')
}

fn folded(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// The words of a name in any case: `meanLevel`, `mean_level`, `MEAN LEVEL`, `HTTPPort`.
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    let mut before = ' ';
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        if !c.is_alphanumeric() {
            open = false;
            continue;
        }
        let next_is_lower = chars.peek().is_some_and(|next| next.is_lowercase());
        // `levelMax` has a seam in front of `M`, `HTTPPort` in front of its second `P`.
        let seam = c.is_uppercase() && (!before.is_uppercase() || next_is_lower);
        match words.last_mut() {
            Some(last) if open && !seam => last.extend(c.to_lowercase()),
            _ => words.push(c.to_lowercase().collect()),
        }
        open = true;
        before = c;
    }
    words
}

pub fn snake_case(name: &str) -> String {
    words(name).join("_")
}

pub fn title_case(name: &str) -> String {
    let capitalised = |word: String| {
        let mut chars = word.chars();
        chars.next().map(|c| c.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    words(name).into_iter().map(capitalised).collect::<Vec<_>>().join(" ")
}

/// The name itself where it is free, else the name with the first free number behind it.
pub fn free_name(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(name) {
        return name.to_owned();
    }
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let mut number: u64 = name[stem.len()..].parse().unwrap_or(1);
    loop {
        number += 1;
        let candidate = format!("{stem}{number}");
        if !is_taken(&candidate) {
            return candidate;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(mut names: Vec<&str>) -> Vec<&str> {
        names.sort_by(|a, b| compare(a, b));
        names
    }

    #[test]
    fn sorts_by_numbers() {
        assert_eq!(sorted(vec!["g10", "g9", "g1a", "g1", "g"]), ["g", "g1", "g1a", "g9", "g10"]);
        assert_eq!(sorted(vec!["v1.10", "v1.9.2", "v1.9"]), ["v1.9", "v1.9.2", "v1.10"]);
        assert_eq!(compare("99999999999999999999", "100000000000000000000"), Ordering::Less);
    }

    #[test]
    fn breaks_ties_last() {
        assert_eq!(sorted(vec!["b", "B", "a", "C"]), ["a", "B", "b", "C"]);
        assert_eq!(sorted(vec!["x07", "x7", "x007", "x8"]), ["x7", "x07", "x007", "x8"]);
        assert_eq!(compare("x07a", "x7b"), Ordering::Less);
        assert_eq!(compare("pier", "pier"), Ordering::Equal);
    }

    #[test]
    fn finds_words() {
        for name in ["meanLevel", "mean_level", "MEAN LEVEL", "Mean-level", "MeanLevel"] {
            assert_eq!(words(name), ["mean", "level"], "{name}");
        }
        assert_eq!(words("HTTPPort2Max"), ["http", "port2", "max"]);
        assert_eq!(
            (snake_case("SeaLevelAtNN"), title_case("sea_levelMax")),
            ("sea_level_at_nn".into(), "Sea Level Max".into())
        );
    }

    #[test]
    fn finds_free_names() {
        let taken = ["pier", "pier2", "quay9"];
        let free = |name| free_name(name, |candidate| taken.contains(&candidate));
        assert_eq!(["dock", "pier", "pier2", "quay9"].map(free), ["dock", "pier3", "pier3", "quay10"]);
    }
}
