//! Further tests of every module.

mod span {
    use crate::span::Span;

    #[test]
    fn join_is_symmetric() {
        let (a, b) = (Span::new(10, 12), Span::new(4, 20));
        assert_eq!((a + b, b + a), (Span::new(4, 20), Span::new(4, 20)));
        assert!(Span::new(3, 3).is_empty());
        assert_eq!(Span::new(5, 2).len(), 0);
    }

    #[test]
    fn columns_count_characters() {
        let source = "x\n\néé!";
        let position = Span::new(7, 8).position(source);
        assert_eq!((position.line(), position.column()), (3, 3));
        assert_eq!(Span::new(1, 2).position(source).to_string(), "1:2");
        assert_eq!(Span::new(3, 5).slice(source), "é");
        assert_eq!(Span::new(4, 5).slice(source), "");
    }
}

mod error {
    use crate::error::*;
    use std::error::Error;

    #[test]
    fn parse_messages() {
        let message = |kind| ParseError::new(kind, 0..0).explain("");
        assert_eq!(message(ParseErrorKind::UnterminatedText), "1:1: text without a closing quote");
        assert_eq!(message(ParseErrorKind::BadNumber), "1:1: malformed number");
        assert_eq!(message(ParseErrorKind::UnexpectedToken { expected: "`)`" }), "1:1: expected `)`");
        assert_eq!(
            message(ParseErrorKind::UnexpectedEnd { expected: "x" }),
            "1:1: expected x, found the end"
        );
        assert_eq!(message(ParseErrorKind::TooDeep(3)), "1:1: nested deeper than 3 levels");
    }

    #[test]
    fn other_messages() {
        assert_eq!(EvalError::Overflow.to_string(), "integer overflow");
        let type_error = EvalError::Type { operation: "<".into(), found: "bool" };
        assert_eq!(type_error.to_string(), "`<` is not defined for bool");
        assert_eq!(EvalError::UnknownFunction("f".into()).to_string(), "unknown function `f`");
        assert_eq!(RecordError::DuplicateColumn("a".into()).to_string(), "column `a` occurs twice");
        assert_eq!(RecordError::UnterminatedQuote { line: 8 }.to_string(), "line 8: quote without an end");
        assert_eq!(RecordError::TextAfterQuote { line: 2 }.to_string(), "line 2: text after a closing quote");
    }

    #[test]
    fn wrapped_errors_read_like_their_source() {
        let parse = ParseError::new(ParseErrorKind::BadNumber, 1..2);
        for error in [TextError::from(parse), TextError::from(RecordError::MissingHeader)] {
            assert_eq!(error.source().map(ToString::to_string), Some(error.to_string()));
        }
    }
}

mod symbol {
    use crate::symbol::*;

    #[test]
    fn prefixes_of_all_punctuation() {
        // In no order of their own: which one comes first in the table is nobody's business.
        let mut all = Punct::ALL.to_vec();
        all.sort_by_key(|punct| punct.as_str());
        for punct in all {
            assert_eq!(Punct::longest_prefix(&format!("{punct}a")), Some(punct));
        }
        assert_eq!(Punct::longest_prefix(">=="), Some(Punct::Ge));
        assert_eq!(Punct::longest_prefix(""), None);
    }

    #[test]
    fn keywords_by_name() {
        assert_eq!(
            ["Or", "iS", "false"].map(str::parse),
            [Ok(Keyword::Or), Ok(Keyword::Is), Ok(Keyword::False)]
        );
        assert_eq!("".parse::<Keyword>(), Err(UnknownSymbol));
        assert_eq!(Keyword::Not.to_string(), "not");
    }
}

mod lexer {
    use crate::error::{ParseError, ParseErrorKind};
    use crate::lexer::{Lexer, TokenKind};
    use crate::symbol::{Keyword, Punct};

