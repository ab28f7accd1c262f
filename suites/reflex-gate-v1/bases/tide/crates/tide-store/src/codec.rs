//! How values are laid out in bytes: little-endian numbers, lengths in front of what varies.

use std::collections::BTreeMap;
use std::fmt;

use crate::varint;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecodeError {
    Cut,
    BadLength,
    BadText,
    BadTag(u8),
    /// So many bytes are left over.
    Trailing(usize),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::Cut => f.write_str("the bytes end too soon"),
            DecodeError::BadLength => f.write_str("a length is no number"),
            DecodeError::BadText => f.write_str("a text is not UTF-8"),
            DecodeError::BadTag(tag) => write!(f, "unknown tag {tag}"),
            DecodeError::Trailing(count) => write!(f, "{count} bytes are left over"),
        }
    }
}

impl std::error::Error for DecodeError {}

pub trait Encode {
    fn encode(&self, out: &mut Vec<u8>);
}

/// A value that may borrow from the bytes it is read from.
pub trait Decode<'a>: Sized {
    fn decode(reader: &mut Reader<'a>) -> Result<Self, DecodeError>;
}

pub fn to_bytes<T: Encode + ?Sized>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    value.encode(&mut out);
    out
}

/// The value that takes all the bytes.
pub fn from_bytes<'a, T: Decode<'a>>(bytes: &'a [u8]) -> Result<T, DecodeError> {
    let mut reader = Reader { rest: bytes };
    let value = T::decode(&mut reader)?;
    match reader.rest.len() {
        0 => Ok(value),
        left => Err(DecodeError::Trailing(left)),
    }
}

pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(DecodeError::Cut)?;
        self.rest = rest;
        Ok(taken)
    }

    fn length(&mut self) -> Result<usize, DecodeError> {
        let (length, taken) = varint::get(self.rest).map_err(|error| match error {
            varint::VarintError::Cut => DecodeError::Cut,
            _ => DecodeError::BadLength,
        })?;
        self.rest = &self.rest[taken..];
        usize::try_from(length).map_err(|_| DecodeError::BadLength)
    }
}

macro_rules! little_endian {
    ($($number:ty),*) => {$(
        impl Encode for $number {
            fn encode(&self, out: &mut Vec<u8>) {
                out.extend(self.to_le_bytes());
            }
        }

        impl Decode<'_> for $number {
            fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                let bytes = reader.take(size_of::<$number>())?;
                bytes.try_into().map(<$number>::from_le_bytes).map_err(|_| DecodeError::Cut)
            }
        }
    )*};
}

little_endian!(u8, u16, u32, u64, i64, f64);

impl Encode for bool {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }
}

impl Decode<'_> for bool {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match u8::decode(reader)? {
            0 => Ok(false),
            1 => Ok(true),
            tag => Err(DecodeError::BadTag(tag)),
        }
    }
}

impl Encode for str {
    fn encode(&self, out: &mut Vec<u8>) {
        varint::put(self.len() as u64, out);
        out.extend(self.as_bytes());
    }
}

impl Encode for String {
    fn encode(&self, out: &mut Vec<u8>) {
        self.as_str().encode(out);
    }
}

impl<'a> Decode<'a> for &'a str {
    fn decode(reader: &mut Reader<'a>) -> Result<Self, DecodeError> {
        let length = reader.length()?;
        std::str::from_utf8(reader.take(length)?).map_err(|_| DecodeError::BadText)
    }
}

impl Decode<'_> for String {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        <&str>::decode(reader).map(str::to_owned)
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, out: &mut Vec<u8>) {
        self.is_some().encode(out);
        if let Some(value) = self {
            value.encode(out);
        }
    }
}

impl<'a, T: Decode<'a>> Decode<'a> for Option<T> {
    fn decode(reader: &mut Reader<'a>) -> Result<Self, DecodeError> {
        bool::decode(reader)?.then(|| T::decode(reader)).transpose()
    }
}

impl<T: Encode> Encode for [T] {
    fn encode(&self, out: &mut Vec<u8>) {
        varint::put(self.len() as u64, out);
        self.iter().for_each(|value| value.encode(out));
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, out: &mut Vec<u8>) {
        self.as_slice().encode(out);
    }
}

impl<'a, T: Decode<'a>> Decode<'a> for Vec<T> {
    fn decode(reader: &mut Reader<'a>) -> Result<Self, DecodeError> {
        let length = reader.length()?;
        (0..length).map(|_| T::decode(reader)).collect()
    }
}

impl<A: Encode, B: Encode> Encode for (A, B) {
    fn encode(&self, out: &mut Vec<u8>) {
        self.0.encode(out);
        self.1.encode(out);
    }
}

impl<'a, A: Decode<'a>, B: Decode<'a>> Decode<'a> for (A, B) {
    fn decode(reader: &mut Reader<'a>) -> Result<Self, DecodeError> {
        Ok((A::decode(reader)?, B::decode(reader)?))
    }
}

impl<K: Encode, V: Encode> Encode for BTreeMap<K, V> {
    fn encode(&self, out: &mut Vec<u8>) {
        varint::put(self.len() as u64, out);
        for (key, value) in self {
            key.encode(out);
            value.encode(out);
        }
    }
}

impl<'a, K: Decode<'a> + Ord, V: Decode<'a>> Decode<'a> for BTreeMap<K, V> {
    fn decode(reader: &mut Reader<'a>) -> Result<Self, DecodeError> {
        Ok(Vec::<(K, V)>::decode(reader)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lays_numbers_out() {
        assert_eq!(to_bytes(&0x0102_u16), [2, 1]);
        assert_eq!(to_bytes(&(-2_i64)), [0xfe, 255, 255, 255, 255, 255, 255, 255]);
        assert_eq!(from_bytes(&[0, 0, 0, 0, 0, 0, 0xf8, 0x3f]), Ok(1.5));
        assert_eq!(from_bytes::<u32>(&[1, 2, 3]), Err(DecodeError::Cut));
        assert_eq!(from_bytes::<u16>(&[1, 2, 3]), Err(DecodeError::Trailing(1)));
    }

    #[test]
    fn puts_lengths_in_front() {
        assert_eq!(to_bytes("hé"), [3, b'h', 0xc3, 0xa9]);
        assert_eq!(to_bytes(&vec![Some(7_u8), None]), [2, 1, 7, 0]);
        assert_eq!(from_bytes(&[2, 1, 7, 0]), Ok(vec![Some(7_u8), None]));
        assert_eq!(from_bytes::<&str>(&[3, b'h']), Err(DecodeError::Cut));
        assert_eq!(from_bytes::<String>(&[1, 0xc3]), Err(DecodeError::BadText));
        assert_eq!(from_bytes::<Vec<u8>>(&[0x80, 0]), Err(DecodeError::BadLength));
        assert_eq!(from_bytes::<Option<u8>>(&[2, 1]), Err(DecodeError::BadTag(2)));
    }

    #[test]
    fn texts_are_borrowed() {
        let bytes = to_bytes(&(String::from("pier"), true));
        let (name, flag): (&str, bool) = from_bytes(&bytes).unwrap();
        assert_eq!((name.as_ptr(), name, flag), (bytes[1..].as_ptr(), "pier", true));
    }

    #[test]
    fn maps_come_back() {
        let map = BTreeMap::from([(2_u8, vec![0.5]), (1, vec![])]);
        assert_eq!(to_bytes(&map)[..3], [2, 1, 0]);
        assert_eq!(from_bytes(&to_bytes(&map)), Ok(map));
        assert_eq!(DecodeError::Trailing(3).to_string(), "3 bytes are left over");
    }
}
