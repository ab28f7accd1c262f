//! Routes through the depot; most have few stops, so they are kept without an allocation.

use smallvec::{smallvec, SmallVec};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    pub aisle: char,
    pub bay: u16,
}

pub type Stops = SmallVec<[Stop; 4]>;

/// Reads `A1,B12`; a stop that can't be read ends the route.
pub fn read_route(text: &str) -> Stops {
    let read = |part: &str| {
        let mut chars = part.trim().chars();
        let aisle = chars.next()?;
        let bay = chars.as_str().parse().ok()?;
        Some(Stop { aisle, bay })
    };
    text.split(',').map_while(read).collect()
}

/// The way there and back, without visiting the last stop twice.
pub fn round_trip(there: &[Stop]) -> Stops {
    let mut route = Stops::from_slice(there);
    route.extend(there.iter().rev().skip(1).copied());
    route
}

/// The route with a detour put in after the first stop.
pub fn with_detour(route: &[Stop], detour: &[Stop]) -> Stops {
    let mut changed: Stops = smallvec![];
    changed.extend_from_slice(route);
    let at = changed.len().min(1);
    changed.insert_many(at, detour.iter().copied());
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(stops: &[Stop]) -> String {
        let shown: Vec<String> = stops
            .iter()
            .map(|s| format!("{}{}", s.aisle, s.bay))
            .collect();
        shown.join(",")
    }

    #[test]
    fn reads_routes() {
        let route = read_route("A1, B12,C3");
        assert_eq!(show(&route), "A1,B12,C3");
        assert!(!route.spilled());
        assert_eq!(show(&read_route("A1,?,C3")), "A1");
    }

    #[test]
    fn goes_there_and_back() {
        let route = round_trip(&read_route("A1,B2,C3"));
        assert_eq!(show(&route), "A1,B2,C3,B2,A1");
        assert!(route.spilled());
    }

    #[test]
    fn takes_a_detour() {
        let route = with_detour(&read_route("A1,B2"), &read_route("X9,Y8"));
        assert_eq!(show(&route), "A1,X9,Y8,B2");
    }
}
