//! The life of a connection as a table of states: what an event means depends on what came before.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing was said yet.
    New,
    /// A name was given; a proof is expected.
    Greeted,
    Open,
    /// Nothing new is begun; what is under way is finished.
    Draining,
    Closed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Hello {
        version: u16,
        name: String,
    },
    Proof(u64),
    Request(u32),
    Response(u32),
    Goodbye,
    /// The clock, in milliseconds.
    Tick(u64),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    Challenge(u64),
    Welcome,
    Handle(u32),
    Reply(u32),
    Refuse(Reason),
    Close(Reason),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Version,
    Proof,
    Unexpected,
    Duplicate,
    TooMany,
    Idle,
    Done,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Version => "no common version",
            Reason::Proof => "the proof is wrong",
            Reason::Unexpected => "out of turn",
            Reason::Duplicate => "a number that is in use",
            Reason::TooMany => "too many requests at once",
            Reason::Idle => "nothing heard for too long",
            Reason::Done => "done",
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    pub versions: (u16, u16),
    pub max_requests: usize,
    pub idle_ms: u64,
    pub attempts: u32,
}

#[derive(Debug, Clone)]
pub struct Session {
    settings: Settings,
    state: State,
    name: Option<String>,
    challenge: u64,
    failures: u32,
    under_way: Vec<u32>,
    /// When something was heard last.
    heard_ms: u64,
    now_ms: u64,
}

/// What a name has to answer to a challenge.
pub fn proof_for(name: &str, challenge: u64) -> u64 {
    name.bytes()
        .fold(challenge, |proof, byte| proof.rotate_left(5) ^ u64::from(byte).wrapping_mul(0x0100_0000_01b3))
}

impl Session {
    pub fn new(settings: Settings, challenge: u64) -> Self {
        Session {
            settings,
            state: State::New,
            name: None,
            challenge,
            failures: 0,
            under_way: Vec::new(),
            heard_ms: 0,
            now_ms: 0,
        }
    }

    pub fn state(&self) -> State {
        self.state
    }

