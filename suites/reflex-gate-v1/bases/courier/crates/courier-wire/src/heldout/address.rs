//! Further tests of addresses.

use crate::address::{Address, AddressError, DEFAULT_PORT};

fn shown(text: &str) -> Result<String, AddressError> {
    text.parse::<Address>().map(|address| address.to_string())
}

#[test]
fn normal_forms() {
    let cases = [
        ("courier://A", "courier://a"),
        ("courier://a:07300/", "courier://a"),
        ("courier://me@a:1", "courier://me@a:1"),
        ("courier://x@y@a", "courier://x%40y@a"),
        ("courier://[ABCD::]:7301/%7e/%2e", "courier://[abcd::]:7301/~/."),
        ("courier://a?z=1&&b=&c", "courier://a?b&c&z=1"),
        ("courier://a/b?c=d/e?f", "courier://a/b?c=d%2Fe%3Ff"),
        ("courier://a?k=v=w", "courier://a?k=v%3Dw"),
        ("courier://a/%E2%82%AC", "courier://a/%E2%82%AC"),
    ];
    for (text, expected) in cases {
        assert_eq!(shown(text).as_deref(), Ok(expected), "{text}");
        assert_eq!(shown(expected).as_deref(), Ok(expected));
    }
}

#[test]
fn parts() {
    let address: Address = "courier://%C3%A9@h:65535/a/b%20c/?q=1%2B1".parse().unwrap();
    assert_eq!((address.user.as_deref(), address.port), (Some("é"), 65_535));
    assert_eq!(
        (address.path, address.options.get("q").map(String::as_str)),
        (vec!["a".into(), "b c".into()], Some("1+1"))
    );
    let bare: Address = "courier://@h?".parse().unwrap();
    assert_eq!((bare.user.as_deref(), bare.port, bare.options.len()), (Some(""), DEFAULT_PORT, 0));
}

#[test]
fn refusals() {
    assert_eq!(
        (shown("courier:/a"), shown("Courier://a")),
        (Err(AddressError::Scheme), Err(AddressError::Scheme))
    );
    assert_eq!(
        (shown("courier://u@/x"), shown("courier://[]")),
        (Err(AddressError::Host), Err(AddressError::Host))
    );
    assert_eq!(shown("courier://[a]b:1"), Err(AddressError::Host));
    assert_eq!(shown("courier://a:b:1"), Err(AddressError::Port("b:1".into())));
    assert_eq!(shown("courier://a:-1"), Err(AddressError::Port("-1".into())));
    assert_eq!(shown("courier://a?x=%"), Err(AddressError::Escape("%".into())));
    assert_eq!(shown("courier://a?x%zz"), Err(AddressError::Escape("x%zz".into())));
    assert_eq!(shown("courier://%c3@a"), Err(AddressError::Escape("%c3".into())));
    assert_eq!(shown("courier://a?x&y&x=2"), Err(AddressError::OptionTwice("x".into())));
}
