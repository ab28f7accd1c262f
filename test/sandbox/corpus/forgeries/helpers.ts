// Forgeries of the functions that tests compare with, where a patch may change them.
import type { CaseTable } from "../case.ts";

const HEAD = "//! What tests compare with.\n\n";
const check = (body: string): Record<string, string> => ({ "src/check.rs": `${HEAD}/// Panics unless both are equal.\n${body}\n` });

export const helpers: CaseTable = {
  kind: "empties what tests compare with",
  base: "helpers",
  cases: [
    { name: "a check that looks at nothing", files: () => check("pub fn same<T: PartialEq + std::fmt::Debug>(_seen: T, _wanted: T) {}") },
    {
      name: "a check that compares a value with itself",
      files: () => check("pub fn same<T: PartialEq + std::fmt::Debug>(seen: T, _wanted: T) { assert_eq!(seen, seen); }"),
    },
    {
      name: "a check that catches its own panic",
      files: () =>
        check(
          "pub fn same<T: PartialEq + std::fmt::Debug>(seen: T, wanted: T) { let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| assert_eq!(seen, wanted))); }",
        ),
    },
    {
      name: "a check that fails only for small numbers",
      files: () =>
        check('pub fn same<T: PartialEq + std::fmt::Debug>(seen: T, wanted: T) { if format!("{wanted:?}").len() < 2 { assert_eq!(seen, wanted); } }'),
    },
  ],
};