    fn kinds(source: &str) -> Vec<TokenKind<'_>> {
        Lexer::new(source).map(|token| token.expect("a token").kind).collect()
    }

    #[test]
    fn number_boundaries() {
        assert_eq!(kinds("9223372036854775807"), [TokenKind::Int(i64::MAX)]);
        assert_eq!(kinds("0 00.250"), [TokenKind::Int(0), TokenKind::Float(0.25)]);
        assert_eq!(kinds("1_2.5_0-3").len(), 3);
        for source in ["9223372036854775808", "7é", "0x1f", "3_.", "1..2"] {
            let error = Lexer::new(source).next().unwrap().unwrap_err();
            assert_eq!((error.kind, error.span.end), (ParseErrorKind::BadNumber, source.len()), "{source}");
        }
    }

    #[test]
    fn quotes_without_an_end() {
        for source in ["'", "'''", "'a''", "'a''''"] {
            let mut lexer = Lexer::new(source);
            let expected = ParseError::new(ParseErrorKind::UnterminatedText, 0..1);
            assert_eq!(lexer.next(), Some(Err(expected)), "{source}");
            assert_eq!(lexer.next(), None);
        }
        assert_eq!(kinds("'''' 'a'"), [TokenKind::Text("''"), TokenKind::Text("a")]);
    }

    #[test]
    fn names_may_have_any_letters() {
        assert_eq!(kinds("grès_2"), [TokenKind::Name("grès_2")]);
        assert_eq!(kinds("_and nOt"), [TokenKind::Name("_and"), TokenKind::Keyword(Keyword::Not)]);
    }

    #[test]
    fn punctuation_without_blanks() {
        let expected = [Punct::Open, Punct::Ge, Punct::Eq, Punct::Ne, Punct::Close].map(TokenKind::Punct);
        assert_eq!(kinds("(>==!=)"), expected);
    }

    #[test]
    fn unexpected_characters_have_their_width() {
        let error = Lexer::new("# one\n\u{a0}→").next().unwrap().unwrap_err();
        assert_eq!(error, ParseError::new(ParseErrorKind::UnexpectedChar('→'), 8..11));
        assert!(kinds(" # nothing else").is_empty());
    }

    #[test]
    fn rest_is_what_is_not_read() {
        let mut lexer = Lexer::new("a 'b' c");
        let spans: Vec<_> = lexer.by_ref().take(2).map(|token| token.unwrap().span).collect();
        assert_eq!((spans[0].to_string(), spans[1].to_string()), ("0..1".into(), "2..5".into()));
        assert_eq!(lexer.rest(), " c");
    }
}

mod value {
    use crate::value::Value;
    use std::cmp::Ordering;

    #[test]
    fn inference_boundaries() {
        assert_eq!(Value::infer("9223372036854775808"), Value::Float(9223372036854775808.0));
        assert_eq!(Value::infer(" -7 "), Value::Int(-7));
        assert_eq!(Value::infer("1e3"), Value::Float(1000.0));
        assert_eq!(Value::infer("False"), Value::from("False"));
        assert_eq!(Value::infer(" false"), Value::Bool(false));
        assert_eq!(Value::infer("true "), Value::Bool(true));
        assert_eq!(Value::infer("NaN"), Value::from("NaN"));
    }

    #[test]
    fn comparisons() {
        assert_eq!(Value::Float(2.0).compare(&Value::Int(2)), Some(Ordering::Equal));
        assert_eq!(Value::from("b").compare(&Value::from("a")), Some(Ordering::Greater));
        assert_eq!(Value::Bool(false).compare(&Value::Bool(true)), Some(Ordering::Less));
        assert_eq!(Value::Bool(true).compare(&Value::Int(1)), None);
        assert_eq!(Value::Int(i64::MIN).compare(&Value::Int(i64::MIN + 1)), Some(Ordering::Less));
    }

    #[test]
    fn sort_order_between_kinds() {
        assert_eq!(Value::Null.sort_order(&Value::Null), Ordering::Equal);
        assert_eq!(Value::Null.sort_order(&Value::Bool(false)), Ordering::Less);
        assert_eq!(Value::Int(1).sort_order(&Value::Bool(true)), Ordering::Greater);
        assert_eq!(Value::Float(9.5).sort_order(&Value::from("1")), Ordering::Less);
    }

    #[test]
    fn conversions() {
        assert_eq!(i64::try_from(Value::Null), Err("null"));
        assert_eq!(i64::try_from(Value::from("4")), Err("text"));
        assert_eq!(i64::try_from(Value::Bool(true)), Err("bool"));
        assert_eq!((Value::Int(2).as_f64(), Value::Bool(true).as_f64()), (Some(2.0), None));
        assert_eq!([Value::Null, true.into(), 0.1.into()].map(|v| v.to_string()), ["null", "true", "0.1"]);
    }
}

