//! Counted things.

/// `no tasks`, `1 task`, `2 tasks`.
pub fn counted(count: u32, noun: &str) -> String {
    match count {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several() {
        assert_eq!(counted(3, "task"), "3 tasks");
    }

    #[test]
    fn counts_down() {
        assert_eq!(counted(1, "task"), "1 task");
        assert_eq!(counted(0, "task"), "0 tasks");
    }

    #[test]
    fn none() {
        assert_eq!(counted(0, "task"), "no tasks");
    }
}
