//! Further tests of settings.

use crate::section::{Fault, FaultKind, Settings};

#[test]
fn inheritance() {
    let settings = Settings::parse("a=0\nb=0\n[r]\na=1\nc = x = y\n[s:r]\nb=2\n[t : s]\na=\n").unwrap();
    let all =
        |section: &str| ["a", "b", "c", "d"].map(|key| settings.get(section, key).unwrap_or("-").to_owned());
    assert_eq!(all("r"), ["1", "0", "x = y", "-"]);
    assert_eq!(all("s"), ["1", "2", "x = y", "-"]);
    assert_eq!(all("t"), ["", "2", "x = y", "-"]);
    assert_eq!(settings.get("u", "a"), None);
    assert_eq!(["t", "s", "r"].map(|section| settings.depth(section)), [Some(2), Some(1), Some(0)]);
}

#[test]
fn lines() {
    let settings = Settings::parse("[a]\nx = 1 \\\n   2\\\n3\n  #y=1\n;z=2\n y = 5").unwrap();
    assert_eq!(settings.get("a", "x"), Some("1 23"));
    assert_eq!((settings.get("a", "y"), settings.get("a", "z")), (Some("5"), None));
    assert_eq!(Settings::parse(" \n\n").unwrap(), Settings::default());
    assert_eq!(Settings::parse("[ a b ]\n[c]").unwrap().sections().collect::<Vec<_>>(), ["a b", "c"]);
}

#[test]
fn faults() {
    let fault = |line, what| Fault { line, what };
    assert_eq!(Settings::parse("[p:q]"), Err(vec![fault(1, FaultKind::UnknownParent("q".into()))]));
    assert_eq!(Settings::parse("\n[p:p]"), Err(vec![fault(2, FaultKind::UnknownParent("p".into()))]));
    assert_eq!(Settings::parse("x=1\\\n\\\n2\nz"), Err(vec![fault(4, FaultKind::NoSetting)]));
    assert_eq!(
        Settings::parse("k=1\nk=1\n[a]\nk=2\n[a:b]\n[ : a]\nk=2"),
        Err(vec![
            fault(2, FaultKind::TwiceInSection("k".into())),
            fault(5, FaultKind::SectionTwice("a".into())),
            fault(6, FaultKind::BadHeader),
            fault(7, FaultKind::TwiceInSection("k".into())),
        ])
    );
}
