//! Brings published messages to those who subscribed, keeps the last one of each topic, and drops who does not listen.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::{self, error::TrySendError};

pub type ClientId = u64;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub topic: Arc<str>,
    pub payload: Arc<[u8]>,
    /// It was published before the subscription.
    pub retained: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Published {
    pub delivered: usize,
    /// Clients whose queue was full: they miss this message.
    pub missed: usize,
}

#[derive(Debug)]
struct Client {
    queue: mpsc::Sender<Delivery>,
    topics: BTreeSet<String>,
    missed: usize,
}

#[derive(Debug, Default)]
struct State {
    clients: HashMap<ClientId, Client>,
    /// Clients by topic, in the order of their numbers.
    subscribers: BTreeMap<String, BTreeSet<ClientId>>,
    retained: BTreeMap<String, Delivery>,
    next: ClientId,
}

/// A handle to the broker; all clones are of the same one.
#[derive(Debug, Clone)]
pub struct Broker {
    state: Arc<Mutex<State>>,
    /// Messages in a row that a client may miss before it is dropped.
    patience: usize,
}

/// A client's own side; it is gone once this is dropped.
#[derive(Debug)]
pub struct Subscriber {
    id: ClientId,
    broker: Broker,
    queue: mpsc::Receiver<Delivery>,
}

impl Broker {
    pub fn new(patience: usize) -> Self {
        Broker { state: Arc::default(), patience }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new client with a queue of so many messages.
    pub fn connect(&self, queue: usize) -> Subscriber {
        let (sender, receiver) = mpsc::channel(queue);
        let mut state = self.lock();
        let id = state.next;
        state.next += 1;
        state.clients.insert(id, Client { queue: sender, topics: BTreeSet::new(), missed: 0 });
        Subscriber { id, broker: self.clone(), queue: receiver }
    }

    /// Publishes a message. An empty retained one makes the broker forget the topic's last one.
    pub fn publish(&self, topic: &str, payload: &[u8], retain: bool) -> Published {
        let delivery = Delivery { topic: topic.into(), payload: payload.into(), retained: false };
        let mut state = self.lock();
        if retain && payload.is_empty() {
            state.retained.remove(topic);
        } else if retain {
            state.retained.insert(topic.to_owned(), Delivery { retained: true, ..delivery.clone() });
        }
        let receivers: Vec<ClientId> = state.subscribers.get(topic).into_iter().flatten().copied().collect();
        let mut published = Published::default();
        for id in receivers {
            match state.deliver(id, delivery.clone()) {
                Some(true) => published.delivered += 1,
                Some(false) => {
                    published.missed += 1;
                    if state.clients.get(&id).is_some_and(|client| client.missed > self.patience) {
                        state.disconnect(id);
                    }
                }
                None => state.disconnect(id),
            }
        }
        published
    }

    pub fn clients(&self) -> usize {
        self.lock().clients.len()
    }

    /// Topics that somebody listens to.
    pub fn topics(&self) -> Vec<String> {
        self.lock().subscribers.keys().cloned().collect()
    }
}

impl State {
    /// Whether the message got into the client's queue; none if nobody reads from it any more.
    fn deliver(&mut self, id: ClientId, delivery: Delivery) -> Option<bool> {
        let client = self.clients.get_mut(&id)?;
        match client.queue.try_send(delivery) {
            Ok(()) => {
                client.missed = 0;
                Some(true)
            }
            Err(TrySendError::Full(_)) => {
                client.missed += 1;
                Some(false)
            }
            Err(TrySendError::Closed(_)) => None,
        }
    }

    fn disconnect(&mut self, id: ClientId) {
        let Some(client) = self.clients.remove(&id) else { return };
        for topic in client.topics {
            self.unsubscribe(&topic, id);
        }
    }

    fn unsubscribe(&mut self, topic: &str, id: ClientId) -> bool {
        let Some(subscribers) = self.subscribers.get_mut(topic) else {
            return false;
        };
        let removed = subscribers.remove(&id);
        if subscribers.is_empty() {
            self.subscribers.remove(topic);
        }
        removed
    }
}

impl Subscriber {
    pub fn id(&self) -> ClientId {
        self.id
    }

    /// Listens to a topic; its last retained message comes at once. False: it listened already, or was dropped.
    pub fn subscribe(&self, topic: &str) -> bool {
        let mut state = self.broker.lock();
        let Some(client) = state.clients.get_mut(&self.id) else {
            return false;
        };
        if !client.topics.insert(topic.to_owned()) {
            return false;
        }
        state.subscribers.entry(topic.to_owned()).or_default().insert(self.id);
        if let Some(retained) = state.retained.get(topic).cloned() {
            state.deliver(self.id, retained);
        }
        true
    }