    /// Who the other side has proved to be.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref().filter(|_| matches!(self.state, State::Open | State::Draining))
    }

    pub fn under_way(&self) -> usize {
        self.under_way.len()
    }

    /// What an event asks for. A closed session ignores everything.
    pub fn on(&mut self, event: Event) -> Option<Action> {
        if self.state == State::Closed {
            return None;
        }
        if let Event::Tick(now_ms) = event {
            return self.tick(now_ms);
        }
        if !matches!(event, Event::Response(_)) {
            self.heard_ms = self.now_ms;
        }
        match (self.state, event) {
            (State::New, Event::Hello { version, name }) => Some(self.greet(version, name)),
            (State::Greeted, Event::Proof(proof)) => Some(self.check(proof)),
            (State::Open, Event::Request(id)) => Some(self.begin(id)),
            (State::Draining, Event::Request(_)) => Some(Action::Refuse(Reason::Done)),
            (State::Open | State::Draining, Event::Response(id)) => self.finish(id),
            (State::Open, Event::Goodbye) => self.drain(),
            (State::Draining, Event::Goodbye) => None,
            _ => Some(self.close(Reason::Unexpected)),
        }
    }

    fn greet(&mut self, version: u16, name: String) -> Action {
        let (oldest, newest) = self.settings.versions;
        if version < oldest || version > newest {
            return self.close(Reason::Version);
        }
        self.name = Some(name);
        self.state = State::Greeted;
        Action::Challenge(self.challenge)
    }

    /// A wrong proof gets another challenge, until there were too many.
    fn check(&mut self, proof: u64) -> Action {
        let expected = proof_for(self.name.as_deref().unwrap_or(""), self.challenge);
        if proof == expected {
            self.state = State::Open;
            return Action::Welcome;
        }
        self.failures += 1;
        if self.failures >= self.settings.attempts {
            return self.close(Reason::Proof);
        }
        self.challenge = self.challenge.wrapping_add(0x9e37_79b9_7f4a_7c15);
        Action::Challenge(self.challenge)
    }

    fn begin(&mut self, id: u32) -> Action {
        if self.under_way.contains(&id) {
            return Action::Refuse(Reason::Duplicate);
        }
        if self.under_way.len() >= self.settings.max_requests {
            return Action::Refuse(Reason::TooMany);
        }
        self.under_way.push(id);
        Action::Handle(id)
    }

    /// An answer that nobody waits for is dropped. The last one of a draining session closes it.
    fn finish(&mut self, id: u32) -> Option<Action> {
        let place = self.under_way.iter().position(|other| *other == id)?;
        self.under_way.swap_remove(place);
        if self.state == State::Draining && self.under_way.is_empty() {
            self.state = State::Closed;
        }
        Some(Action::Reply(id))
    }

    fn drain(&mut self) -> Option<Action> {
        if self.under_way.is_empty() {
            return Some(self.close(Reason::Done));
        }
        self.state = State::Draining;
        None
    }

    /// A session that works on something is not idle.
    fn tick(&mut self, now_ms: u64) -> Option<Action> {
        self.now_ms = self.now_ms.max(now_ms);
        let silent = self.now_ms - self.heard_ms;
        (self.under_way.is_empty() && silent >= self.settings.idle_ms).then(|| self.close(Reason::Idle))
    }

    fn close(&mut self, reason: Reason) -> Action {
        self.state = State::Closed;
        self.under_way.clear();
        Action::Close(reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> Session {
        Session::new(Settings { versions: (2, 4), max_requests: 2, idle_ms: 1000, attempts: 3 }, 77)
    }

    fn hello(version: u16) -> Event {
        Event::Hello { version, name: "pier".into() }
    }

    fn open() -> Session {
        let mut session = session();
        session.on(hello(3));
        assert_eq!(session.on(Event::Proof(proof_for("pier", 77))), Some(Action::Welcome));
        session
    }

    #[test]
    fn greets_and_checks() {
        let mut session = session();
        assert_eq!(
            (session.on(hello(4)), session.state(), session.name()),
            (Some(Action::Challenge(77)), State::Greeted, None)
        );
        let Some(Action::Challenge(second)) = session.on(Event::Proof(1)) else {
            panic!("no second challenge")
        };
        assert_ne!(second, 77);
        assert_eq!(
            session.on(Event::Proof(proof_for("pier", 77))),
            Some(Action::Challenge(77_u64.wrapping_add(0x3c6e_f372_fe94_f82a)))
        );
        assert_eq!(session.on(Event::Proof(0)), Some(Action::Close(Reason::Proof)));
        assert_eq!((session.on(hello(3)), session.state()), (None, State::Closed));
        assert_eq!(open().name(), Some("pier"));
    }

    #[test]
    fn knows_its_versions() {
        let outcomes =
            [1, 2, 4, 5].map(|version| session().on(hello(version)) == Some(Action::Challenge(77)));
        assert_eq!(outcomes, [false, true, true, false]);
        assert_eq!(session().on(Event::Request(1)), Some(Action::Close(Reason::Unexpected)));
    }

    #[test]
    fn limits_requests() {
        let mut session = open();
        let actions = [1, 1, 2, 3].map(|id| session.on(Event::Request(id)).unwrap());
        let refuse = Action::Refuse;
        assert_eq!(
            actions,
            [Action::Handle(1), refuse(Reason::Duplicate), Action::Handle(2), refuse(Reason::TooMany)]
        );
        assert_eq!(
            (session.on(Event::Response(9)), session.on(Event::Response(1))),
            (None, Some(Action::Reply(1)))
        );
        assert_eq!((session.on(Event::Request(3)), session.under_way()), (Some(Action::Handle(3)), 2));
    }

    #[test]
    fn drains() {
        let mut session = open();
        session.on(Event::Request(5));
        session.on(Event::Request(6));
        assert_eq!((session.on(Event::Goodbye), session.state()), (None, State::Draining));
        assert_eq!(
            (session.on(Event::Request(7)), session.on(Event::Goodbye)),
            (Some(Action::Refuse(Reason::Done)), None)
        );
        assert_eq!(
            (session.on(Event::Response(5)), session.state()),
            (Some(Action::Reply(5)), State::Draining)
        );
        assert_eq!(
            (session.on(Event::Response(6)), session.state()),
            (Some(Action::Reply(6)), State::Closed)
        );
        assert_eq!(open().on(Event::Goodbye), Some(Action::Close(Reason::Done)));
    }

    #[test]
    fn closes_when_idle() {
        let mut session = open();
        assert_eq!(
            (session.on(Event::Tick(600)), session.on(Event::Request(1))),
            (None, Some(Action::Handle(1)))
        );
        assert_eq!(
            (session.on(Event::Tick(5000)), session.on(Event::Response(1))),
            (None, Some(Action::Reply(1)))
        );
        assert_eq!(session.on(Event::Tick(5001)), Some(Action::Close(Reason::Idle)));
        let mut session = open();
        session.on(Event::Tick(900));
        session.on(Event::Request(1));
        session.on(Event::Response(1));
        assert_eq!(
            (session.on(Event::Tick(1899)), session.on(Event::Tick(1900))),
            (None, Some(Action::Close(Reason::Idle)))
        );
        assert_eq!(Reason::Idle.to_string(), "nothing heard for too long");
    }
}
