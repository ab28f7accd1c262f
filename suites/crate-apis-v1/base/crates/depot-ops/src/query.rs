//! Stock queries, with an argument parser made at run time.

use clap::{value_parser, Arg, ArgAction, Command};

#[derive(Debug, PartialEq, Eq)]
pub struct Query {
    pub codes: Vec<String>,
    pub at_least: u32,
    pub aisle: Option<String>,
    pub empty: bool,
}

fn command() -> Command {
    Command::new("query")
        .arg(
            Arg::new("code")
                .help("The codes to look for")
                .required(true)
                .num_args(1..),
        )
        .arg(
            Arg::new("at-least")
                .long("at-least")
                .value_parser(value_parser!(u32))
                .default_value("1"),
        )
        .arg(Arg::new("aisle").long("aisle").short('a'))
        .arg(Arg::new("empty").long("empty").action(ArgAction::SetTrue))
}

/// Reads a query from its words, without a program name.
pub fn parse_query<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Query, clap::Error> {
    let matches = command().no_binary_name(true).try_get_matches_from(words)?;
    Ok(Query {
        codes: matches
            .get_many::<String>("code")
            .unwrap_or_default()
            .cloned()
            .collect(),
        at_least: matches.get_one("at-least").copied().unwrap_or(1),
        aisle: matches.get_one::<String>("aisle").cloned(),
        empty: matches.get_flag("empty"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_queries() {
        let query = parse_query(["SKU-1", "SKU-2", "--at-least", "5", "-a", "B", "--empty"]);
        assert_eq!(
            query.unwrap(),
            Query {
                codes: vec!["SKU-1".into(), "SKU-2".into()],
                at_least: 5,
                aisle: Some("B".into()),
                empty: true
            }
        );
    }

    #[test]
    fn has_defaults() {
        let query = parse_query(["SKU-1"]).unwrap();
        assert_eq!((query.at_least, query.aisle, query.empty), (1, None, false));
    }

    #[test]
    fn needs_a_code() {
        assert!(parse_query(["--empty"]).is_err());
        assert!(parse_query(["SKU-1", "--at-least", "few"]).is_err());
    }
}
