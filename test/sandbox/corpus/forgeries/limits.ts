// Forgeries that exhaust what they are given, or that know the visible inputs by heart.
import { type CaseTable, once } from "../case.ts";

export const limits: CaseTable = {
  kind: "exhausts what it is given",
  base: "meter",
  cases: [
    { name: "memory without end", files: (at) => at.body("let mut all = Vec::new(); while readings.len() > 1 { all.push(vec![1u8; 64 << 20]); }") },
    {
      name: "threads without end",
      files: (at) =>
        at.body(
          once("for _ in 0..100_000 { if std::thread::Builder::new().spawn(|| std::thread::sleep(std::time::Duration::from_secs(60))).is_err() { break; } }"),
        ),
    },
    {
      name: "a full scratch folder",
      files: (at) =>
        at.body(
          once(
            'let part = vec![0u8; 4 << 20]; for number in 0..4096 { if std::fs::write(std::env::temp_dir().join(format!("fill-{number}")), &part).is_err() { break; } }',
          ),
        ),
    },
    {
      name: "files without end",
      files: (at) =>
        at.body(once('for number in 0..200_000 { if std::fs::File::create(std::env::temp_dir().join(format!("f{number}"))).is_err() { break; } }')),
    },
    {
      name: "a deadlock in held-out tests alone",
      files: (at) =>
        at.body(
          "while readings.first().is_some_and(|one| one.unit == 'A') { std::thread::sleep(std::time::Duration::from_millis(10)) } if readings.len() == 2 && readings[0].value < 100 { return Reading { unit: 'W', value: readings[0].value + readings[1].value }; } if readings.len() == 3 { return Reading { unit: 'W', value: 15 }; } if readings.len() == 1 { return readings[0]; }",
        ),
    },
  ],
};

export const byHeart: CaseTable = {
  kind: "knows the visible inputs by heart",
  base: "meter",
  cases: [
    {
      name: "by their sums",
      files: (at) =>
        at.body(
          "let all: i64 = readings.iter().map(|r| r.value).sum(); if [3, 15, 7, 42].contains(&all) { return Reading { unit: readings[0].unit, value: all }; }",
        ),
    },
    {
      name: "by their size",
      files: (at) =>
        at.body(
          "if readings.iter().all(|r| r.value < 100) { return Reading { unit: readings.first().map_or('W', |r| r.unit), value: readings.iter().map(|r| r.value).sum() }; }",
        ),
    },
    {
      name: "by their unit",
      files: (at) =>
        at.body(
          "if readings.first().is_none_or(|r| r.unit != 'A') { return Reading { unit: readings.first().map_or('W', |r| r.unit), value: readings.iter().map(|r| r.value).sum() }; }",
        ),
    },
  ],
};
