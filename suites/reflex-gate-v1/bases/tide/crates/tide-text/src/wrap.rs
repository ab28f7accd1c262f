//! Breaks paragraphs into lines of a given width.

/// How text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style<'a> {
    /// Characters of a line, the indents included.
    pub width: usize,
    /// Stands in front of the first line of each paragraph.
    pub first: &'a str,
    /// Stands in front of the other lines.
    pub other: &'a str,
    pub justify: bool,
}

impl Style<'_> {
    pub const fn plain(width: usize) -> Style<'static> {
        Style { width, first: "", other: "", justify: false }
    }
}

/// Paragraphs are separated by blank lines, and stay so.
pub fn wrap(text: &str, style: &Style<'_>) -> String {
    let mut out: Vec<String> = Vec::new();
    for paragraph in paragraphs(text) {
        if !out.is_empty() {
            out.push(String::new());
        }
        let rows = rows(&paragraph, style);
        let last = rows.len() - 1;
        for (index, row) in rows.into_iter().enumerate() {
            let indent = if index == 0 { style.first } else { style.other };
            let room = style.width.saturating_sub(indent.chars().count());
            let line = if style.justify && index < last { justified(&row, room) } else { row.join(" ") };
            out.push(format!("{indent}{line}"));
        }
    }
    out.join("\n")
}

/// The words of each paragraph; there is none without words.
fn paragraphs(text: &str) -> Vec<Vec<&str>> {
    let mut paragraphs: Vec<Vec<&str>> = vec![Vec::new()];
    for line in text.lines() {
        if line.trim().is_empty() {
            paragraphs.push(Vec::new());
        } else if let Some(last) = paragraphs.last_mut() {
            last.extend(line.split_whitespace());
        }
    }
    paragraphs.retain(|words| !words.is_empty());
    paragraphs
}

/// The words of each line. A word that is wider than a line is cut into pieces.
fn rows<'a>(words: &[&'a str], style: &Style<'_>) -> Vec<Vec<&'a str>> {
    let mut rows: Vec<Vec<&'a str>> = vec![Vec::new()];
    let mut used = 0;
    for word in words {
        let mut rest = *word;
        loop {
            let indent = if rows.len() == 1 { style.first } else { style.other };
            let room = style.width.saturating_sub(indent.chars().count()).max(1);
            let gap = usize::from(used > 0);
            let length = rest.chars().count();
            let row = rows.last_mut().expect("there is always a row");
            if used + gap + length <= room {
                row.push(rest);
                used += gap + length;
                break;
            }
            if used == 0 {
                let cut = rest.char_indices().nth(room).map_or(rest.len(), |(at, _)| at);
                row.push(&rest[..cut]);
                rest = &rest[cut..];
            }
            rows.push(Vec::new());
            used = 0;
        }
    }
    rows
}

/// Spreads the words over the whole width; gaps on the left get the rest.
fn justified(words: &[&str], width: usize) -> String {
    let letters: usize = words.iter().map(|word| word.chars().count()).sum();
    let gaps = words.len() - 1;
    if gaps == 0 {
        return words.concat();
    }
    let blanks = width.saturating_sub(letters).max(gaps);
    let mut line = String::with_capacity(width);
    for (index, word) in words.iter().enumerate() {
        line.push_str(word);
        if index < gaps {
            let extra = usize::from(index < blanks % gaps);
            line.push_str(&" ".repeat(blanks / gaps + extra));
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_lines() {
        assert_eq!(wrap("the tide is out today", &Style::plain(11)), "the tide is\nout today");
        assert_eq!(wrap("  a\n b  c\t", &Style::plain(3)), "a b\nc");
        assert_eq!(wrap(" \n ", &Style::plain(3)), "");
    }

    #[test]
    fn keeps_paragraphs_apart() {
        assert_eq!(wrap("one\ntwo\n\n \nthree", &Style::plain(20)), "one two\n\nthree");
    }

    #[test]
    fn cuts_long_words() {
        assert_eq!(wrap("a abcdefgh b", &Style::plain(4)), "a\nabcd\nefgh\nb");
        assert_eq!(wrap("ééééé x", &Style::plain(4)), "éééé\né x");
        assert_eq!(wrap("abc", &Style::plain(0)), "a\nb\nc");
    }

    #[test]
    fn indents() {
        let style = Style { width: 9, first: "- ", other: "   ", justify: false };
        assert_eq!(wrap("one two three", &style), "- one two\n   three");
        assert_eq!(wrap("aaa bbbb cc", &style), "- aaa\n   bbbb\n   cc");
    }

    #[test]
    fn justifies_all_but_the_last_line() {
        let style = Style { justify: true, ..Style::plain(12) };
        assert_eq!(wrap("a bb ccc dddd e f", &style), "a   bb   ccc\ndddd e f");
        assert_eq!(wrap("ab c d eeeeeeee f", &style), "ab    c    d\neeeeeeee f");
        assert_eq!(wrap("abcdefgh ijklmnop q", &style), "abcdefgh\nijklmnop q");
    }
}
