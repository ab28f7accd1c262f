//! From a delimited text to a report.

use std::error::Error;
use std::fmt;

use quarry_text::error::{EvalError, RecordError};
use quarry_text::eval::{eval_with, Functions};
use quarry_text::parser::parse;
use quarry_text::record::{Record, RecordReader};
use quarry_text::{TextError, Value};

use crate::options::{Options, OptionsError};
use crate::report::Report;

/// Why a run has no report.
#[derive(Debug)]
pub enum AppError {
    Options(OptionsError),
    /// The filter's text, with the message and its place.
    Filter(String),
    Text(TextError),
    NoColumn(String),
    Format(fmt::Error),
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AppError::Options(error) => error.fmt(f),
            AppError::Filter(message) => write!(f, "filter {message}"),
            AppError::Text(error) => error.fmt(f),
            AppError::NoColumn(name) => write!(f, "no column `{name}`"),
            AppError::Format(error) => error.fmt(f),
        }
    }
}

impl Error for AppError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            AppError::Options(error) => Some(error),
            AppError::Text(error) => Some(error),
            AppError::Format(error) => Some(error),
            AppError::Filter(_) | AppError::NoColumn(_) => None,
        }
    }
}

impl<E: Into<TextError>> From<E> for AppError {
    fn from(error: E) -> Self {
        AppError::Text(error.into())
    }
}

/// Runs what `options` says over `source`, and formats the result.
pub fn run(options: &str, source: &str) -> Result<String, AppError> {
    let options: Options = options.parse().map_err(AppError::Options)?;
    let report = report(&options, source)?;
    report.to_text(options.format).map_err(AppError::Format)
}

/// The rows that pass the filter, sorted and cut; the total is over all of them before the cut.
pub fn report(options: &Options, source: &str) -> Result<Report, AppError> {
    let reader = RecordReader::new(source)?;
    let columns: Vec<String> = reader.columns().map(str::to_owned).collect();
    let sorted_by = options.sort.iter().map(|key| key.column.as_str());
    let totalled = options.total.iter().filter_map(|total| total.column());
    for name in sorted_by.chain(totalled).chain(options.columns.iter().map(String::as_str)) {
        if !columns.iter().any(|column| column == name) {
            return Err(AppError::NoColumn(name.to_owned()));
        }
    }
    let mut records = select(options.filter.as_deref(), reader)?;
    if let Some(key) = &options.sort {
        records.sort_by(|a, b| {
            let order = field(a, &key.column).sort_order(&field(b, &key.column));
            if key.descending {
                order.reverse()
            } else {
                order
            }
        });
    }
    let footer = options.total.as_ref().map(|total| {
        let values: Vec<Value> = match total.column() {
            Some(column) => records.iter().map(|record| field(record, column)).collect(),
            None => vec![Value::Null; records.len()],
        };
        total.compute(&values).to_string()
    });
    records.truncate(options.limit.unwrap_or(usize::MAX));
    let shown = |record: &Record<'_>| {
        let fields = record.iter().filter(|(name, _)| options.shows(name));
        fields.map(|(_, field)| field.to_owned()).collect()
    };
    let rows = records.iter().map(shown).collect();
    Ok(Report { header: columns.into_iter().filter(|name| options.shows(name)).collect(), rows, footer })
}

fn field(record: &Record<'_>, column: &str) -> Value {
    record.get(column).map_or(Value::Null, Value::infer)
}

fn select<'a>(
    filter: Option<&str>,
    records: impl Iterator<Item = Result<Record<'a>, RecordError>>,
) -> Result<Vec<Record<'a>>, AppError> {
    let Some(filter) = filter else {
        return Ok(records.collect::<Result<_, _>>()?);
    };
    let expr = parse(filter).map_err(|error| AppError::Filter(error.explain(filter)))?;
    let functions = Functions::standard();
    let mut selected = Vec::new();
    for record in records {
        let record = record?;
        match eval_with(&expr, &record, &functions)? {
            Value::Bool(true) => selected.push(record),
            Value::Bool(false) | Value::Null => {}
            other => {
                return Err(EvalError::Type { operation: "where".into(), found: other.type_name() }.into())
            }
        }
    }
    Ok(selected)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STONES: &str = "name,mass,grade\nore,12,b\nslate,3,a\ncoal,,c\nchalk,7,a\n";

    fn names(options: &str) -> String {
        let report = report(&options.parse().expect("options"), STONES).expect("a report");
        report.rows.iter().map(|row| row[0].as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn filters_rows() {
        assert_eq!(names("where=mass > 3"), "ore chalk");
        assert_eq!(names("where=mass is null or len(name) = 3"), "ore coal");
        assert_eq!(names("where=null"), "");
    }

    #[test]
    fn sorts_then_cuts() {
        assert_eq!(names("sort=mass; limit=3"), "coal slate chalk");
        assert_eq!(names("sort=grade desc; limit=9"), "coal ore slate chalk");
    }

    #[test]
    fn totals_before_the_cut() {
        let options = "total=sum mass; limit=1; show=grade".parse().unwrap();
        let report = report(&options, STONES).unwrap();
        assert_eq!((report.header, report.rows), (vec!["grade".to_owned()], vec![vec!["b".to_owned()]]));
        assert_eq!(report.footer.as_deref(), Some("22"));
    }

    #[test]
    fn explains_errors() {
        let message = |options: &str| run(options, STONES).unwrap_err().to_string();
        assert_eq!(message("where=mass >"), "filter 1:7: expected a value, found the end");
        assert_eq!(message("where=mass + 1"), "`where` is not defined for int");
        assert_eq!(message("sort=weight"), "no column `weight`");
        assert_eq!(message("where=weight > 1"), "unknown name `weight`");
        assert_eq!(run("", "a,b\n1\n").unwrap_err().to_string(), "line 2: 1 fields instead of 2");
    }

    #[test]
    fn errors_have_sources() {
        assert!(run("limit=x", STONES).unwrap_err().source().is_some());
        assert!(run("where=(", STONES).unwrap_err().source().is_none());
        assert!(run("", "").unwrap_err().source().is_some());
    }
}
