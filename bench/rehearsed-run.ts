// A large capsule without cargo: a whole run of the default suite over a workbench that knows each verdict beforehand.
import { inProcessQueue } from "../src/trial/in-process-queue.ts";
import { join } from "node:path";
import { readCapsule } from "../src/adapters/capsules/file.ts";
import { createJournal } from "../src/adapters/capsules/journal/journal.ts";
import { gitDiffTool } from "../src/adapters/git/diff-tool.ts";
import { policyLoader } from "../src/app/compose/parts/policies.ts";
import { servingOf } from "../src/app/compose/parts/serving.ts";
import { suiteLoader } from "../src/app/compose/parts/suites.ts";
import { clock, slots } from "../src/app/compose/parts/system.ts";
import { findPlaces } from "../src/app/places.ts";
import { canonicalJson, sha256 } from "../src/core/base/canonical.ts";
import { openRedactor } from "../src/core/capsule/redaction.ts";
import { laidTreeHash } from "../src/core/suite/laid-tree.ts";
import type { Verdict } from "../src/core/verdict/verdict.ts";
import { runBakeoff } from "../src/app/run/bakeoff.ts";
import { nothingKept } from "../src/app/run/kept-run.ts";
import { lineUp } from "../src/app/run/lineup.ts";
import { planRun } from "../src/app/run/plan.ts";
import type { VerifyJob, Workbench } from "../src/ports/workbench.ts";

const TESTS = 60;

/** Passes where the patch changes anything: enough for nop to fail and the reference solution to pass. */
const verdictOn = ({ changes, task }: VerifyJob): Verdict => {
  const status = changes.size > 0 ? "passed" : "failed";
  const tests = Array.from(
    { length: TESTS },
    (_, index) =>
      ({
        id: `${task.id}/lib/t${index}`,
        status: index === 0 ? status : "passed",
        heldOut: false,
        output: index === 0 && status === "failed" ? "left: 1\nright: 2" : "",
      }) as const,
  );
  return { status, tests };
};

const bench: Workbench = {
  tier: "none",
  toolchain: { rustc: "rustc 1.95.0", cargo: "cargo 1.95.0", host: "x86_64-unknown-linux-gnu" },
  prepare: async (base) => ({
    base,
    key: "0".repeat(64),
    visibleTests: [],
    heldOutTests: [],
    sentinels: 0,
    compileTime: [],
    observations: new Map(),
    unsteadyObservations: 0,
    preparedMs: 0,
  }),
  startState: async (task) => verdictOn({ task, changes: new Map() }),
  kept: { find: async () => null, keep: async () => undefined },
  prepareLint: async () => undefined,
  lint: async () => ({ outcome: "linted", diagnostics: [], detail: "", totalMs: 1 }),
  verify: async (job) => ({
    verdict: verdictOn(job),
    notes: [],
    times: { applyMs: 1, checkMs: 2, testMs: 3, overheadMs: 1, totalMs: 7 },
    queueMs: 0,
    treeHash: laidTreeHash(job.task, job.changes),
  }),
};

/** Writes a sealed capsule of about so many events; gives how many it holds. */
export async function generateCapsule(path: string, events: number): Promise<number> {
  const places = findPlaces({});
  const suite = await suiteLoader([join(places.packageRoot, "suites")])("reflex-patchloop-v1");
  const snapshot = await policyLoader(places.shippedPolicy);
  const playing = await lineUp({
    policy: snapshot.policy,
    candidates: [],
    requested: ["nop", "oracle"],
    readiness: async () => ({ ready: true, latencyMs: 1, contextTokens: null }),
    reachable: () => false,
  });
  const perEpoch = 21 * suite.tasks.length * playing.candidates.length;
  const request = {
    runId: `generated-${events}`,
    createdAt: clock.wall(),
    version: "0.1.0",
    epochs: Math.max(1, Math.round(events / perEpoch)),
    limit: null,
    tasks: null,
    capability: false,
    diagnosisOf: null,
    seed: 1,
    concurrency: { cargo: 1, model: 1 },
  };
  const header = planRun(request, { suite, snapshot, lineUp: playing, toolchain: bench.toolchain, tier: bench.tier, warnings: [], decisionRegister: null });
  const text = canonicalJson(snapshot);
  const journal = await createJournal(path, header, [{ sha256: sha256(text), text }]);
  const modelSlot = slots(1);
  const { signal } = new AbortController();
  await runBakeoff({
    header,
    suite,
    snapshot,
    bench,
    journal: {
      ...journal,
      path,
      append: (entry) => journal.append(entry),
      sync: async () => undefined,
      seal: (...parts) => journal.seal(...parts),
      close: () => journal.close(),
    },
    kept: nothingKept(),
    diffTool: gitDiffTool(signal),
    notebook: { port: null, reason: "not asked in a bench" },
    policySource: { look: async () => null },
    watcher: { preparing: () => undefined, prepared: () => undefined, trialDone: () => undefined },
    queue: inProcessQueue(4),
    modelSlot: (work) => modelSlot(work),
    clock,
    signal,
    providers: servingOf(snapshot, places.cacheRoot).providers(bench),
    prices: { tokens: {}, perHourUsd: {}, local: new Set<string>() },
    capture: "full_io",
    retries: {},
    wait: async () => undefined,
    redactor: openRedactor([], []),
    servers: new Map(),
    overrideBudget: false,
  });
  await journal.close();
  const stored = await readCapsule(journal.path);
  return stored.events.filter(({ trial }) => trial !== null).length;
}
