//! Patterns for names: `*`, `?`, sets such as `[a-c7]` or `[!0-9]`, and alternatives `{north,south}`.

/// A compiled pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    /// One list of parts for each choice of alternatives.
    variants: Vec<Vec<Part>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Char(char),
    /// Any one character but a slash.
    Any,
    /// Any run of characters but slashes.
    Run,
    /// Any run of characters.
    Deep,
    Set {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GlobError {
    OpenSet,
    EmptySet,
    /// `[z-a]`
    BackwardRange,
    UnmatchedBrace,
}

impl Glob {
    pub fn new(pattern: &str) -> Result<Self, GlobError> {
        let texts = alternatives(pattern)?;
        let variants = texts.iter().map(|text| parts(text)).collect::<Result<_, _>>()?;
        Ok(Glob { variants })
    }

    /// Does the whole name fit?
    pub fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        self.variants.iter().any(|parts| fits(parts, &name))
    }
}

/// The pattern with its first braces replaced by each alternative, and so on: alternatives may be nested.
fn alternatives(pattern: &str) -> Result<Vec<String>, GlobError> {
    let Some(open) = pattern.find(['{', '}']) else {
        return Ok(vec![pattern.to_owned()]);
    };
    let mut depth = 0;
    let mut start = open + 1;
    let mut choices = Vec::new();
    for (at, c) in pattern.char_indices().skip_while(|(at, _)| *at < open) {
        match c {
            '{' => depth += 1,
            ',' if depth == 1 => {
                choices.push(&pattern[start..at]);
                start = at + 1;
            }
            '}' if depth == 0 => return Err(GlobError::UnmatchedBrace),
            '}' => {
                depth -= 1;
                if depth == 0 {
                    choices.push(&pattern[start..at]);
                    let (head, tail) = (&pattern[..open], &pattern[at + 1..]);
                    let expand = |choice| alternatives(&format!("{head}{choice}{tail}"));
                    return Ok(choices.into_iter().map(expand).collect::<Result<Vec<_>, _>>()?.concat());
                }
            }
            _ => {}
        }
    }
    Err(GlobError::UnmatchedBrace)
}

fn parts(text: &str) -> Result<Vec<Part>, GlobError> {
    let mut parts = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        parts.push(match c {
            '?' => Part::Any,
            '*' if chars.peek() == Some(&'*') => {
                chars.next();
                Part::Deep
            }
            '*' => Part::Run,
            '[' => set(&mut chars)?,
            c => Part::Char(c),
        });
    }
    Ok(parts)
}

fn set(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Part, GlobError> {
    let negated = chars.next_if_eq(&'!').is_some();
    let mut ranges = Vec::new();
    loop {
        let first = match chars.next() {
            Some(']') if ranges.is_empty() => return Err(GlobError::EmptySet),
            Some(']') => return Ok(Part::Set { negated, ranges }),
            Some(c) => c,
            None => return Err(GlobError::OpenSet),
        };
        let mut last = first;
        if chars.next_if_eq(&'-').is_some() {
            last = chars.next().filter(|c| *c != ']').ok_or(GlobError::OpenSet)?;
        }
        if last < first {
            return Err(GlobError::BackwardRange);
        }
        ranges.push((first, last));
    }
}

fn fits(parts: &[Part], name: &[char]) -> bool {
    let Some((part, parts)) = parts.split_first() else {
        return name.is_empty();
    };
    match part {
        Part::Run => {
            (0..=name.len()).take_while(|n| !name[..*n].contains(&'/')).any(|n| fits(parts, &name[n..]))
        }
        Part::Deep => (0..=name.len()).any(|n| fits(parts, &name[n..])),
        single => name.split_first().is_some_and(|(c, rest)| single.takes(*c) && fits(parts, rest)),
    }
}

impl Part {
    fn takes(&self, c: char) -> bool {
        match self {
            Part::Char(expected) => *expected == c,
            Part::Set { negated, ranges } => {
                c != '/' && ranges.iter().any(|(first, last)| (*first..=*last).contains(&c)) != *negated
            }
            Part::Any => c != '/',
            Part::Run | Part::Deep => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched<'a>(pattern: &str, names: &[&'a str]) -> Vec<&'a str> {
        let glob = Glob::new(pattern).unwrap();
        names.iter().copied().filter(|name| glob.matches(name)).collect()
    }

    #[test]
    fn single_characters_and_runs() {
        assert_eq!(matched("p?er", &["pier", "per", "p/er", "peer"]), ["pier", "peer"]);
        assert_eq!(matched("gauge*", &["gauge", "gauge-12", "gauge/1", "agauge"]), ["gauge", "gauge-12"]);
        assert_eq!(matched("a/**/z", &["a/b/c/z", "a//z", "a/z"]), ["a/b/c/z", "a//z"]);
        assert_eq!(matched("**", &["", "a/b"]), ["", "a/b"]);
    }

    #[test]
    fn sets() {
        assert_eq!(matched("g[0-36]", &["g0", "g3", "g4", "g6", "g-"]), ["g0", "g3", "g6"]);
        assert_eq!(matched("g[!a-c]x", &["gax", "gdx", "g/x"]), ["gdx"]);
    }

    #[test]
    fn alternatives_may_be_nested() {
        let names = ["north-1", "south-a", "south-b", "south-1", "west-1"];
        assert_eq!(matched("{north-?,south-{a,b}}", &names), ["north-1", "south-a", "south-b"]);
        assert_eq!(matched("{,x}y{1,2}", &["y1", "xy2", "x1"]), ["y1", "xy2"]);
    }

    #[test]
    fn refuses_what_is_not_closed() {
        let error = |pattern| Glob::new(pattern).unwrap_err();
        assert_eq!(error("[ab"), GlobError::OpenSet);
        assert_eq!(error("[a-]"), GlobError::OpenSet);
        assert_eq!(error("[]"), GlobError::EmptySet);
        assert_eq!(error("[z-a]"), GlobError::BackwardRange);
        assert_eq!(error("{a,b"), GlobError::UnmatchedBrace);
        assert_eq!(error("a}"), GlobError::UnmatchedBrace);
    }
}
