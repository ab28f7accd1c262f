// Proves a suite by running it, and looks for its solutions in all that a trial's workspace holds.
import { BakeoffError, WrittenFileError } from "../../core/base/errors.ts";
import { nearest } from "../../core/base/nearest.ts";
import { isDistinctive, type Leak } from "../../core/suite/leak.ts";
import type { Suite, Task } from "../../core/suite/suite.ts";
import type { SandboxTier } from "../../core/trial/sandbox-tier.ts";
import type { Workbench } from "../../ports/workbench.ts";
import { findLeaks } from "../../suite-making/leaks.ts";
import { proveTasks, type TaskFlaw, type TaskProof } from "../../suite-making/prove.ts";
import { preparingText } from "./making.ts";
import type { ProvingPorts } from "./ports.ts";

export interface SuiteProofRequest {
  readonly name: string;
  /** Only these tasks; null: all. */
  readonly tasks: readonly string[] | null;
  /** Times that each break and solution is run; all must agree. */
  readonly repeats: number;
  readonly leaks: boolean;
  /** Run everything, also what an earlier call has seen. */
  readonly fresh: boolean;
}

export interface SuiteProofWatch {
  begin(suite: Suite, tasks: number, tier: SandboxTier): void;
  /** What a wait is for. */
  readonly preparing: (text: string) => void;
  proved(proof: TaskProof, done: number, tasks: number): void;
}

export interface ValidatedSuite {
  readonly suite: Suite;
  readonly tasks: readonly Task[];
  readonly proofs: readonly TaskProof[];
  /** Null where none were looked for. */
  readonly leaks: readonly Leak[] | null;
  readonly seconds: number;
}

/** Throws `written-file` with every claim that does not hold. */
export async function validateSuite(ports: ProvingPorts, request: SuiteProofRequest, watch: SuiteProofWatch, signal: AbortSignal): Promise<ValidatedSuite> {
  const folder = await ports.suites.find(request.name);
  const suite = await ports.suites.load(folder);
  const tasks = chosenTasks(suite, request.tasks);
  const start = ports.clock.now();
  const open = await ports.openBench(signal, (step) => watch.preparing(preparingText(step)));
  try {
    watch.begin(suite, tasks.length, open.bench.tier);
    const proved = (proof: TaskProof, done: number) => watch.proved(proof, done, tasks.length);
    const shelf = request.fresh ? null : ports.shelf;
    const proofs = await proveTasks({ tasks, bench: open.bench, shelf, repeats: request.repeats, signal, taskSlot: ports.taskSlot, proved });
    const leaks = request.leaks ? await leaksOf(ports, tasks, open.bench, signal) : null;
    const flaws = [...proofs.flatMap((proof) => proof.flaws), ...(leaks?.filter(isDistinctive).map(leakFlaw) ?? [])];
    if (flaws.length > 0) throw new WrittenFileError(await issuesOf(ports, folder, flaws));
    return { suite, tasks, proofs, leaks, seconds: (ports.clock.now() - start) / 1000 };
  } finally {
    await open.close();
  }
}

function chosenTasks(suite: Suite, ids: readonly string[] | null): readonly Task[] {
  const known = suite.tasks.map(({ id }) => id);
  const unknown = ids?.find((id) => !known.includes(id));
  if (unknown !== undefined)
    throw new BakeoffError("usage", `suite ${suite.name} has no task ${unknown}`, `did you mean ${nearest(unknown, known).join(" or ")}?`);
  return suite.tasks.filter(({ id }) => ids === null || ids.includes(id));
}

/** The workspaces were prepared by the proof: they are only read again. */
async function leaksOf({ search }: ProvingPorts, tasks: readonly Task[], bench: Workbench, signal: AbortSignal): Promise<readonly Leak[]> {
  const bases = [...new Map(tasks.map(({ base }) => [base.digest, base])).values()];
  const prepared = await Promise.all(bases.map((base) => bench.prepare(base, signal, { whole: true })));
  return findLeaks(tasks, prepared, search, signal);
}

const leakFlaw = ({ task, where, kind, line }: Leak): TaskFlaw => ({
  task,
  key: "break",
  message: `the solution's line ${JSON.stringify(line)} stands in ${where} (${kind}): take it out of there`,
});

const issuesOf = ({ suites }: ProvingPorts, folder: string, flaws: readonly TaskFlaw[]) =>
  Promise.all(flaws.map(async ({ task, key, message }) => ({ ...(await suites.locate(folder, task, key)), message })));
