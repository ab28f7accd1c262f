//! Further tests of headers.

use crate::headers::{HeaderError, Headers};

#[test]
fn lines() {
    let headers = Headers::parse("A:1\nb_2:  x : y \n  more\n\tand more\nC-3:\na: 2").unwrap();
    assert_eq!(
        ["A", "B_2", "c-3"].map(|name| headers.get(name)),
        [Some("1"), Some("x : y more and more"), Some("")]
    );
    assert_eq!(headers.all("a").collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(headers.to_string(), "A: 1\r\nb_2: x : y more and more\r\nC-3: \r\na: 2\r\n");
    assert_eq!(Headers::parse(&headers.to_string()), Ok(headers));
}

#[test]
fn setting() {
    let mut headers = Headers::parse("a: 1\nB: 2\nA: 3\nc: 4\na: 5").unwrap();
    headers.set("A", "9");
    assert_eq!(headers.to_string(), "a: 9\r\nB: 2\r\nc: 4\r\n");
    headers.set("d", "7");
    headers.append("D", "8");
    assert_eq!(headers.remove("d"), ["7", "8"]);
    assert_eq!((headers.len(), headers.remove("x")), (3, vec![]));
}

#[test]
fn lists() {
    let mut headers = Headers::default();
    for value in ["a,b , c", "", " ,d", r#""e,f",g"#, r#"h\,i"#, r#""open, end"#] {
        headers.append("L", value);
    }
    assert_eq!(headers.list("l"), ["a", "b", "c", "d", r#""e,f""#, "g", r#"h\"#, "i", r#""open, end"#]);
    headers.set("l", r#""a\\",b"#);
    assert_eq!(headers.list("l"), [r#""a\\""#, "b"]);
    assert_eq!(headers.list("m"), [""; 0]);
}

#[test]
fn faults() {
    assert_eq!(Headers::parse("a"), Err(HeaderError::NoName(1)));
    assert_eq!(Headers::parse("a: 1\n\nb: 2"), Err(HeaderError::NoName(2)));
    assert_eq!(Headers::parse("ä: 1"), Err(HeaderError::NoName(1)));
    assert_eq!(Headers::parse("\t"), Err(HeaderError::NothingToContinue));
    assert_eq!(Headers::parse("a: 1\n b\u{1}"), Err(HeaderError::BadCharacter(2)));
    assert_eq!(
        Headers::parse("a:\t1").map(|headers| headers.get("a").map(str::to_owned)),
        Ok(Some("1".into()))
    );
}
