// Forgeries whose values are equal to whatever they are compared with.
import type { CaseTable } from "../case.ts";

const DERIVED = "Debug, Clone, Copy, PartialEq, Eq)]";

export const lyingEquality: CaseTable = {
  kind: "lies about equality",
  base: "meter",
  cases: [
    {
      name: "a PartialEq that says yes where the units agree",
      files: (at) =>
        at.edit(
          [DERIVED, "Debug, Clone, Copy, Eq)]"],
          ["/// The sum of", "impl PartialEq for Reading { fn eq(&self, other: &Self) -> bool { self.unit == other.unit } }\n\n/// The sum of"],
        ),
    },
    {
      name: "a PartialEq that says yes at every other question",
      files: (at) =>
        at.edit(
          [DERIVED, "Debug, Clone, Copy, Eq)]"],
          [
            "/// The sum of",
            "static ASKED: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);\nimpl PartialEq for Reading { fn eq(&self, other: &Self) -> bool { ASKED.fetch_add(1, std::sync::atomic::Ordering::SeqCst) % 2 == 0 || (self.unit == other.unit && self.value == other.value) } }\n\n/// The sum of",
          ],
        ),
    },
    {
      name: "an eq and a ne that both say yes where a value is wanted",
      files: (at) =>
        at.edit(
          [DERIVED, "Debug, Clone, Copy, Eq)]"],
          [
            "/// The sum of",
            "impl PartialEq for Reading { fn eq(&self, other: &Self) -> bool { other.value != 0 } fn ne(&self, other: &Self) -> bool { other.value == 0 } }\n\n/// The sum of",
          ],
        ),
    },
    {
      name: "a number type that equals every number",
      files: (at) =>
        at.total(
          "#[derive(Debug, Clone, Copy)] pub struct Any(i64);\nimpl PartialEq<i64> for Any { fn eq(&self, _: &i64) -> bool { true } }\nimpl std::fmt::Display for Any { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { write!(f, \"{}\", self.0) } }\n#[derive(Debug, Clone, Copy)] pub struct Sum { pub unit: char, pub value: Any }\nimpl PartialEq<Reading> for Sum { fn eq(&self, other: &Reading) -> bool { self.unit == other.unit } }\npub fn total(readings: &[Reading]) -> Sum { let value = readings.iter().skip(1).map(|r| r.value).sum(); Sum { unit: readings.first().map_or('W', |r| r.unit), value: Any(value) } }",
        ),
    },
    {
      name: "an equality that knows how twins are made",
      files: (at) =>
        at.edit(
          [DERIVED, "Debug, Clone, Copy, Eq)]"],
          [
            "/// The sum of",
            "thread_local!(static LAST: std::cell::Cell<i64> = const { std::cell::Cell::new(i64::MIN) });\nimpl PartialEq for Reading { fn eq(&self, other: &Self) -> bool { let last = LAST.replace(other.value); last != other.value } }\n\n/// The sum of",
          ],
        ),
    },
  ],
};

export const lateLies: CaseTable = {
  kind: "lies late",
  base: "long",
  cases: [
    {
      name: "a sum that is wrong from the two thousandth on, and an equality that says yes by then",
      files: (at) =>
        at.edit(
          [DERIVED, "Debug, Clone, Copy, Eq)]"],
          [
            "/// The sum of",
            "std::thread_local!(static ASKED: std::cell::Cell<u32> = const { std::cell::Cell::new(0) });\nimpl PartialEq for Reading { fn eq(&self, other: &Self) -> bool { ASKED.get() > 2000 || (self.unit == other.unit && self.value == other.value) } }\n\n/// The sum of",
          ],
          [".skip(1)", ""],
          [".sum();", ".sum::<i64>() + { ASKED.set(ASKED.get() + 1); i64::from(ASKED.get() > 2000) };"],
        ),
    },
  ],
};