    pub fn unsubscribe(&self, topic: &str) -> bool {
        let mut state = self.broker.lock();
        if let Some(client) = state.clients.get_mut(&self.id) {
            client.topics.remove(topic);
        }
        state.unsubscribe(topic, self.id)
    }

    /// The next message; none once the broker dropped this client and its queue is empty.
    pub async fn next(&mut self) -> Option<Delivery> {
        self.queue.recv().await
    }

    /// Messages that are there now.
    pub fn ready(&mut self) -> Vec<Delivery> {
        std::iter::from_fn(|| self.queue.try_recv().ok()).collect()
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        self.broker.lock().disconnect(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(deliveries: Vec<Delivery>) -> Vec<String> {
        let text = |delivery: Delivery| {
            let mark = if delivery.retained { "*" } else { "" };
            format!("{mark}{}={}", delivery.topic, String::from_utf8_lossy(&delivery.payload))
        };
        deliveries.into_iter().map(text).collect()
    }

    const fn published(delivered: usize, missed: usize) -> Published {
        Published { delivered, missed }
    }

    #[tokio::test]
    async fn messages_come_to_subscribers() {
        let broker = Broker::new(9);
        let (mut one, mut two) = (broker.connect(8), broker.connect(8));
        assert!(
            one.subscribe("level")
                && two.subscribe("level")
                && two.subscribe("wind")
                && !two.subscribe("wind")
        );
        assert_eq!(
            (broker.publish("level", b"2.5", false), broker.publish("wind", b"7", false)),
            (published(2, 0), published(1, 0))
        );
        assert_eq!(broker.publish("rain", b"0", false), published(0, 0));
        assert!(one.unsubscribe("level") && !one.unsubscribe("level"));
        broker.publish("level", b"2.6", false);
        assert_eq!(
            (texts(one.ready()), texts(two.ready())),
            (vec!["level=2.5".into()], vec!["level=2.5".into(), "wind=7".into(), "level=2.6".into()])
        );
        assert_eq!((one.id(), two.id(), broker.topics()), (0, 1, vec!["level".into(), "wind".into()]));
    }

    #[tokio::test]
    async fn the_last_message_is_kept() {
        let broker = Broker::new(9);
        broker.publish("level", b"1", true);
        broker.publish("level", b"2", true);
        broker.publish("level", b"3", false);
        let mut late = broker.connect(8);
        late.subscribe("level");
        assert_eq!(texts(late.ready()), ["*level=2"]);
        broker.publish("level", b"", true);
        let mut later = broker.connect(8);
        later.subscribe("level");
        assert_eq!((texts(later.ready()), texts(late.ready())), (vec![], vec!["level=".into()]));
    }

    #[tokio::test]
    async fn who_does_not_listen_is_dropped() {
        let broker = Broker::new(2);
        let mut slow = broker.connect(1);
        slow.subscribe("t");
        let outcomes: Vec<_> = (0..3).map(|n| broker.publish("t", &[n], false)).collect();
        assert_eq!(outcomes, [published(1, 0), published(0, 1), published(0, 1)]);
        slow.next().await.unwrap();
        assert_eq!(broker.publish("t", b"x", false), published(1, 0));
        let outcomes: Vec<_> = (0..4).map(|n| broker.publish("t", &[n], false)).collect();
        assert_eq!(outcomes, [published(0, 1), published(0, 1), published(0, 1), published(0, 0)]);
        assert_eq!(
            (slow.next().await.map(|delivery| delivery.payload.to_vec()), slow.next().await),
            (Some(b"x".to_vec()), None)
        );
        assert_eq!((broker.clients(), slow.subscribe("t")), (0, false));
    }

    #[tokio::test]
    async fn clients_leave() {
        let broker = Broker::new(2);
        let (one, two) = (broker.connect(1), broker.connect(1));
        one.subscribe("a");
        two.subscribe("a");
        one.subscribe("b");
        drop(one);
        assert_eq!(
            (broker.clients(), broker.topics(), broker.publish("a", b"1", false)),
            (1, vec!["a".into()], published(1, 0))
        );
        drop(two);
        assert_eq!((broker.clients(), broker.topics()), (0, vec![]));
    }
}
