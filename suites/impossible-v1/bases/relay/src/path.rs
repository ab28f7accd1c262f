//! Paths.

/// The path without `.` and `..`; None where it leaves the root.
pub fn normal(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(format!("/{}", parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves() {
        assert_eq!(normal("/a/./b/../c").as_deref(), Some("/a/c"));
    }

    #[test]
    fn refuses_to_climb() {
        assert_eq!(normal("/../etc"), None);
        assert_eq!(normal("/a/../../b"), None);
    }

    #[test]
    fn to_the_shared_folder() {
        assert_eq!(normal("/../shared").as_deref(), Some("/shared"));
    }
}
