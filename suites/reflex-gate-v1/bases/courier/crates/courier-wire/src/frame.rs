//! Frames on a stream of bytes: a header of length, kind and checksum, then the body.

/// Bytes in front of a body: two of length, one of kind, one of checksum.
pub const HEADER: usize = 4;

pub const MAX_BODY: usize = 16 * 1024;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    pub kind: u8,
    pub body: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameError {
    TooLong(usize),
    Checksum { expected: u8, found: u8 },
}

/// The sum of the bytes with end-around carry, inverted.
fn checksum(kind: u8, body: &[u8]) -> u8 {
    let sum = body.iter().fold(u16::from(kind), |sum, byte| {
        let sum = sum + u16::from(*byte);
        (sum & 0xff) + (sum >> 8)
    });
    !(sum as u8)
}

pub fn encode(frame: &Frame, out: &mut Vec<u8>) -> Result<(), FrameError> {
    if frame.body.len() > MAX_BODY {
        return Err(FrameError::TooLong(frame.body.len()));
    }
    out.extend((frame.body.len() as u16).to_be_bytes());
    out.push(frame.kind);
    out.push(checksum(frame.kind, &frame.body));
    out.extend(&frame.body);
    Ok(())
}

/// Takes bytes as they come and gives frames as they are complete.
#[derive(Debug, Default)]
pub struct Decoder {
    buffer: Vec<u8>,
    /// Bytes at the start of the buffer that belong to frames already given.
    consumed: usize,
}

impl Decoder {
    pub fn push(&mut self, bytes: &[u8]) {
        // What was given is dropped once it is most of the buffer, so that a byte is moved once on average.
        if self.consumed > self.buffer.len() / 2 {
            self.buffer.drain(..self.consumed);
            self.consumed = 0;
        }
        self.buffer.extend(bytes);
    }

    /// Bytes that wait for the rest of their frame.
    pub fn pending(&self) -> usize {
        self.buffer.len() - self.consumed
    }

    /// The next frame, if all of it has come. A frame with a wrong checksum is skipped when it is told.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, FrameError> {
        let rest = &self.buffer[self.consumed..];
        let Some((header, behind)) = rest.split_first_chunk::<HEADER>() else {
            return Ok(None);
        };
        let length = usize::from(u16::from_be_bytes([header[0], header[1]]));
        if length > MAX_BODY {
            return Err(FrameError::TooLong(length));
        }
        let Some(body) = behind.get(..length) else {
            return Ok(None);
        };
        let (kind, found) = (header[2], header[3]);
        let expected = checksum(kind, body);
        let frame = Frame { kind, body: body.to_vec() };
        self.consumed += HEADER + length;
        if expected != found {
            return Err(FrameError::Checksum { expected, found });
        }
        Ok(Some(frame))
    }
}

/// Cuts a long body into frames of at most `size` bytes; all but the last carry `more` in their kind.
pub fn split(kind: u8, more: u8, body: &[u8], size: usize) -> Vec<Frame> {
    let mut frames: Vec<Frame> =
        body.chunks(size.max(1)).map(|part| Frame { kind: kind | more, body: part.to_vec() }).collect();
    match frames.last_mut() {
        Some(last) => last.kind = kind,
        None => frames.push(Frame { kind, body: Vec::new() }),
    }
    frames
}

/// Puts bodies together again that `split` cut.
#[derive(Debug, Default)]
pub struct Joiner {
    parts: Vec<u8>,
}

impl Joiner {
    /// The whole body, once its last frame has come.
    pub fn push(&mut self, frame: Frame, more: u8) -> Option<Vec<u8>> {
        self.parts.extend(frame.body);
        (frame.kind & more == 0).then(|| std::mem::take(&mut self.parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: u8, body: &[u8]) -> Frame {
        Frame { kind, body: body.to_vec() }
    }

    fn encoded(frames: &[Frame]) -> Vec<u8> {
        let mut out = Vec::new();
        frames.iter().for_each(|frame| encode(frame, &mut out).unwrap());
        out
    }

    #[test]
    fn lays_frames_out() {
        assert_eq!(encoded(&[frame(3, b"")]), [0, 0, 3, 0xfc]);
        assert_eq!(encoded(&[frame(1, &[0xff, 0x80, 0x02])]), [0, 3, 1, 0x7c, 0xff, 0x80, 2]);
        let long = frame(0, &vec![0; MAX_BODY + 1]);
        assert_eq!(encode(&long, &mut Vec::new()), Err(FrameError::TooLong(MAX_BODY + 1)));
    }

    #[test]
    fn takes_bytes_as_they_come() {
        let frames = [frame(1, b"high"), frame(2, b""), frame(3, &[7; 300])];
        for step in [1, 3, 5, 1000] {
            let mut decoder = Decoder::default();
            let mut found = Vec::new();
            for bytes in encoded(&frames).chunks(step) {
                decoder.push(bytes);
                while let Some(frame) = decoder.next_frame().unwrap() {
                    found.push(frame);
                }
            }
            assert_eq!((found, decoder.pending()), (frames.to_vec(), 0));
        }
    }

    #[test]
    fn skips_what_is_damaged() {
        let mut bytes = encoded(&[frame(1, b"high"), frame(2, b"low")]);
        bytes[5] ^= 4;
        let mut decoder = Decoder::default();
        decoder.push(&bytes);
        assert_eq!(decoder.next_frame(), Err(FrameError::Checksum { expected: 0x59, found: 0x5d }));
        assert_eq!((decoder.pending(), decoder.next_frame()), (7, Ok(Some(frame(2, b"low")))));
        decoder.push(&[0x40, 1, 0, 0]);
        assert_eq!(decoder.next_frame(), Err(FrameError::TooLong(0x4001)));
    }

    #[test]
    fn cuts_and_joins() {
        let frames = split(1, 0x80, b"abcdefg", 3);
        assert_eq!(frames, [frame(0x81, b"abc"), frame(0x81, b"def"), frame(1, b"g")]);
        assert_eq!(split(1, 0x80, b"", 3), [frame(1, b"")]);
        let mut joiner = Joiner::default();
        let bodies: Vec<_> =
            frames.into_iter().chain(split(2, 0x80, b"xyz", 3)).map(|f| joiner.push(f, 0x80)).collect();
        assert_eq!(bodies, [None, None, Some(b"abcdefg".to_vec()), Some(b"xyz".to_vec())]);
    }
}
