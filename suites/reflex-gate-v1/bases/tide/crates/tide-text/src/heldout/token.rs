//! Further tests of tokens.

use crate::token::{tokens, Token, TokenError, Tokens};

fn words(source: &str) -> Vec<String> {
    let found = tokens(source).unwrap();
    found
        .iter()
        .map(|spanned| match &spanned.token {
            Token::Number(n) => format!("#{n}"),
            Token::Text(text) => format!("'{text}"),
            Token::Name(name) => (*name).to_owned(),
            Token::Sign(sign) => format!("`{sign}"),
        })
        .collect()
}

#[test]
fn queries() {
    assert_eq!(words("a<b<=c"), ["a", "`<", "b", "`<=", "c"]);
    assert_eq!(
        words("f(x,[1,2])*-3"),
        ["f", "`(", "x", "`,", "`[", "#1", "`,", "#2", "`]", "`)", "`*", "`-", "#3"]
    );
    assert_eq!(words("_x1 && y.z.w"), ["_x1", "`&&", "y.z.w"]);
    assert_eq!(words("\"it's\" = 'a\nb' ''"), ["'it's", "`=", "'a\nb", "'"]);
    assert_eq!(words(" \t"), Vec::<String>::new());
}

#[test]
fn numbers() {
    assert_eq!(words("007 1e3 0.25 5E-1"), ["#7", "#1000", "#0.25", "#0.5"]);
    assert_eq!(words("0.5..1.5"), ["#0.5", "`..", "#1.5"]);
    assert_eq!(words("1+1e+2"), ["#1", "`+", "#100"]);
    assert_eq!(tokens("3_000"), Err(TokenError::BadNumber(0)));
    assert_eq!(tokens("x 1.2x"), Err(TokenError::BadNumber(2)));
}

#[test]
fn spans_cover_the_source() {
    let source = "level  >= 1.5 &&'péz' ,x";
    let pieces: Vec<_> = tokens(source).unwrap().iter().map(|t| &source[t.start..t.end]).collect();
    assert_eq!(pieces, ["level", ">=", "1.5", "&&", "'péz'", ",", "x"]);
}

#[test]
fn errors() {
    assert_eq!(tokens("a & b"), Err(TokenError::Unexpected('&', 2)));
    assert_eq!(tokens("é \"'"), Err(TokenError::OpenText(3)));
    assert_eq!(Tokens::new("1 % 2 3").count(), 2);
    assert_eq!(TokenError::Unexpected('%', 2).to_string(), "unexpected `%` at 2");
    assert_eq!(TokenError::BadNumber(7).to_string(), "no number at 7");
}
