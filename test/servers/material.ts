// A small task and a request about it, for the tests of model providers.
import type { Material, ModelRequest } from "../../src/ports/models.ts";
import type { Base, Task } from "../../src/core/suite/suite.ts";

const HASH = "0".repeat(64) as Task["digest"];

export const BROKEN = "pub fn total(values: &[i32]) -> i32 {\n    let sum = 0;\n    for v in values {\n        sum += v;\n    }\n    sum\n}\n";

const base: Base = { name: "base", tree: new Map([["src/lib.rs", BROKEN.replace("let sum", "let mut sum")]]), digest: HASH, hidden: [], protected: [] };

export const TASK: Task = {
  id: "mut-sum",
  title: "A sum that can't grow",
  kind: "compile",
  risk: "low",
  area: "base",
  tags: [],
  errorCodes: ["E0384"],
  instruction: "Make it compile.",
  base,
  family: "sums",
  editable: ["src/**"],
  protected: ["src/locked.rs"],
  failToPass: [],
  passToPass: [],
  heldOut: [],
  compileTimeoutS: 60,
  testTimeoutS: 60,
  breakEdits: [],
  broken: new Map([["src/lib.rs", BROKEN]]),
  solution: [{ path: "src/lib.rs", search: "let sum", replace: "let mut sum" }],
  digest: HASH,
};

export function materialOf(facts: Partial<Material> = {}): Material {
  return { task: TASK, tree: new Map([["src/lib.rs", BROKEN]]), diagnostics: [], lastChanges: null, verdict: null, ...facts };
}

export function requestOf(facts: Partial<ModelRequest> = {}): ModelRequest {
  const messages = [
    { role: "system", content: "You repair Rust." },
    { role: "user", content: "Make it compile." },
  ] as const;
  return { purpose: "patch", model: "nop", messages, schema: null, material: materialOf(), timeoutMs: 5000, ...facts };
}

/** A clock that the process's own monotonic clock drives. */
export const CLOCK = { now: () => performance.now(), wall: () => "2026-11-22T00:00:00.000Z" };
