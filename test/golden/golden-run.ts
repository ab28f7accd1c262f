// The runs whose reports are kept as golden files: an ordinary one with stand-ins, and a capability run with everything odd in it.
import type { RunRecord } from "../../src/core/capsule/record.ts";
import {
  cloud, type RunScript, runOf, slot, STAND_IN_BINDINGS, type TaskScript, trial, type TrialScript,
} from "../unit/core/metrics/summary-fixture.ts";

const AREAS = ["borrow-checker", "lifetimes", "types", "traits", "logic", "async"];
const CODES = [["E0382"], ["E0106"], ["E0308", "E0277"], ["E0277"], [], ["none"]];

/** Sixteen tasks: twelve of low risk (every fifth of six kinds is a test task), four of high risk. */
const TASKS: readonly TaskScript[] = Array.from({ length: 16 }, (_, index) => {
  const area = AREAS[index % AREAS.length] ?? "types";
  const codes = CODES[index % CODES.length] ?? [];
  const kind = codes.length === 0 ? "test" : "compile";
  return { id: `${area}-${String(index + 1).padStart(2, "0")}`, kind, risk: index < 12 ? "low" : "high", area, family: area, codes };
});

/** How an embedded or local candidate fares: by its place among the candidates and the task's number. */
function scriptOf(candidate: string, task: TaskScript, index: number): TrialScript {
  const times = { latencyMs: 180 + 37 * index, durationMs: 240 + 11 * index };
  if (task.risk === "high") return trial(cloud("passed", times));
  if (candidate === "oracle") return trial(slot("passed", times));
  if (candidate === "nop") return trial(slot(task.kind === "compile" ? "compile-error" : "failed", times), slot("failed", times), cloud("passed"));
  if (candidate === "rustc-suggestions") return index % 4 === 0 ? trial(slot("passed", times)) : trial(slot("failed", times), slot("failed", times), cloud("passed"));
  if (index % 5 === 3) return trial(slot("patch-rejected", { ...times, json: false, detail: "not-json: prose before the edits" }), slot("passed", times));
  return index % 7 === 6 ? trial(slot("failed", times), slot("timeout", times), cloud("passed")) : trial(slot("passed", times));
}

const ORDINARY: RunScript = {
  candidates: ["rustc-suggestions", "nop", "oracle", "gpt-oss-20b"],
  tasks: TASKS,
  header: {
    bindings: STAND_IN_BINDINGS,
    left_out: [{ name: "qwen3-coder-30b-a3b-awq", reason: "no server at http://127.0.0.1:30000/v1", start: "python -m sglang.launch_server --model-path Qwen/Qwen3-Coder-30B-A3B-Instruct-AWQ --port 30000 --tool-call-parser qwen3_coder" }],
  },
  trials: Object.fromEntries(
    ["rustc-suggestions", "nop", "oracle", "gpt-oss-20b"].flatMap((candidate) =>
      TASKS.map((task, index) => [`${candidate}/${task.id}/1`, scriptOf(candidate, task, index)] as const)),
  ),
};

const outside = { outsidePolicy: true };

const ODD: RunScript = {
  candidates: ["gpt-oss-20b", "qwen3-coder-30b-a3b-instruct-gptq-int4", "rustc-suggestions"],
  tasks: [
    { id: "types-01", codes: ["E0308", "E0277"] },
    { id: "logic-02", kind: "test", area: "logic" },
    { id: "async-03", area: "async", codes: ["none"] },
    { id: "macros-04", area: "macros", risk: "high", codes: ["E0599"] },
  ],
  epochs: 2,
  header: {
    capability: true, sandbox: "none", decision_register_hash: "4".repeat(64),
    warnings: ["no sandbox: code that models wrote ran with your rights", "a | bar, a <b>tag</b>, `code`\nand [a link](http://x) \u001B[31mred\u202E"],
  },
  runEvents: [{ type: "ErrorEvent", error_code: "server-gone", message: "sglang stopped answering", severity: "Error", stage: null, recoverable: true }],
  trials: {
    "gpt-oss-20b/types-01/1": trial(slot("passed", { costUsd: null })),
    "gpt-oss-20b/types-01/2": trial(slot("failed"), slot("passed", { latencyMs: 4.25 })),
    "gpt-oss-20b/logic-02/1": { attempts: [slot("tampered", { detail: "sentinel: tests::reads | was\nremoved" }), slot("failed"), cloud("failed")], unlock: "Pass" },
    "gpt-oss-20b/logic-02/2": { attempts: [slot("passed")], unlock: "Fail" },
    "gpt-oss-20b/async-03/1": trial(slot("infrastructure", { detail: "cargo could not start" })),
    "gpt-oss-20b/async-03/2": trial(slot("patch-rejected", { detail: "model-error: timeout", failedCall: true, json: null }), slot("passed")),
    "gpt-oss-20b/macros-04/1": trial(slot("failed", outside), slot("passed", outside)),
    "gpt-oss-20b/macros-04/2": trial(slot("failed", outside), slot("failed", outside), cloud("passed")),
    "qwen3-coder-30b-a3b-instruct-gptq-int4/types-01/1": trial(slot("passed", { costUsd: 0.00123 })),
    "qwen3-coder-30b-a3b-instruct-gptq-int4/types-01/2": trial(slot("passed", { costUsd: 0.00123 })),
    "qwen3-coder-30b-a3b-instruct-gptq-int4/logic-02/1": trial(slot("compile-error"), slot("failed"), cloud("failed"), cloud("passed")),
    "qwen3-coder-30b-a3b-instruct-gptq-int4/logic-02/2": { attempts: [slot("failed")], unlock: null },
    "rustc-suggestions/types-01/1": trial(slot("passed")),
    "rustc-suggestions/types-01/2": trial(slot("passed")),
    "rustc-suggestions/logic-02/1": trial(slot("failed"), slot("failed"), cloud("passed")),
  },
};

export const GOLDEN_RUNS: Readonly<Record<string, () => RunRecord>> = { ordinary: () => runOf(ORDINARY), odd: () => runOf(ODD) };

/** The ordinary run again, at another time and on another machine: same verdicts, other clocks. */
export function ordinaryAgain(): RunRecord {
  const slower = Object.entries(ORDINARY.trials).map(([id, { attempts, unlock }]) =>
    [id, { attempts: attempts.map((attempt) => ({ ...attempt, latencyMs: (attempt.latencyMs ?? 400) * 3 + 1, durationMs: (attempt.durationMs ?? 300) * 2 + 1 })), unlock }] as const);
  return runOf({ ...ORDINARY, header: { ...ORDINARY.header, run_id: "2027-01-01-z", created_at: "2027-01-01T00:00:00.000Z" }, trials: Object.fromEntries(slower) });
}
