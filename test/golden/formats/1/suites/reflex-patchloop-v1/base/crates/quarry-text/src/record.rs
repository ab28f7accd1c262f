//! Reads delimited text (CSV and its relatives) record by record, borrowing fields where it can.

use std::borrow::Cow;
use std::ops::Index;
use std::rc::Rc;

use crate::error::RecordError;

/// One line of data.
#[derive(Debug, Clone, PartialEq)]
pub struct Record<'a> {
    header: Rc<[Cow<'a, str>]>,
    fields: Vec<Cow<'a, str>>,
    line: usize,
}

impl<'a> Record<'a> {
    /// The line that the record starts on.
    pub fn line(&self) -> usize {
        self.line
    }

    pub fn get(&self, column: &str) -> Option<&str> {
        let at = self.header.iter().position(|name| name == column)?;
        Some(&self.fields[at])
    }

    /// Column names and fields, in the order of the header.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> + '_ {
        self.header.iter().zip(&self.fields).map(|(name, field)| (name.as_ref(), field.as_ref()))
    }
}

impl Index<usize> for Record<'_> {
    type Output = str;

    fn index(&self, at: usize) -> &str {
        &self.fields[at]
    }
}

/// An iterator over the records behind the header. Blank lines are skipped.
#[derive(Debug)]
pub struct RecordReader<'a> {
    header: Rc<[Cow<'a, str>]>,
    lines: Lines<'a>,
}

impl<'a> RecordReader<'a> {
    /// A reader of comma-separated text.
    pub fn new(source: &'a str) -> Result<Self, RecordError> {
        Self::with_delimiter(source, ',')
    }

    /// Reads the header at once: it may not be missing, nor name a column twice.
    pub fn with_delimiter(source: &'a str, delimiter: char) -> Result<Self, RecordError> {
        let mut lines = Lines { rest: source, delimiter, line: 1 };
        let (_, header) = lines.next_fields()?.ok_or(RecordError::MissingHeader)?;
        for (i, name) in header.iter().enumerate() {
            if header[..i].contains(name) {
                return Err(RecordError::DuplicateColumn(name.to_string()));
            }
        }
        Ok(RecordReader { header: header.into(), lines })
    }

    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.header.iter().map(Cow::as_ref)
    }
}

impl<'a> Iterator for RecordReader<'a> {
    type Item = Result<Record<'a>, RecordError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (line, fields) = match self.lines.next_fields() {
            Ok(fields) => fields?,
            Err(error) => return Some(Err(error)),
        };
        let (expected, found) = (self.header.len(), fields.len());
        if found != expected {
            return Some(Err(RecordError::FieldCount { line, expected, found }));
        }
        Some(Ok(Record { header: Rc::clone(&self.header), fields, line }))
    }
}

/// The fields of a line, and its number.
type Fields<'a> = (usize, Vec<Cow<'a, str>>);

#[derive(Debug)]
struct Lines<'a> {
    rest: &'a str,
    delimiter: char,
    line: usize,
}

