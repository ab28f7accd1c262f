//! Further tests of names.

use crate::symbols::{Counts, Symbols};

#[test]
fn many_names() {
    let mut symbols = Symbols::default();
    let names: Vec<String> = (0..300).map(|n| format!("s{}", n % 100)).collect();
    let numbers: Vec<_> = names.iter().map(|name| symbols.intern(name).unwrap()).collect();
    assert_eq!((symbols.len(), numbers[5], numbers[99]), (100, numbers[205], numbers[299]));
    assert!(numbers.iter().zip(&names).all(|(symbol, name)| symbols.name(*symbol) == Some(name)));
    assert_eq!(symbols.find("s42"), Some(numbers[42]));
    assert_eq!((symbols.find("s100"), Symbols::default().is_empty()), (None, true));
}

#[test]
fn prefixes() {
    let mut symbols = Symbols::default();
    for name in ["ß", "sb", "sa", "s", "Sa", "sab"] {
        symbols.intern(name).unwrap();
    }
    let names = |prefix| {
        let found = symbols.starting_with(prefix);
        found.into_iter().map(|symbol| symbols.name(symbol).unwrap_or("")).collect::<Vec<_>>()
    };
    assert_eq!(names("s"), ["s", "sa", "sab", "sb"]);
    assert_eq!(names("sa"), ["sa", "sab"]);
    assert_eq!(names(""), ["Sa", "s", "sa", "sab", "sb", "ß"]);
}

#[test]
fn merging_and_showing() {
    let (mut one, mut two) = (Symbols::default(), Symbols::default());
    for name in ["x", "y z"] {
        one.intern(name).unwrap();
    }
    for name in ["new", "y z", "tab\t"] {
        two.intern(name).unwrap();
    }
    let merged = one.merge(&two).unwrap();
    let shown: Vec<_> = merged.iter().map(|symbol| one.display(*symbol).to_string()).collect();
    assert_eq!(shown, ["new", "\"y z\"", "\"tab\\t\""]);
    assert_eq!((one.len(), two.len()), (4, 3));
    assert_eq!(format!("[{:<5}]", one.display(merged[0])), "[new  ]");
}

#[test]
fn frequencies() {
    let mut symbols = Symbols::default();
    let mut counts = Counts::default();
    for word in "the tide of the day is the tide of tides".split(' ') {
        counts.add(symbols.intern(word).unwrap(), 1);
    }
    let top: Vec<_> =
        counts.top(4).into_iter().map(|(symbol, count)| (symbols.name(symbol).unwrap(), count)).collect();
    assert_eq!(top, [("the", 3), ("tide", 2), ("of", 2), ("day", 1)]);
    let late = symbols.intern("late").unwrap();
    assert_eq!(counts.get(late), 0);
    counts.add(late, 0);
    assert_eq!((counts.top(99).len(), counts.top(0).len()), (6, 0));
    counts.add(late, 7);
    assert_eq!(counts.top(1), [(late, 7)]);
}