mod ast {
    use crate::ast::{BinaryOp, Expr};
    use crate::parser::parse;
    use crate::symbol::Punct;

    #[test]
    fn operators_of_all_punctuation() {
        let ops: Vec<_> = Punct::ALL.iter().filter_map(|punct| BinaryOp::from_punct(*punct)).collect();
        assert_eq!(ops.iter().filter(|op| matches!(op, BinaryOp::Compare(_))).count(), 6);
        assert_eq!(ops.len(), 11);
        let precedences: Vec<u8> = ops.iter().map(|op| op.precedence()).collect();
        assert_eq!(precedences, [4, 4, 4, 4, 4, 4, 5, 5, 6, 6, 6]);
        assert_eq!([BinaryOp::Or, BinaryOp::And].map(BinaryOp::precedence), [1, 2]);
    }

    #[test]
    fn names_in_every_kind_of_expression() {
        let expr = parse("not f(z, -y) or z in (x, 1) and w is null").unwrap();
        assert_eq!(expr.names(), ["z", "y", "x", "w"]);
    }

    #[test]
    fn walk_visits_parents_first() {
        let expr = parse("a + f(1) * b").unwrap();
        let mut seen = Vec::new();
        expr.walk(&mut |e| seen.push(matches!(e, Expr::Name(_) | Expr::Literal(_))));
        assert_eq!(seen, [false, true, false, false, true, true]);
    }

    #[test]
    fn display_parses_to_the_same_tree() {
        for source in ["-(a + 1) is null or b in ('x''y', 2.5)", "not not true", "f() % g(null, -1)"] {
            let expr = parse(source).unwrap();
            assert_eq!(parse(&expr.to_string()), Ok(expr), "{source}");
        }
    }
}

mod parser {
    use crate::error::ParseErrorKind;
    use crate::parser::{parse, MAX_DEPTH};

    fn show(source: &str) -> String {
        parse(source).map_or_else(|error| error.explain(source), |expr| expr.to_string())
    }

    #[test]
    fn mixed_precedence() {
        assert_eq!(show("a and b or c and d"), "((a and b) or (c and d))");
        assert_eq!(show("a or b or c"), "((a or b) or c)");
        assert_eq!(show("1 - 2 + 3 % 4"), "((1 - 2) + (3 % 4))");
        assert_eq!(show("a < b = c"), "((a < b) = c)");
    }

    #[test]
    fn prefixes() {
        assert_eq!(show("not not a or b"), "((not (not a)) or b)");
        assert_eq!(show("- -a * b"), "((-(-a)) * b)");
        assert_eq!(show("not a in (1)"), "(not (a in (1)))");
        assert_eq!(show("a = -1"), "(a = (-1))");
    }

    #[test]
    fn postfixes() {
        assert_eq!(show("a and b in ()"), "(a and (b in ()))");
        assert_eq!(show("a * 2 is null = true"), "(((a * 2) is null) = true)");
        assert_eq!(show("x in (1, 2) is not null"), "((x in (1, 2)) is not null)");
    }

    #[test]
    fn places_of_errors() {
        assert_eq!(show(""), "1:1: expected a value, found the end");
        assert_eq!(show("a\n  )"), "2:3: expected an operator or the end");
        assert_eq!(show("a is 3"), "1:6: expected `null`");
        assert_eq!(show("a in 3"), "1:6: expected `(`");
        assert_eq!(show("f(1,)"), "1:5: expected a value");
        assert_eq!(show("(1 or 2, 3)"), "1:8: expected `)`");
        assert_eq!(show("a and or"), "1:7: expected a value");
        assert_eq!(show("a + 'b"), "1:5: text without a closing quote");
    }

    #[test]
    fn depth_counts_open_levels_only() {
        let flat = vec!["(1)"; MAX_DEPTH * 2].join(" + ");
        assert!(parse(&flat).is_ok());
        let deep = format!("{}true", "not ".repeat(MAX_DEPTH));
        assert_eq!(parse(&deep).unwrap_err().kind, ParseErrorKind::TooDeep(MAX_DEPTH));
        assert!(parse(&deep["not ".len()..]).is_ok());
    }
}

