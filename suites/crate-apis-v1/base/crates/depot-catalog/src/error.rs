//! The one error type of the catalogue.

use std::error::Error as StdError;

use thiserror::Error;

pub type Result<T, E = CatalogError> = std::result::Result<T, E>;

/// A shelf mark that can't be read.
#[derive(Debug, Error)]
pub enum MarkError {
    #[error("shelf mark `{0}` has no bay number")]
    NoBay(String),
    #[error("shelf mark `{mark}` has a bad bay number")]
    BadBay {
        mark: String,
        source: std::num::ParseIntError,
    },
}

#[derive(Debug, Error)]
pub enum CatalogError {
    #[error("the manifest is not valid")]
    Manifest(#[from] toml::de::Error),
    #[error("journal line {line} is malformed")]
    Journal {
        line: usize,
        source: serde_json::Error,
    },
    #[error("bad version")]
    Version(#[from] semver::Error),
    #[error("no such moment: {0}")]
    Moment(String),
    #[error(transparent)]
    Mark(#[from] MarkError),
}

/// The messages of an error and of everything that caused it, outermost first.
pub fn messages(error: &dyn StdError) -> Vec<String> {
    let mut found = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        found.push(cause.to_string());
        next = cause.source();
    }
    found
}

/// Splits `B12` into the aisle and the bay.
pub fn parse_mark(mark: &str) -> Result<(char, u16), MarkError> {
    let mut chars = mark.chars();
    let aisle = chars
        .next()
        .ok_or_else(|| MarkError::NoBay(mark.to_owned()))?;
    let bay = chars.as_str();
    if bay.is_empty() {
        return Err(MarkError::NoBay(mark.to_owned()));
    }
    let bay = bay.parse().map_err(|source| MarkError::BadBay {
        mark: mark.to_owned(),
        source,
    })?;
    Ok((aisle, bay))
}

/// Where a shelf mark is, counted from the door: 100 bays an aisle.
pub fn distance(mark: &str) -> Result<u32> {
    let (aisle, bay) = parse_mark(mark)?;
    Ok((aisle.to_ascii_uppercase() as u32).saturating_sub('A' as u32) * 100 + u32::from(bay))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_distance() {
        assert_eq!(distance("B12").unwrap(), 112);
        assert_eq!(distance("a3").unwrap(), 3);
    }

    #[test]
    fn says_each_cause_once() {
        let error = distance("C1x").unwrap_err();
        assert_eq!(
            messages(&error),
            [
                "shelf mark `C1x` has a bad bay number",
                "invalid digit found in string"
            ]
        );
    }

    #[test]
    fn a_version_error_has_a_cause() {
        let error: CatalogError = semver::Version::parse("1.x").unwrap_err().into();
        assert_eq!(messages(&error).len(), 2);
        assert_eq!(error.to_string(), "bad version");
    }
}
