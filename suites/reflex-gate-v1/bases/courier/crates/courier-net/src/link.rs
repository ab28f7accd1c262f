//! Messages over any stream of bytes: frames are written whole and read as they come.

use std::io;

use courier_wire::frame::{encode, Decoder, Frame, FrameError};
use courier_wire::message::{Message, MessageError};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};

#[derive(Debug)]
pub enum LinkError {
    Io(io::Error),
    Frame(FrameError),
    Message(MessageError),
    /// The stream ended in the middle of a frame.
    Cut(usize),
}

impl From<io::Error> for LinkError {
    fn from(error: io::Error) -> Self {
        LinkError::Io(error)
    }
}

impl From<FrameError> for LinkError {
    fn from(error: FrameError) -> Self {
        LinkError::Frame(error)
    }
}

impl From<MessageError> for LinkError {
    fn from(error: MessageError) -> Self {
        LinkError::Message(error)
    }
}

impl LinkError {
    /// Can more be read after it? A damaged frame was skipped as a whole; a frame of a wrong length has no end.
    pub fn is_recoverable(&self) -> bool {
        match self {
            LinkError::Frame(FrameError::Checksum { .. }) | LinkError::Message(_) => true,
            LinkError::Frame(FrameError::TooLong(_)) | LinkError::Io(_) | LinkError::Cut(_) => false,
        }
    }
}

/// The reading half.
#[derive(Debug)]
pub struct Reader<R> {
    stream: R,
    decoder: Decoder,
    received: u64,
}

impl<R: AsyncRead + Unpin> Reader<R> {
    pub fn new(stream: R) -> Self {
        Reader { stream, decoder: Decoder::default(), received: 0 }
    }

    /// Bytes that were read so far.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// The next message; none at the end of the stream. May be dropped while it waits: nothing read is lost.
    pub async fn next(&mut self) -> Result<Option<Message>, LinkError> {
        let mut chunk = [0; 1024];
        loop {
            if let Some(Frame { kind, body }) = self.decoder.next_frame()? {
                return Ok(Some(Message::read(kind, &body)?));
            }
            let count = self.stream.read(&mut chunk).await?;
            if count == 0 {
                return match self.decoder.pending() {
                    0 => Ok(None),
                    left => Err(LinkError::Cut(left)),
                };
            }
            self.received += count as u64;
            self.decoder.push(&chunk[..count]);
        }
    }
}

/// The writing half.
#[derive(Debug)]
pub struct Writer<W> {
    stream: W,
    buffer: Vec<u8>,
    sent: u64,
}

impl<W: AsyncWrite + Unpin> Writer<W> {
    pub fn new(stream: W) -> Self {
        Writer { stream, buffer: Vec::new(), sent: 0 }
    }

    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// Puts a message into the buffer; `flush` writes it.
    pub fn feed(&mut self, message: &Message) -> Result<(), LinkError> {
        let frame = Frame { kind: message.kind(), body: message.body() };
        Ok(encode(&frame, &mut self.buffer)?)
    }

    /// Writes all that was fed.
    pub async fn flush(&mut self) -> Result<(), LinkError> {
        self.stream.write_all(&self.buffer).await?;
        self.stream.flush().await?;
        self.sent += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    pub async fn send(&mut self, message: &Message) -> Result<(), LinkError> {
        self.feed(message)?;
        self.flush().await
    }

    /// Writes what is left and tells the other side that nothing follows.
    pub async fn close(mut self) -> Result<u64, LinkError> {
        self.flush().await?;
        self.stream.shutdown().await?;
        Ok(self.sent)
    }
}

/// Both halves of a stream.
pub fn split<S: AsyncRead + AsyncWrite>(stream: S) -> (Reader<ReadHalf<S>>, Writer<WriteHalf<S>>) {
    let (reader, writer) = tokio::io::split(stream);
    (Reader::new(reader), Writer::new(writer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use courier_wire::message::Quality;
    use std::time::Duration;
    use tokio::io::duplex;
    use tokio::time::timeout;

    fn publish(payload: &[u8]) -> Message {
        Message::Publish {
            topic: "t".into(),
            payload: payload.to_vec(),
            quality: Quality::Fire,
            retain: false,
        }
    }

    #[tokio::test]
    async fn messages_cross_a_stream() {
        let (near, far) = duplex(64);
        let (mut reader, _keep) = split(far);
        let (_, mut writer) = split(near);
        let sending = tokio::spawn(async move {
            writer.send(&Message::Ping(7)).await.unwrap();
            writer.feed(&publish(&[1; 500])).unwrap();
            writer.feed(&Message::Bye(None)).unwrap();
            writer.close().await.unwrap()
        });
        assert_eq!(reader.next().await.unwrap(), Some(Message::Ping(7)));
        assert_eq!(reader.next().await.unwrap(), Some(publish(&[1; 500])));
        assert_eq!(reader.next().await.unwrap(), Some(Message::Bye(None)));
        assert_eq!(reader.next().await.unwrap(), None);
        assert_eq!((sending.await.unwrap(), reader.received()), (12 + 508 + 4, 524));
    }

    #[tokio::test]
    async fn damage_is_told_and_skipped() {
        let mut bytes = Vec::new();
        for (kind, body) in [(4, vec![0; 8]), (9, vec![]), (4, vec![0, 0, 0, 0, 0, 0, 0, 5]), (3, vec![1])] {
            encode(&Frame { kind, body }, &mut bytes).unwrap();
        }
        bytes[5] = 1;
        let mut reader = Reader::new(&bytes[..bytes.len() - 1]);
        let mut seen = Vec::new();
        loop {
            match reader.next().await {
                Ok(message) => seen.push(format!("{message:?}")),
                Err(error) => {
                    let on = error.is_recoverable();
                    seen.push(format!("{error:?}"));
                    if !on {
                        break;
                    }
                }
            }
        }
        assert_eq!(
            seen,
            [
                "Frame(Checksum { expected: 250, found: 251 })",
                "Message(UnknownKind(9))",
                "Some(Ping(5))",
                "Cut(4)"
            ]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_may_be_given_up() {
        let (near, mut far) = duplex(64);
        let mut reader = Reader::new(near);
        let mut bytes = Vec::new();
        encode(&Frame { kind: 4, body: vec![0; 8] }, &mut bytes).unwrap();
        for byte in &bytes[..bytes.len() - 1] {
            far.write_all(&[*byte]).await.unwrap();
            assert!(timeout(Duration::from_millis(1), reader.next()).await.is_err());
        }
        far.write_all(&bytes[bytes.len() - 1..]).await.unwrap();
        assert_eq!(reader.next().await.unwrap(), Some(Message::Ping(0)));
    }

    #[tokio::test]
    async fn long_bodies_are_refused() {
        let mut writer = Writer::new(Vec::new());
        assert!(matches!(
            writer.send(&publish(&[0; 17_000])).await,
            Err(LinkError::Frame(FrameError::TooLong(17_004)))
        ));
        writer.send(&Message::Ping(1)).await.unwrap();
        assert_eq!(writer.sent(), 12);
        let mut reader = Reader::new(&[0xff, 0xff, 0, 0][..]);
        assert!(!reader.next().await.unwrap_err().is_recoverable());
    }
}
