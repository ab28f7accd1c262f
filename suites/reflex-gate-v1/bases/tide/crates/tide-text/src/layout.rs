//! Records of fixed columns, as old loggers write them: `station:6 level:7r flag:1`.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    name: String,
    start: usize,
    width: usize,
    side: Side,
}

/// The columns of a record, in order and without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    columns: Vec<Column>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LayoutError {
    BadColumn(String),
    NameTwice(String),
    /// The line ends within this column, or in front of it.
    Short(String),
    /// Something stands behind the last column.
    Long,
    /// A value does not fit into this column.
    Wide(String),
    Count {
        expected: usize,
        found: usize,
    },
}

impl fmt::Display for LayoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LayoutError::BadColumn(text) => write!(f, "`{text}` is no column"),
            LayoutError::NameTwice(name) => write!(f, "two columns are called {name}"),
            LayoutError::Short(name) => write!(f, "the line ends before {name} does"),
            LayoutError::Long => f.write_str("the line is too long"),
            LayoutError::Wide(name) => write!(f, "a value is too wide for {name}"),
            LayoutError::Count { expected, found } => write!(f, "{found} values for {expected} columns"),
        }
    }
}

impl std::error::Error for LayoutError {}

impl Layout {
    /// Reads `name:width` for each column; an `r` behind the width puts its values to the right.
    pub fn parse(text: &str) -> Result<Self, LayoutError> {
        let mut columns: Vec<Column> = Vec::new();
        for word in text.split_whitespace() {
            let bad = || LayoutError::BadColumn(word.to_owned());
            let (name, width) = word.split_once(':').filter(|(name, _)| !name.is_empty()).ok_or_else(bad)?;
            let (width, side) = match width.strip_suffix('r') {
                Some(width) => (width, Side::Right),
                None => (width, Side::Left),
            };
            let width = width.parse().ok().filter(|width| *width > 0).ok_or_else(bad)?;
            if columns.iter().any(|column| column.name == name) {
                return Err(LayoutError::NameTwice(name.to_owned()));
            }
            let start = columns.last().map_or(0, |last| last.start + last.width);
            columns.push(Column { name: name.to_owned(), start, width, side });
        }
        Ok(Layout { columns })
    }

    /// Characters of a whole line.
    pub fn width(&self) -> usize {
        self.columns.iter().map(|column| column.width).sum()
    }

    /// The fields of a line without the blanks around them. Blanks of the last column may be missing.
    pub fn split<'a>(&self, line: &'a str) -> Result<Vec<&'a str>, LayoutError> {
        let mut fields = Vec::with_capacity(self.columns.len());
        let mut rest = line;
        for (index, column) in self.columns.iter().enumerate() {
            let is_last = index + 1 == self.columns.len();
            let end = match rest.char_indices().nth(column.width) {
                Some((end, _)) => end,
                None if is_last || rest.chars().count() == column.width => rest.len(),
                None => return Err(LayoutError::Short(column.name.clone())),
            };
            let (field, behind) = rest.split_at(end);
            fields.push(field.trim());
            rest = behind;
        }
        if rest.trim_end().is_empty() {
            Ok(fields)
        } else {
            Err(LayoutError::Long)
        }
    }

    /// One field of a line, found without splitting the others.
    pub fn field<'a>(&self, line: &'a str, name: &str) -> Option<&'a str> {
        let column = self.columns.iter().find(|column| column.name == name)?;
        let mut starts = line.char_indices().map(|(at, _)| at).chain([line.len()]).skip(column.start);
        let start = starts.next()?;
        let end = starts.nth(column.width - 1).unwrap_or(line.len());
        Some(line[start..end].trim())
    }

    /// The line of these values; blanks at its end are left out.
    pub fn join(&self, values: &[&str]) -> Result<String, LayoutError> {
        if values.len() != self.columns.len() {
            return Err(LayoutError::Count { expected: self.columns.len(), found: values.len() });
        }
        let mut line = String::with_capacity(self.width());
        for (column, value) in self.columns.iter().zip(values) {
            if value.chars().count() > column.width {
                return Err(LayoutError::Wide(column.name.clone()));
            }
            match column.side {
                Side::Left => line.push_str(&format!("{value:<width$}", width = column.width)),
                Side::Right => line.push_str(&format!("{value:>width$}", width = column.width)),
            }
        }
        line.truncate(line.trim_end().len());
        Ok(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logger() -> Layout {
        Layout::parse("station:6 level:7r flag:2").unwrap()
    }

    #[test]
    fn splits_lines() {
        assert_eq!(logger().split("Pier     2.45 A"), Ok(vec!["Pier", "2.45", "A"]));
        assert_eq!(logger().split("Hafén1-12.345"), Ok(vec!["Hafén1", "-12.345", ""]));
        assert_eq!(logger().split("a     b      c  "), Ok(vec!["a", "b", "c"]));
    }

    #[test]
    fn refuses_lines_of_another_width() {
        assert_eq!(logger().split("Pier"), Err(LayoutError::Short("station".into())));
        assert_eq!(logger().split("Pier   2.45"), Err(LayoutError::Short("level".into())));
        assert_eq!(logger().split("Pier  2.45   ABx"), Err(LayoutError::Long));
    }

    #[test]
    fn finds_single_fields() {
        let line = "Hafén    2.45 A";
        let fields = ["flag", "level", "station", "none"].map(|name| logger().field(line, name));
        assert_eq!(fields, [Some("A"), Some("2.45"), Some("Hafén"), None]);
        assert_eq!(logger().field("Pier", "level"), None);
        assert_eq!(logger().field("Pier", "station"), Some("Pier"));
    }

    #[test]
    fn joins_values() {
        assert_eq!(logger().join(&["Hafén", "2.45", "A"]).as_deref(), Ok("Hafén    2.45A"));
        assert_eq!(logger().join(&["Pier", "1", ""]).as_deref(), Ok("Pier        1"));
        assert_eq!(logger().join(&["Pier-42", "1", ""]), Err(LayoutError::Wide("station".into())));
        assert_eq!(logger().join(&["a"]), Err(LayoutError::Count { expected: 3, found: 1 }));
    }

    #[test]
    fn refuses_bad_columns() {
        for word in ["a", ":3", "a:", "a:0", "a:x", "a:r", "a:-1"] {
            assert_eq!(Layout::parse(word), Err(LayoutError::BadColumn(word.into())));
        }
        assert_eq!(Layout::parse("a:1 b:2 a:3r"), Err(LayoutError::NameTwice("a".into())));
        assert_eq!((logger().width(), Layout::parse("").unwrap().width()), (15, 0));
    }
}
