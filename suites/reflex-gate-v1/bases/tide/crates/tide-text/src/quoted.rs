//! Quoted text with escapes, borrowed where there is nothing to unescape.

use std::borrow::Cow;
use std::fmt::Write;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuoteError {
    /// It does not begin with a quotation mark.
    NoQuote,
    /// It does not end.
    Open,
    /// A backslash in front of something that can't be escaped; at this byte.
    Escape(usize),
    /// `\u{…}` names no character; at this byte.
    Code(usize),
}

/// Reads the quoted text at the start of `source`: its content, and what follows.
pub fn unquote(source: &str) -> Result<(Cow<'_, str>, &str), QuoteError> {
    let body = source.strip_prefix('"').ok_or(QuoteError::NoQuote)?;
    let mut content = Cow::Borrowed("");
    let mut from = 0;
    loop {
        let at = body[from..].find(['"', '\\']).ok_or(QuoteError::Open)? + from;
        append(&mut content, &body[from..at]);
        if body[at..].starts_with('"') {
            return Ok((content, &body[at + 1..]));
        }
        let (c, length) = escape(&body[at + 1..]).map_err(|error| match error {
            // One more for the quotation mark in front of the body.
            QuoteError::Escape(_) => QuoteError::Escape(at + 1),
            QuoteError::Code(_) => QuoteError::Code(at + 1),
            other => other,
        })?;
        content.to_mut().push(c);
        from = at + 1 + length;
    }
}

/// The first piece is borrowed; the others need a text of their own.
fn append<'a>(content: &mut Cow<'a, str>, piece: &'a str) {
    if content.is_empty() {
        if let Cow::Borrowed(_) = content {
            *content = Cow::Borrowed(piece);
            return;
        }
    }
    if !piece.is_empty() {
        content.to_mut().push_str(piece);
    }
}

/// The character behind a backslash, and the bytes that it takes.
fn escape(text: &str) -> Result<(char, usize), QuoteError> {
    let kind = text.chars().next().ok_or(QuoteError::Open)?;
    let plain = match kind {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '"' | '\\' => kind,
        'u' => return code_point(&text[1..]).map(|(c, length)| (c, length + 1)),
        _ => return Err(QuoteError::Escape(0)),
    };
    Ok((plain, 1))
}

/// `{1f30a}`: up to six hexadecimal digits.
fn code_point(text: &str) -> Result<(char, usize), QuoteError> {
    let digits = text.strip_prefix('{').and_then(|rest| rest.split_once('}')).ok_or(QuoteError::Code(0))?.0;
    let is_code = (1..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let code = u32::from_str_radix(digits, 16).ok().filter(|_| is_code).ok_or(QuoteError::Code(0))?;
    let c = char::from_u32(code).ok_or(QuoteError::Code(0))?;
    Ok((c, digits.len() + 2))
}

/// The text in quotation marks, so that `unquote` reads it back.
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() => {
                // Writing to a string does not fail.
                let _ = write!(quoted, "\\u{{{:x}}}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_plain_text_without_a_copy() {
        let (content, rest) = unquote("\"north pier\", 3").unwrap();
        assert!(matches!(content, Cow::Borrowed("north pier")));
        assert_eq!(rest, ", 3");
        assert!(matches!(unquote("\"\"").unwrap(), (Cow::Borrowed(""), "")));
    }

    #[test]
    fn reads_escapes() {
        let content = |text| unquote(text).map(|(content, rest)| (content.into_owned(), rest.to_owned()));
        assert_eq!(content(r#""a\tb\\c\"d"e"#), Ok(("a\tb\\c\"d".into(), "e".into())));
        assert_eq!(content(r#""\u{1F30A}\u{e9}x""#), Ok(("\u{1f30a}éx".into(), "".into())));
        assert_eq!(content(r#""\n\rend""#), Ok(("\n\rend".into(), "".into())));
    }

    #[test]
    fn tells_where_it_goes_wrong() {
        let error = |text| unquote(text).unwrap_err();
        assert_eq!(error("pier"), QuoteError::NoQuote);
        assert_eq!(error("\"pier"), QuoteError::Open);
        assert_eq!(error(r#""pier\"#), QuoteError::Open);
        assert_eq!(error(r#""ab\x""#), QuoteError::Escape(3));
        assert_eq!(error(r#""\u{110000}""#), QuoteError::Code(1));
        assert_eq!(error(r#""a\u{0000041}""#), QuoteError::Code(2));
        assert_eq!(error(r#""\u41""#), QuoteError::Code(1));
    }

    #[test]
    fn quotes_what_it_reads_back() {
        assert_eq!(quote("a\"b\\c\nd\u{7}é"), r#""a\"b\\c\nd\u{7}é""#);
        for text in ["", "\t\r\n", "\u{7f}\u{1f30a}", "\\u{41}"] {
            assert_eq!(unquote(&quote(text)), Ok((Cow::Borrowed(text), "")));
        }
    }
}