impl<'a> Lines<'a> {
    fn next_fields(&mut self) -> Result<Option<Fields<'a>>, RecordError> {
        while let Some(rest) = self.rest.strip_prefix('\n').or_else(|| self.rest.strip_prefix("\r\n")) {
            self.rest = rest;
            self.line += 1;
        }
        if self.rest.is_empty() {
            return Ok(None);
        }
        let line = self.line;
        let mut fields = Vec::new();
        loop {
            fields.push(self.field()?);
            match self.rest.strip_prefix(self.delimiter) {
                Some(rest) => self.rest = rest,
                None => break,
            }
        }
        Ok(Some((line, fields)))
    }

    /// Takes a field; the rest then starts with a delimiter or a line end, or is empty.
    fn field(&mut self) -> Result<Cow<'a, str>, RecordError> {
        let Some(body) = self.rest.strip_prefix('"') else {
            let end = self.rest.find([self.delimiter, '\n']).unwrap_or(self.rest.len());
            let (field, rest) = self.rest.split_at(end);
            self.rest = rest;
            return Ok(Cow::Borrowed(field.strip_suffix('\r').unwrap_or(field)));
        };
        let start_line = self.line;
        let mut field = Cow::Borrowed("");
        let mut rest = body;
        loop {
            let Some((part, behind)) = rest.split_once('"') else {
                self.rest = "";
                return Err(RecordError::UnterminatedQuote { line: start_line });
            };
            self.line += part.matches('\n').count();
            field += part;
            rest = behind;
            match rest.strip_prefix('"') {
                Some(behind) => {
                    field += "\"";
                    rest = behind;
                }
                None => break,
            }
        }
        if rest.is_empty() || rest.starts_with([self.delimiter, '\n']) || rest.starts_with("\r\n") {
            self.rest = rest;
            return Ok(field);
        }
        self.rest = rest.find('\n').map_or("", |newline| &rest[newline..]);
        Err(RecordError::TextAfterQuote { line: self.line })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_fields_by_name_and_number() {
        let mut reader = RecordReader::new("id,name\n1,ore\n2,slate\n").unwrap();
        assert_eq!(reader.columns().collect::<Vec<_>>(), ["id", "name"]);
        let record = reader.next().unwrap().unwrap();
        assert_eq!((record.get("name"), record.get("none")), (Some("ore"), None));
        assert_eq!(&record[0], "1");
        assert_eq!(reader.next().unwrap().unwrap().iter().last(), Some(("name", "slate")));
        assert!(reader.next().is_none());
    }

    #[test]
    fn reads_quoted_fields() {
        let mut reader = RecordReader::new("a,b\n\"x,\"\"y\"\"\",\"two\nlines\"\n3,4").unwrap();
        let record = reader.next().unwrap().unwrap();
        assert_eq!((&record[0], &record[1]), ("x,\"y\"", "two\nlines"));
        let record = reader.next().unwrap().unwrap();
        assert_eq!((&record[1], record.line()), ("4", 4));
    }

    #[test]
    fn borrows_plain_and_simply_quoted_fields() {
        let record = RecordReader::new("a,b\nx,\"y\"").unwrap().next().unwrap().unwrap();
        assert!(record.fields.iter().all(|field| matches!(field, Cow::Borrowed(_))));
    }

    #[test]
    fn skips_blank_lines_and_carriage_returns() {
        let reader = RecordReader::with_delimiter("\r\na;b\r\n\r\n1;2\r\n", ';').unwrap();
        let records: Vec<_> = reader.map(Result::unwrap).collect();
        assert_eq!(records.len(), 1);
        assert_eq!((&records[0][1], records[0].line()), ("2", 4));
    }

    #[test]
    fn refuses_bad_headers() {
        assert_eq!(RecordReader::new("\n\n").unwrap_err(), RecordError::MissingHeader);
        assert_eq!(RecordReader::new("a,b,a").unwrap_err(), RecordError::DuplicateColumn("a".into()));
    }

    #[test]
    fn reports_bad_lines_and_goes_on() {
        let results: Vec<_> = RecordReader::new("a,b\n1\n1,2\n\"x").unwrap().collect();
        assert_eq!(results[0], Err(RecordError::FieldCount { line: 2, expected: 2, found: 1 }));
        assert!(results[1].is_ok());
        assert_eq!(results[2], Err(RecordError::UnterminatedQuote { line: 4 }));
        assert_eq!(results.len(), 3);
    }

    #[test]
    fn refuses_text_behind_a_quote() {
        let results: Vec<_> = RecordReader::new("a\n\"x\"y,z\n2").unwrap().collect();
        assert_eq!(results[0], Err(RecordError::TextAfterQuote { line: 2 }));
        assert_eq!(results[1].as_ref().map(|record| &record[0]), Ok("2"));
    }
}
