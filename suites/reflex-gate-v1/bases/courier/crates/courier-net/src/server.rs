//! Accepts connections on a TCP port, a limited number at once, until it is told to stop.

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use courier_wire::message::Message;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{watch, Semaphore};
use tokio::task::JoinSet;

use crate::link::{split, LinkError};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub accepted: u64,
    pub refused: u64,
    /// Connections that ended in an error.
    pub failed: u64,
}

/// Serves until `stop` says so, then waits for the connections that are open.
pub async fn serve<H, F>(
    listener: TcpListener,
    max_connections: usize,
    mut stop: watch::Receiver<bool>,
    handle: H,
) -> io::Result<Counts>
where
    H: Fn(TcpStream, SocketAddr) -> F,
    F: Future<Output = Result<(), LinkError>> + Send + 'static,
{
    let room = Arc::new(Semaphore::new(max_connections));
    let mut counts = Counts::default();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            // A stopper that is gone can't say so any more.
            _ = stop.wait_for(|stop| *stop) => break,
            Some(ended) = connections.join_next() => counts.failed += u64::from(!matches!(ended, Ok(true))),
            accepted = listener.accept() => {
                let (stream, from) = accepted?;
                let Ok(permit) = Arc::clone(&room).try_acquire_owned() else {
                    // Dropping the stream tells the other side.
                    counts.refused += 1;
                    continue;
                };
                counts.accepted += 1;
                let connection = handle(stream, from);
                connections.spawn(async move {
                    let outcome = connection.await;
                    drop(permit);
                    outcome.is_ok()
                });
            }
        }
    }
    drop(listener);
    while let Some(ended) = connections.join_next().await {
        counts.failed += u64::from(!matches!(ended, Ok(true)));
    }
    Ok(counts)
}

/// A store of the last message of each topic, which answers on any number of connections.
#[derive(Debug, Clone, Default)]
pub struct Board(Arc<Mutex<BTreeMap<String, Vec<u8>>>>);

impl Board {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn get(&self, topic: &str) -> Option<Vec<u8>> {
        self.lock().get(topic).cloned()
    }

    /// What a message does and what it is answered with.
    fn answer(&self, message: Message) -> Vec<Message> {
        let answer = message.answer();
        match message {
            Message::Publish { topic, payload, retain, .. } => {
                if retain && payload.is_empty() {
                    self.lock().remove(&topic);
                } else if retain {
                    self.lock().insert(topic, payload);
                }
                answer.into_iter().collect()
            }
            Message::Subscribe { filters, .. } => {
                let board = self.lock();
                let known = filters.iter().filter_map(|filter| board.get_key_value(filter));
                let published = known.map(|(topic, payload)| Message::Publish {
                    topic: topic.clone(),
                    payload: payload.clone(),
                    quality: courier_wire::message::Quality::Fire,
                    retain: true,
                });
                answer.into_iter().chain(published).collect()
            }
            _ => answer.into_iter().collect(),
        }
    }