mod record {
    use crate::error::RecordError;
    use crate::record::RecordReader;

    fn rows(source: &str) -> Vec<Result<Vec<String>, RecordError>> {
        let reader = RecordReader::new(source).expect("a header");
        let fields = |record: crate::record::Record<'_>| record.iter().map(|(_, f)| f.to_owned()).collect();
        reader.map(|record| record.map(fields)).collect()
    }

    #[test]
    fn empty_fields() {
        assert_eq!(
            rows("a,b,c\n,,\n\"\",x,\"\""),
            [Ok(vec!["".into(); 3]), Ok(["", "x", ""].map(String::from).into())]
        );
        assert!(rows("a\n").is_empty());
    }

    #[test]
    fn quotes() {
        assert_eq!(rows("a\n\"\"\"\"\r\n\"x\ny\"\n"), [Ok(vec!["\"".into()]), Ok(vec!["x\ny".into()])]);
        assert_eq!(rows("a\nx\"y"), [Ok(vec!["x\"y".into()])]);
    }

    #[test]
    fn lines_behind_quoted_line_ends() {
        let source = "a\n\"1\n2\n3\"\n\n4\n\"5";
        let reader = RecordReader::new(source).unwrap();
        let lines: Vec<_> = reader.map(|record| record.map(|record| record.line())).collect();
        assert_eq!(lines, [Ok(2), Ok(6), Err(RecordError::UnterminatedQuote { line: 7 })]);
    }

    #[test]
    fn too_many_fields() {
        let results = rows("a,b\n1,2,3\n\"x\" ,2\n4,5\n");
        assert_eq!(results[0], Err(RecordError::FieldCount { line: 2, expected: 2, found: 3 }));
        assert_eq!(results[1], Err(RecordError::TextAfterQuote { line: 3 }));
        assert_eq!(results[2..], [Ok(vec!["4".into(), "5".into()])]);
    }

    #[test]
    fn headers() {
        assert_eq!(RecordReader::new("").unwrap_err(), RecordError::MissingHeader);
        let reader = RecordReader::with_delimiter("\"a,b\"\tc\n", '\t').unwrap();
        assert_eq!(reader.columns().collect::<Vec<_>>(), ["a,b", "c"]);
        let twice = RecordReader::new("x,\"y\",z,y").unwrap_err();
        assert_eq!(twice, RecordError::DuplicateColumn("y".into()));
    }

    #[test]
    fn fields_by_column() {
        let record = RecordReader::new("k,v,w\n1,2,3").unwrap().next().unwrap().unwrap();
        assert_eq!((record.get("w"), record.get("k"), record.get("K")), (Some("3"), Some("1"), None));
        assert_eq!(record.iter().map(|(name, _)| name).collect::<String>(), "kvw");
    }
}

mod eval {
    use crate::error::EvalError;
    use crate::eval::{eval, eval_with, Functions, Layered};
    use crate::parser::parse;
    use crate::record::RecordReader;
    use crate::value::Value;
    use std::collections::HashMap;

    fn run(source: &str) -> Result<Value, EvalError> {
        let scope = HashMap::from([("i", Value::Int(-8)), ("f", Value::Float(0.5)), ("z", Value::Null)]);
        eval(&parse(source).expect("an expression"), &scope)
    }

    #[test]
    fn arithmetic() {
        assert_eq!(run("i * f"), Ok(Value::Float(-4.0)));
        assert_eq!(run("i % 3"), Ok(Value::Int(-2)));
        assert_eq!(run("10 - 4 / 3"), Ok(Value::Int(9)));
        assert_eq!(run("7.5 % 2"), Ok(Value::Float(1.5)));
        assert_eq!(run("'a' + 'b' + ''"), Ok("ab".into()));
        assert_eq!(run("'a' * 'b'"), Err(EvalError::Type { operation: "*".into(), found: "text" }));
        assert_eq!(run("1 / 0"), Err(EvalError::DivideByZero));
        assert_eq!(run("5000000000 * 5000000000"), Err(EvalError::Overflow));
        assert_eq!(run("true + 1"), Err(EvalError::Type { operation: "+".into(), found: "bool" }));
    }

