//! Further tests of carrying bytes.

use crate::proxy::{carry, Ended, Limits, Summary};
use std::io::ErrorKind;
use std::time::Duration;
use tokio::io::{duplex, AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::task::JoinHandle;
use tokio::time::{sleep, Instant};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn carried(size: usize, limits: Limits) -> (DuplexStream, DuplexStream, JoinHandle<Summary>) {
    let (client, near) = duplex(size);
    let (far, server) = duplex(size);
    (client, server, tokio::spawn(carry(near, far, limits)))
}

const WIDE: Limits = Limits { idle: Duration::from_millis(500), bytes: 1_000_000 };

#[tokio::test(start_paused = true)]
async fn large_transfers() {
    let (client, server, task) = carried(777, WIDE);
    let run = |stream: DuplexStream, value: u8, count: usize| async move {
        let (mut reader, mut writer) = tokio::io::split(stream);
        let sending = tokio::spawn(async move {
            writer.write_all(&vec![value; count]).await.unwrap();
            writer.shutdown().await.unwrap();
        });
        let mut got = Vec::new();
        reader.read_to_end(&mut got).await.unwrap();
        sending.await.unwrap();
        (got.len(), got.first().copied(), got.iter().all(|byte| Some(byte) == got.first()))
    };
    let outcome = tokio::join!(run(client, 1, 50_000), run(server, 2, 30_001));
    assert_eq!(outcome, ((30_001, Some(2), true), (50_000, Some(1), true)));
    assert_eq!(task.await.unwrap(), Summary { ended: Ended::Finished, forth: 50_000, back: 30_001 });
}

#[tokio::test(start_paused = true)]
async fn one_side_may_be_done_early() {
    let (mut client, mut server, task) = carried(64, WIDE);
    server.shutdown().await.unwrap();
    let mut nothing = [0; 4];
    assert_eq!(client.read(&mut nothing).await.unwrap(), 0);
    let mut got = [0; 5];
    for n in 0..3_u8 {
        sleep(ms(400)).await;
        client.write_all(&[n; 5]).await.unwrap();
        server.read_exact(&mut got).await.unwrap();
        assert_eq!(got, [n; 5]);
    }
    client.shutdown().await.unwrap();
    assert_eq!(task.await.unwrap(), Summary { ended: Ended::Finished, forth: 15, back: 0 });
}

#[tokio::test(start_paused = true)]
async fn silence() {
    let start = Instant::now();
    let (mut client, _server, task) = carried(64, WIDE);
    sleep(ms(499)).await;
    client.write_all(b"a").await.unwrap();
    assert_eq!(task.await.unwrap(), Summary { ended: Ended::Idle, forth: 1, back: 0 });
    assert_eq!(start.elapsed(), ms(999));
    let (mut client, mut server, task) = carried(64, WIDE);
    client.shutdown().await.unwrap();
    for _ in 0..4 {
        sleep(ms(300)).await;
        server.write_all(b"bb").await.unwrap();
    }
    assert_eq!(task.await.unwrap(), Summary { ended: Ended::Idle, forth: 0, back: 8 });
    assert_eq!(start.elapsed(), ms(999 + 1200 + 500));
}

#[tokio::test(start_paused = true)]
async fn limits_and_failures() {
    for (bytes, expected) in [(12, Ended::Idle), (11, Ended::Limit)] {
        let (mut client, mut server, task) = carried(64, Limits { bytes, ..WIDE });
        client.write_all(b"123456").await.unwrap();
        sleep(ms(1)).await;
        server.write_all(b"123456").await.unwrap();
        let summary = task.await.unwrap();
        assert_eq!(
            (summary.ended, summary.forth, summary.back),
            (expected, 6, if bytes == 12 { 6 } else { 0 })
        );
    }
    let (client, mut server, task) = carried(64, WIDE);
    drop(client);
    sleep(ms(1)).await;
    server.write_all(b"late").await.unwrap();
    assert_eq!(
        task.await.unwrap(),
        Summary { ended: Ended::Failed(ErrorKind::BrokenPipe), forth: 0, back: 0 }
    );
}
