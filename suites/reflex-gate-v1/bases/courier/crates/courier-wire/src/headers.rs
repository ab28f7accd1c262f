//! Headers of a message: names without regard to case, values in the order that they came in.

use std::fmt;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers {
    entries: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderError {
    /// A line without a colon, or with blanks in front of it.
    NoName(usize),
    BadCharacter(usize),
    /// The first line goes on with one that is not there.
    NothingToContinue,
}

/// Names are made of these and nothing else.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

impl Headers {
    /// Reads `Name: value` lines; a line that begins with a blank goes on with the value before it.
    pub fn parse(text: &str) -> Result<Self, HeaderError> {
        let mut headers = Headers::default();
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            if line.chars().any(|c| c.is_control() && c != '\t') {
                return Err(HeaderError::BadCharacter(number));
            }
            if line.starts_with([' ', '\t']) {
                let (_, value) = headers.entries.last_mut().ok_or(HeaderError::NothingToContinue)?;
                value.push(' ');
                value.push_str(line.trim());
                continue;
            }
            let (name, value) = line.split_once(':').ok_or(HeaderError::NoName(number))?;
            if !is_name(name) {
                return Err(HeaderError::NoName(number));
            }
            headers.append(name, value.trim());
        }
        Ok(headers)
    }

    pub fn append(&mut self, name: &str, value: &str) {
        self.entries.push((name.to_owned(), value.to_owned()));
    }

    /// Replaces all values of a name by this one, in the place of the first of them.
    pub fn set(&mut self, name: &str, value: &str) {
        let mut value = Some(value.to_owned());
        self.entries.retain_mut(|(other, old)| {
            if !other.eq_ignore_ascii_case(name) {
                return true;
            }
            match value.take() {
                Some(new) => {
                    *old = new;
                    true
                }
                None => false,
            }
        });
        if let Some(value) = value {
            self.entries.push((name.to_owned(), value));
        }
    }

    /// The first value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    pub fn all<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        self.entries
            .iter()
            .filter(move |(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Takes all values of a name out.
    pub fn remove(&mut self, name: &str) -> Vec<String> {
        let (removed, kept) = std::mem::take(&mut self.entries)
            .into_iter()
            .partition(|(other, _)| other.eq_ignore_ascii_case(name));
        self.entries = kept;
        let removed: Vec<(String, String)> = removed;
        removed.into_iter().map(|(_, value)| value).collect()
    }

    /// The items of all values of a name, which are separated by commas; not by those within quotation marks.
    pub fn list(&self, name: &str) -> Vec<&str> {
        self.all(name).flat_map(items).collect()
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

fn items(value: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, c) in value.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                items.push(&value[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(&value[start..]);
    items.into_iter().map(str::trim).filter(|item| !item.is_empty()).collect()
}

impl fmt::Display for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.entries.iter().try_for_each(|(name, value)| write!(f, "{name}: {value}\r\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "Content-Type: text/plain\r\nVia: a, b\r\nX-Note: one\r\n\t two\r\nvia:c\r\n";

    #[test]
    fn reads_lines() {
        let headers = Headers::parse(SAMPLE).unwrap();
        assert_eq!(
            (headers.get("content-type"), headers.get("X-NOTE")),
            (Some("text/plain"), Some("one two"))
        );
        assert_eq!(headers.all("via").collect::<Vec<_>>(), ["a, b", "c"]);
        assert_eq!((headers.len(), headers.get("none")), (4, None));
        assert!(Headers::parse("").unwrap().is_empty());
    }

    #[test]
    fn splits_lists() {
        let mut headers = Headers::parse(SAMPLE).unwrap();
        assert_eq!(headers.list("VIA"), ["a", "b", "c"]);
        headers.append("Tags", r#""x, y" , , "a\",b",z"#);
        assert_eq!(headers.list("tags"), [r#""x, y""#, r#""a\",b""#, "z"]);
    }

    #[test]
    fn changes_values() {
        let mut headers = Headers::parse(SAMPLE).unwrap();
        headers.set("VIA", "d");
        headers.set("New", "1");
        assert_eq!(
            headers.to_string(),
            "Content-Type: text/plain\r\nVia: d\r\nX-Note: one two\r\nNew: 1\r\n"
        );
        headers.append("via", "e");
        assert_eq!((headers.remove("via"), headers.remove("via")), (vec!["d".into(), "e".into()], vec![]));
        assert_eq!(headers.len(), 3);
    }

    #[test]
    fn tells_what_is_wrong() {
        assert_eq!(Headers::parse("A: 1\nno colon"), Err(HeaderError::NoName(2)));
        assert_eq!(Headers::parse("A : 1"), Err(HeaderError::NoName(1)));
        assert_eq!(Headers::parse(": 1"), Err(HeaderError::NoName(1)));
        assert_eq!(Headers::parse(" A: 1"), Err(HeaderError::NothingToContinue));
        assert_eq!(Headers::parse("A: 1\nB: x\u{7}"), Err(HeaderError::BadCharacter(2)));
    }
}
