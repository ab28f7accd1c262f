//! Further tests of every module.

mod options {
    use crate::aggregate::Aggregate;
    use crate::options::{Options, OptionsError, SortKey};
    use crate::report::Format;

    #[test]
    fn single_settings() {
        let parse = |text: &str| text.parse::<Options>().unwrap();
        assert_eq!(parse("total=count").total, Some(Aggregate::Count));
        assert_eq!(parse("format=plain").format, Format::Plain);
        assert_eq!(parse(";limit=0").limit, Some(0));
        assert_eq!(parse("where = a = b").filter.as_deref(), Some("a = b"));
        assert_eq!(parse("show= x ,y").columns, ["x", "y"]);
    }

    #[test]
    fn sort_keys() {
        let key = |column: &str, descending| Ok(SortKey { column: column.into(), descending });
        assert_eq!(
            ["a", "a  asc", " b desc"].map(str::parse),
            [key("a", false), key("a", false), key("b", true)]
        );
        for text in ["", "a b c", "a DESC"] {
            let expected = OptionsError::BadValue { setting: "sort", value: text.into() };
            assert_eq!(text.parse::<SortKey>(), Err(expected));
        }
    }

    #[test]
    fn errors() {
        let error = |text: &str| text.parse::<Options>().unwrap_err();
        assert_eq!(error("limit"), OptionsError::BadValue { setting: "limit", value: "".into() });
        assert_eq!(error("total=median x").to_string(), "bad value `median x` of `total`");
        assert_eq!(error("format=xml").to_string(), "bad value `xml` of `format`");
        assert_eq!(error("show=a; limit=2; show=b"), OptionsError::Repeated("show".into()));
        assert_eq!(error("Limit=2"), OptionsError::Unknown("Limit".into()));
    }

    #[test]
    fn shown_columns() {
        let options = Options { columns: vec!["b".into(), "d".into()], ..Options::default() };
        assert_eq!(["a", "b", "c", "d"].map(|name| options.shows(name)), [false, true, false, true]);
        assert!(Options::default().shows(""));
    }
}

mod aggregate {
    use crate::aggregate::Aggregate;
    use quarry_text::Value;

    #[test]
    fn sums() {
        let sum = |values: &[Value]| Aggregate::Sum("x".into()).compute(values);
        assert_eq!(sum(&[2.into(), Value::Null, (-5).into()]), Value::Int(-3));
        assert_eq!(sum(&[i64::MAX.into(), 1.into()]), Value::Float(9223372036854775808.0));
        assert_eq!(sum(&["a".into(), true.into(), 0.25.into()]), Value::Float(0.25));
    }

    #[test]
    fn counts_and_means() {
        let values = [Value::Null, 1.into(), "x".into(), 2.0.into(), 6.into()];
        assert_eq!(Aggregate::Count.compute(&values), Value::Int(5));
        assert_eq!(Aggregate::Count.compute(&[]), Value::Int(0));
        assert_eq!(Aggregate::Mean("x".into()).compute(&values), Value::Float(3.0));
        assert_eq!(Aggregate::Mean("x".into()).compute(&["x".into()]), Value::Null);
    }

    #[test]
    fn extremes() {
        let values = [5.into(), Value::Null, Value::Int(-2), 5.0.into(), Value::Float(-2.0)];
        assert_eq!(Aggregate::Min("x".into()).compute(&values), Value::Int(-2));
        assert_eq!(Aggregate::Max("x".into()).compute(&values), Value::Int(5));
        assert_eq!(Aggregate::Max("x".into()).compute(&[Value::Null]), Value::Null);
        assert_eq!(Aggregate::Min("x".into()).compute(&["a".into(), true.into()]), Value::Bool(true));
    }

    #[test]
    fn names() {
        let parse = |text: &str| text.parse::<Aggregate>();
        assert_eq!(parse("min  a b "), Ok(Aggregate::Min("a b".into())));
        assert_eq!(parse("mean x").unwrap().column(), Some("x"));
        assert_eq!((parse("count "), parse("count x"), parse("")), (Ok(Aggregate::Count), Err(()), Err(())));
    }
}

mod report {
    use crate::report::{Format, Report};

    fn report(header: &[&str], rows: &[&[&str]]) -> Report {
        let line = |cells: &[&str]| cells.iter().map(|cell| cell.to_string()).collect();
        Report { header: line(header), rows: rows.iter().map(|row| line(row)).collect(), footer: None }
    }

