//! The calling side: connects, asks, waits for answers, and connects again when a connection is lost.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use courier_wire::message::{Message, Quality};
use tokio::io::{ReadHalf, WriteHalf};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::link::{split, LinkError, Reader, Writer};

#[derive(Debug)]
pub enum ClientError {
    Link(LinkError),
    /// The other side closed the connection.
    Closed,
    TimedOut,
    /// The other side refused, with this code.
    Refused(u8),
    Unexpected(Message),
}

impl From<LinkError> for ClientError {
    fn from(error: LinkError) -> Self {
        ClientError::Link(error)
    }
}

impl From<io::Error> for ClientError {
    fn from(error: io::Error) -> Self {
        ClientError::Link(LinkError::Io(error))
    }
}

impl ClientError {
    /// Is the connection gone, so that another one may help?
    pub fn is_lost(&self) -> bool {
        match self {
            ClientError::Closed | ClientError::TimedOut => true,
            ClientError::Link(error) => !error.is_recoverable(),
            ClientError::Refused(_) | ClientError::Unexpected(_) => false,
        }
    }
}

/// One connection.
pub struct Client {
    reader: Reader<ReadHalf<TcpStream>>,
    writer: Writer<WriteHalf<TcpStream>>,
    patience: Duration,
    next_id: u32,
}

impl Client {
    pub async fn connect(address: SocketAddr, patience: Duration) -> Result<Self, ClientError> {
        let stream =
            timeout(patience, TcpStream::connect(address)).await.map_err(|_| ClientError::TimedOut)??;
        stream.set_nodelay(true)?;
        let (reader, writer) = split(stream);
        Ok(Client { reader, writer, patience, next_id: 1 })
    }

    async fn receive(&mut self) -> Result<Message, ClientError> {
        let message =
            timeout(self.patience, self.reader.next()).await.map_err(|_| ClientError::TimedOut)??;
        match message {
            Some(Message::Ack { code, .. }) if code != 0 => Err(ClientError::Refused(code)),
            Some(message) => Ok(message),
            None => Err(ClientError::Closed),
        }
    }

    /// Sends a question that only this answer fits.
    pub async fn ping(&mut self, token: u64) -> Result<(), ClientError> {
        self.writer.send(&Message::Ping(token)).await?;
        match self.receive().await? {
            Message::Ping(answer) if answer == !token => Ok(()),
            other => Err(ClientError::Unexpected(other)),
        }
    }

    /// Publishes and waits until the other side has it.
    pub async fn put(&mut self, topic: &str, payload: &[u8]) -> Result<(), ClientError> {
        let message = Message::Publish {
            topic: topic.to_owned(),
            payload: payload.to_vec(),
            quality: Quality::Acknowledged,
            retain: true,
        };
        let expected = message.answer();
        self.writer.send(&message).await?;
        let answer = self.receive().await?;
        if Some(&answer) == expected.as_ref() {
            Ok(())
        } else {
            Err(ClientError::Unexpected(answer))
        }
    }

    /// The last messages of these topics. Topics without one are left out.
    pub async fn get(&mut self, topics: &[&str]) -> Result<Vec<(String, Vec<u8>)>, ClientError> {
        let id = self.next_id;
        self.next_id = self.next_id.wrapping_add(1);
        let filters = topics.iter().map(|topic| (*topic).to_owned()).collect();
        self.writer.feed(&Message::Subscribe { id, filters })?;
        // What comes in front of its answer belongs to the subscription.
        self.writer.send(&Message::Ping(u64::from(id))).await?;
        match self.receive().await? {
            Message::Ack { id: answered, .. } if answered == id => {}
            other => return Err(ClientError::Unexpected(other)),
        }
        let mut found = Vec::new();
        loop {
            match self.receive().await? {
                Message::Publish { topic, payload, .. } => found.push((topic, payload)),
                Message::Ping(token) if token == !u64::from(id) => return Ok(found),
                other => return Err(ClientError::Unexpected(other)),
            }
        }
    }

    /// Says goodbye and waits for the answer.
    pub async fn leave(mut self) -> Result<(), ClientError> {
        self.writer.send(&Message::Bye(None)).await?;
        match self.receive().await? {
            Message::Bye(_) => Ok(()),
            other => Err(ClientError::Unexpected(other)),
        }
    }
}

/// Connections to one of several addresses, made when they are needed.
pub struct Pool {
    addresses: Vec<SocketAddr>,
    /// The address that is tried next.
    current: usize,
    patience: Duration,
    pause: Duration,
    idle: Option<Client>,
}

impl Pool {
    pub fn new(addresses: Vec<SocketAddr>, patience: Duration, pause: Duration) -> Self {
        Pool { addresses, current: 0, patience, pause, idle: None }
    }

    /// The address of the next connection.
    pub fn address(&self) -> Option<SocketAddr> {
        self.addresses.get(self.current).copied()
    }

