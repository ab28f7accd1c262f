import { test } from "vitest";
import { readFileSync } from "node:fs";
import { loadRustParser } from "../../../../src/adapters/syntax/rust-syntax.ts";
import { findMutants, editOf } from "../../../../src/core/mutation/mutant.ts";
import { OPERATORS } from "../../../../src/core/mutation/operator.ts";
test("x", async () => {
  const parse = await loadRustParser();
  const path = "suites/reflex-patchloop-v1/base/crates/quarry-store/src/journal.rs";
  const source = readFileSync(path, "utf8");
  const t = performance.now();
  const m = findMutants([{ path, source }], OPERATORS, parse);
  console.log(m.length, performance.now() - t);
  const seen = new Set();
  for (const x of m) { if (seen.has(x.operator.name)) continue; seen.add(x.operator.name); const e = editOf(path, source, x.change); console.log(x.operator.name, x.line, x.enclosing?.name, JSON.stringify(e.search), "=>", JSON.stringify(e.replace)); }
  console.log(OPERATORS.map(o=>o.name).filter(n=>!seen.has(n)).join());
});
