//! Further tests of patterns for names.

use crate::glob::{Glob, GlobError};

fn count(pattern: &str, names: &[&str]) -> usize {
    let glob = Glob::new(pattern).unwrap();
    names.iter().filter(|name| glob.matches(name)).count()
}

fn fitting(pattern: &str, names: &[&str]) -> String {
    let glob = Glob::new(pattern).unwrap();
    names.iter().copied().filter(|name| glob.matches(name)).collect::<Vec<_>>().join(" ")
}

#[test]
fn runs_backtrack() {
    assert_eq!(fitting("*ab*b", &["abb", "xabab", "ab", "aab/b", "abxb"]), "abb xabab abxb");
    assert_eq!(fitting("?*?", &["a", "ab", "abc", "a/b"]), "ab abc");
    assert_eq!(fitting("**.csv", &["x.csv", "a/b.csv", ".csv", "a.csv.gz"]), "x.csv a/b.csv .csv");
    assert_eq!(fitting("*/*", &["a/b", "/", "a", "a/b/c"]), "a/b /");
}

#[test]
fn sets_and_slashes() {
    assert_eq!(fitting("[!x]", &["x", "y", "/", "é"]), "y é");
    assert_eq!(fitting("[a-cx-z]", &["a", "c", "d", "w", "x", "z"]), "a c x z");
    assert_eq!(fitting("[.-0]", &[".", "/", "0", "1"]), ". 0");
    assert_eq!(fitting("?", &["/", "é", "ab"]), "é");
}

#[test]
fn braces() {
    let names = ["ab", "acb", "adb", "aeb", "b"];
    assert_eq!(fitting("a{,{c,d}}b", &names), "ab acb adb");
    assert_eq!(fitting("{a,}{b,cb}", &names), "ab acb b");
    assert_eq!(count("{1,2}{1,2}{1,2}", &["111", "222", "121", "11", "131"]), 3);
    assert_eq!(fitting("{*,?/?}", &["ab", "a/b", "a/bc"]), "ab a/b");
}

#[test]
fn faults() {
    let error = |pattern| Glob::new(pattern).err();
    assert_eq!(error("x[!]"), Some(GlobError::EmptySet));
    assert_eq!(error("x[!a"), Some(GlobError::OpenSet));
    assert_eq!(error("{a,{b}"), Some(GlobError::UnmatchedBrace));
    assert_eq!(error("{a}}"), Some(GlobError::UnmatchedBrace));
    assert_eq!(error("[b-a]"), Some(GlobError::BackwardRange));
    assert_eq!(error("[a-a]"), None);
}
