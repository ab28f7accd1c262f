//! Ledgers: CSV with a head line, spaces around the fields and `#` remarks.

use csv::{ReaderBuilder, Trim, Writer};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub code: String,
    pub units: u32,
    pub aisle: char,
    pub note: Option<String>,
}

/// Reads a ledger.
pub fn read(text: &str) -> Result<Vec<Line>, csv::Error> {
    ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(Trim::All)
        .from_reader(text.as_bytes())
        .deserialize()
        .collect()
}

/// Writes a ledger that [`read`] takes.
pub fn write(lines: &[Line]) -> anyhow::Result<String> {
    let mut writer = Writer::from_writer(Vec::new());
    for line in lines {
        writer.serialize(line)?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// The names of the columns.
pub fn columns(text: &str) -> Result<Vec<String>, csv::Error> {
    let mut reader = ReaderBuilder::new()
        .trim(Trim::Headers)
        .from_reader(text.as_bytes());
    Ok(reader.headers()?.iter().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEDGER: &str =
        "code, units, aisle, note\n# morning\nSKU-1, 4 , A, \nSKU-2,7,B,\"a, b\"\n";

    #[test]
    fn reads_lines() {
        let lines = read(LEDGER).unwrap();
        assert_eq!(lines.len(), 2);
        assert_eq!((lines[0].units, lines[0].aisle), (4, 'A'));
        assert_eq!(lines[0].note, None);
        assert_eq!(lines[1].note.as_deref(), Some("a, b"));
    }

    #[test]
    fn writes_lines() {
        let line = Line {
            code: "SKU-9".into(),
            units: 1,
            aisle: 'C',
            note: Some("x,y".into()),
        };
        let text = write(std::slice::from_ref(&line)).unwrap();
        assert_eq!(text, "code,units,aisle,note\nSKU-9,1,C,\"x,y\"\n");
        assert_eq!(read(&text).unwrap(), [line]);
    }

    #[test]
    fn names_the_columns() {
        assert_eq!(columns(LEDGER).unwrap(), ["code", "units", "aisle", "note"]);
    }

    #[test]
    fn refuses_bad_numbers() {
        assert!(read("code,units,aisle,note\nSKU-1,many,A,\n").is_err());
    }
}
