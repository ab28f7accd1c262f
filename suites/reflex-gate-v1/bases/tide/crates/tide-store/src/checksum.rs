//! Checksums of stored bytes: CRC-32 (as in zip) and a rolling sum for finding moved blocks.

/// The table of the reflected polynomial, a byte at a time.
const TABLE: [u32; 256] = table(0xedb8_8320);

const fn table(polynomial: u32) -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut value = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { (value >> 1) ^ polynomial } else { value >> 1 };
            bit += 1;
        }
        table[byte] = value;
        byte += 1;
    }
    table
}

/// CRC-32 of bytes that come in pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crc {
    state: u32,
}

impl Default for Crc {
    fn default() -> Self {
        Crc { state: !0 }
    }
}

impl Crc {
    pub fn update(mut self, bytes: &[u8]) -> Self {
        for byte in bytes {
            let index = (self.state ^ u32::from(*byte)) & 0xff;
            self.state = (self.state >> 8) ^ TABLE[index as usize];
        }
        self
    }

    pub const fn finish(self) -> u32 {
        !self.state
    }
}

pub fn crc32(bytes: &[u8]) -> u32 {
    Crc::default().update(bytes).finish()
}

/// Hides a checksum that is stored beside what it is a checksum of: a checksum over both would always be the same.
pub const fn mask(crc: u32) -> u32 {
    crc.rotate_right(15).wrapping_add(0xa282_ead8)
}

pub const fn unmask(masked: u32) -> u32 {
    masked.wrapping_sub(0xa282_ead8).rotate_left(15)
}

/// A sum over a window of bytes that can be moved on by one byte at no cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rolling {
    plain: u16,
    weighted: u16,
    length: usize,
}

impl Rolling {
    pub fn new(window: &[u8]) -> Self {
        let mut sum = Rolling { plain: 0, weighted: 0, length: window.len() };
        for byte in window {
            sum.plain = sum.plain.wrapping_add(u16::from(*byte));
            sum.weighted = sum.weighted.wrapping_add(sum.plain);
        }
        sum
    }

    /// Moves the window on: `gone` was its first byte, `come` is its new last one.
    pub fn roll(&mut self, gone: u8, come: u8) {
        let (gone, come) = (u16::from(gone), u16::from(come));
        self.plain = self.plain.wrapping_sub(gone).wrapping_add(come);
        let weight = gone.wrapping_mul(self.length as u16);
        self.weighted = self.weighted.wrapping_sub(weight).wrapping_add(self.plain);
    }

    pub fn value(&self) -> u32 {
        u32::from(self.weighted) << 16 | u32::from(self.plain)
    }
}

/// Where a block occurs in `bytes`: the rolling sum finds places, a comparison makes sure.
pub fn find_block(bytes: &[u8], block: &[u8]) -> Option<usize> {
    if block.is_empty() || block.len() > bytes.len() {
        return None;
    }
    let wanted = Rolling::new(block).value();
    let mut sum = Rolling::new(&bytes[..block.len()]);
    for start in 0..=bytes.len() - block.len() {
        let end = start + block.len();
        if sum.value() == wanted && &bytes[start..end] == block {
            return Some(start);
        }
        if let Some(come) = bytes.get(end) {
            sum.roll(bytes[start], *come);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_known_sums() {
        assert_eq!(crc32(b""), 0);
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(&[0; 32]), 0x190a_55ad);
    }

    #[test]
    fn takes_pieces() {
        let pieces = Crc::default().update(b"1234").update(b"").update(b"56789");
        assert_eq!(pieces.finish(), crc32(b"123456789"));
    }

    #[test]
    fn masks_and_unmasks() {
        assert_eq!(mask(0), 0xa282_ead8);
        assert_eq!(mask(0xcbf4_3926), 0x14d0_82c0);
        for crc in [0, 1, 0xcbf4_3926, u32::MAX] {
            assert_eq!(unmask(mask(crc)), crc);
        }
    }

    #[test]
    fn rolls() {
        let bytes: Vec<u8> = (0..=255).rev().chain(0..100).collect();
        let mut sum = Rolling::new(&bytes[..48]);
        for start in 1..bytes.len() - 48 {
            sum.roll(bytes[start - 1], bytes[start + 47]);
            assert_eq!(sum, Rolling::new(&bytes[start..start + 48]));
        }
        assert_eq!(Rolling::new(b"abc").value(), 0x024a_0126);
    }

    #[test]
    fn finds_blocks() {
        assert_eq!(find_block(b"the high tide", b"high"), Some(4));
        assert_eq!(find_block(b"the high tide", b"tide"), Some(9));
        assert_eq!(find_block(b"the high tide", b"tides"), None);
        assert_eq!(find_block(b"ab", b""), None);
        assert_eq!(find_block(b"ab", b"abc"), None);
    }
}
