//! Questions and their answers on one connection: each answer finds the one who asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

pub type Id = u32;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope<T> {
    pub id: Id,
    pub body: T,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestError {
    TimedOut,
    /// The connection is gone.
    Lost,
    /// All numbers are taken.
    Busy,
}

#[derive(Debug)]
struct Pending<A> {
    answers: HashMap<Id, oneshot::Sender<A>>,
    next: Id,
    closed: bool,
}

/// The asking side.
#[derive(Debug)]
pub struct Requests<Q, A> {
    outgoing: mpsc::Sender<Envelope<Q>>,
    pending: Arc<Mutex<Pending<A>>>,
    max_pending: usize,
}

impl<Q, A> Clone for Requests<Q, A> {
    fn clone(&self) -> Self {
        Requests {
            outgoing: self.outgoing.clone(),
            pending: Arc::clone(&self.pending),
            max_pending: self.max_pending,
        }
    }
}

/// Takes a question back whose asker is gone.
struct Ticket<'a, A> {
    id: Id,
    pending: &'a Mutex<Pending<A>>,
}

impl<A> Drop for Ticket<'_, A> {
    fn drop(&mut self) {
        lock(self.pending).answers.remove(&self.id);
    }
}

fn lock<A>(pending: &Mutex<Pending<A>>) -> MutexGuard<'_, Pending<A>> {
    pending.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<Q, A> Requests<Q, A> {
    /// Questions go into the channel, as many as it holds at once; at most `max_pending` wait for an answer.
    pub fn new(outgoing: mpsc::Sender<Envelope<Q>>, max_pending: usize) -> Self {
        let pending = Pending { answers: HashMap::new(), next: 1, closed: false };
        Requests { outgoing, pending: Arc::new(Mutex::new(pending)), max_pending }
    }

    fn register(&self) -> Result<(Id, oneshot::Receiver<A>), RequestError> {
        let mut pending = lock(&self.pending);
        if pending.closed {
            return Err(RequestError::Lost);
        }
        if pending.answers.len() >= self.max_pending {
            return Err(RequestError::Busy);
        }
        // A number that is still in use after a whole round is passed over; so is 0, which nobody asks with.
        while pending.next == 0 || pending.answers.contains_key(&pending.next) {
            pending.next = pending.next.wrapping_add(1);
        }
        let id = pending.next;
        pending.next = id.wrapping_add(1);
        let (sender, receiver) = oneshot::channel();
        pending.answers.insert(id, sender);
        Ok((id, receiver))
    }

    /// Asks and waits for the answer. Whoever stops waiting takes the question back.
    pub async fn ask(&self, body: Q, patience: Duration) -> Result<A, RequestError> {
        let (id, answer) = self.register()?;
        let _ticket = Ticket { id, pending: &self.pending };
        let exchange = async {
            self.outgoing.send(Envelope { id, body }).await.map_err(|_| RequestError::Lost)?;
            answer.await.map_err(|_| RequestError::Lost)
        };
        timeout(patience, exchange).await.unwrap_or(Err(RequestError::TimedOut))
    }

    /// Brings an answer to who waits for it; gives it back if nobody does.
    pub fn answer(&self, envelope: Envelope<A>) -> Result<(), Envelope<A>> {
        let Envelope { id, body } = envelope;
        let asker = lock(&self.pending).answers.remove(&id);
        match asker {
            Some(asker) => asker.send(body).map_err(|body| Envelope { id, body }),
            None => Err(Envelope { id, body }),
        }
    }

    /// Tells everybody who waits that no answer will come; how many.
    pub fn close(&self) -> usize {
        let mut pending = lock(&self.pending);
        pending.closed = true;
        pending.answers.drain().count()
    }

    pub fn pending(&self) -> usize {
        lock(&self.pending).answers.len()
    }
}

/// Answers questions one after another until there are no more; gives how many.
pub async fn serve<Q, A>(
    mut incoming: mpsc::Receiver<Envelope<Q>>,
    requests: Requests<Q, A>,
    mut handle: impl FnMut(Q) -> Option<A>,
) -> usize {
    let mut answered = 0;
    while let Some(Envelope { id, body }) = incoming.recv().await {
        if let Some(body) = handle(body) {
            answered += usize::from(requests.answer(Envelope { id, body }).is_ok());
        }
    }
    answered
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{sleep, Instant};

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    #[tokio::test(start_paused = true)]
    async fn answers_find_their_askers() {
        let (outgoing, mut incoming) = mpsc::channel(8);
        let requests = Requests::<u32, String>::new(outgoing, 8);
        let asking = [10, 20, 30].map(|n| {
            let requests = requests.clone();
            tokio::spawn(async move { requests.ask(n, secs(5)).await })
        });
        let mut questions = Vec::new();
        for _ in 0..3 {
            questions.push(incoming.recv().await.unwrap());
        }
        assert_eq!(
            questions.iter().map(|question| (question.id, question.body)).collect::<Vec<_>>(),
            [(1, 10), (2, 20), (3, 30)]
        );
        for Envelope { id, body } in questions.into_iter().rev() {
            requests.answer(Envelope { id, body: format!("<{body}>") }).unwrap();
        }
        for (task, expected) in asking.into_iter().zip(["<10>", "<20>", "<30>"]) {
            assert_eq!(task.await.unwrap().as_deref(), Ok(expected));
        }
        assert_eq!(requests.pending(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn askers_lose_patience() {
        let (outgoing, mut incoming) = mpsc::channel(1);
        let requests = Requests::<u8, u8>::new(outgoing, 2);
        let start = Instant::now();
        let (first, second) = tokio::join!(requests.ask(1, secs(2)), requests.ask(2, secs(3)));
        assert_eq!(
            (first, second, start.elapsed()),
            (Err(RequestError::TimedOut), Err(RequestError::TimedOut), secs(3))
        );
        assert_eq!(requests.pending(), 0);
        let late = Envelope { id: incoming.recv().await.unwrap().id, body: 9 };
        assert_eq!(requests.answer(late.clone()), Err(late));
    }

    #[tokio::test(start_paused = true)]
    async fn limits_and_losses() {
        let (outgoing, incoming) = mpsc::channel(8);
        let requests = Requests::<u8, u8>::new(outgoing, 1);
        let waiting = tokio::spawn({
            let requests = requests.clone();
            async move { requests.ask(1, secs(9)).await }
        });
        sleep(secs(1)).await;
        assert_eq!((requests.pending(), requests.ask(2, secs(1)).await), (1, Err(RequestError::Busy)));
        assert_eq!((requests.close(), waiting.await.unwrap()), (1, Err(RequestError::Lost)));
        assert_eq!(requests.ask(3, secs(1)).await, Err(RequestError::Lost));
        drop(incoming);
        let (outgoing, _) = mpsc::channel(1);
        assert_eq!(Requests::<u8, u8>::new(outgoing, 1).ask(1, secs(1)).await, Err(RequestError::Lost));
    }

    #[tokio::test(start_paused = true)]
    async fn numbers_wrap_around() {
        let (outgoing, incoming) = mpsc::channel(8);
        let requests = Requests::<&str, usize>::new(outgoing, 4);
        lock(&requests.pending).next = u32::MAX;
        let server =
            tokio::spawn(serve(incoming, requests.clone(), |text| (!text.is_empty()).then_some(text.len())));
        assert_eq!((requests.ask("one", secs(1)).await, requests.ask("four", secs(1)).await), (Ok(3), Ok(4)));
        assert_eq!(lock(&requests.pending).next, 2);
        assert_eq!(requests.ask("", secs(1)).await, Err(RequestError::TimedOut));
        server.abort();
    }
}
