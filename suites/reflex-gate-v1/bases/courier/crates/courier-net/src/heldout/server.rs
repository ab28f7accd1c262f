//! Further tests of the server.

use crate::link::split;
use crate::server::{serve, Board, Counts};
use courier_wire::message::{Message, Quality};
use std::io;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

async fn started(
    board: Board,
    max: usize,
) -> (SocketAddr, watch::Sender<bool>, JoinHandle<io::Result<Counts>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(serve(listener, max, stopped, move |stream, _| board.clone().converse(stream)));
    (address, stop, task)
}

fn publish(topic: &str, payload: &str, quality: Quality, retain: bool) -> Message {
    Message::Publish { topic: topic.into(), payload: payload.as_bytes().to_vec(), quality, retain }
}

#[tokio::test]
async fn many_clients() {
    let board = Board::default();
    let (address, stop, server) = started(board.clone(), 10).await;
    let clients: Vec<_> = (0..8_u64)
        .map(|n| {
            tokio::spawn(async move {
                let (mut reader, mut writer) = split(TcpStream::connect(address).await.unwrap());
                writer.feed(&publish(&format!("t{n}"), &n.to_string(), Quality::Fire, true)).unwrap();
                writer.feed(&Message::Ping(n)).unwrap();
                writer
                    .send(&Message::Subscribe { id: n as u32, filters: vec!["none".into(), format!("t{n}")] })
                    .await
                    .unwrap();
                let mut got = Vec::new();
                for _ in 0..3 {
                    got.push(reader.next().await.unwrap().unwrap());
                }
                writer.send(&Message::Bye(Some("done".into()))).await.unwrap();
                got.push(reader.next().await.unwrap().unwrap());
                (got, reader.next().await.unwrap())
            })
        })
        .collect();
    for (n, client) in (0_u64..).zip(clients) {
        let kept = publish(&format!("t{n}"), &n.to_string(), Quality::Fire, true);
        let expected =
            vec![Message::Ping(!n), Message::Ack { id: n as u32, code: 0 }, kept, Message::Bye(None)];
        assert_eq!(client.await.unwrap(), (expected, None));
    }
    stop.send(true).unwrap();
    assert_eq!(server.await.unwrap().unwrap(), Counts { accepted: 8, refused: 0, failed: 0 });
    assert_eq!((board.get("t5"), board.get("t8")), (Some(b"5".to_vec()), None));
}

#[tokio::test]
async fn what_is_kept() {
    let board = Board::default();
    let (address, stop, server) = started(board.clone(), 1).await;
    let (mut reader, mut writer) = split(TcpStream::connect(address).await.unwrap());
    for (payload, retain) in [("1", true), ("2", false), ("", false)] {
        writer.feed(&publish("a", payload, Quality::Fire, retain)).unwrap();
    }
    writer.feed(&publish("b", "3", Quality::Acknowledged, true)).unwrap();
    writer.send(&publish("b", "", Quality::Acknowledged, true)).await.unwrap();
    let acks = [reader.next().await.unwrap(), reader.next().await.unwrap()];
    let id = |text: &str| text.bytes().fold(17_u32, |id, byte| id.wrapping_mul(31).wrapping_add(byte.into()));
    assert_eq!(
        acks,
        [Some(Message::Ack { id: id("b3"), code: 0 }), Some(Message::Ack { id: id("b"), code: 0 })]
    );
    assert_eq!((board.get("a"), board.get("b")), (Some(b"1".to_vec()), None));
    drop((reader, writer));
    drop(stop);
    assert_eq!(server.await.unwrap().unwrap(), Counts { accepted: 1, refused: 0, failed: 0 });
}

#[tokio::test]
async fn room_comes_back() {
    let (address, stop, server) = started(Board::default(), 2).await;
    let mut outcomes = Vec::new();
    for round in 0..3_u64 {
        let (mut one_in, mut one_out) = split(TcpStream::connect(address).await.unwrap());
        let (mut two_in, mut two_out) = split(TcpStream::connect(address).await.unwrap());
        one_out.send(&Message::Ping(round)).await.unwrap();
        two_out.send(&Message::Ping(round)).await.unwrap();
        outcomes.push((one_in.next().await.unwrap(), two_in.next().await.unwrap()));
        let mut third = TcpStream::connect(address).await.unwrap();
        assert_eq!(third.read(&mut [0; 4]).await.unwrap_or(0), 0);
        for (mut reader, mut writer) in [(one_in, one_out), (two_in, two_out)] {
            writer.send(&Message::Bye(None)).await.unwrap();
            assert_eq!(
                (reader.next().await.unwrap(), reader.next().await.unwrap()),
                (Some(Message::Bye(None)), None)
            );
        }
    }
    assert_eq!(
        outcomes,
        (0..3).map(|round| (Some(Message::Ping(!round)), Some(Message::Ping(!round)))).collect::<Vec<_>>()
    );
    stop.send(true).unwrap();
    assert_eq!(server.await.unwrap().unwrap(), Counts { accepted: 6, refused: 3, failed: 0 });
}

#[tokio::test]
async fn failures_are_counted() {
    let (address, stop, server) = started(Board::default(), 3).await;
    for bytes in [&[0xf0, 0, 0, 0][..], &[0, 9, 4]] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream.shutdown().await.unwrap();
        assert_eq!(stream.read(&mut [0; 4]).await.unwrap_or(0), 0);
    }
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(&[0, 1, 4, 0xfb, 0]).await.unwrap();
    let mut answer = [0; 9];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer[4..], [0, 0, 0, 0, 255]);
    drop(stream);
    stop.send(true).unwrap();
    assert_eq!(server.await.unwrap().unwrap(), Counts { accepted: 3, refused: 0, failed: 2 });
}