    /// Answers one connection until the other side says goodbye or is gone. Damaged messages are answered with a refusal.
    pub async fn converse(self, stream: TcpStream) -> Result<(), LinkError> {
        stream.set_nodelay(true)?;
        let (mut reader, mut writer) = split(stream);
        loop {
            match reader.next().await {
                Ok(Some(Message::Bye(_))) => {
                    writer.send(&Message::Bye(None)).await?;
                    writer.close().await?;
                    return Ok(());
                }
                Ok(Some(message)) => {
                    for answer in self.answer(message) {
                        writer.feed(&answer)?;
                    }
                    writer.flush().await?;
                }
                Ok(None) => return Ok(()),
                Err(error) if error.is_recoverable() => {
                    writer.send(&Message::Ack { id: 0, code: 255 }).await?;
                }
                Err(error) => return Err(error),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use courier_wire::message::Quality;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::task::JoinHandle;

    fn publish(topic: &str, payload: &[u8], retain: bool) -> Message {
        Message::Publish {
            topic: topic.into(),
            payload: payload.to_vec(),
            quality: Quality::Acknowledged,
            retain,
        }
    }

    #[test]
    fn boards_keep_the_last_message() {
        let board = Board::default();
        let answers = [publish("a", b"1", true), publish("b", b"2", false), publish("a", b"3", true)]
            .map(|m| board.answer(m).len());
        assert_eq!((answers, board.get("a"), board.get("b")), ([1, 1, 1], Some(b"3".to_vec()), None));
        let answer = board.answer(Message::Subscribe { id: 4, filters: vec!["b".into(), "a".into()] });
        let kept = Message::Publish {
            topic: "a".into(),
            payload: b"3".to_vec(),
            quality: Quality::Fire,
            retain: true,
        };
        assert_eq!(answer, [Message::Ack { id: 4, code: 0 }, kept]);
        board.answer(publish("a", b"", true));
        assert_eq!(
            (board.get("a"), board.answer(Message::Ping(1)), board.answer(Message::Ack { id: 1, code: 0 })),
            (None, vec![Message::Ping(!1)], vec![])
        );
    }

    async fn started(max: usize) -> (SocketAddr, watch::Sender<bool>, JoinHandle<io::Result<Counts>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = watch::channel(false);
        let board = Board::default();
        let task =
            tokio::spawn(serve(listener, max, stopped, move |stream, _| board.clone().converse(stream)));
        (address, stop, task)
    }

    #[tokio::test]
    async fn connections_share_a_board() {
        let (address, stop, server) = started(4).await;
        let (mut in_one, mut out_one) = split(TcpStream::connect(address).await.unwrap());
        out_one.send(&publish("level", b"2.5", true)).await.unwrap();
        assert!(matches!(in_one.next().await, Ok(Some(Message::Ack { code: 0, .. }))));
        let (mut in_two, mut out_two) = split(TcpStream::connect(address).await.unwrap());
        out_two.send(&Message::Subscribe { id: 1, filters: vec!["level".into()] }).await.unwrap();
        assert_eq!(in_two.next().await.unwrap(), Some(Message::Ack { id: 1, code: 0 }));
        assert!(
            matches!(in_two.next().await, Ok(Some(Message::Publish { payload, .. })) if payload == b"2.5")
        );
        out_two.send(&Message::Bye(None)).await.unwrap();
        assert_eq!(in_two.next().await.unwrap(), Some(Message::Bye(None)));
        stop.send(true).unwrap();
        out_one.send(&Message::Ping(3)).await.unwrap();
        assert_eq!(in_one.next().await.unwrap(), Some(Message::Ping(!3)));
        drop((in_one, out_one));
        assert_eq!(server.await.unwrap().unwrap(), Counts { accepted: 2, refused: 0, failed: 0 });
    }

    #[tokio::test]
    async fn too_many_are_refused() {
        let (address, stop, server) = started(1).await;
        let (mut reader, mut writer) = split(TcpStream::connect(address).await.unwrap());
        writer.send(&Message::Ping(0)).await.unwrap();
        assert_eq!(reader.next().await.unwrap(), Some(Message::Ping(u64::MAX)));
        let mut refused = TcpStream::connect(address).await.unwrap();
        assert_eq!(refused.read(&mut [0; 8]).await.unwrap_or(0), 0);
        writer.send(&Message::Bye(None)).await.unwrap();
        assert_eq!(reader.next().await.unwrap(), Some(Message::Bye(None)));
        stop.send(true).unwrap();
        assert_eq!(server.await.unwrap().unwrap(), Counts { accepted: 1, refused: 1, failed: 0 });
    }

    #[tokio::test]
    async fn damage_is_answered_or_ends_a_connection() {
        let (address, stop, server) = started(2).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(&[0, 0, 9, 0xf6]).await.unwrap();
        let mut answer = [0; 9];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, [0, 5, 3, 0xfc, 0, 0, 0, 0, 0xff]);
        stream.write_all(&[0xff, 0xff, 0, 0]).await.unwrap();
        assert_eq!(stream.read(&mut answer).await.unwrap_or(0), 0);
        stop.send(true).unwrap();
        assert_eq!(server.await.unwrap().unwrap(), Counts { accepted: 1, refused: 0, failed: 1 });
    }
}