    #[test]
    fn comparisons_at_the_boundary() {
        let holds = |source: &str| run(source) == Ok(Value::Bool(true));
        assert!(holds("i <= -8") && holds("i >= -8") && !holds("i < -8") && !holds("i > -8"));
        assert!(holds("f = 0.5") && !holds("f != 0.5") && holds("'a' < 'b'") && holds("false < true"));
        assert!(!holds("1 = '1'") && holds("true != 1") && !holds("f = 'f'"));
        assert_eq!(run("1 > 'a'"), Err(EvalError::Type { operation: ">".into(), found: "text" }));
    }

    #[test]
    fn logic() {
        assert_eq!(run("not z"), Ok(Value::Bool(true)));
        assert_eq!(run("z or true"), Ok(Value::Bool(true)));
        assert_eq!(run("z and gone"), Ok(Value::Bool(false)));
        assert_eq!(run("false or gone"), Err(EvalError::UnknownName("gone".into())));
        assert_eq!(run("1 and true"), Err(EvalError::Type { operation: "and".into(), found: "int" }));
        assert_eq!(run("not 'x'"), Err(EvalError::Type { operation: "not".into(), found: "text" }));
    }

    #[test]
    fn nulls() {
        assert_eq!(run("-z"), Ok(Value::Null));
        assert_eq!(run("z < 1 or z >= 1"), Ok(Value::Bool(false)));
        assert_eq!(run("z in (null, 1)"), Ok(Value::Bool(false)));
        assert_eq!(run("(z * 2) is not null"), Ok(Value::Bool(false)));
        assert_eq!(run("i is null"), Ok(Value::Bool(false)));
    }

    #[test]
    fn lists() {
        assert_eq!(run("'b' in ('a', 'b')"), Ok(Value::Bool(true)));
        assert_eq!(run("i in (8, '-8')"), Ok(Value::Bool(false)));
        assert_eq!(run("i in (-8, gone)"), Ok(Value::Bool(true)));
        assert_eq!(run("i in (gone, -8)"), Err(EvalError::UnknownName("gone".into())));
    }

    #[test]
    fn functions() {
        assert_eq!(run("abs(i) + abs(2)"), Ok(Value::Int(10)));
        assert_eq!(run("abs(-f)"), Ok(Value::Float(0.5)));
        assert_eq!(run("len('grès')"), Ok(Value::Int(4)));
        assert_eq!(run("lower('ÉA')"), Ok("éa".into()));
        assert_eq!(run("len(1)"), Err(EvalError::Type { operation: "len".into(), found: "int" }));
        assert_eq!(run("abs()"), Err(EvalError::Arity { function: "abs".into(), expected: 1, found: 0 }));
    }

    #[test]
    fn own_functions() {
        let mut functions = Functions::standard();
        let factor = 3;
        functions.define("scale", 2, move |args| match args {
            [Value::Int(a), Value::Int(b)] => Ok(Value::Int((a + b) * factor)),
            _ => Ok(Value::Null),
        });
        functions.define("len", 0, |_| Ok(Value::Bool(true)));
        let run = |source: &str| eval_with(&parse(source).unwrap(), &HashMap::new(), &functions);
        assert_eq!(run("scale(1, 2)"), Ok(Value::Int(9)));
        assert_eq!(run("len()"), Ok(Value::Bool(true)));
        let none = eval_with(&parse("abs(1)").unwrap(), &HashMap::new(), &Functions::default());
        assert_eq!(none, Err(EvalError::UnknownFunction("abs".into())));
    }

    #[test]
    fn records_as_scopes() {
        let record = RecordReader::new("a,b\n4,\n").unwrap().next().unwrap().unwrap();
        let scope = Layered(record, HashMap::from([("a", Value::Int(0)), ("c", Value::Int(6))]));
        assert_eq!(eval(&parse("a * c").unwrap(), &scope), Ok(Value::Int(24)));
        assert_eq!(eval(&parse("b is null").unwrap(), &scope), Ok(Value::Bool(true)));
        assert_eq!(eval(&parse("d").unwrap(), &scope), Err(EvalError::UnknownName("d".into())));
    }
}
