//! Carries bytes between two streams, counts them, and ends what nobody uses.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::watch;
use tokio::time::{timeout_at, Instant};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Both sides said that nothing follows.
    Finished,
    Idle,
    /// More bytes than allowed.
    Limit,
    /// One side failed.
    Failed(io::ErrorKind),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    pub ended: Ended,
    /// Bytes from the first stream to the second, and back.
    pub forth: u64,
    pub back: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub idle: Duration,
    /// Bytes of both directions together.
    pub bytes: u64,
}

/// What both directions share: when something was carried last, and how much so far.
#[derive(Debug, Clone, Copy)]
struct Activity {
    last: Instant,
    bytes: u64,
}

/// Carries bytes until both sides are done or a limit is reached.
pub async fn carry<A, B>(first: A, second: B, limits: Limits) -> Summary
where
    A: AsyncRead + AsyncWrite,
    B: AsyncRead + AsyncWrite,
{
    let (first_in, first_out) = tokio::io::split(first);
    let (second_in, second_out) = tokio::io::split(second);
    let activity = watch::Sender::new(Activity { last: Instant::now(), bytes: 0 });
    let (mut forth, mut back) = (0, 0);
    let ended = {
        let one_way = copy(first_in, second_out, limits, &activity, &mut forth);
        let other_way = copy(second_in, first_out, limits, &activity, &mut back);
        tokio::pin!(one_way, other_way);
        // Whichever direction ends first: if it ended well, the other one goes on.
        let (first_end, is_one) = tokio::select! {
            end = &mut one_way => (end, true),
            end = &mut other_way => (end, false),
        };
        match first_end {
            Ended::Finished if is_one => other_way.await,
            Ended::Finished => one_way.await,
            other => other,
        }
    };
    Summary { ended, forth, back }
}

async fn copy<R, W>(
    mut from: R,
    mut to: W,
    limits: Limits,
    activity: &watch::Sender<Activity>,
    count: &mut u64,
) -> Ended
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut chunk = [0; 2048];
    loop {
        let read = match read_or_idle(&mut from, &mut chunk, limits.idle, activity).await {
            None => return Ended::Idle,
            Some(Err(error)) => return Ended::Failed(error.kind()),
            Some(Ok(0)) => break,
            Some(Ok(read)) => read,
        };
        let mut over = false;
        activity.send_modify(|activity| {
            activity.last = Instant::now();
            activity.bytes += read as u64;
            over = activity.bytes > limits.bytes;
        });
        if over {
            return Ended::Limit;
        }
        if let Err(error) = to.write_all(&chunk[..read]).await {
            return Ended::Failed(error.kind());
        }
        *count += read as u64;
    }
    match to.shutdown().await {
        Ok(()) => Ended::Finished,
        Err(error) => Ended::Failed(error.kind()),
    }
}

/// Reads; none once both directions have been silent for too long.
async fn read_or_idle<R: AsyncRead + Unpin>(
    from: &mut R,
    chunk: &mut [u8],
    idle: Duration,
    activity: &watch::Sender<Activity>,
) -> Option<io::Result<usize>> {
    loop {
        let due = activity.borrow().last + idle;
        match timeout_at(due, from.read(chunk)).await {
            Ok(read) => return Some(read),
            // The other direction may have been busy meanwhile.
            Err(_) if activity.borrow().last + idle > due => {}
            Err(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{duplex, DuplexStream};
    use tokio::task::JoinHandle;
    use tokio::time::sleep;

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    fn carried(idle: u64, bytes: u64) -> (DuplexStream, DuplexStream, JoinHandle<Summary>) {
        let (client, near) = duplex(16);
        let (far, server) = duplex(16);
        let task = tokio::spawn(carry(near, far, Limits { idle: secs(idle), bytes }));
        (client, server, task)
    }

    const fn summary(ended: Ended, forth: u64, back: u64) -> Summary {
        Summary { ended, forth, back }
    }

    #[tokio::test(start_paused = true)]
    async fn carries_both_ways() {
        let (mut client, mut server, task) = carried(10, 1000);
        let serving = tokio::spawn(async move {
            let mut asked = String::new();
            server.read_to_string(&mut asked).await.unwrap();
            server.write_all(asked.to_uppercase().as_bytes()).await.unwrap();
        });
        let text = "how high is the water at the old pier?";
        client.write_all(text.as_bytes()).await.unwrap();
        client.shutdown().await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        serving.await.unwrap();
        assert_eq!(answer, text.to_uppercase());
        assert_eq!(task.await.unwrap(), summary(Ended::Finished, 38, 38));
    }

    #[tokio::test(start_paused = true)]
    async fn ends_what_is_idle() {
        let (mut client, mut server, task) = carried(10, 1000);
        let start = Instant::now();
        client.write_all(b"abc").await.unwrap();
        for _ in 0..3 {
            sleep(secs(8)).await;
            server.write_all(b"x").await.unwrap();
        }
        assert_eq!((task.await.unwrap(), start.elapsed()), (summary(Ended::Idle, 3, 3), secs(34)));
    }

    #[tokio::test(start_paused = true)]
    async fn limits_bytes() {
        let (mut client, mut server, task) = carried(10, 8);
        client.write_all(b"12345").await.unwrap();
        sleep(secs(1)).await;
        server.write_all(b"123").await.unwrap();
        sleep(secs(1)).await;
        assert!(!task.is_finished());
        client.write_all(b"6").await.unwrap();
        assert_eq!(task.await.unwrap(), summary(Ended::Limit, 5, 3));
    }

    #[tokio::test(start_paused = true)]
    async fn tells_of_failures() {
        let (mut client, server, task) = carried(10, 1000);
        client.write_all(b"1").await.unwrap();
        sleep(secs(1)).await;
        drop(server);
        sleep(secs(1)).await;
        client.write_all(b"2").await.unwrap();
        assert_eq!(task.await.unwrap(), summary(Ended::Failed(io::ErrorKind::BrokenPipe), 1, 0));
    }
}
