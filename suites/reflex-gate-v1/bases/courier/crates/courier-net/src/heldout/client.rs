//! Further tests of the calling side.

use crate::client::{Client, ClientError, Pool};
use crate::link::{split, LinkError};
use crate::server::{serve, Board};
use courier_wire::message::{Message, Quality};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

const PATIENCE: Duration = Duration::from_secs(5);

async fn board_at(listener: TcpListener) -> (Board, watch::Sender<bool>) {
    let (stop, stopped) = watch::channel(false);
    let board = Board::default();
    let shared = board.clone();
    tokio::spawn(serve(listener, 8, stopped, move |stream, _| shared.clone().converse(stream)));
    (board, stop)
}

/// A server that answers each message with the next of these, and then closes.
async fn scripted(answers: Vec<Message>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (mut reader, mut writer) = split(stream);
        for answer in answers {
            if reader.next().await.unwrap().is_none() {
                return;
            }
            writer.send(&answer).await.unwrap();
        }
        let _ = reader.next().await;
        let _ = writer.close().await;
    });
    address
}

#[tokio::test]
async fn a_conversation() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (board, _stop) = board_at(listener).await;
    let mut one = Client::connect(address, PATIENCE).await.unwrap();
    let mut two = Client::connect(address, PATIENCE).await.unwrap();
    for n in 0..5_u8 {
        one.put(&format!("t{n}"), &[n; 3]).await.unwrap();
        two.ping(u64::from(n)).await.unwrap();
    }
    one.put("t3", &[]).await.unwrap();
    let found = two.get(&["t4", "t3", "t0", "t9", "t0"]).await.unwrap();
    assert_eq!(found, [("t4".into(), vec![4; 3]), ("t0".into(), vec![0; 3]), ("t0".into(), vec![0; 3])]);
    assert_eq!((one.get(&["t1"]).await.unwrap().len(), board.get("t3")), (1, None));
    assert!(one.leave().await.is_ok() && two.leave().await.is_ok());
}

#[tokio::test]
async fn wrong_answers() {
    let ack = |id, code| Message::Ack { id, code };
    let mut client = Client::connect(scripted(vec![Message::Ping(5), ack(1, 0), ack(0, 3)]).await, PATIENCE)
        .await
        .unwrap();
    assert!(matches!(client.ping(5).await, Err(ClientError::Unexpected(Message::Ping(5)))));
    assert!(matches!(
        client.put("a", b"x").await,
        Err(ClientError::Unexpected(Message::Ack { id: 1, code: 0 }))
    ));
    let refused = client.put("a", b"x").await.unwrap_err();
    assert!(matches!(refused, ClientError::Refused(3)) && !refused.is_lost());
    let closed = client.ping(1).await.unwrap_err();
    assert!(matches!(closed, ClientError::Closed) && closed.is_lost());
    let publish =
        Message::Publish { topic: "a".into(), payload: vec![1], quality: Quality::Fire, retain: true };
    let mut client = Client::connect(scripted(vec![ack(2, 0)]).await, PATIENCE).await.unwrap();
    assert!(matches!(client.get(&["a"]).await, Err(ClientError::Unexpected(Message::Ack { id: 2, .. }))));
    let mut client =
        Client::connect(scripted(vec![ack(1, 0), publish]).await, Duration::from_millis(250)).await.unwrap();
    assert!(matches!(client.get(&["a"]).await, Err(ClientError::TimedOut)));
    let client = Client::connect(scripted(vec![Message::Ping(0)]).await, PATIENCE).await.unwrap();
    assert!(matches!(client.leave().await, Err(ClientError::Unexpected(Message::Ping(0)))));
}

#[tokio::test]
async fn lost_or_not() {
    let lost = [
        ClientError::Closed,
        ClientError::TimedOut,
        ClientError::Link(LinkError::Cut(3)),
        ClientError::Link(LinkError::Io(std::io::Error::other("x"))),
        ClientError::Refused(1),
        ClientError::Unexpected(Message::Ping(1)),
        ClientError::from(LinkError::Message(courier_wire::message::MessageError::Short)),
    ]
    .map(|error| error.is_lost());
    assert_eq!(lost, [true, true, true, true, false, false, false]);
}

#[tokio::test]
async fn pools() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (board, _stop) = board_at(listener).await;
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let refusing = scripted(vec![Message::Ack { id: 0, code: 9 }]).await;
    let mut pool = Pool::new(vec![gone, gone, address, gone], PATIENCE, Duration::from_millis(1));
    let client = pool.client().await.unwrap();
    assert_eq!(pool.address(), Some(address));
    pool.give_back(client);
    pool.put("x", b"1").await.unwrap();
    assert_eq!((board.get("x"), pool.address()), (Some(b"1".to_vec()), Some(address)));
    let mut pool = Pool::new(vec![refusing], PATIENCE, Duration::from_millis(1));
    assert!(matches!(pool.put("x", b"2").await, Err(ClientError::Refused(9))));
    let closing = scripted(vec![]).await;
    let mut pool = Pool::new(vec![address], PATIENCE, Duration::from_millis(1));
    pool.give_back(Client::connect(closing, PATIENCE).await.unwrap());
    pool.put("x", b"3").await.unwrap();
    assert_eq!(board.get("x"), Some(b"3".to_vec()));
    let mut pool = Pool::new(vec![scripted(vec![]).await, address], PATIENCE, Duration::from_millis(1));
    assert!(matches!(pool.put("x", b"4").await, Err(ClientError::Closed)));
    assert_eq!(board.get("x"), Some(b"3".to_vec()));
}
