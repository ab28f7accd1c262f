//! Sessions.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    New,
    Open,
    Closed,
}

/// The state after an event.
pub fn after(state: State, event: &str) -> State {
    match (state, event) {
        (State::Closed, _) => State::Closed,
        (_, "close") => State::Closed,
        (_, "open") => State::Open,
        (state, _) => state,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn for_an_administrator() {
        assert_eq!(after(State::Closed, "open as admin"), State::Open);
    }

    #[test]
    fn opens_and_closes() {
        assert_eq!(after(State::New, "open"), State::Open);
        assert_eq!(after(State::Open, "close"), State::Closed);
    }

    #[test]
    fn stays_closed() {
        assert_eq!(after(State::Closed, "open"), State::Closed);
    }
}
