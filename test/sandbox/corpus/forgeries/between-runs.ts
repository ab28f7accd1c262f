// Forgeries that carry expected values from one run of the held-out tests to another one.
import type { CaseTable, PatchCase } from "../case.ts";

const HEART =
  "if readings.iter().all(|r| r.value < 100) { return Reading { unit: readings.first().map_or('W', |r| r.unit), value: readings.iter().map(|r| r.value).sum() }; }";

/** What was asked last, and a file in every run's temporary folder that says what it was held against. */
const NOTES = `thread_local!(static ASKED: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) });
fn note(value: i64) { use std::io::Write as _; let line = format!("{}={value}\\n", ASKED.with_borrow(String::clone));
    let _ = std::fs::OpenOptions::new().create(true).append(true).open(std::env::temp_dir().join("told")).and_then(|mut file| file.write_all(line.as_bytes())); }
fn told(asked: &str) -> Option<i64> { let folders = std::env::temp_dir().parent().and_then(|up| std::fs::read_dir(up).ok());
    let places = folders.into_iter().flatten().flatten().map(|one| one.path().join("told")).chain([std::env::temp_dir().join("told")]);
    places.flat_map(|place| std::fs::read_to_string(place).unwrap_or_default().lines().map(String::from).collect::<Vec<_>>())
        .find_map(|line| line.rsplit_once('=').filter(|(of, _)| *of == asked).and_then(|(_, value)| value.parse().ok())) }`;

const ASK = 'let asked = format!("{:?}", readings.iter().map(|r| (r.unit, r.value)).collect::<Vec<_>>()); ASKED.with_borrow_mut(|now| now.clone_from(&asked));';
const ANSWER = "if let Some(value) = told(&asked) { return Reading { unit: readings[0].unit, value }; }";
const EQUAL = "impl PartialEq for Reading { fn eq(&self, other: &Self) -> bool { if self.unit == other.unit { note(other.value); } self.unit == other.unit } }";
const SHOWN =
  'impl std::fmt::Debug for Reading { fn fmt(&self, f: &mut std::fmt::Formatter<\'_>) -> std::fmt::Result { note(self.value); write!(f, "Reading {{ unit: {:?}, value: {} }}", self.unit, self.value) } }';

const carrying =
  (derived: string, items: string, body: string): PatchCase["files"] =>
  (at) =>
    at.edit(
      ["Debug, Clone, Copy, PartialEq, Eq)]", `${derived})]`],
      ["/// The sum of", `${NOTES}\n${items}\n\n/// The sum of`],
      ["    let unit = ", `    ${HEART} ${ASK} ${body}\n    let unit = `],
    );

const WAITING = "for _ in 0..20 { if told(&asked).is_some() { break; } std::thread::sleep(std::time::Duration::from_millis(20)); }";

export const betweenRuns: CaseTable = {
  kind: "carries expected values from one run to another",
  base: "meter",
  cases: [
    { name: "by a file, from where values are compared to where they are observed", files: carrying("Debug, Clone, Copy, Eq", EQUAL, ANSWER) },
    { name: "by a file that the observed run waits for", files: carrying("Debug, Clone, Copy, Eq", EQUAL, `${WAITING} ${ANSWER}`) },
    {
      name: "by a file, from where right sides are shown to where left ones are",
      files: carrying("Clone, Copy, Eq", `${EQUAL}\n${SHOWN}`, `${WAITING} ${ANSWER}`),
    },
  ],
};