    /// A connection: the idle one, or a new one to the first address in turn that answers.
    pub async fn client(&mut self) -> Result<Client, ClientError> {
        if let Some(client) = self.idle.take() {
            return Ok(client);
        }
        let mut last = ClientError::Closed;
        for attempt in 0..self.addresses.len() {
            if attempt > 0 {
                sleep(self.pause).await;
            }
            match Client::connect(self.addresses[self.current], self.patience).await {
                Ok(client) => return Ok(client),
                Err(error) => last = error,
            }
            self.current = (self.current + 1) % self.addresses.len();
        }
        Err(last)
    }

    /// Gives a connection back that works.
    pub fn give_back(&mut self, client: Client) {
        self.idle = Some(client);
    }

    /// Publishes; once more on a new connection if the old one is lost.
    pub async fn put(&mut self, topic: &str, payload: &[u8]) -> Result<(), ClientError> {
        let had_one = self.idle.is_some();
        let mut client = self.client().await?;
        match client.put(topic, payload).await {
            Ok(()) => {
                self.give_back(client);
                Ok(())
            }
            Err(error) if error.is_lost() && had_one => {
                let mut client = self.client().await?;
                client.put(topic, payload).await?;
                self.give_back(client);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::{serve, Board, Counts};
    use tokio::net::TcpListener;
    use tokio::sync::watch;
    use tokio::task::JoinHandle;

    const PATIENCE: Duration = Duration::from_secs(5);

    struct Running {
        address: SocketAddr,
        board: Board,
        stop: watch::Sender<bool>,
        task: JoinHandle<io::Result<Counts>>,
    }

    async fn server() -> Running {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = watch::channel(false);
        let board = Board::default();
        let shared = board.clone();
        let task =
            tokio::spawn(serve(listener, 4, stopped, move |stream, _| shared.clone().converse(stream)));
        Running { address, board, stop, task }
    }

    impl Running {
        async fn counts(self) -> Counts {
            self.stop.send(true).unwrap();
            self.task.await.unwrap().unwrap()
        }
    }

    #[tokio::test]
    async fn puts_and_gets() {
        let server = server().await;
        let mut client = Client::connect(server.address, PATIENCE).await.unwrap();
        client.ping(9).await.unwrap();
        client.put("level", b"2.5").await.unwrap();
        client.put("wind", b"7").await.unwrap();
        let found = client.get(&["wind", "none", "level"]).await.unwrap();
        assert_eq!(found, [("wind".into(), b"7".to_vec()), ("level".into(), b"2.5".to_vec())]);
        assert_eq!((client.get(&["none"]).await.unwrap(), client.next_id), (vec![], 3));
        assert!(matches!(client.get(&[]).await, Err(ClientError::Refused(1))));
        assert_eq!(server.board.get("level"), Some(b"2.5".to_vec()));
        drop(client);
        assert_eq!(server.counts().await, Counts { accepted: 1, refused: 0, failed: 0 });
    }

    #[tokio::test]
    async fn leaves_in_order() {
        let server = server().await;
        let client = Client::connect(server.address, PATIENCE).await.unwrap();
        assert!(client.leave().await.is_ok());
        assert_eq!(server.counts().await.failed, 0);
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client =
            Client::connect(silent.local_addr().unwrap(), Duration::from_millis(200)).await.unwrap();
        let error = client.ping(1).await.unwrap_err();
        assert!(matches!(error, ClientError::TimedOut) && error.is_lost());
    }

    #[tokio::test]
    async fn tries_other_addresses() {
        let server = server().await;
        let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let mut pool = Pool::new(vec![gone, server.address], PATIENCE, Duration::from_millis(1));
        assert_eq!(pool.address(), Some(gone));
        pool.put("a", b"1").await.unwrap();
        pool.put("a", b"2").await.unwrap();
        assert_eq!((pool.address(), server.board.get("a")), (Some(server.address), Some(b"2".to_vec())));
        drop(pool);
        assert_eq!(server.counts().await.accepted, 1);
        let mut nowhere = Pool::new(vec![gone, gone], PATIENCE, Duration::from_millis(1));
        assert!(matches!(nowhere.put("a", b"3").await, Err(ClientError::Link(LinkError::Io(_)))));
        assert!(matches!(
            Pool::new(vec![], PATIENCE, PATIENCE).put("a", b"4").await,
            Err(ClientError::Closed)
        ));
    }

    #[tokio::test]
    async fn connects_again() {
        let (first, second) = (server().await, server().await);
        let mut pool = Pool::new(vec![first.address, second.address], PATIENCE, Duration::from_millis(1));
        pool.put("a", b"1").await.unwrap();
        let client = pool.client().await.unwrap();
        first.stop.send(true).unwrap();
        drop(client);
        first.task.await.unwrap().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stale = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        drop(listener.accept().await.unwrap());
        let (reader, writer) = split(stale);
        pool.give_back(Client { reader, writer, patience: PATIENCE, next_id: 1 });
        pool.put("a", b"2").await.unwrap();
        assert_eq!((pool.address(), second.board.get("a")), (Some(second.address), Some(b"2".to_vec())));
    }
}
