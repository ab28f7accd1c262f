//! The event journal: one JSON object a line.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::{CatalogError, Result};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Event {
    Received {
        item_code: String,
        unit_count: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shelf_mark: Option<String>,
    },
    StockTake {
        counted_by: String,
        unit_count: u32,
    },
    Closed,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub at: DateTime<Utc>,
    #[serde(flatten)]
    pub event: Event,
}

/// Reads a journal; blank lines are skipped, and a bad line is named by its number.
pub fn read_journal(text: &str) -> Result<Vec<Record>> {
    let mut records = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let record = serde_json::from_str(line).map_err(|source| CatalogError::Journal {
            line: index + 1,
            source,
        })?;
        records.push(record);
    }
    Ok(records)
}

pub fn write_journal(records: &[Record]) -> Result<String, serde_json::Error> {
    let mut text = String::new();
    for record in records {
        text.push_str(&serde_json::to_string(record)?);
        text.push('\n');
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOURNAL: &str = r#"{"at":"2024-03-01T08:00:00Z","type":"received","itemCode":"SKU-1","unitCount":4}

{"at":"2024-03-01T09:30:00Z","type":"stock_take","countedBy":"ada","unitCount":9}
"#;

    #[test]
    fn reads_records() {
        let records = read_journal(JOURNAL).unwrap();
        assert_eq!(records.len(), 2);
        assert_eq!(
            records[0].event,
            Event::Received {
                item_code: "SKU-1".into(),
                unit_count: 4,
                shelf_mark: None
            }
        );
    }

    #[test]
    fn writes_what_it_reads() {
        let records = read_journal(JOURNAL).unwrap();
        assert_eq!(
            write_journal(&records).unwrap(),
            JOURNAL.replace("\n\n", "\n")
        );
    }

    #[test]
    fn names_the_bad_line() {
        let error = read_journal("\n{\"at\":1}\n").unwrap_err();
        assert_eq!(error.to_string(), "journal line 2 is malformed");
        assert_eq!(crate::error::messages(&error).len(), 2);
    }

    #[test]
    fn a_closed_event_has_no_fields() {
        let line = r#"{"at":"2024-03-02T00:00:00Z","type":"closed"}"#;
        assert_eq!(read_journal(line).unwrap()[0].event, Event::Closed);
    }
}
