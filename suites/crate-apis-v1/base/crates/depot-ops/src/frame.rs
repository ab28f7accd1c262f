//! The frames that scanners send: a kind, a length (two bytes, the high one first) and the payload.

use bytes::{Buf, BufMut, Bytes, BytesMut};

const HEADER: usize = 3;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    pub kind: u8,
    pub payload: Bytes,
}

/// Adds a frame to the end of `out`; a payload that is too long is cut.
pub fn encode(kind: u8, payload: &[u8], out: &mut BytesMut) {
    let length = payload.len().min(usize::from(u16::MAX));
    out.reserve(HEADER + length);
    out.put_u8(kind);
    out.put_u16(length as u16);
    out.put_slice(&payload[..length]);
}

/// Takes the first frame off the front of `input`, or leaves `input` as it is until it is complete.
pub fn decode(input: &mut BytesMut) -> Option<Frame> {
    let mut header = input.get(..HEADER)?;
    let kind = header.get_u8();
    let length = usize::from(header.get_u16());
    if input.remaining() < HEADER + length {
        return None;
    }
    input.advance(HEADER);
    let payload = input.split_to(length).freeze();
    Some(Frame { kind, payload })
}

/// The sum of the 32-bit numbers in the payload; odd bytes at its end are left out.
pub fn total(frame: &Frame) -> u64 {
    let mut rest = frame.payload.clone();
    let mut total = 0;
    while rest.remaining() >= 4 {
        total += u64::from(rest.get_u32());
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_frames() {
        let mut out = BytesMut::new();
        encode(7, b"abc", &mut out);
        encode(8, b"", &mut out);
        assert_eq!(&out[..], b"\x07\x00\x03abc\x08\x00\x00");
    }

    #[test]
    fn decodes_frames_in_turn() {
        let mut input = BytesMut::from(&b"\x01\x00\x02hi\x02\x00\x03you\x03"[..]);
        let first = decode(&mut input).unwrap();
        assert_eq!((first.kind, &first.payload[..]), (1, &b"hi"[..]));
        let second = decode(&mut input).unwrap();
        assert_eq!((second.kind, &second.payload[..]), (2, &b"you"[..]));
        assert_eq!(decode(&mut input), None);
        assert_eq!(&input[..], b"\x03");
    }

    #[test]
    fn waits_for_the_payload() {
        let mut input = BytesMut::from(&b"\x01\x00\x05hi"[..]);
        assert_eq!(decode(&mut input), None);
        assert_eq!(input.len(), 5);
    }

    #[test]
    fn adds_up() {
        let payload = Bytes::from_static(b"\x00\x00\x01\x00\x00\x00\x00\x02\xff");
        assert_eq!(total(&Frame { kind: 0, payload }), 258);
    }
}
