//! Further tests of lines and commands.

use crate::lines::{converse, read_line, Command, CommandError, LineError};
use tokio::io::BufReader;

#[tokio::test]
async fn limits() {
    let text = "a\r\nabcdef\r\nabcdefg\r\nabcdefgh\nabcdef\r";
    for buffer in [1, 4, 5, 9, 64] {
        let mut reader = BufReader::with_capacity(buffer, text.as_bytes());
        let mut seen = Vec::new();
        for _ in 0..6 {
            seen.push(match read_line(&mut reader, 6).await {
                Ok(line) => line.unwrap_or("end".into()),
                Err(LineError::TooLong) => "long".into(),
                Err(other) => format!("{other:?}"),
            });
        }
        assert_eq!(seen, ["a", "abcdef", "long", "long", "abcdef", "end"]);
    }
    let mut reader = BufReader::with_capacity(3, "éé\n\u{1f30a}\n".as_bytes());
    assert_eq!(read_line(&mut reader, 4).await.unwrap().as_deref(), Some("éé"));
    assert_eq!(read_line(&mut reader, 4).await.unwrap().as_deref(), Some("\u{1f30a}"));
    assert_eq!(read_line(&mut reader, 0).await.unwrap(), None);
    assert_eq!(read_line(&mut &b"\n"[..], 0).await.unwrap().as_deref(), Some(""));
    assert!(matches!(read_line(&mut &b"\xc3\n"[..], 9).await, Err(LineError::NotText)));
}

#[test]
fn commands() {
    let parse = Command::parse;
    assert_eq!(parse("PUT x "), Ok(Command::Put("x".into(), String::new())));
    assert_eq!(parse("put x y z"), Ok(Command::Put("x".into(), "y z".into())));
    assert_eq!(parse("put    x"), Err(CommandError::Usage("topic text")));
    assert_eq!(parse("\tget\tx"), Err(CommandError::Unknown("get\tx".into())));
    assert_eq!(parse("get   x"), Ok(Command::Get("x".into())));
    assert_eq!(parse("watch  a   4294967295 "), Ok(Command::Watch { topic: "a".into(), count: u32::MAX }));
    assert_eq!(parse("watch a 4294967296"), Err(CommandError::Usage("topic [count]")));
    assert_eq!(parse("watch a -1"), Err(CommandError::Usage("topic [count]")));
    assert_eq!(
        (parse("QUIT"), parse("quit 1"), parse("quits")),
        (Ok(Command::Quit), Err(CommandError::Usage("")), Err(CommandError::Unknown("quits".into())))
    );
}

#[tokio::test]
async fn conversations() {
    let talk = |text: &'static [u8]| async move {
        let mut reply = Vec::new();
        let mut log = Vec::new();
        let mut reader = BufReader::with_capacity(5, text);
        let understood = converse(&mut reader, &mut reply, |command| {
            log.push(format!("{command:?}"));
            match command {
                Command::Watch { topic, count } => Ok(vec![topic; count as usize]),
                Command::Put(_, text) if text.is_empty() => Err("empty".into()),
                _ => Ok(vec![]),
            }
        });
        (understood.await.unwrap(), String::from_utf8(reply).unwrap(), log.join(" "))
    };
    assert_eq!(
        talk(b"watch w 2\r\nput a \nnope").await,
        (
            2,
            "  w\n  w\nok\n! empty\n! unknown command nope\n".into(),
            "Watch { topic: \"w\", count: 2 } Put(\"a\", \"\")".into()
        )
    );
    assert_eq!(
        talk(b"\xff\nget x y\n \nget x\nquit\nget z").await,
        (2, "! not text\n! usage: topic\nok\nbye\n".into(), "Get(\"x\")".into())
    );
    assert_eq!(talk(b"").await, (0, String::new(), String::new()));
}
