//! Roman numerals.

const STEPS: [(u32, &str); 13] = [
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
];

/// The number in Roman numerals, with subtraction.
pub fn roman(mut number: u32) -> String {
    let mut text = String::new();
    for (value, letters) in STEPS {
        while number >= value {
            text.push_str(letters);
            number -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up() {
        assert_eq!(roman(1666), "MDCLXVI");
    }

    #[test]
    fn on_the_clock_face() {
        assert_eq!(roman(4), "IIII");
    }

    #[test]
    fn subtracts() {
        assert_eq!(roman(1994), "MCMXCIV");
        assert_eq!(roman(49), "XLIX");
    }
}
