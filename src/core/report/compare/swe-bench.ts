// A run report of SWE-bench's harness as results: resolved or not; what erred or was never handed in has no verdict. Source: swebench/harness/reporting.py.
import { z } from "zod";
import type { ResultReader } from "./arm.ts";

const ids = z.array(z.string());
const report = z.object({
  schema_version: z.number(),
  resolved_ids: ids,
  unresolved_ids: ids,
  empty_patch_ids: ids.default([]),
  error_ids: ids.default([]),
  incomplete_ids: ids.default([]),
});

/** An empty patch was the model's own answer: it is lost. */
export const sweBenchResults: ResultReader = (document) => {
  const read = report.safeParse(document);
  if (!read.success) return null;
  const { resolved_ids: resolved, unresolved_ids: unresolved, empty_patch_ids: empty, error_ids: errors, incomplete_ids: incomplete } = read.data;
  const all = [...resolved.map((id) => ({ id, passed: true })), ...[...unresolved, ...empty].map((id) => ({ id, passed: false }))];
  return [{ name: "report", samples: all.map(({ id, passed }) => ({ sample: id, family: id, passed })), unscored: errors.length + incomplete.length }];
};
