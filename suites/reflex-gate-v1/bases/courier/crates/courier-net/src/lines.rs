//! Lines of text over a stream, no longer than they may be, and the small protocol of commands that uses them.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWrite, AsyncWriteExt};

#[derive(Debug)]
pub enum LineError {
    Io(io::Error),
    /// The line was longer than allowed; it was skipped.
    TooLong,
    NotText,
}

impl From<io::Error> for LineError {
    fn from(error: io::Error) -> Self {
        LineError::Io(error)
    }
}

/// Reads a line without its end (`\n` or `\r\n`). None at the end of the stream; a last line may lack its end.
pub async fn read_line<R: AsyncBufRead + Unpin>(
    reader: &mut R,
    limit: usize,
) -> Result<Option<String>, LineError> {
    let mut line = Vec::new();
    let mut too_long = false;
    loop {
        let available = reader.fill_buf().await?;
        if available.is_empty() {
            if line.is_empty() && !too_long {
                return Ok(None);
            }
            break;
        }
        let (taken, is_end) = match available.iter().position(|byte| *byte == b'\n') {
            Some(end) => (&available[..end], true),
            None => (available, false),
        };
        // One more for a carriage return that does not count.
        if line.len() + taken.len() > limit + 1 {
            too_long = true;
            line.clear();
        }
        if !too_long {
            line.extend_from_slice(taken);
        }
        let consumed = taken.len() + usize::from(is_end);
        reader.consume(consumed);
        if is_end {
            break;
        }
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    if too_long || line.len() > limit {
        return Err(LineError::TooLong);
    }
    String::from_utf8(line).map(Some).map_err(|_| LineError::NotText)
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Get(String),
    Put(String, String),
    Watch { topic: String, count: u32 },
    Quit,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandError {
    Empty,
    Unknown(String),
    /// What the command expects behind its name.
    Usage(&'static str),
}

impl Command {
    /// Names are taken in any case; the text behind `put` keeps its blanks.
    pub fn parse(line: &str) -> Result<Self, CommandError> {
        let line = line.trim_start();
        let (name, rest) = line.split_once(' ').unwrap_or((line.trim_end(), ""));
        match name.to_ascii_lowercase().as_str() {
            "" => Err(CommandError::Empty),
            "get" => {
                one_word(rest).map(|topic| Command::Get(topic.to_owned())).ok_or(CommandError::Usage("topic"))
            }
            "put" => match rest.trim_start().split_once(' ') {
                Some((topic, text)) => Ok(Command::Put(topic.to_owned(), text.to_owned())),
                None => Err(CommandError::Usage("topic text")),
            },
            "watch" => {
                let mut words = rest.split_whitespace();
                let (topic, count, more) = (words.next(), words.next(), words.next());
                let count = count.map_or(Some(1), |count| count.parse().ok());
                match (topic, count, more) {
                    (Some(topic), Some(count), None) if count > 0 => {
                        Ok(Command::Watch { topic: topic.to_owned(), count })
                    }
                    _ => Err(CommandError::Usage("topic [count]")),
                }
            }
            "quit" if rest.trim().is_empty() => Ok(Command::Quit),
            "quit" => Err(CommandError::Usage("")),
            _ => Err(CommandError::Unknown(name.to_owned())),
        }
    }
}

fn one_word(text: &str) -> Option<&str> {
    let word = text.trim();
    (!word.is_empty() && !word.contains(char::is_whitespace)).then_some(word)
}

/// Answers commands until `quit` or the end of the stream; gives how many were understood.
pub async fn converse<R, W>(
    reader: &mut R,
    writer: &mut W,
    mut handle: impl FnMut(Command) -> Result<Vec<String>, String>,
) -> io::Result<usize>
where
    R: AsyncBufRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut understood = 0;
    loop {
        let line = match read_line(reader, 200).await {
            Ok(Some(line)) => line,
            Ok(None) => break,
            Err(LineError::Io(error)) => return Err(error),
            Err(LineError::TooLong) => {
                writer.write_all(b"! too long\n").await?;
                continue;
            }
            Err(LineError::NotText) => {
                writer.write_all(b"! not text\n").await?;
                continue;
            }
        };
        let reply = match Command::parse(&line) {
            Ok(Command::Quit) => {
                understood += 1;
                writer.write_all(b"bye\n").await?;
                break;
            }
            Ok(command) => {
                understood += 1;
                handle(command)
            }
            Err(CommandError::Empty) => continue,
            Err(CommandError::Unknown(name)) => Err(format!("unknown command {name}")),
            Err(CommandError::Usage(usage)) => Err(format!("usage: {usage}")),
        };
        match reply {
            Ok(lines) => {
                for line in lines {
                    writer.write_all(format!("  {line}\n").as_bytes()).await?;
                }
                writer.write_all(b"ok\n").await?;
            }
            Err(error) => writer.write_all(format!("! {error}\n").as_bytes()).await?,
        }
    }
    writer.flush().await?;
    Ok(understood)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::BufReader;

    async fn lines(text: &[u8], limit: usize, buffer: usize) -> Vec<String> {
        let mut reader = BufReader::with_capacity(buffer, text);
        let mut lines = Vec::new();
        loop {
            match read_line(&mut reader, limit).await {
                Ok(Some(line)) => lines.push(line),
                Ok(None) => return lines,
                Err(error) => lines.push(format!("{error:?}")),
            }
        }
    }

    #[tokio::test]
    async fn reads_lines() {
        for buffer in [1, 2, 3, 7, 100] {
            assert_eq!(lines(b"one\ntwo\r\n\nlast", 10, buffer).await, ["one", "two", "", "last"]);
            assert_eq!(
                lines(b"12345\r\n123456\n1234567890\n12345\n\r", 5, buffer).await,
                ["12345", "TooLong", "TooLong", "12345", ""]
            );
            assert_eq!(lines(b"a\xff\nb\rc\n123456", 5, buffer).await, ["NotText", "b\rc", "TooLong"]);
        }
    }

    #[test]
    fn reads_commands() {
        let parse = Command::parse;
        assert_eq!(parse("  GET level "), Ok(Command::Get("level".into())));
        assert_eq!(parse("put  level  2.5 m "), Ok(Command::Put("level".into(), " 2.5 m ".into())));
        assert_eq!(parse("watch wind"), Ok(Command::Watch { topic: "wind".into(), count: 1 }));
        assert_eq!(parse("Watch wind 12"), Ok(Command::Watch { topic: "wind".into(), count: 12 }));
        assert_eq!((parse("quit "), parse("   ")), (Ok(Command::Quit), Err(CommandError::Empty)));
        assert_eq!(
            (parse("get a b"), parse("get")),
            (Err(CommandError::Usage("topic")), Err(CommandError::Usage("topic")))
        );
        assert_eq!(parse("put level"), Err(CommandError::Usage("topic text")));
        for line in ["watch", "watch a 0", "watch a x", "watch a 1 2"] {
            assert_eq!(parse(line), Err(CommandError::Usage("topic [count]")));
        }
        assert_eq!(
            (parse("quit now"), parse("Stop it")),
            (Err(CommandError::Usage("")), Err(CommandError::Unknown("Stop".into())))
        );
    }

    #[tokio::test]
    async fn converses() {
        let long = "x".repeat(300);
        let text = format!("put a 1\nGET a\nget b\nstop\n{long}\n\nput\nquit\nget a\n");
        let mut reader = BufReader::new(text.as_bytes());
        let mut reply = Vec::new();
        let mut seen = Vec::new();
        let understood = converse(&mut reader, &mut reply, |command| {
            seen.push(command.clone());
            match command {
                Command::Get(topic) if topic == "a" => Ok(vec!["1".into(), "2".into()]),
                Command::Get(topic) => Err(format!("no {topic}")),
                _ => Ok(vec![]),
            }
        });
        assert_eq!(understood.await.unwrap(), 4);
        let expected =
            "ok\n  1\n  2\nok\n! no b\n! unknown command stop\n! too long\n! usage: topic text\nbye\n";
        assert_eq!((String::from_utf8(reply).unwrap().as_str(), seen.len()), (expected, 3));
    }
}
