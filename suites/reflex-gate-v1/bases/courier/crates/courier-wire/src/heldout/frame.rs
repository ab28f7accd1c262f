//! Further tests of frames.

use crate::frame::{encode, split, Decoder, Frame, FrameError, Joiner, HEADER, MAX_BODY};

fn bytes_of(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![0xee];
    encode(&Frame { kind, body: body.to_vec() }, &mut out).unwrap();
    out.split_off(1)
}

#[test]
fn checksums() {
    assert_eq!(bytes_of(0, b"")[3], 0xff);
    assert_eq!(bytes_of(0x10, &[0x20, 0x30])[..4], [0, 2, 0x10, 0x9f]);
    assert_eq!(bytes_of(0xff, &[1])[3], 0xfe);
    assert_eq!(bytes_of(0xff, &[0xff; 258])[..4], [1, 2, 0xff, 0]);
}

#[test]
fn limits() {
    let whole = bytes_of(9, &vec![5; MAX_BODY]);
    let mut decoder = Decoder::default();
    decoder.push(&whole[..MAX_BODY]);
    assert_eq!((decoder.next_frame(), decoder.pending()), (Ok(None), MAX_BODY));
    decoder.push(&whole[MAX_BODY..]);
    assert_eq!(decoder.next_frame().map(|frame| frame.map(|frame| frame.body.len())), Ok(Some(MAX_BODY)));
    assert_eq!((decoder.pending(), decoder.next_frame()), (0, Ok(None)));
    decoder.push(&[0xff, 0xff, 0]);
    assert_eq!(decoder.next_frame(), Ok(None));
    decoder.push(&[0]);
    assert_eq!(decoder.next_frame(), Err(FrameError::TooLong(0xffff)));
}

#[test]
fn many_frames() {
    let mut decoder = Decoder::default();
    let mut sizes = Vec::new();
    for round in 0..200_usize {
        let bytes = bytes_of(round as u8, &vec![round as u8; round % 50]);
        let (head, tail) = bytes.split_at(round % HEADER);
        decoder.push(head);
        decoder.push(tail);
        if round % 3 == 0 {
            while let Ok(Some(frame)) = decoder.next_frame() {
                sizes.push((frame.kind, frame.body.len()));
            }
        }
    }
    let expected: Vec<_> = (0..199_usize).map(|round| (round as u8, round % 50)).collect();
    assert_eq!(sizes, expected);
    assert_eq!(decoder.pending(), HEADER + 49);
}

#[test]
fn damage() {
    let mut decoder = Decoder::default();
    let mut bytes = bytes_of(4, b"tide");
    bytes[3] = !bytes[3];
    decoder.push(&bytes);
    decoder.push(&bytes_of(5, b"ebb"));
    let sum = !bytes[3];
    assert_eq!(decoder.next_frame(), Err(FrameError::Checksum { expected: sum, found: !sum }));
    assert_eq!(decoder.next_frame(), Ok(Some(Frame { kind: 5, body: b"ebb".to_vec() })));
}

#[test]
fn long_bodies() {
    let body: Vec<u8> = (0..100).collect();
    for size in [0, 1, 7, 50, 99, 100, 101] {
        let frames = split(0x02, 0x40, &body, size);
        assert_eq!(frames.len(), body.len().div_ceil(size.max(1)));
        assert_eq!(frames.iter().filter(|frame| frame.kind == 0x42).count(), frames.len() - 1);
        let mut joiner = Joiner::default();
        let whole: Vec<_> = frames.into_iter().filter_map(|frame| joiner.push(frame, 0x40)).collect();
        assert_eq!(whole.concat(), body);
    }
}
