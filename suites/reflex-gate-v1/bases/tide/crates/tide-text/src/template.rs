//! Messages with places for values: `{station:<10}{level:.2} m`, `{{` for a brace.

use std::collections::BTreeMap;
use std::fmt;

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(String),
    Number(f64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Align {
    Left,
    Right,
    Centre,
}

/// A place: which value, how wide, and how many digits behind the point.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    name: String,
    fill: char,
    /// Numbers stand to the right and texts to the left, where nothing is said.
    align: Option<Align>,
    width: usize,
    digits: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Plain(String),
    Place(Place),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateError {
    Unclosed,
    Stray,
    BadPlace(String),
    Missing(String),
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TemplateError::Unclosed => f.write_str("a place is not closed"),
            TemplateError::Stray => f.write_str("a closing brace without an opening one"),
            TemplateError::BadPlace(place) => write!(f, "`{place}` is no place"),
            TemplateError::Missing(name) => write!(f, "no value for `{name}`"),
        }
    }
}

impl std::error::Error for TemplateError {}

/// A message that was read once and is filled many times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

impl Template {
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(behind) = rest.strip_prefix(brace) {
                plain.push_str(brace);
                rest = behind;
                continue;
            }
            if brace == "}" {
                return Err(TemplateError::Stray);
            }
            let (inside, behind) = rest.split_once('}').ok_or(TemplateError::Unclosed)?;
            if !plain.is_empty() {
                pieces.push(Piece::Plain(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Place(place(inside)?));
            rest = behind;
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Plain(plain));
        }
        Ok(Template(pieces))
    }

    /// The names of the values that it needs, each once, in the order of their first use.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for piece in &self.0 {
            if let Piece::Place(place) = piece {
                if !names.contains(&place.name.as_str()) {
                    names.push(&place.name);
                }
            }
        }
        names
    }

    pub fn fill(&self, values: &BTreeMap<&str, Value>) -> Result<String, TemplateError> {
        let mut filled = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Plain(text) => filled.push_str(text),
                Piece::Place(place) => {
                    let value = values.get(place.name.as_str());
                    let value = value.ok_or_else(|| TemplateError::Missing(place.name.clone()))?;
                    place.write(value, &mut filled);
                }
            }
        }
        Ok(filled)
    }
}

/// `name`, or `name:` and fill, alignment, width, and digits behind a point, each of which may be left out.
fn place(text: &str) -> Result<Place, TemplateError> {
    let bad = || TemplateError::BadPlace(text.to_owned());
    let (name, form) = text.split_once(':').unwrap_or((text, ""));
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return Err(bad());
    }
    let mut chars = form.chars();
    let (first, second) = (chars.next(), chars.next());
    let (fill, align, rest) = match (first.and_then(align), second.and_then(align)) {
        (_, Some(align)) => (first.unwrap_or(' '), Some(align), chars.as_str()),
        (Some(align), None) => (' ', Some(align), &form[1..]),
        (None, None) => (' ', None, form),
    };
    let (width, digits) = match rest.split_once('.') {
        Some((width, digits)) => (width, Some(digits.parse().map_err(|_| bad())?)),
        None => (rest, None),
    };
    let width = if width.is_empty() { 0 } else { width.parse().map_err(|_| bad())? };
    Ok(Place { name: name.to_owned(), fill, align, width, digits })
}

fn align(c: char) -> Option<Align> {
    match c {
        '<' => Some(Align::Left),
        '>' => Some(Align::Right),
        '^' => Some(Align::Centre),
        _ => None,
    }
}

impl Place {
    fn write(&self, value: &Value, out: &mut String) {
        let (text, natural) = match value {
            Value::Text(text) => {
                (text.chars().take(self.digits.unwrap_or(usize::MAX)).collect(), Align::Left)
            }
            Value::Number(number) => {
                let text =
                    self.digits.map_or_else(|| number.to_string(), |digits| format!("{number:.digits$}"));
                (text, Align::Right)
            }
        };
        let gap = self.width.saturating_sub(text.chars().count());
        let before = match self.align.unwrap_or(natural) {
            Align::Left => 0,
            Align::Right => gap,
            Align::Centre => gap / 2,
        };
        out.extend(std::iter::repeat_n(self.fill, before));
        out.push_str(&text);
        out.extend(std::iter::repeat_n(self.fill, gap - before));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Result<String, TemplateError> {
        let values = BTreeMap::from([
            ("station", Value::Text("Pier é".into())),
            ("level", Value::Number(2.456)),
            ("n", Value::Number(-3.0)),
        ]);
        Template::parse(text)?.fill(&values)
    }

    #[test]
    fn fills_places() {
        assert_eq!(filled("{station}: {level} m").as_deref(), Ok("Pier é: 2.456 m"));
        assert_eq!(filled("{{{n}}} }}{{").as_deref(), Ok("{-3} }{"));
        assert_eq!(filled("").as_deref(), Ok(""));
    }

    #[test]
    fn aligns_and_cuts() {
        assert_eq!(filled("[{station:8}|{level:8.1}]").as_deref(), Ok("[Pier é  |     2.5]"));
        assert_eq!(filled("[{station:>8}|{level:<6.2}]").as_deref(), Ok("[  Pier é|2.46  ]"));
        assert_eq!(filled("[{n:*^7}|{station:-<9}|{station:.2}]").as_deref(), Ok("[**-3***|Pier é---|Pi]"));
        assert_eq!(filled("[{station:3}]").as_deref(), Ok("[Pier é]"));
    }

    #[test]
    fn names_each_value_once() {
        let template = Template::parse("{b}{a:>3}{b:.1} {{c}}").unwrap();
        assert_eq!(template.names(), ["b", "a"]);
    }

    #[test]
    fn tells_what_is_wrong() {
        assert_eq!(filled("{level"), Err(TemplateError::Unclosed));
        assert_eq!(filled("level}"), Err(TemplateError::Stray));
        assert_eq!(filled("{a b}"), Err(TemplateError::BadPlace("a b".into())));
        assert_eq!(filled("{n:x}"), Err(TemplateError::BadPlace("n:x".into())));
        assert_eq!(filled("{n:3.}"), Err(TemplateError::BadPlace("n:3.".into())));
        assert_eq!(filled("{none}").unwrap_err().to_string(), "no value for `none`");
    }
}
