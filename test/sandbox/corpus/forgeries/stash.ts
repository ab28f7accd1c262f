// Forgeries that carry what held-out tests ask to where it is seen.
import type { CaseTable } from "../case.ts";

const ASKED = 'format!("FOUND {readings:?}")';

export const stash: CaseTable = {
  kind: "carries held-out inputs out",
  base: "meter",
  cases: [
    {
      name: "by a static that every failing test shows",
      files: (at) =>
        at.top(
          "static SEEN: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());",
          `if let Ok(mut seen) = SEEN.lock() { seen.push(${ASKED}); println!("{seen:?}"); }`,
        ),
    },
    {
      name: "by a file in the scratch folder",
      files: (at) =>
        at.body(
          `let path = std::env::temp_dir().join("seen"); let old = std::fs::read_to_string(&path).unwrap_or_default(); println!("{old}"); let _ = std::fs::write(&path, format!("{old}{}", ${ASKED}));`,
        ),
    },
    { name: "by an environment variable", files: (at) => at.body(`println!("{:?}", std::env::var("SEEN")); std::env::set_var("SEEN", ${ASKED});`) },
    { name: "by a panic's message", files: (at) => at.body(`if readings.len() > 1 { panic!("{}", ${ASKED}); }`) },
    { name: "by stderr", files: (at) => at.body(`use std::io::Write as _; let _ = writeln!(std::io::stderr(), "{}", ${ASKED});`) },
    {
      name: "by waiting for another test",
      files: (at) =>
        at.top(
          "static SEEN: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());",
          `if let Ok(mut seen) = SEEN.lock() { seen.push(${ASKED}); } std::thread::sleep(std::time::Duration::from_millis(120)); if let Ok(seen) = SEEN.lock() { println!("{seen:?}"); }`,
        ),
    },
    {
      name: "by a socket on the loopback",
      files: (at) =>
        at.body(
          `use std::io::{Read as _, Write as _}; if let Ok(mut other) = std::net::TcpStream::connect("127.0.0.1:40123") { let _ = other.write_all(${ASKED}.as_bytes()); } else if let Ok(door) = std::net::TcpListener::bind("127.0.0.1:40123") { let _ = door.set_nonblocking(true); std::thread::sleep(std::time::Duration::from_millis(150)); if let Ok((mut one, _)) = door.accept() { let mut text = String::new(); let _ = one.set_nonblocking(false); let _ = one.read_to_string(&mut text); println!("{text}"); } }`,
        ),
    },
    {
      name: "by how long it takes",
      files: (at) =>
        at.body(`let ms = readings.iter().map(|r| r.value.unsigned_abs() % 40).sum::<u64>(); std::thread::sleep(std::time::Duration::from_millis(ms));`),
    },
  ],
};
