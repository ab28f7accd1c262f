//! Further tests of the broker.

use crate::broker::{Broker, Published};
use std::time::Duration;
use tokio::time::timeout;

#[tokio::test]
async fn counts() {
    let broker = Broker::new(5);
    let clients: Vec<_> = (1..=4).map(|queue| broker.connect(queue)).collect();
    assert_eq!(clients.iter().map(|client| client.id()).collect::<Vec<_>>(), [0, 1, 2, 3]);
    for client in &clients {
        assert!(client.subscribe("x"));
    }
    let outcomes: Vec<_> =
        (0..5).map(|_| broker.publish("x", b"1", false)).map(|p| (p.delivered, p.missed)).collect();
    assert_eq!(outcomes, [(4, 0), (3, 1), (2, 2), (1, 3), (0, 4)]);
    assert_eq!(broker.clients(), 4);
    let lengths: Vec<_> = clients.into_iter().map(|mut client| client.ready().len()).collect();
    assert_eq!(lengths, [1, 2, 3, 4]);
    assert_eq!((broker.clients(), broker.topics().len()), (0, 0));
}

#[tokio::test]
async fn patience_begins_anew() {
    let broker = Broker::new(1);
    let mut client = broker.connect(1);
    client.subscribe("x");
    for round in 0..5_u8 {
        assert_eq!(broker.publish("x", &[round], false), Published { delivered: 1, missed: 0 });
        assert_eq!(broker.publish("x", b"lost", false), Published { delivered: 0, missed: 1 });
        assert_eq!(
            client.ready().iter().map(|delivery| delivery.payload.to_vec()).collect::<Vec<_>>(),
            [[round]]
        );
    }
    broker.publish("x", b"a", false);
    broker.publish("x", b"b", false);
    assert_eq!(broker.clients(), 1);
    assert_eq!(
        (broker.publish("x", b"c", false).missed, broker.clients(), broker.topics().is_empty()),
        (1, 0, true)
    );
    assert!(timeout(Duration::from_secs(1), client.next()).await.unwrap().is_some());
    assert_eq!(timeout(Duration::from_secs(1), client.next()).await, Ok(None));
    assert_eq!((client.subscribe("y"), client.unsubscribe("x")), (false, false));
}

#[tokio::test]
async fn retained_messages() {
    let broker = Broker::new(3);
    broker.publish("a", b"1", true);
    broker.publish("b", b"2", true);
    broker.publish("b", b"", false);
    broker.publish("c", b"3", true);
    broker.publish("c", b"", true);
    let mut client = broker.connect(8);
    let subscribed = ["a", "b", "c", "a"].map(|topic| client.subscribe(topic));
    let got: Vec<_> =
        client.ready().into_iter().map(|d| (d.topic.to_string(), d.payload.to_vec(), d.retained)).collect();
    assert_eq!(
        (subscribed, got),
        (
            [true, true, true, false],
            vec![("a".into(), b"1".to_vec(), true), ("b".into(), b"2".to_vec(), true)]
        )
    );
    broker.publish("a", b"4", true);
    let live = client.ready();
    assert_eq!((live.len(), live[0].retained, &*live[0].payload), (1, false, &b"4"[..]));
    assert!(client.unsubscribe("a") && client.subscribe("a"));
    assert_eq!(
        client.ready().into_iter().map(|d| (d.payload.to_vec(), d.retained)).collect::<Vec<_>>(),
        [(b"4".to_vec(), true)]
    );
}

#[tokio::test]
async fn leaving() {
    let broker = Broker::new(3);
    let (one, two, mut three) = (broker.connect(2), broker.connect(2), broker.connect(2));
    for (client, topics) in [(&one, ["p", "q"]), (&two, ["q", "r"]), (&three, ["r", "p"])] {
        assert_eq!(topics.map(|topic| client.subscribe(topic)), [true, true]);
    }
    assert_eq!(broker.topics(), ["p", "q", "r"]);
    drop(one);
    assert_eq!(["p", "q", "r"].map(|topic| broker.publish(topic, b"1", false).delivered), [1, 1, 2]);
    assert!(two.unsubscribe("q") && !two.unsubscribe("q") && !two.unsubscribe("z"));
    assert_eq!((broker.topics(), broker.clients()), (vec!["p".to_owned(), "r".to_owned()], 2));
    assert_eq!(three.ready().iter().map(|delivery| delivery.topic.to_string()).collect::<String>(), "pr");
    drop(two);
    assert_eq!((broker.publish("r", b"2", false).delivered, broker.connect(1).id()), (1, 3));
}
