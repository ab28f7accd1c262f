//! What is kept of a program's output.
use crate::system::{lost, Step};

/// How a test harness's event begins. Inside an event's own texts the quotes are escaped.
const EVENT: &[u8] = b"{ \"type\": \"";
/// Bytes of one event that are kept beyond the limit.
const LONGEST_EVENT: usize = 1 << 20;

/// Finds events in what comes byte by byte.
#[derive(Default)]
struct Events {
    /// Bytes of `EVENT` that the last ones were, and the event being read; longer than that only with its beginning.
    line: Vec<u8>,
}

impl Events {
    /// The event that this byte ends.
    fn take(&mut self, byte: u8) -> Option<Vec<u8>> {
        if byte == b'\n' {
            let line = std::mem::take(&mut self.line);
            return (line.len() > EVENT.len()).then_some(line);
        }
        if self.line.len() < EVENT.len() {
            if byte != EVENT[self.line.len()] {
                self.line.clear();
            }
            if byte == EVENT[self.line.len()] {
                self.line.push(byte);
            }
        } else if self.line.len() < LONGEST_EVENT {
            self.line.push(byte);
            if self.line.ends_with(EVENT) {
                self.line = EVENT.to_vec();
            }
        }
        None
    }
}

/// Copies up to so many bytes; of what comes after, only events of a test harness. Gives the number of bytes that it left out.
pub fn keep(mut from: std::fs::File, mut to: std::fs::File, limit: usize) -> Step<u64> {
    use std::io::{Read as _, Write as _};
    let (mut kept, mut cut, mut events, mut buffer) = (0usize, 0u64, Events::default(), vec![0u8; 1 << 16]);
    loop {
        let count = from.read(&mut buffer).map_err(lost)?;
        if count == 0 {
            return Ok(cut);
        }
        let whole = count.min(limit - kept);
        to.write_all(&buffer[..whole]).map_err(lost)?;
        kept += whole;
        cut += (count - whole) as u64;
        // Read from the first byte on: an event may lie across the limit.
        for (at, &byte) in buffer[..count].iter().enumerate() {
            let event = events.take(byte);
            if let (Some(event), true) = (event, at >= whole) {
                to.write_all(b"\n").and_then(|()| to.write_all(&event)).and_then(|()| to.write_all(b"\n")).map_err(lost)?;
            }
        }
    }
}

/// The first 64 KiB; the rest is read, so that nobody who writes it waits.
pub fn keep_errors(mut from: std::fs::File, mut to: std::fs::File) -> Step<()> {
    use std::io::Read as _;
    std::io::copy(&mut from.by_ref().take(1 << 16), &mut to).and_then(|_| std::io::copy(&mut from, &mut std::io::sink())).map(|_| ()).map_err(lost)
}
