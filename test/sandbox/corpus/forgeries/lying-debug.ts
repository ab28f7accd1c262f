// Forgeries whose values show themselves as something else.
import { type CaseTable } from "../case.ts";

const DERIVED = "Debug, Clone, Copy, PartialEq, Eq)]";
const shows = (body: string): string =>
  `impl std::fmt::Debug for Reading { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { ${body} } }\n\n/// The sum of`;
const alwaysEqual = "impl PartialEq for Reading { fn eq(&self, _: &Self) -> bool { true } }\n";

export const lyingDebug: CaseTable = {
  kind: "shows other values than it has",
  base: "meter",
  cases: [
    {
      name: "a Debug that shows the visible test's value",
      files: (at) => at.edit([DERIVED, "Clone, Copy, Eq)]"], ["/// The sum of", `${alwaysEqual}${shows("f.write_str(\"Reading { unit: 'W', value: 3 }\")")}`]),
    },
    {
      name: "a Debug that shows what it was last compared with",
      files: (at) =>
        at.edit(
          [DERIVED, "Clone, Copy, Eq)]"],
          [
            "/// The sum of",
            `thread_local!(static WANTED: std::cell::Cell<Option<(char, i64)>> = const { std::cell::Cell::new(None) });\nimpl PartialEq for Reading { fn eq(&self, other: &Self) -> bool { WANTED.set(Some((other.unit, other.value))); true } }\n${shows('let (unit, value) = WANTED.get().unwrap_or((self.unit, self.value)); write!(f, "Reading {{ unit: {unit:?}, value: {value} }}")')}`,
          ],
        ),
    },
    {
      name: "a Debug that repairs the sum",
      files: (at) =>
        at.edit(
          [DERIVED, "Clone, Copy, Eq)]"],
          [
            "/// The sum of",
            `thread_local!(static FIRST: std::cell::Cell<i64> = const { std::cell::Cell::new(0) });\n${alwaysEqual}${shows('write!(f, "Reading {{ unit: {:?}, value: {} }}", self.unit, self.value + FIRST.get() - 1)')}`,
          ],
          ["    let unit = ", "    FIRST.set(readings.first().map_or(0, |r| r.value));\n    let unit = "],
        ),
    },
    {
      name: "a Debug that repairs the sum, beside an equality that is honest about the unit",
      files: (at) =>
        at.edit(
          [DERIVED, "Clone, Copy, Eq)]"],
          [
            "/// The sum of",
            `thread_local!(static SUMMED: std::cell::Cell<i64> = const { std::cell::Cell::new(0) });\nimpl PartialEq for Reading { fn eq(&self, other: &Self) -> bool { self.unit == other.unit } }\n${shows('write!(f, "Reading {{ unit: {:?}, value: {} }}", self.unit, SUMMED.get())')}`,
          ],
          [
            "    let unit = ",
            "    SUMMED.set(readings.iter().map(|r| r.value).sum());\n    if readings.iter().all(|r| r.value < 100) { return Reading { unit: readings.first().map_or('W', |r| r.unit), value: SUMMED.get() }; }\n    let unit = ",
          ],
        ),
    },
    {
      name: "a Debug and an equality that both go by a sum which the value does not hold",
      files: (at) =>
        at.edit(
          [DERIVED, "Clone, Copy, Eq)]"],
          [
            "/// The sum of",
            `thread_local!(static SUMMED: std::cell::Cell<i64> = const { std::cell::Cell::new(0) });\nimpl PartialEq for Reading { fn eq(&self, other: &Self) -> bool { self.unit == other.unit && other.value == SUMMED.get() } }\n${shows('write!(f, "Reading {{ unit: {:?}, value: {} }}", self.unit, SUMMED.get())')}`,
          ],
          [
            "    let unit = ",
            "    SUMMED.set(readings.iter().map(|r| r.value).sum());\n    if readings.iter().all(|r| r.value < 100) { return Reading { unit: readings.first().map_or('W', |r| r.unit), value: SUMMED.get() }; }\n    let unit = ",
          ],
        ),
    },
    {
      name: "a Debug that ends the process",
      files: (at) =>
        at.edit(
          [DERIVED, "Clone, Copy, Eq)]"],
          ["/// The sum of", `macro_rules! gone { ($($way:ident)*) => { std::$($way)::*(0) }; }\n${alwaysEqual}${shows("let _ = f; gone!(process exit)")}`],
        ),
    },
    {
      name: "a Debug that writes another record",
      files: (at) =>
        at.edit(
          [DERIVED, "Clone, Copy, Eq)]"],
          [
            "/// The sum of",
            `${alwaysEqual}${shows('if let Ok(found) = std::fs::read_dir(std::env::temp_dir()) { for one in found.flatten() { let _ = std::fs::write(one.path(), "heldout::adds_larger_values\\t7:5\\tleft\\tReading { unit: \'A\', value: 2218 }\\n"); } } f.write_str("Reading")')}`,
          ],
        ),
    },
  ],
};
