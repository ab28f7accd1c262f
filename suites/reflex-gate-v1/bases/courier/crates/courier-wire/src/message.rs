//! The messages that both sides exchange, and their form in bytes.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// Once or not at all.
    Fire,
    /// Once or more often.
    Acknowledged,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    Publish { topic: String, payload: Vec<u8>, quality: Quality, retain: bool },
    Subscribe { id: u32, filters: Vec<String> },
    Ack { id: u32, code: u8 },
    Ping(u64),
    Bye(Option<String>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageError {
    UnknownKind(u8),
    /// The body ends before all fields are read.
    Short,
    /// Bytes behind the last field.
    Long(usize),
    Text,
    Flags(u8),
}

impl fmt::Display for MessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MessageError::UnknownKind(kind) => write!(f, "unknown kind {kind}"),
            MessageError::Short => f.write_str("the body is too short"),
            MessageError::Long(bytes) => write!(f, "{bytes} bytes too many"),
            MessageError::Text => f.write_str("a text is not UTF-8"),
            MessageError::Flags(flags) => write!(f, "unknown flags {flags:#04x}"),
        }
    }
}

impl std::error::Error for MessageError {}

const RETAIN: u8 = 1;
const ACKNOWLEDGED: u8 = 2;

impl Message {
    pub fn kind(&self) -> u8 {
        match self {
            Message::Publish { .. } => 1,
            Message::Subscribe { .. } => 2,
            Message::Ack { .. } => 3,
            Message::Ping(_) => 4,
            Message::Bye(_) => 5,
        }
    }

    /// Texts longer than 65,535 bytes are cut at a character.
    pub fn body(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Message::Publish { topic, payload, quality, retain } => {
                let acknowledged = *quality == Quality::Acknowledged;
                out.push(if *retain { RETAIN } else { 0 } | if acknowledged { ACKNOWLEDGED } else { 0 });
                put_text(topic, &mut out);
                out.extend(payload);
            }
            Message::Subscribe { id, filters } => {
                out.extend(id.to_be_bytes());
                filters.iter().for_each(|filter| put_text(filter, &mut out));
            }
            Message::Ack { id, code } => {
                out.extend(id.to_be_bytes());
                out.push(*code);
            }
            Message::Ping(token) => out.extend(token.to_be_bytes()),
            Message::Bye(reason) => {
                if let Some(reason) = reason {
                    put_text(reason, &mut out);
                }
            }
        }
        out
    }

    pub fn read(kind: u8, body: &[u8]) -> Result<Self, MessageError> {
        let mut fields = Fields(body);
        let message = match kind {
            1 => {
                let [flags] = fields.array()?;
                if flags & !(RETAIN | ACKNOWLEDGED) != 0 {
                    return Err(MessageError::Flags(flags));
                }
                let quality = if flags & ACKNOWLEDGED == 0 { Quality::Fire } else { Quality::Acknowledged };
                let topic = fields.text()?;
                Message::Publish {
                    topic,
                    payload: fields.rest().to_vec(),
                    quality,
                    retain: flags & RETAIN != 0,
                }
            }
            2 => {
                let id = u32::from_be_bytes(fields.array()?);
                let mut filters = Vec::new();
                while !fields.0.is_empty() {
                    filters.push(fields.text()?);
                }
                Message::Subscribe { id, filters }
            }
            3 => {
                let id = u32::from_be_bytes(fields.array()?);
                let [code] = fields.array()?;
                Message::Ack { id, code }
            }
            4 => Message::Ping(u64::from_be_bytes(fields.array()?)),
            5 if body.is_empty() => Message::Bye(None),
            5 => Message::Bye(Some(fields.text()?)),
            other => return Err(MessageError::UnknownKind(other)),
        };
        match fields.0.len() {
            0 => Ok(message),
            left => Err(MessageError::Long(left)),
        }
    }

    /// The answer that it asks for, if any.
    pub fn answer(&self) -> Option<Message> {
        match self {
            Message::Ping(token) => Some(Message::Ping(!token)),
            Message::Subscribe { id, filters } => {
                Some(Message::Ack { id: *id, code: u8::from(filters.is_empty()) })
            }
            Message::Publish { quality: Quality::Acknowledged, topic, payload, .. } => {
                let id = topic
                    .bytes()
                    .chain(payload.iter().copied())
                    .fold(17_u32, |id, byte| id.wrapping_mul(31).wrapping_add(u32::from(byte)));
                Some(Message::Ack { id, code: 0 })
            }
            Message::Publish { quality: Quality::Fire, .. } | Message::Ack { .. } | Message::Bye(_) => None,
        }
    }
}

