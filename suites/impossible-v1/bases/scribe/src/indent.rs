//! Indented text.

fn prefix(line: &str) -> &str {
    if line.is_empty() { "" } else { "  " }
}

/// Two spaces before every line that is not empty.
pub fn indent(text: &str) -> String {
    text.split('\n').map(|line| format!("{}{line}", prefix(line))).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn around_a_blank() {
        assert_eq!(indent("a blank\n\nline"), "  a blank\n  \n  line");
    }

    #[test]
    fn two_spaces() {
        assert_eq!(indent("a\nb"), "  a\n  b");
    }

    #[test]
    fn empty_lines_stay_empty() {
        assert_eq!(indent("a\n\nb"), "  a\n\n  b");
    }
}
