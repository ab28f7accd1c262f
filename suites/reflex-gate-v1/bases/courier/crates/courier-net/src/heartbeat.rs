//! Keeps a connection alive, and notices when the other side is gone.

use std::future::Future;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{sleep_until, Instant};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Silence after which the other side is asked.
    pub quiet: Duration,
    /// How long an answer may take.
    pub answer: Duration,
    /// Questions without an answer after which the other side is gone.
    pub tries: u32,
}

/// What happened on the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Anything that came from the other side.
    Heard,
    /// The answer to a question.
    Answer(u64),
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Closed,
    /// Nothing was heard for so long.
    Dead(Duration),
    /// Questions could not be sent any more.
    Broken,
}

/// How long answers take: a mean in which each new one counts an eighth.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RoundTrip {
    mean: Option<f64>,
    pub best: Option<Duration>,
}

impl RoundTrip {
    pub fn note(&mut self, took: Duration) {
        let seconds = took.as_secs_f64();
        self.mean = Some(self.mean.map_or(seconds, |mean| mean + (seconds - mean) / 8.0));
        self.best = Some(self.best.map_or(took, |best| best.min(took)));
    }

    pub fn mean(&self) -> Option<Duration> {
        self.mean.map(Duration::from_secs_f64)
    }
}

struct Question {
    number: u64,
    asked: Instant,
}

/// Watches a connection until it ends. `ask` sends a question of a number, and fails if that can't be done.
pub async fn watch<F>(
    settings: Settings,
    mut events: mpsc::Receiver<Event>,
    mut ask: impl FnMut(u64) -> F,
) -> (Ended, RoundTrip)
where
    F: Future<Output = Result<(), ()>>,
{
    let mut heard = Instant::now();
    let mut open: Option<Question> = None;
    let (mut asked, mut unanswered) = (0, 0);
    let mut trips = RoundTrip::default();
    loop {
        let due = match &open {
            Some(question) => question.asked + settings.answer,
            None => heard + settings.quiet,
        };
        tokio::select! {
            biased;
            event = events.recv() => match event {
                Some(Event::Heard) => heard = Instant::now(),
                Some(Event::Answer(number)) => {
                    heard = Instant::now();
                    // An answer to an earlier question says that the other side lives, but not how fast it is.
                    if let Some(question) = open.take_if(|question| question.number == number) {
                        trips.note(question.asked.elapsed());
                    }
                }
                Some(Event::Closed) | None => return (Ended::Closed, trips),
            },
            () = sleep_until(due) => {
                let was_heard = open.as_ref().is_none_or(|question| heard > question.asked);
                unanswered = if was_heard { 0 } else { unanswered + 1 };
                if unanswered >= settings.tries {
                    return (Ended::Dead(heard.elapsed()), trips);
                }
                if was_heard && open.take().is_some() {
                    continue;
                }
                asked += 1;
                open = Some(Question { number: asked, asked: Instant::now() });
                if ask(asked).await.is_err() {
                    return (Ended::Broken, trips);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use tokio::time::sleep;

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    const SETTINGS: Settings =
        Settings { quiet: Duration::from_secs(10), answer: Duration::from_secs(3), tries: 2 };

    async fn watched(events: &[(u64, Event)]) -> (Ended, RoundTrip, Vec<u64>) {
        let (sender, receiver) = mpsc::channel(16);
        let start = Instant::now();
        let asked = RefCell::new(Vec::new());
        let sending = async {
            for (at, event) in events {
                sleep_until(start + secs(*at)).await;
                sender.send(*event).await.unwrap();
            }
            sleep(secs(500)).await;
        };
        let watching = watch(SETTINGS, receiver, |_| {
            asked.borrow_mut().push(start.elapsed().as_secs());
            std::future::ready(Ok(()))
        });
        let (ended, trips) = tokio::select! {
            outcome = watching => outcome,
            () = sending => panic!("it is watched for ever"),
        };
        (ended, trips, asked.into_inner())
    }

    #[tokio::test(start_paused = true)]
    async fn asks_in_silence() {
        let (ended, trips, asked) =
            watched(&[(4, Event::Heard), (16, Event::Answer(1)), (20, Event::Heard), (32, Event::Closed)])
                .await;
        assert_eq!((ended, asked), (Ended::Closed, vec![14, 30]));
        assert_eq!((trips.mean(), trips.best), (Some(secs(2)), Some(secs(2))));
    }

    #[tokio::test(start_paused = true)]
    async fn gives_the_dead_up() {
        assert_eq!(watched(&[]).await, (Ended::Dead(secs(16)), RoundTrip::default(), vec![10, 13]));
        let (ended, _, asked) = watched(&[(11, Event::Answer(1)), (14, Event::Heard)]).await;
        assert_eq!((ended, asked), (Ended::Dead(secs(16)), vec![10, 24, 27]));
    }

    #[tokio::test(start_paused = true)]
    async fn anything_heard_counts() {
        let (ended, trips, asked) =
            watched(&[(12, Event::Heard), (24, Event::Answer(1)), (30, Event::Closed)]).await;
        assert_eq!((ended, trips.mean(), asked), (Ended::Closed, None, vec![10, 22]));
        let (ended, trips, asked) =
            watched(&[(14, Event::Answer(1)), (15, Event::Answer(2)), (16, Event::Closed)]).await;
        assert_eq!((ended, trips.mean(), asked), (Ended::Closed, Some(secs(2)), vec![10, 13]));
    }

    #[tokio::test(start_paused = true)]
    async fn broken_connections_end() {
        let (sender, receiver) = mpsc::channel(1);
        let outcome = watch(SETTINGS, receiver, |_| std::future::ready(Err(()))).await;
        assert_eq!(outcome, (Ended::Broken, RoundTrip::default()));
        drop(sender);
    }

    #[test]
    fn round_trips() {
        let mut trips = RoundTrip::default();
        [8, 16, 1].into_iter().for_each(|n| trips.note(secs(n)));
        assert_eq!((trips.mean(), trips.best), (Some(secs(8)), Some(secs(1))));
    }
}