fn put_text(text: &str, out: &mut Vec<u8>) {
    let mut end = text.len().min(usize::from(u16::MAX));
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    out.extend((end as u16).to_be_bytes());
    out.extend(&text.as_bytes()[..end]);
}

struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], MessageError> {
        let (taken, rest) = self.0.split_first_chunk::<N>().ok_or(MessageError::Short)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn text(&mut self) -> Result<String, MessageError> {
        let length = usize::from(u16::from_be_bytes(self.array()?));
        let (taken, rest) = self.0.split_at_checked(length).ok_or(MessageError::Short)?;
        self.0 = rest;
        String::from_utf8(taken.to_vec()).map_err(|_| MessageError::Text)
    }

    fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn publish(quality: Quality, retain: bool) -> Message {
        Message::Publish { topic: "a/é".into(), payload: vec![7, 8], quality, retain }
    }

    #[test]
    fn lays_messages_out() {
        assert_eq!(publish(Quality::Fire, true).body(), [1, 0, 4, b'a', b'/', 0xc3, 0xa9, 7, 8]);
        assert_eq!(publish(Quality::Acknowledged, false).body()[0], 2);
        let subscribe = Message::Subscribe { id: 258, filters: vec!["x".into(), String::new()] };
        assert_eq!(subscribe.body(), [0, 0, 1, 2, 0, 1, b'x', 0, 0]);
        assert_eq!(Message::Ack { id: 1, code: 9 }.body(), [0, 0, 0, 1, 9]);
        assert_eq!(
            (Message::Bye(None).body().len(), Message::Bye(Some("x".into())).body()),
            (0, vec![0, 1, b'x'])
        );
    }

    #[test]
    fn reads_what_it_wrote() {
        for message in [
            publish(Quality::Fire, false),
            publish(Quality::Acknowledged, true),
            Message::Subscribe { id: u32::MAX, filters: vec!["+/#".into(), "b".into()] },
            Message::Ack { id: 7, code: 0 },
            Message::Ping(1 << 60),
            Message::Bye(None),
            Message::Bye(Some(String::new())),
        ] {
            assert_eq!(Message::read(message.kind(), &message.body()), Ok(message));
        }
    }

    #[test]
    fn refuses_other_bodies() {
        assert_eq!(Message::read(9, &[]), Err(MessageError::UnknownKind(9)));
        assert_eq!(Message::read(1, &[4, 0, 0]), Err(MessageError::Flags(4)));
        assert_eq!(Message::read(1, &[0, 0, 2, b'a']), Err(MessageError::Short));
        assert_eq!(Message::read(2, &[0, 0, 0, 1, 0]), Err(MessageError::Short));
        assert_eq!(Message::read(3, &[0, 0, 0, 1, 0, 5, 5]), Err(MessageError::Long(2)));
        assert_eq!(Message::read(5, &[0, 1, 0xff]), Err(MessageError::Text));
        assert_eq!(MessageError::Flags(4).to_string(), "unknown flags 0x04");
    }

    #[test]
    fn cuts_long_texts_at_characters() {
        let body = Message::Bye(Some(format!("x{}", "é".repeat(40_000)))).body();
        assert_eq!((body.len(), &body[..3]), (65_537, &[0xff, 0xff, b'x'][..]));
        let body = Message::Bye(Some("é".repeat(40_000))).body();
        assert_eq!((body.len(), &body[..2]), (65_536, &[0xff, 0xfe][..]));
    }

    #[test]
    fn answers() {
        assert_eq!(Message::Ping(5).answer(), Some(Message::Ping(!5)));
        let subscribe = |filters| Message::Subscribe { id: 3, filters }.answer();
        assert_eq!(subscribe(vec!["a".into()]), Some(Message::Ack { id: 3, code: 0 }));
        assert_eq!(subscribe(vec![]), Some(Message::Ack { id: 3, code: 1 }));
        assert_eq!(publish(Quality::Fire, false).answer(), None);
        let small = Message::Publish {
            topic: "a".into(),
            payload: vec![1],
            quality: Quality::Acknowledged,
            retain: false,
        };
        assert_eq!(small.answer(), Some(Message::Ack { id: (17 * 31 + 97) * 31 + 1, code: 0 }));
    }
}
