//! Further tests of names.

use crate::natural::{compare, free_name, snake_case, title_case, words};
use std::cmp::Ordering;

#[test]
fn an_order() {
    let ordered = ["", "0", "00", "1", "1b", "01c", "2", "010", "A1", "a01", "a1b", "a2", "Ä", "ä1"];
    for (i, a) in ordered.iter().enumerate() {
        for (j, b) in ordered.iter().enumerate() {
            assert_eq!(compare(a, b), i.cmp(&j), "{a} and {b}");
        }
    }
    assert_eq!(compare("a01", "a1b"), Ordering::Less);
    assert_eq!(compare("Gauge 2", "gauge 10"), Ordering::Less);
    assert_eq!(compare("aB", "Ab"), Ordering::Greater);
}

#[test]
fn word_seams() {
    assert_eq!(words("aB"), ["a", "b"]);
    assert_eq!(words("ABc"), ["a", "bc"]);
    assert_eq!(words("ABC"), ["abc"]);
    assert_eq!(words("x9Y z--w"), ["x9", "y", "z", "w"]);
    assert_eq!(words("ÄrgerÜber"), ["ärger", "über"]);
    assert_eq!(words("_ -"), Vec::<String>::new());
    assert_eq!(words("IDs of PDFFile"), ["i", "ds", "of", "pdf", "file"]);
}

#[test]
fn cases() {
    assert_eq!(snake_case("Tide HighWater2"), "tide_high_water2");
    assert_eq!(snake_case(""), "");
    assert_eq!(title_case("übung-nummerZWEI"), "Übung Nummer Zwei");
    assert_eq!(title_case("x"), "X");
}

#[test]
fn free_names() {
    let free = |name: &str, taken: &[&str]| free_name(name, |candidate| taken.contains(&candidate));
    assert_eq!(free("a", &["b"]), "a");
    assert_eq!(free("a", &["a", "a3"]), "a2");
    assert_eq!(free("a1", &["a1", "a2", "a3"]), "a4");
    assert_eq!(free("7", &["7", "8"]), "9");
    assert_eq!(free("x007", &["x007"]), "x8");
}
