//! Amounts of storage, written as a number of bytes or as text such as `4KiB`.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Capacity(pub u64);

const UNITS: [(&str, u64); 3] = [("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

impl FromStr for Capacity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (digits, scale) = UNITS
            .iter()
            .find_map(|(unit, scale)| Some((text.strip_suffix(unit)?, *scale)))
            .ok_or_else(|| format!("`{text}` has no unit"))?;
        let count: u64 = digits
            .trim()
            .parse()
            .map_err(|_| format!("`{text}` has no count"))?;
        count
            .checked_mul(scale)
            .map(Capacity)
            .ok_or_else(|| format!("`{text}` is too large"))
    }
}

impl fmt::Display for Capacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, scale) = UNITS
            .iter()
            .find(|(_, scale)| self.0 >= *scale && self.0.is_multiple_of(*scale))
            .unwrap_or(&UNITS[2]);
        write!(f, "{}{unit}", self.0 / scale)
    }
}

impl Serialize for Capacity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

struct CapacityVisitor;

impl Visitor<'_> for CapacityVisitor {
    type Value = Capacity;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of bytes or text such as `4KiB`")
    }

    fn visit_u64<E: de::Error>(self, bytes: u64) -> Result<Capacity, E> {
        Ok(Capacity(bytes))
    }

    fn visit_i64<E: de::Error>(self, bytes: i64) -> Result<Capacity, E> {
        u64::try_from(bytes)
            .map(Capacity)
            .map_err(|_| E::invalid_value(de::Unexpected::Signed(bytes), &self))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Capacity, E> {
        text.parse().map_err(E::custom)
    }
}

impl<'de> Deserialize<'de> for Capacity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CapacityVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_and_text() {
        let read: Vec<Capacity> = serde_json::from_str(r#"[512, "4KiB", " 2 MiB"]"#).unwrap();
        assert_eq!(read, [Capacity(512), Capacity(4096), Capacity(2 << 20)]);
    }

    #[test]
    fn refuses_other_values() {
        let error = serde_json::from_str::<Capacity>("true").unwrap_err();
        assert!(error.to_string().contains("a number of bytes or text"));
        assert!(serde_json::from_str::<Capacity>("-1").is_err());
    }

    #[test]
    fn writes_the_largest_whole_unit() {
        assert_eq!(
            serde_json::to_string(&[Capacity(2048), Capacity(1500), Capacity(0)]).unwrap(),
            r#"["2KiB","1500B","0B"]"#
        );
    }
}
