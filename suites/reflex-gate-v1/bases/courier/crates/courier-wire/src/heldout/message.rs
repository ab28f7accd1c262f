//! Further tests of messages.

use crate::message::{Message, MessageError, Quality};

fn all() -> Vec<Message> {
    let mut messages = vec![
        Message::Ping(0),
        Message::Ping(u64::MAX),
        Message::Ack { id: 0x0102_0304, code: 255 },
        Message::Bye(None),
    ];
    for quality in [Quality::Fire, Quality::Acknowledged] {
        for retain in [false, true] {
            messages.push(Message::Publish { topic: "pier/level".into(), payload: vec![], quality, retain });
        }
    }
    messages.extend(
        [vec![], vec!["#".to_owned()], vec!["a".into(), "é/+".into()]]
            .map(|filters| Message::Subscribe { id: 5, filters }),
    );
    messages
}

#[test]
fn round_trips_and_cuts() {
    for message in all() {
        let body = message.body();
        assert_eq!(Message::read(message.kind(), &body), Ok(message.clone()));
        let mut longer = body.clone();
        longer.push(0);
        let read = Message::read(message.kind(), &longer);
        match message {
            Message::Ping(_) | Message::Ack { .. } => assert_eq!(read, Err(MessageError::Long(1))),
            Message::Publish { .. } => {
                assert!(matches!(read, Ok(Message::Publish { payload, .. }) if payload == [0]))
            }
            Message::Subscribe { .. } | Message::Bye(_) => assert_eq!(read, Err(MessageError::Short)),
        }
    }
}

#[test]
fn bytes() {
    let bodies: Vec<_> = all().iter().map(|message| (message.kind(), message.body().len())).collect();
    assert_eq!(
        bodies,
        [(4, 8), (4, 8), (3, 5), (5, 0), (1, 13), (1, 13), (1, 13), (1, 13), (2, 4), (2, 7), (2, 13)]
    );
    assert_eq!(Message::Ack { id: 0x0102_0304, code: 255 }.body(), [1, 2, 3, 4, 255]);
    assert_eq!(Message::Ping(0x0a0b).body(), [0, 0, 0, 0, 0, 0, 0x0a, 0x0b]);
    let flags: Vec<_> = all()[4..8].iter().map(|message| message.body()[0]).collect();
    assert_eq!(flags, [0, 1, 2, 3]);
}

#[test]
fn faults() {
    assert_eq!(
        [0, 6, 255].map(|kind| Message::read(kind, &[])),
        [0, 6, 255].map(|kind| Err(MessageError::UnknownKind(kind)))
    );
    assert_eq!(Message::read(1, &[0x83, 0, 0]), Err(MessageError::Flags(0x83)));
    assert_eq!(Message::read(1, &[]), Err(MessageError::Short));
    assert_eq!(Message::read(2, &[0, 0, 0, 1, 0, 1, 0x80]), Err(MessageError::Text));
    assert_eq!(Message::read(5, &[0, 0, 1, 1, 1]), Err(MessageError::Long(3)));
    let texts =
        [MessageError::UnknownKind(6), MessageError::Short, MessageError::Long(2), MessageError::Text]
            .map(|e| e.to_string());
    assert_eq!(texts, ["unknown kind 6", "the body is too short", "2 bytes too many", "a text is not UTF-8"]);
}

#[test]
fn long_topics() {
    let publish =
        |topic: String| Message::Publish { topic, payload: vec![9], quality: Quality::Fire, retain: false };
    let read = |message: Message| match Message::read(1, &message.body()) {
        Ok(Message::Publish { topic, payload, .. }) => (topic.len(), payload),
        other => panic!("{other:?}"),
    };
    assert_eq!(read(publish("x".repeat(65_535))), (65_535, vec![9]));
    assert_eq!(read(publish("x".repeat(65_536))), (65_535, vec![9]));
    assert_eq!(read(publish("€".repeat(30_000))), (65_535, vec![9]));
    assert_eq!(read(publish(format!("a{}", "€".repeat(30_000)))), (65_533, vec![9]));
}

#[test]
fn answers() {
    let answers: Vec<_> = all().iter().map(Message::answer).collect();
    let ack = |id, code| Some(Message::Ack { id, code });
    let published =
        "pier/level".bytes().fold(17_u32, |id, byte| id.wrapping_mul(31).wrapping_add(byte.into()));
    assert_eq!(
        answers,
        [
            Some(Message::Ping(u64::MAX)),
            Some(Message::Ping(0)),
            None,
            None,
            None,
            None,
            ack(published, 0),
            ack(published, 0),
            ack(5, 1),
            ack(5, 0),
            ack(5, 0),
        ]
    );
}
