//! Formats for tables of text.

use std::fmt::{self, Write};
use std::str::FromStr;

/// How a report looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    #[default]
    Plain,
    Csv,
}

impl FromStr for Format {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "plain" => Ok(Format::Plain),
            "csv" => Ok(Format::Csv),
            _ => Err(()),
        }
    }
}

/// A table to be formatted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
    pub footer: Option<String>,
}

/// Writes reports in one format.
pub trait Renderer {
    fn render(&self, report: &Report, out: &mut dyn Write) -> fmt::Result;
}

impl Format {
    pub fn renderer(self) -> Box<dyn Renderer> {
        match self {
            Format::Plain => Box::new(Plain { gap: 2 }),
            Format::Csv => Box::new(Csv),
        }
    }
}

impl Report {
    pub fn to_text(&self, format: Format) -> Result<String, fmt::Error> {
        let mut text = String::new();
        format.renderer().render(self, &mut text)?;
        Ok(text)
    }

    fn lines(&self) -> impl Iterator<Item = &Vec<String>> {
        std::iter::once(&self.header).chain(&self.rows)
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths = vec![0; self.header.len()];
        for line in self.lines() {
            for (width, cell) in widths.iter_mut().zip(line) {
                *width = (*width).max(cell.chars().count());
            }
        }
        widths
    }
}

/// Columns with a gap between them, and a rule below the header. Columns of numbers are flush right.
struct Plain {
    gap: usize,
}

impl Renderer for Plain {
    fn render(&self, report: &Report, out: &mut dyn Write) -> fmt::Result {
        let widths = report.widths();
        let is_number = |row: &Vec<String>, at: usize| row[at].is_empty() || row[at].parse::<f64>().is_ok();
        let right: Vec<bool> =
            (0..widths.len()).map(|at| report.rows.iter().all(|row| is_number(row, at))).collect();
        for (number, line) in report.lines().enumerate() {
            let mut text = String::new();
            for (at, (cell, width)) in line.iter().zip(&widths).enumerate() {
                let gap = if at == 0 { 0 } else { self.gap };
                write!(text, "{:gap$}", "")?;
                if right[at] {
                    write!(text, "{cell:>width$}")?;
                } else {
                    write!(text, "{cell:<width$}")?;
                }
            }
            writeln!(out, "{}", text.trim_end())?;
            if number == 0 {
                let rule = widths.iter().sum::<usize>() + self.gap * widths.len().saturating_sub(1);
                writeln!(out, "{}", "-".repeat(rule))?;
            }
        }
        report.footer.iter().try_for_each(|footer| writeln!(out, "= {footer}"))
    }
}

/// Comma-separated lines without a footer.
struct Csv;

impl Csv {
    fn quote(cell: &str) -> String {
        if cell.contains(['"', ',', '\n', '\r']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    }
}

impl Renderer for Csv {
    fn render(&self, report: &Report, out: &mut dyn Write) -> fmt::Result {
        for line in report.lines() {
            let cells: Vec<String> = line.iter().map(|cell| Csv::quote(cell)).collect();
            writeln!(out, "{}", cells.join(","))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(cells: [[&str; 2]; 3]) -> Report {
        let mut lines = cells.into_iter().map(|line| line.map(str::to_owned).to_vec());
        let header = lines.next().unwrap_or_default();
        Report { header, rows: lines.collect(), footer: Some("done".into()) }
    }

    #[test]
    fn aligns_columns() {
        let report = report([["name", "n"], ["ore", "7"], ["grès", "12"]]);
        let expected = "name   n\n--------\nore    7\ngrès  12\n= done\n";
        assert_eq!(report.to_text(Format::Plain).as_deref(), Ok(expected));
    }

    #[test]
    fn quotes_cells() {
        let report = report([["a", "b"], ["x,y", "1"], ["\"q\"", ""]]);
        assert_eq!(report.to_text(Format::Csv).as_deref(), Ok("a,b\n\"x,y\",1\n\"\"\"q\"\"\",\n"));
    }

    #[test]
    fn formats_a_table_without_columns() {
        assert_eq!(Report::default().to_text(Format::Plain).as_deref(), Ok("\n\n"));
    }

    #[test]
    fn reads_formats() {
        assert_eq!("plain".parse(), Ok(Format::Plain));
        assert_eq!("CSV".parse::<Format>(), Err(()));
    }
}
