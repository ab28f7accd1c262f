//! Addresses of services: `courier://user@host:port/space/topic?key=value`, with escapes such as `%2F`.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

pub const DEFAULT_PORT: u16 = 7300;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub user: Option<String>,
    /// Lower case; IPv6 addresses without their brackets.
    pub host: String,
    pub port: u16,
    /// Segments without their escapes.
    pub path: Vec<String>,
    pub options: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddressError {
    Scheme,
    Host,
    Port(String),
    Escape(String),
    OptionTwice(String),
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let rest = text.strip_prefix("courier://").ok_or(AddressError::Scheme)?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, place) = match authority.rsplit_once('@') {
            Some((user, place)) => (Some(unescape(user)?), place),
            None => (None, authority),
        };
        let (host, port) = host_and_port(place)?;
        let path =
            path.split('/').filter(|segment| !segment.is_empty()).map(unescape).collect::<Result<_, _>>()?;
        Ok(Address { user, host, port, path, options: options(query)? })
    }
}

fn host_and_port(place: &str) -> Result<(String, u16), AddressError> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, behind) = rest.split_once(']').ok_or(AddressError::Host)?;
            match behind.strip_prefix(':') {
                Some(port) => (host, Some(port)),
                None if behind.is_empty() => (host, None),
                None => return Err(AddressError::Host),
            }
        }
        None => match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        },
    };
    if host.is_empty() {
        return Err(AddressError::Host);
    }
    let port = match port {
        None => DEFAULT_PORT,
        Some(digits) => {
            let number = digits.parse().ok().filter(|port| *port > 0 && !digits.starts_with('+'));
            number.ok_or_else(|| AddressError::Port(digits.to_owned()))?
        }
    };
    Ok((host.to_ascii_lowercase(), port))
}

/// `a=1&b`: an option without a value has an empty one.
fn options(query: &str) -> Result<BTreeMap<String, String>, AddressError> {
    let mut options = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (unescape(name)?, unescape(value)?);
        if options.contains_key(&name) {
            return Err(AddressError::OptionTwice(name));
        }
        options.insert(name, value);
    }
    Ok(options)
}

fn unescape(text: &str) -> Result<String, AddressError> {
    let error = || AddressError::Escape(text.to_owned());
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|b| (b as char).to_digit(16)).ok_or_else(error);
        let (high, low) = (digit()?, digit()?);
        bytes.push((high * 16 + low) as u8);
    }
    String::from_utf8(bytes).map_err(|_| error())
}

/// Text in which everything but letters, digits and `-._~` is escaped.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                write!(f, "{}", byte as char)?;
            } else {
                write!(f, "%{byte:02X}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("courier://")?;
        if let Some(user) = &self.user {
            write!(f, "{}@", Escaped(user))?;
        }
        if self.host.contains(':') {
            write!(f, "[{}]", self.host)?;
        } else {
            f.write_str(&self.host)?;
        }
        if self.port != DEFAULT_PORT {
            write!(f, ":{}", self.port)?;
        }
        for segment in &self.path {
            write!(f, "/{}", Escaped(segment))?;
        }
        for (index, (name, value)) in self.options.iter().enumerate() {
            let mark = if index == 0 { '?' } else { '&' };
            write!(f, "{mark}{}", Escaped(name))?;
            if !value.is_empty() {
                write!(f, "={}", Escaped(value))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Result<Address, AddressError> {
        text.parse()
    }

    #[test]
    fn reads_all_parts() {
        let found = address("courier://j%40ne@Pier.Example:99/a%2Fb//c/?tls&name=x%20y").unwrap();
        assert_eq!(
            (found.user.as_deref(), found.host.as_str(), found.port),
            (Some("j@ne"), "pier.example", 99)
        );
        assert_eq!(found.path, ["a/b", "c"]);
        assert_eq!(
            found.options,
            BTreeMap::from([("name".into(), "x y".into()), ("tls".into(), String::new())])
        );
    }

    #[test]
    fn fills_in_what_is_missing() {
        let found = address("courier://[::1]").unwrap();
        assert_eq!((found.user, found.host.as_str(), found.port), (None, "::1", DEFAULT_PORT));
        assert_eq!((found.path.len(), found.options.len()), (0, 0));
        assert_eq!(
            address("courier://[fe80::2]:80?a").map(|a| (a.host, a.port, a.options.len())),
            Ok(("fe80::2".into(), 80, 1))
        );
    }

    #[test]
    fn tells_what_is_wrong() {
        assert_eq!(address("http://pier"), Err(AddressError::Scheme));
        assert_eq!(
            (address("courier://"), address("courier://:80"), address("courier://[::1")),
            (Err(AddressError::Host), Err(AddressError::Host), Err(AddressError::Host))
        );
        assert_eq!(address("courier://[::1]80"), Err(AddressError::Host));
        for port in ["0", "65536", "x", "+1", ""] {
            assert_eq!(address(&format!("courier://pier:{port}")), Err(AddressError::Port(port.into())));
        }
        assert_eq!(address("courier://pier/%4"), Err(AddressError::Escape("%4".into())));
        assert_eq!(address("courier://pier/%ff"), Err(AddressError::Escape("%ff".into())));
        assert_eq!(address("courier://pier?a=1&%61=2"), Err(AddressError::OptionTwice("a".into())));
    }

    #[test]
    fn shows_what_it_read() {
        for text in ["courier://pier", "courier://u%3Av@[::1]:1/a%2Fb/%C3%A9?x&y=%26", "courier://h/~a-b_c.d"]
        {
            assert_eq!(address(text).unwrap().to_string(), text);
        }
        assert_eq!(address("courier://Pier:7300//a/?b=").unwrap().to_string(), "courier://pier/a?b");
    }
}
