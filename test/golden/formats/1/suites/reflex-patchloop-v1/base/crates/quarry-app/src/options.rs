//! What a run does, read from a line such as `where=price > 2; sort=name desc; limit=5`.
//!
//! Settings end at a semicolon, so a filter can't contain one.

use std::fmt;
use std::str::FromStr;

use crate::aggregate::Aggregate;
use crate::report::Format;

/// A column to sort by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortKey {
    pub column: String,
    pub descending: bool,
}

/// What a run does.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Options {
    pub filter: Option<String>,
    pub sort: Option<SortKey>,
    pub limit: Option<usize>,
    pub columns: Vec<String>,
    pub total: Option<Aggregate>,
    pub format: Format,
}

/// A setting that does not exist, has a bad value, or occurs twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptionsError {
    Unknown(String),
    BadValue { setting: &'static str, value: String },
    Repeated(String),
}

impl fmt::Display for OptionsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OptionsError::Unknown(setting) => write!(f, "unknown setting `{setting}`"),
            OptionsError::BadValue { setting, value } => write!(f, "bad value `{value}` of `{setting}`"),
            OptionsError::Repeated(setting) => write!(f, "setting `{setting}` occurs twice"),
        }
    }
}

impl std::error::Error for OptionsError {}

impl Options {
    /// Whether a column is shown. All are if none is chosen.
    pub fn shows(&self, column: &str) -> bool {
        self.columns.is_empty() || self.columns.iter().any(|shown| shown == column)
    }
}

impl FromStr for SortKey {
    type Err = OptionsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (column, descending) = match words[..] {
            [column] | [column, "asc"] => (column, false),
            [column, "desc"] => (column, true),
            _ => return Err(OptionsError::BadValue { setting: "sort", value: text.to_owned() }),
        };
        Ok(SortKey { column: column.to_owned(), descending })
    }
}

impl FromStr for Options {
    type Err = OptionsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut options = Options::default();
        let mut seen = Vec::new();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (setting, value) = part.split_once('=').unwrap_or((part, ""));
            let (setting, value) = (setting.trim_end(), value.trim_start());
            if seen.contains(&setting) {
                return Err(OptionsError::Repeated(setting.to_owned()));
            }
            seen.push(setting);
            let bad = |setting| OptionsError::BadValue { setting, value: value.to_owned() };
            match setting {
                "where" => options.filter = Some(value.to_owned()),
                "sort" => options.sort = Some(value.parse()?),
                "limit" => options.limit = Some(value.parse().map_err(|_| bad("limit"))?),
                "show" => options.columns = value.split(',').map(|name| name.trim().to_owned()).collect(),
                "total" => options.total = Some(value.parse().map_err(|_| bad("total"))?),
                "format" => options.format = value.parse().map_err(|_| bad("format"))?,
                other => return Err(OptionsError::Unknown(other.to_owned())),
            }
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_all_settings() {
        let options: Options =
            "where=a >= 1; sort = b desc;limit=3; show=a, b; total=sum a; format=csv;".parse().unwrap();
        assert_eq!(options.filter.as_deref(), Some("a >= 1"));
        assert_eq!(options.sort, Some(SortKey { column: "b".into(), descending: true }));
        assert_eq!((options.limit, options.format), (Some(3), Format::Csv));
        assert_eq!(options.total, Some(Aggregate::Sum("a".into())));
        assert!(options.shows("b") && !options.shows("c"));
    }

    #[test]
    fn names_what_is_wrong() {
        let message = |text: &str| text.parse::<Options>().unwrap_err().to_string();
        assert_eq!(message("colour=red"), "unknown setting `colour`");
        assert_eq!(message("limit=-1"), "bad value `-1` of `limit`");
        assert_eq!(message("sort=a up"), "bad value `a up` of `sort`");
        assert_eq!(message("limit=1;limit=2"), "setting `limit` occurs twice");
    }

    #[test]
    fn has_defaults() {
        let options: Options = " ; ".parse().unwrap();
        assert_eq!(options, Options::default());
        assert!(options.shows("anything"));
    }
}
