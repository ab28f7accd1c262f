// Level 4: cargo run again in the sandbox on every tree of a stored run; verdicts are compared, timings are not.
import type { Json } from "../../core/base/canonical.ts";
import type { Header } from "../../core/capsule/line.ts";
import { hasRedaction } from "../../core/capsule/redaction.ts";
import type { RunReader } from "../../core/capsule/record.ts";
import { calibrationParts } from "../../core/replay/planted.ts";
import { Evidence, type TextSource } from "../../core/replay/evidence.ts";
import { type Cause, Ledger, type Place, type Reexecution } from "../../core/replay/levels/level.ts";
import { eventIn, type Step, stepsOf } from "../../core/replay/step.ts";
import type { Suite, Task } from "../../core/suite/suite.ts";
import { patchedFiles } from "../../core/trial/patched-files.ts";
import type { Changes } from "../../core/text/edit.ts";
import { isSameEssence, verdictEssence } from "../../core/verdict/essence.ts";
import { type ProtocolName, protocolOf } from "../../core/verdict/protocol.ts";
import type { Verdict } from "../../core/verdict/verdict.ts";
import type { Workbench } from "../../ports/workbench.ts";

export interface ReexecutionRequest {
  readonly run: RunReader;
  readonly texts: TextSource;
  readonly suite: Suite | string;
  readonly bench: Workbench;
  readonly version: string;
  readonly signal: AbortSignal;
  readonly reexecuted: (done: number, total: number) => void;
}

const KIND = "trees";

/** One tree of a task, and the first attempt that its verdict was worked out in. */
interface Job {
  readonly task: Task;
  readonly changes: Changes;
  /** A run is verified as it was then. */
  readonly protocol: ProtocolName;
  readonly trial: string;
  readonly seq: number;
  readonly recorded: Verdict;
}

export async function reexecute(request: ReexecutionRequest): Promise<Reexecution> {
  const { run, suite, bench } = request;
  const ledger = new Ledger();
  const notes = [environmentNote(run.header, bench)];
  if (typeof suite === "string") {
    ledger.gap(KIND, { level: "re-execution", trial: null, seq: null, reason: suite });
    return { ledger, ...ledger.take(), notes };
  }
  const jobs = jobsOf(request, suite, ledger);
  const bases = new Set(jobs.map(({ task }) => task.base));
  for (const base of bases) await bench.prepare(base, request.signal);
  let done = 0;
  await Promise.all(
    jobs.map(async (job) => {
      await compare(request, job, ledger);
      request.reexecuted(++done, jobs.length);
    }),
  );
  const { findings, gaps } = ledger.take();
  // Jobs end in any order; the report has one.
  return { ledger, findings: findings.toSorted(inOrder), gaps: gaps.toSorted(inOrder), notes };
}

const inOrder = (a: Place, b: Place): number => (a.trial === b.trial ? (a.seq ?? 0) - (b.seq ?? 0) : (a.trial ?? "") < (b.trial ?? "") ? -1 : 1);

async function compare({ bench, signal, run, version }: ReexecutionRequest, job: Job, ledger: Ledger): Promise<void> {
  const recorded = verdictEssence(job.recorded);
  const first = verdictEssence((await bench.verify(job, signal)).verdict);
  if (isSameEssence(first, recorded)) return ledger.agree("re-execution", KIND);
  // A verdict that differs is asked for once more: one that comes out both ways proves nothing against the record.
  const second = verdictEssence((await bench.verify(job, signal)).verdict);
  const place = { level: "re-execution" as const, trial: job.trial, seq: job.seq };
  if (!isSameEssence(first, second)) return ledger.gap(KIND, { ...place, reason: "cargo comes to one verdict and then to another on this tree" });
  if (statusOf(first) === "infrastructure") return ledger.gap(KIND, { ...place, reason: "our own side failed when cargo was run again" });
  const cause = causeOf(run.header, bench, version);
  ledger.diverge({
    ...place,
    check: "verdict-comes-out-again",
    kind: KIND,
    what: "cargo comes to another verdict on the same tree",
    recorded,
    redone: first,
    cause,
  });
}

/** The same tree, the same program and the same toolchain give the same verdict: else the record was changed. */
function causeOf(header: Header, bench: Workbench, version: string): Cause {
  if (!sameEnvironment(header, bench)) return "toolchain";
  return header.bakeoff_version === version ? "record" : "harness code";
}

const sameEnvironment = ({ toolchain, sandbox }: Header, bench: Workbench): boolean =>
  toolchain.rustc === bench.toolchain.rustc && toolchain.cargo === bench.toolchain.cargo && toolchain.host === bench.toolchain.host && sandbox === bench.tier;

function environmentNote(header: Header, bench: Workbench): string {
  const then = `${header.toolchain.rustc}, ${header.sandbox}`;
  const now = `${bench.toolchain.rustc}, ${bench.tier}`;
  return sameEnvironment(header, bench) ? `same toolchain and sandbox as recorded: ${then}` : `recorded with ${then}; run again with ${now}`;
}

const statusOf = (value: Json): unknown => (typeof value === "object" && value !== null && "status" in value ? value["status"] : null);

/** Every tree once. Attempts whose patch was never applied ran no cargo; our own failures are nothing to compare with. */
function jobsOf({ run, texts }: ReexecutionRequest, suite: Suite, ledger: Ledger): readonly Job[] {
  const tasks = new Map(suite.tasks.map((task) => [task.id, task]));
  const evidence = new Evidence(texts);
  const jobs = new Map<string, Job>();
  for (const { trial, task, step } of verifications(run)) {
    const [call, result] = [eventIn(step, "ToolCall"), eventIn(step, "ToolResult")];
    if (!call || !result || result.verdict.status === "infrastructure") continue;
    const key = `${task} ${call.tree_hash} ${result.output_hash}`;
    const parts = { task: tasks.get(task), recorded: evidence.verdict(result.output_hash), changes: changesOf(step, evidence) };
    if (!isWhole(parts)) ledger.gap(KIND, { level: "re-execution", trial, seq: step.seq, reason: "the task, the patch or the verdict is not here" });
    else if (!jobs.has(key))
      jobs.set(key, {
        ...parts,
        protocol: protocolOf(run.header.verification),
        trial,
        seq: step.lines.find((line) => line.payload === result)?.seq ?? step.seq,
      });
  }
  return [...jobs.values()];
}

/** The steps of every trial, planted ones with them. */
function* verifications(run: RunReader): Generator<{ readonly trial: string; readonly task: string; readonly step: Step }> {
  for (const { id, task, events } of run.trials()) for (const step of stepsOf(events)) yield { trial: id, task: task.id, step };
  for (const { id, events } of run.calibrationTrials()) for (const step of calibrationParts(events)) yield { trial: id, task: events[0]?.spec_id ?? "", step };
}

interface JobParts {
  readonly task: Task | undefined;
  readonly recorded: Verdict | null;
  readonly changes: Changes | null;
}

const isWhole = (parts: JobParts): parts is Pick<Job, "task" | "recorded" | "changes"> =>
  parts.task !== undefined && parts.recorded !== null && parts.changes !== null;

/** Another text than cargo had proves nothing either way. */
const changesOf = ({ events }: Step, evidence: Evidence): Changes | null =>
  patchedFiles(events, (hash) => {
    const text = evidence.text(hash);
    return text === null || hasRedaction(text) ? null : text;
  });
