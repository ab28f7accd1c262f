//! Numbers of variable length: seven bits a byte, the lowest first; the high bit says that more follow.

/// Bytes of the largest number.
pub const MAX_LEN: usize = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VarintError {
    /// The bytes end before the number does.
    Cut,
    /// It does not fit into 64 bits.
    Overflow,
    /// It is longer than it has to be.
    Padded,
}

/// Appends a number and tells how many bytes it took.
pub fn put(mut value: u64, out: &mut Vec<u8>) -> usize {
    let start = out.len();
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out.len() - start
}

/// The number at the start of `bytes`, and how many of them it takes. Each number has one form only.
pub fn get(bytes: &[u8]) -> Result<(u64, usize), VarintError> {
    let mut value = 0;
    for (index, byte) in bytes.iter().take(MAX_LEN).enumerate() {
        let part = u64::from(byte & 0x7f);
        if index == MAX_LEN - 1 && part > 1 {
            return Err(VarintError::Overflow);
        }
        value |= part << (7 * index);
        if byte & 0x80 == 0 {
            if part == 0 && index > 0 {
                return Err(VarintError::Padded);
            }
            return Ok((value, index + 1));
        }
    }
    if bytes.len() < MAX_LEN {
        Err(VarintError::Cut)
    } else {
        Err(VarintError::Overflow)
    }
}

/// Bytes that a number will take.
pub const fn len(value: u64) -> usize {
    // A zero has one significant bit for this purpose.
    let bits = 64 - (value | 1).leading_zeros() as usize;
    bits.div_ceil(7)
}

/// Small numbers of both signs become small numbers without one: 0, -1, 1, -2, …
pub const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

pub const fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

/// Appends numbers as the differences of neighbours, their count first.
pub fn put_deltas(values: &[i64], out: &mut Vec<u8>) {
    put(values.len() as u64, out);
    let mut last = 0_i64;
    for value in values {
        put(zigzag(value.wrapping_sub(last)), out);
        last = *value;
    }
}

/// The numbers at the start of `bytes`, and how many bytes they take.
pub fn get_deltas(bytes: &[u8]) -> Result<(Vec<i64>, usize), VarintError> {
    let (count, mut at) = get(bytes)?;
    // Each takes at least one byte: a forged count must not ask for memory.
    let mut values = Vec::with_capacity((count as usize).min(bytes.len()));
    let mut last = 0_i64;
    for _ in 0..count {
        let (delta, taken) = get(&bytes[at..])?;
        last = last.wrapping_add(unzigzag(delta));
        values.push(last);
        at += taken;
    }
    Ok((values, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(value: u64) -> Vec<u8> {
        let mut out = Vec::new();
        assert_eq!(put(value, &mut out), out.len());
        out
    }

    #[test]
    fn writes_seven_bits_a_byte() {
        assert_eq!(bytes(0), [0]);
        assert_eq!(bytes(127), [0x7f]);
        assert_eq!(bytes(128), [0x80, 1]);
        assert_eq!(bytes(300), [0xac, 2]);
        assert_eq!(bytes(u64::MAX).last(), Some(&1));
    }

    #[test]
    fn reads_what_it_wrote() {
        for value in [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), 1 << 63, u64::MAX] {
            let mut written = bytes(value);
            assert_eq!(written.len(), len(value));
            written.extend([0x80, 0x80]);
            assert_eq!(get(&written), Ok((value, len(value))));
        }
    }

    #[test]
    fn refuses_other_forms() {
        assert_eq!(get(&[]), Err(VarintError::Cut));
        assert_eq!(get(&[0x80, 0x80]), Err(VarintError::Cut));
        assert_eq!(get(&[0x80, 0]), Err(VarintError::Padded));
        assert_eq!(get(&[0xff; 10]), Err(VarintError::Overflow));
        assert_eq!(
            get(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 2]),
            Err(VarintError::Overflow)
        );
    }

    #[test]
    fn folds_signs() {
        assert_eq!([0, -1, 1, -2, i64::MAX, i64::MIN].map(zigzag), [0, 1, 2, 3, u64::MAX - 1, u64::MAX]);
        assert_eq!([0, 1, 2, 3, u64::MAX].map(unzigzag), [0, -1, 1, -2, i64::MIN]);
    }

    #[test]
    fn keeps_differences() {
        let values = [1000, 1010, 1005, i64::MIN, i64::MAX];
        let mut out = Vec::new();
        put_deltas(&values[..3], &mut out);
        assert_eq!(out, [3, 0xd0, 0x0f, 20, 9]);
        assert_eq!(get_deltas(&out), Ok((vec![1000, 1010, 1005], 5)));
        out.clear();
        put_deltas(&values, &mut out);
        assert_eq!(get_deltas(&out).map(|(values, _)| values), Ok(values.to_vec()));
        assert_eq!(get_deltas(&[0xff, 0xff, 0x7f, 2]), Err(VarintError::Cut));
    }
}
