//! Further tests of the life of a connection.

use crate::session::{proof_for, Action, Event, Reason, Session, Settings, State};

const SETTINGS: Settings = Settings { versions: (1, 1), max_requests: 3, idle_ms: 50, attempts: 2 };

fn open() -> Session {
    let mut session = Session::new(SETTINGS, 5);
    session.on(Event::Hello { version: 1, name: "a".into() });
    session.on(Event::Proof(proof_for("a", 5)));
    session
}

#[test]
fn proofs() {
    assert_eq!(
        [proof_for("", 9), proof_for("a", 0), proof_for("a", 1 << 62)],
        [9, 106_652_627_936_467, 106_652_627_936_475]
    );
    let mut session = Session::new(SETTINGS, 5);
    session.on(Event::Hello { version: 1, name: "a".into() });
    assert_eq!(
        session.on(Event::Proof(proof_for("b", 5))),
        Some(Action::Challenge(5 + 0x9e37_79b9_7f4a_7c15))
    );
    assert_eq!((session.name(), session.state()), (None, State::Greeted));
    assert_eq!(session.on(Event::Proof(proof_for("a", 5 + 0x9e37_79b9_7f4a_7c15))), Some(Action::Welcome));
    assert_eq!((session.name(), session.state()), (Some("a"), State::Open));
    let mut session = Session::new(SETTINGS, 5);
    session.on(Event::Hello { version: 1, name: "a".into() });
    assert_eq!(
        [0, 0, 0].map(|proof| session.on(Event::Proof(proof))).map(|action| action.is_some()),
        [true, true, false]
    );
}

#[test]
fn out_of_turn() {
    let unexpected = Some(Action::Close(Reason::Unexpected));
    for event in [Event::Proof(1), Event::Request(1), Event::Response(1), Event::Goodbye] {
        let mut session = Session::new(SETTINGS, 5);
        assert_eq!((session.on(event), session.state()), (unexpected.clone(), State::Closed));
    }
    assert_eq!(open().on(Event::Proof(1)), unexpected);
    assert_eq!(open().on(Event::Hello { version: 1, name: "b".into() }), unexpected);
    let versions =
        [0, 2].map(|version| Session::new(SETTINGS, 5).on(Event::Hello { version, name: "a".into() }));
    assert_eq!(versions, [const { Some(Action::Close(Reason::Version)) }; 2]);
}

#[test]
fn requests() {
    let mut session = open();
    let begun: Vec<_> = [4, 7, 4, 9, 1].into_iter().filter_map(|id| session.on(Event::Request(id))).collect();
    let expected = [
        Action::Handle(4),
        Action::Handle(7),
        Action::Refuse(Reason::Duplicate),
        Action::Handle(9),
        Action::Refuse(Reason::TooMany),
    ];
    assert_eq!((begun, session.under_way()), (expected.to_vec(), 3));
    let ended: Vec<_> = [7, 7, 4].into_iter().map(|id| session.on(Event::Response(id))).collect();
    assert_eq!(ended, [Some(Action::Reply(7)), None, Some(Action::Reply(4))]);
    assert_eq!((session.on(Event::Goodbye), session.under_way(), session.name()), (None, 1, Some("a")));
    assert_eq!(
        (session.on(Event::Tick(999)), session.on(Event::Response(9)), session.state()),
        (None, Some(Action::Reply(9)), State::Closed)
    );
    assert_eq!((session.on(Event::Response(9)), session.name()), (None, None));
}

#[test]
fn silence() {
    let mut session = open();
    assert_eq!([Event::Tick(49), Event::Tick(20)].map(|event| session.on(event)), [None, None]);
    session.on(Event::Request(1));
    session.on(Event::Tick(90));
    session.on(Event::Response(1));
    assert_eq!(session.on(Event::Tick(98)), None);
    assert_eq!(
        (session.on(Event::Tick(99)), session.state()),
        (Some(Action::Close(Reason::Idle)), State::Closed)
    );
    let mut early = Session::new(SETTINGS, 5);
    assert_eq!(
        (early.on(Event::Tick(49)), early.on(Event::Tick(50))),
        (None, Some(Action::Close(Reason::Idle)))
    );
    let texts = [Reason::Version, Reason::Proof, Reason::Unexpected, Reason::Duplicate]
        .map(|reason| reason.to_string());
    assert_eq!(texts, ["no common version", "the proof is wrong", "out of turn", "a number that is in use"]);
    assert_eq!(
        [Reason::TooMany, Reason::Done].map(|reason| reason.to_string()),
        ["too many requests at once", "done"]
    );
}
