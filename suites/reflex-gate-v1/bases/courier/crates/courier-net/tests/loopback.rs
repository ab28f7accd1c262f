//! A server and its clients over the loopback device.

use std::time::Duration;

use courier_net::client::{Client, Pool};
use courier_net::proxy::{carry, Ended, Limits};
use courier_net::server::{serve, Board};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

const PATIENCE: Duration = Duration::from_secs(5);

#[tokio::test]
async fn observers_share_what_they_saw() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = watch::channel(false);
    let board = Board::default();
    let server = tokio::spawn(serve(listener, 16, stopped, move |stream, _| board.clone().converse(stream)));

    let writers: Vec<_> = (0..5)
        .map(|n| {
            tokio::spawn(async move {
                let mut pool = Pool::new(vec![address], PATIENCE, Duration::from_millis(1));
                for value in 0..10 {
                    pool.put(&format!("gauge/{n}"), format!("{value}").as_bytes()).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let mut reader = Client::connect(address, PATIENCE).await.unwrap();
    let found = reader.get(&["gauge/0", "gauge/4", "gauge/5"]).await.unwrap();
    assert_eq!(found, [("gauge/0".to_owned(), b"9".to_vec()), ("gauge/4".to_owned(), b"9".to_vec())]);
    reader.leave().await.unwrap();
    stop.send(true).unwrap();
    let counts = server.await.unwrap().unwrap();
    assert_eq!((counts.accepted, counts.refused, counts.failed), (6, 0, 0));
}

#[tokio::test]
async fn a_proxy_stands_between() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (_stop, stopped) = watch::channel(false);
    let board = Board::default();
    let shared = board.clone();
    tokio::spawn(serve(listener, 4, stopped, move |stream, _| shared.clone().converse(stream)));

    let door = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let entrance = door.local_addr().unwrap();
    let proxy = tokio::spawn(async move {
        let (near, _) = door.accept().await.unwrap();
        let far = TcpStream::connect(address).await.unwrap();
        carry(near, far, Limits { idle: PATIENCE, bytes: 10_000 }).await
    });
    let mut client = Client::connect(entrance, PATIENCE).await.unwrap();
    client.put("level", b"2.45").await.unwrap();
    assert_eq!(client.get(&["level"]).await.unwrap(), [("level".to_owned(), b"2.45".to_vec())]);
    client.leave().await.unwrap();
    let summary = proxy.await.unwrap();
    assert_eq!((summary.ended, summary.forth), (Ended::Finished, 16 + 15 + 12 + 4));
    assert_eq!(board.get("level"), Some(b"2.45".to_vec()));
}