    #[test]
    fn numbers_and_texts() {
        let report = report(&["id", "note", "x"], &[&["10", "a", "1.5"], &["9", "12", ""], &["", "", "-3"]]);
        let expected = "id  note    x\n-------------\n10  a     1.5\n 9  12\n           -3\n";
        assert_eq!(report.to_text(Format::Plain).as_deref(), Ok(expected));
    }

    #[test]
    fn reports_without_rows_or_columns() {
        assert_eq!(report(&["ab", "c"], &[]).to_text(Format::Plain).as_deref(), Ok("ab  c\n-----\n"));
        let mut empty = Report::default();
        assert_eq!(empty.to_text(Format::Plain).as_deref(), Ok("\n\n"));
        empty.footer = Some("0".into());
        assert_eq!(empty.to_text(Format::Plain).as_deref(), Ok("\n\n= 0\n"));
    }

    #[test]
    fn csv_cells() {
        let mut report = report(&["a\"", "b"], &[&["1\n2", "x y"], &["", "\r"]]);
        report.footer = Some("unseen".into());
        let expected = "\"a\"\"\",b\n\"1\n2\",x y\n,\"\r\"\n";
        assert_eq!(report.to_text(Format::Csv).as_deref(), Ok(expected));
    }

    #[test]
    fn formats() {
        assert_eq!(("csv".parse(), "".parse::<Format>()), (Ok(Format::Csv), Err(())));
        assert_eq!(Format::default(), Format::Plain);
    }
}

mod runner {
    use crate::runner::{report, run, AppError};
    use quarry_text::error::{EvalError, RecordError};
    use quarry_text::TextError;
    use std::error::Error;

    const PITS: &str = "pit,depth,open\nnorth,120,true\nsouth,,false\neast,45.5,true\nwest,120,\n";

    fn column(options: &str, at: usize) -> Vec<String> {
        let report = report(&options.parse().expect("options"), PITS).expect("a report");
        report.rows.into_iter().map(|mut row| row.swap_remove(at)).collect()
    }

    #[test]
    fn filters() {
        assert_eq!(column("where=open", 0), ["north", "east"]);
        assert_eq!(column("where=not open and depth is not null", 0), ["west"]);
        assert_eq!(column("where=pit in ('west', 'south') or depth < 50", 0), ["south", "east", "west"]);
    }

    #[test]
    fn sorting() {
        assert_eq!(column("sort=depth desc; limit=3", 0), ["north", "west", "east"]);
        assert_eq!(column("sort=open", 0), ["west", "south", "north", "east"]);
        assert_eq!(column("sort=pit; limit=2; show=depth", 0), ["45.5", "120"]);
        assert_eq!(column("limit=0", 0), Vec::<String>::new());
    }

    #[test]
    fn totals() {
        let footer = |options: &str| report(&options.parse().unwrap(), PITS).unwrap().footer;
        assert_eq!(footer("total=max depth; where=open").as_deref(), Some("120"));
        assert_eq!(footer("total=count; where=depth = 120; limit=1").as_deref(), Some("2"));
        assert_eq!(footer("total=min pit").as_deref(), Some("'east'"));
        assert_eq!(footer("limit=2"), None);
    }

    #[test]
    fn columns_must_exist() {
        for (options, name) in [("show=pit,size", "size"), ("total=sum area", "area"), ("sort=x", "x")] {
            assert_eq!(run(options, PITS).unwrap_err().to_string(), format!("no column `{name}`"));
        }
        assert!(matches!(run("show=", PITS), Err(AppError::NoColumn(name)) if name.is_empty()));
    }

    #[test]
    fn errors_and_their_sources() {
        let error = run("where=depth / 0 > 1", PITS).unwrap_err();
        assert!(matches!(&error, AppError::Text(TextError::Eval(EvalError::DivideByZero))));
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("division by zero"));
        let error = run("", "a\n\"").unwrap_err();
        assert!(matches!(
            error,
            AppError::Text(TextError::Record(RecordError::UnterminatedQuote { line: 2 }))
        ));
        assert_eq!(run("where=1 +* 2", PITS).unwrap_err().to_string(), "filter 1:4: expected a value");
        assert!(matches!(run("nothing", PITS), Err(AppError::Options(_))));
        assert_eq!(run("where=pit", PITS).unwrap_err().to_string(), "`where` is not defined for text");
    }
}
