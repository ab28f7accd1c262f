// Clippy over one patched tree: the critic's stand-in, whose findings lie with the prepared base once they were made.
import { hashOf, type Sha256 } from "../../core/base/canonical.ts";
import { readCargoMessages } from "../../core/verdict/output/diagnostics.ts";
import type { Lint, VerifyJob } from "../../ports/workbench.ts";
import type { StoredBase } from "./base-cache.ts";
import { cargoEnv, runClippy } from "./cargo/cargo.ts";
import { keepResult, keptResult } from "./kept-results.ts";
import { preparePatch, showable, staleTargets } from "./verification.ts";
import { attempt, flagsOf, instrumentedTexts, judgingOf, limitsOf, places, type WorkbenchOptions } from "./verify.ts";

/** Raised whenever findings about the same tree come to be others. */
const FORMAT = 1;

/** Why clippy has nothing to say. */
export const unlinted = (detail: string): Lint => ({ outcome: "unavailable", diagnostics: [], detail, totalMs: 0 });

/** Cargo's exit codes where it did what it was asked, and where that found an error. */
const ENDED: ReadonlySet<number | null> = new Set([0, 101]);

/** Names what clippy looks at. */
export const lintKey = ({ sandbox: { tier } }: Pick<WorkbenchOptions, "sandbox">, job: VerifyJob): Sha256 =>
  hashOf({ format: FORMAT, tier, task: job.task.digest, tree: patchedTree(job) });

/** `isWhole`: clippy came to its end, and was not cut short by a limit. */
export type FreshLint = Lint & { readonly isWhole: boolean };

/** Findings that are kept took no time. */
export async function lintOnce(base: StoredBase, key: Sha256, work: () => Promise<FreshLint | Lint>): Promise<Lint> {
  const kept = await keptResult(base, "lints", key);
  if (kept !== null) return { outcome: "linted", diagnostics: kept, detail: "", totalMs: 0 };
  const made = await work();
  if (!("isWhole" in made)) return made;
  const { isWhole, ...found } = made;
  if (isWhole) await keepResult(base, "lints", key, found.diagnostics);
  return found;
}

/** Names the tree that a job makes of its base, without laying it. */
function patchedTree({ task, changes }: VerifyJob): string {
  return hashOf([...new Map([...task.broken, ...changes])].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

export async function lintNow(at: WorkbenchOptions, base: StoredBase, job: VerifyJob, signal: AbortSignal): Promise<FreshLint> {
  const start = at.clock.now();
  const instrumented = await instrumentedTexts(base, job);
  const laid = preparePatch(judgingOf(job, base), job.changes, (path) => instrumented.get(path) ?? null);
  const flags = flagsOf(at, base, job.task);
  const job2 = {
    ...places(at, base),
    write: laid.write,
    remove: [...laid.remove, ...staleTargets(base.meta, laid.affected)],
    hide: [],
    tests: [],
    build: { argv: runClippy(flags), env: cargoEnv(flags) },
    toolchainLibraries: false,
    limits: limitsOf(job.task),
    parallelTests: 1,
  };
  const ran = await attempt(() => at.sandbox.run(job2, signal));
  const totalMs = at.clock.now() - start;
  if (typeof ran === "string") return { outcome: "unavailable", diagnostics: [], detail: ran, totalMs, isWhole: false };
  const isWhole = ENDED.has(ran.build?.code ?? null);
  const { diagnostics } = readCargoMessages(ran.build?.stdout ?? "");
  const changed = showable(job.task, base.meta, diagnostics).filter(({ span }) => span !== null && laid.write.has(span.path));
  return { outcome: "linted", diagnostics: changed, detail: "", totalMs, isWhole };
}
