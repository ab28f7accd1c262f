//! Item ids: derived from the site and the item's code, so that they never change.

use uuid::fmt::{Hyphenated, Simple};
use uuid::Uuid;

/// The id of the item with this code at this site.
pub fn item_id(site: &str, code: &str) -> Uuid {
    let site = Uuid::new_v5(&Uuid::NAMESPACE_DNS, site.as_bytes());
    Uuid::new_v5(&site, code.as_bytes())
}

/// Writes the id to the first 36 bytes of a label and fills the rest with spaces.
pub fn stamp(id: &Uuid, label: &mut [u8; Hyphenated::LENGTH + 4]) {
    label.fill(b' ');
    id.hyphenated().encode_lower(label);
}

/// The 32 digits in upper case, as the old scanners expect them.
pub fn scanner_code(id: &Uuid) -> String {
    let mut buffer = [0; Simple::LENGTH];
    id.simple().encode_upper(&mut buffer).to_owned()
}

/// Reads an id in any of the usual spellings.
pub fn read(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "a1a2a3a4-b1b2-c1c2-d1d2-d3d4d5d6d7d8";

    #[test]
    fn ids_are_stable() {
        let id = item_id("north.example", "SKU-1");
        assert_eq!(id, item_id("north.example", "SKU-1"));
        assert_ne!(id, item_id("south.example", "SKU-1"));
        assert_eq!(id.get_version_num(), 5);
    }

    #[test]
    fn stamps_labels() {
        let mut label = [0; 40];
        stamp(&read(ID).unwrap(), &mut label);
        assert_eq!(std::str::from_utf8(&label).unwrap(), format!("{ID}    "));
    }

    #[test]
    fn writes_scanner_codes() {
        let code = scanner_code(&read(ID).unwrap());
        assert_eq!(code, "A1A2A3A4B1B2C1C2D1D2D3D4D5D6D7D8");
        assert_eq!(read(&code), read(ID));
    }
}
