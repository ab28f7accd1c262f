//! What changed between two versions of a station's notes, line by line.

use std::ops::Range;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'a> {
    Same(&'a str),
    Removed(&'a str),
    Added(&'a str),
}

/// Changes that belong together with the unchanged lines around them. Line numbers begin with 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk<'a> {
    pub old: Range<usize>,
    pub new: Range<usize>,
    pub changes: Vec<Change<'a>>,
}

/// A shortest list of changes; where lines are replaced, those removed come first.
pub fn changes<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Change<'a>> {
    let common = common_lengths(old, new);
    let mut changes = Vec::with_capacity(old.len().max(new.len()));
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            changes.push(Change::Same(old[i]));
            i += 1;
            j += 1;
        } else if common[i + 1][j] >= common[i][j + 1] {
            changes.push(Change::Removed(old[i]));
            i += 1;
        } else {
            changes.push(Change::Added(new[j]));
            j += 1;
        }
    }
    changes.extend(old[i..].iter().map(|line| Change::Removed(line)));
    changes.extend(new[j..].iter().map(|line| Change::Added(line)));
    changes
}

/// Lines that two tails have in common at the most, by the tails' starts.
fn common_lengths(old: &[&str], new: &[&str]) -> Vec<Vec<usize>> {
    let mut lengths = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            lengths[i][j] = if old[i] == new[j] {
                lengths[i + 1][j + 1] + 1
            } else {
                lengths[i + 1][j].max(lengths[i][j + 1])
            };
        }
    }
    lengths
}

/// Groups changes; hunks whose unchanged lines would touch or overlap become one.
pub fn hunks<'a>(changes: &[Change<'a>], around: usize) -> Vec<Hunk<'a>> {
    let is_change = |index: &usize| !matches!(changes[*index], Change::Same(_));
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for index in (0..changes.len()).filter(is_change) {
        let (start, end) = (index.saturating_sub(around), (index + 1 + around).min(changes.len()));
        match ranges.last_mut() {
            Some(last) if start <= last.end => last.end = end,
            _ => ranges.push(start..end),
        }
    }
    ranges
        .into_iter()
        .map(|range| {
            let (old_start, new_start) = counts(&changes[..range.start]);
            let (old, new) = counts(&changes[range.clone()]);
            Hunk {
                old: old_start..old_start + old,
                new: new_start..new_start + new,
                changes: changes[range].to_vec(),
            }
        })
        .collect()
}

/// Lines of the old and of the new text.
fn counts(changes: &[Change<'_>]) -> (usize, usize) {
    let old = changes.iter().filter(|change| !matches!(change, Change::Added(_))).count();
    let new = changes.iter().filter(|change| !matches!(change, Change::Removed(_))).count();
    (old, new)
}

/// The new text, if the hunk's lines are those that the old text has there.
pub fn apply(old: &[&str], hunks: &[Hunk<'_>]) -> Option<Vec<String>> {
    let mut text = Vec::new();
    let mut at = 0;
    for hunk in hunks {
        text.extend(old.get(at..hunk.old.start)?.iter().map(|line| (*line).to_owned()));
        at = hunk.old.start;
        for change in &hunk.changes {
            match change {
                Change::Added(line) => text.push((*line).to_owned()),
                Change::Same(line) | Change::Removed(line) => {
                    if old.get(at) != Some(line) {
                        return None;
                    }
                    at += 1;
                    if let Change::Same(_) = change {
                        text.push((*line).to_owned());
                    }
                }
            }
        }
    }
    text.extend(old.get(at..)?.iter().map(|line| (*line).to_owned()));
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str) -> Vec<&str> {
        text.split("").filter(|letter| !letter.is_empty()).collect()
    }

    fn shown(old: &str, new: &str) -> String {
        let (old, new) = (letters(old), letters(new));
        let show = |change| match change {
            Change::Same(line) => line.to_owned(),
            Change::Removed(line) => format!("-{line}"),
            Change::Added(line) => format!("+{line}"),
        };
        changes(&old, &new).into_iter().map(show).collect()
    }

    #[test]
    fn finds_a_shortest_way() {
        assert_eq!(shown("abcd", "abcd"), "abcd");
        assert_eq!(shown("abcd", "axd"), "a-b-c+xd");
        assert_eq!(shown("", "ab"), "+a+b");
        assert_eq!(shown("ab", ""), "-a-b");
        assert_eq!(shown("abcabba", "cbabac"), "-a-bc-ab+aba+c");
    }

    #[test]
    fn groups_what_is_near() {
        let (old, new) = (letters("abcdefghijk"), letters("aBcdefGhijkL"));
        let all = changes(&old, &new);
        let ranges =
            |around| hunks(&all, around).into_iter().map(|hunk| (hunk.old, hunk.new)).collect::<Vec<_>>();
        assert_eq!(ranges(0), [(1..2, 1..2), (6..7, 6..7), (11..11, 11..12)]);
        assert_eq!(ranges(1), [(0..3, 0..3), (5..8, 5..8), (10..11, 10..12)]);
        assert_eq!(ranges(2), [(0..11, 0..12)]);
    }

    #[test]
    fn applies_its_own_hunks() {
        let (old, new) = (letters("abcdefgh"), letters("abxdeghy"));
        for around in 0..4 {
            let hunks = hunks(&changes(&old, &new), around);
            assert_eq!(apply(&old, &hunks).unwrap().concat(), new.concat());
        }
    }

    #[test]
    fn refuses_another_text() {
        let hunks = hunks(&changes(&letters("abcd"), &letters("abXd")), 1);
        assert_eq!(apply(&letters("aBcd"), &hunks), None);
        assert_eq!(apply(&letters("ab"), &hunks), None);
        assert_eq!(apply(&letters("zbcde"), &hunks).map(|text| text.concat()), Some("zbXde".into()));
    }
}
