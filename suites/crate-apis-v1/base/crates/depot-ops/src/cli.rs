//! The command line of the `depot` tool.

use clap::{ArgAction, Parser, Subcommand, ValueEnum};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, PartialEq, Parser)]
#[command(name = "depot")]
pub struct Cli {
    /// Say more; may be repeated.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// When to colour the output; without a value, always.
    #[arg(
        long,
        value_enum,
        num_args = 0..=1,
        require_equals = true,
        default_value = "auto",
        default_missing_value = "always"
    )]
    pub color: Color,
    #[command(subcommand)]
    pub task: Task,
}

#[derive(Debug, PartialEq, Subcommand)]
pub enum Task {
    /// Take in ledgers.
    Import {
        #[arg(required = true)]
        ledgers: Vec<String>,
        /// An override such as `SKU-1=4`.
        #[arg(long = "set", value_name = "CODE=UNITS", value_parser = parse_override)]
        overrides: Vec<(String, u32)>,
        #[arg(long, conflicts_with = "force")]
        dry_run: bool,
        #[arg(long)]
        force: bool,
    },
    /// Write a report.
    Report {
        /// The columns, separated by commas.
        #[arg(long, value_delimiter = ',', default_value = "code,units")]
        columns: Vec<String>,
    },
}

fn parse_override(text: &str) -> Result<(String, u32), String> {
    let (code, units) = text
        .split_once('=')
        .ok_or_else(|| format!("`{text}` has no `=`"))?;
    let units = units
        .parse()
        .map_err(|_| format!("`{units}` is no number of units"))?;
    Ok((code.to_owned(), units))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::error::ErrorKind;

    fn parse(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(line.split(' '))
    }

    #[test]
    fn reads_overrides() {
        let cli = parse("depot -vv import a.csv b.csv --set SKU-1=4 --set SKU-2=0").unwrap();
        assert_eq!(cli.verbose, 2);
        let Task::Import {
            ledgers, overrides, ..
        } = cli.task
        else {
            panic!("an import");
        };
        assert_eq!(ledgers, ["a.csv", "b.csv"]);
        assert_eq!(overrides, [("SKU-1".into(), 4), ("SKU-2".into(), 0)]);
    }

    #[test]
    fn refuses_bad_overrides() {
        let error = parse("depot import a.csv --set SKU-1").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ValueValidation);
    }

    #[test]
    fn a_bare_color_means_always() {
        assert_eq!(parse("depot report").unwrap().color, Color::Auto);
        assert_eq!(parse("depot --color report").unwrap().color, Color::Always);
        assert_eq!(
            parse("depot --color=never report").unwrap().color,
            Color::Never
        );
    }

    #[test]
    fn splits_columns() {
        let columns = |line| match parse(line).unwrap().task {
            Task::Report { columns } => columns,
            Task::Import { .. } => panic!("a report"),
        };
        assert_eq!(columns("depot report"), ["code", "units"]);
        assert_eq!(
            columns("depot report --columns aisle,bay"),
            ["aisle", "bay"]
        );
    }

    #[test]
    fn a_dry_run_is_not_forced() {
        let error = parse("depot import a.csv --dry-run --force").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ArgumentConflict);
    }
}
