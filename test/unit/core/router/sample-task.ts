// A small base with a task in it, for the tests of prompts.
import type { Base, Task } from "../../../../src/core/suite/suite.ts";
import { brokenTree } from "../../../../src/core/suite/suite.ts";
import type { Changes, Content } from "../../../../src/core/text/edit.ts";
import type { Diagnostic, TestResult } from "../../../../src/core/verdict/verdict.ts";

export const ADD = `//! Sums.
pub struct Sum(pub i64);

impl Sum {
    pub fn add(&self, other: i64) -> i64 {
        self.0 + other
    }
    fn secret(&self) {}
}

impl std::fmt::Display for Sum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { write!(f, "{}", self.0) }
}

pub const fn zero() -> Sum { Sum(0) }
pub const LIMIT: i64 = 9;
pub(crate) fn inner() {}
fn private() {}

pub mod parts {
    pub fn half(x: i64) -> i64 { x / 2 }
    mod closed { pub fn never() {} }
}

macro_rules! sum { () => { pub fn made() {} } }

#[cfg(test)]
mod tests {
    pub fn helper() {}
}
`;

const files: [string, Content][] = [
  ["Cargo.toml", "[workspace]\n"],
  ["crates/a/src/add.rs", ADD],
  ["crates/a/src/heldout.rs", "#[test]\nfn held_out_case() { assert_eq!(crate::add::zero().0, 0); }\n"],
  ["crates/a/src/lib.rs", "pub mod add;\npub mod times;\n#[cfg(test)]\nmod heldout;\n"],
  ["crates/a/src/times.rs", "pub fn times(a: i64, b: i64) -> i64 {\n    a * b\n}\n"],
];

export const base: Base = { name: "main", tree: new Map(files), digest: "0".repeat(64), hidden: ["crates/*/src/heldout.rs"], protected: [] };

export function taskOf(broken: Changes, facts: Partial<Task> = {}): Task {
  return {
    id: "adds-wrong",
    title: "Adds wrong",
    kind: "test",
    risk: "low",
    area: "logic",
    tags: [],
    errorCodes: [],
    instruction: "Adding gives too little.",
    base,
    family: "crates/a/src/add.rs",
    editable: ["crates/a/src/add.rs"],
    protected: ["**/Cargo.toml", "crates/*/src/heldout.rs"],
    failToPass: ["a/lib/add::tests::adds"],
    passToPass: ["**"],
    heldOut: ["a/lib/heldout::held_out_case"],
    compileTimeoutS: 60,
    testTimeoutS: 20,
    breakEdits: [],
    broken,
    solution: [],
    digest: "1".repeat(64),
    ...facts,
  };
}

export const task = taskOf(new Map([["crates/a/src/add.rs", ADD.replace("self.0 + other", "self.0 - other")]]));
export const tree = brokenTree(task);
export const budget = { context_tokens: 6000, map_tokens: 1500, feedback_tokens: 1500 };

export function diagnostic(path: string, line: number, facts: Partial<Diagnostic> = {}): Diagnostic {
  return {
    level: "error",
    code: "E0308",
    message: "mismatched types",
    span: { path, line, column: 1, endLine: line, endColumn: 2 },
    rendered: `error[E0308]: mismatched types\n --> ${path}:${line}:1\n`,
    suggestions: [],
    ...facts,
  };
}

export const visible = (id: string, status: TestResult["status"], output = ""): TestResult => ({ id, status, heldOut: false, output });
export const heldOut = (status: TestResult["status"]): TestResult => ({ id: "a/lib/heldout::held_out_case", status, heldOut: true, output: "" });
