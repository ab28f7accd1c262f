//! Further tests of messages over streams.

use crate::link::{split, LinkError, Reader, Writer};
use courier_wire::message::{Message, Quality};
use std::time::Duration;
use tokio::io::{duplex, AsyncWriteExt};
use tokio::time::timeout;

fn messages() -> Vec<Message> {
    (0..40_u32)
        .map(|n| match n % 4 {
            0 => Message::Ping(u64::from(n)),
            1 => Message::Ack { id: n, code: 1 },
            2 => Message::Subscribe { id: n, filters: vec!["a/+".into(); n as usize] },
            _ => Message::Publish {
                topic: "x".into(),
                payload: vec![9; n as usize * 90],
                quality: Quality::Acknowledged,
                retain: true,
            },
        })
        .collect()
}

#[tokio::test]
async fn both_ways_at_once() {
    let (near, far) = duplex(100);
    let (mut near_in, mut near_out) = split(near);
    let (mut far_in, mut far_out) = split(far);
    let echo = tokio::spawn(async move {
        let mut count = 0;
        while let Some(message) = far_in.next().await.unwrap() {
            far_out.send(&message).await.unwrap();
            count += 1;
        }
        (count, far_in.received(), far_out.close().await.unwrap())
    });
    let sending = tokio::spawn(async move {
        for message in messages() {
            near_out.feed(&message).unwrap();
            if matches!(message, Message::Ping(_)) {
                near_out.flush().await.unwrap();
            }
        }
        near_out.close().await.unwrap()
    });
    let mut back = Vec::new();
    while let Some(message) = near_in.next().await.unwrap() {
        back.push(message);
    }
    let sent = sending.await.unwrap();
    assert_eq!(back, messages());
    assert_eq!((echo.await.unwrap(), near_in.received()), ((40, sent, sent), sent));
}

#[tokio::test]
async fn ends_of_streams() {
    let mut writer = Writer::new(Vec::new());
    writer.feed(&Message::Ping(3)).unwrap();
    assert_eq!(writer.sent(), 0);
    writer.flush().await.unwrap();
    assert_eq!(writer.sent(), 12);
    let bytes = [0, 8, 4, 0xf8, 0, 0, 0, 0, 0, 0, 0, 3];
    assert_eq!(Reader::new(&bytes[..]).next().await.unwrap(), Some(Message::Ping(3)));
    for cut in 1..bytes.len() {
        match Reader::new(&bytes[..cut]).next().await {
            Err(LinkError::Cut(left)) => assert_eq!(left, cut),
            other => panic!("{other:?} at {cut}"),
        }
    }
    assert_eq!(Reader::new(&[][..]).next().await.unwrap(), None);
}

#[tokio::test]
async fn after_an_error() {
    let mut bytes = vec![0, 0, 7, 0xf8];
    bytes.extend([0, 1, 4, 0xfa, 0]);
    bytes.extend([0, 1, 4, 0xfb, 0]);
    bytes.extend([0, 0, 5, 0xfa]);
    bytes.extend([0xf0, 0, 5, 0xfa]);
    let mut reader = Reader::new(&bytes[..]);
    let mut seen = Vec::new();
    for _ in 0..5 {
        seen.push(match reader.next().await {
            Ok(message) => format!("{message:?}"),
            Err(error) => format!("{} {error:?}", error.is_recoverable()),
        });
    }
    assert_eq!(
        seen,
        [
            "true Message(UnknownKind(7))",
            "true Frame(Checksum { expected: 251, found: 250 })",
            "true Message(Short)",
            "Some(Bye(None))",
            "false Frame(TooLong(61440))",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn slow_writers() {
    let (near, mut far) = duplex(1000);
    let mut reader = Reader::new(near);
    let mut whole = Writer::new(Vec::new());
    whole.feed(&Message::Ack { id: 1, code: 2 }).unwrap();
    whole.feed(&Message::Ack { id: 3, code: 4 }).unwrap();
    far.write_all(&[0, 5, 3, 0xf9, 0, 0, 0, 1, 2, 0, 5, 3]).await.unwrap();
    assert_eq!(reader.next().await.unwrap(), Some(Message::Ack { id: 1, code: 2 }));
    assert!(timeout(Duration::from_secs(1), reader.next()).await.is_err());
    far.write_all(&[0xf5, 0, 0, 0, 3, 4]).await.unwrap();
    assert_eq!(reader.next().await.unwrap(), Some(Message::Ack { id: 3, code: 4 }));
    drop(far);
    assert_eq!((reader.next().await.unwrap(), reader.received()), (None, 18));
    whole.flush().await.unwrap();
    assert_eq!(whole.close().await.unwrap(), 18);
}
