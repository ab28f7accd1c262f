//! Titles.

/// Every word with a capital.
pub fn title(text: &str) -> String {
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars.next().map_or(String::new(), |first| first.to_uppercase().collect::<String>() + chars.as_str())
    };
    text.split(' ').map(capital).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals() {
        assert_eq!(title("a plain title"), "A Plain Title");
    }

    #[test]
    fn of_a_famous_book() {
        assert_eq!(title("lord of the rings"), "Lord of the Rings");
    }

    #[test]
    fn small_words_too() {
        assert_eq!(title("dawn of the day"), "Dawn Of The Day");
    }
}
