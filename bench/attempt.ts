// What a reflex attempt costs beside its model, against what an engineer runs by hand: cargo and the test binaries in a warm folder.
import { join } from "node:path";
import { Bench } from "tinybench";
import { gitDiffTool } from "../src/adapters/git/diff-tool.ts";
import { policyLoader } from "../src/app/compose/parts/policies.ts";
import { servingOf } from "../src/app/compose/parts/serving.ts";
import { suiteLoader } from "../src/app/compose/parts/suites.ts";
import { clock, slots, wait } from "../src/app/compose/parts/system.ts";
import { benchOpener } from "../src/app/compose/parts/workbench.ts";
import { findPlaces } from "../src/app/places.ts";
import { openRedactor } from "../src/core/capsule/redaction.ts";
import { plannedTrials } from "../src/core/capsule/record.ts";
import { CALM } from "../src/core/trial/conditions.ts";
import { next } from "../src/core/router/next.ts";
import { repositoryOutline } from "../src/core/trial/prompt/outline.ts";
import type { TrialEvent } from "../src/core/trial/event.ts";
import { brokenTree, type Suite, type Task } from "../src/core/suite/suite.ts";
import { applyEdits } from "../src/core/text/edit.ts";
import { lineUp } from "../src/app/run/lineup.ts";
import { perform, type TrialContext } from "../src/trial/perform.ts";
import { planRun } from "../src/app/run/plan.ts";
import { Texts } from "../src/trial/texts.ts";
import { VerdictMemo } from "../src/trial/verdict-memo.ts";
import type { Figure } from "./figure.ts";
import { Floor } from "./floor.ts";

const { signal } = new AbortController();

/** The ways that a model's attempt ends, and what each may cost of the floor. */
const ENDS = {
  "does not compile": 1,
  "fails a test": 0.9,
  passes: 1.15,
} as const;
type End = keyof typeof ENDS;

/**
 * Pairs of (floor, harness) on `count` low-risk tasks spread over the suite, one job at a time. Each task gives two attempts: an
 * answer that only adds a comment, which fails as the task does, and the reference solution. The floor is `cargo test --no-run` of
 * the workspace and, where it compiles, every test binary, warm, without a sandbox, in the repository's own tree.
 */
export async function attemptFigures(suiteName: string, count: number): Promise<Figure[]> {
  const places = findPlaces({});
  const suite = await suiteLoader([join(places.packageRoot, "suites")])(suiteName);
  const low = suite.tasks.filter((task) => task.risk === "low");
  const tasks = low.filter((_, index) => index % Math.max(1, Math.floor(low.length / count)) === 0).slice(0, count);
  const open = await benchOpener(places.cacheRoot)(1, signal);
  try {
    const [base] = suite.bases;
    if (!base) throw new Error("the suite has no base");
    await open.bench.prepare(base, signal);
    const floor = new Floor(base.tree);
    const taken: Sample[] = [];
    for (const { task, context, end } of await trialContexts(suite, tasks, open.bench)) {
      // Both kinds of sample are taken in turn, so that a change of the machine's pace meets both.
      taken.push({
        end,
        ...(await timedPair(
          () => floor.time(laidFor(task)),
          () => harnessAttempt(context, end === "passes"),
        )),
      });
      floor.restore(task.broken.keys());
    }
    floor.close();
    return figuresOf(taken);
  } finally {
    await open.close();
  }
}

interface Sample {
  readonly end: End;
  readonly floor: number;
  /** The loop's share, and the confirmation's, which no real loop has. */
  readonly harness: number;
  readonly confirm: number;
}

function figuresOf(taken: readonly Sample[]): Figure[] {
  const ratios = (Object.keys(ENDS) as End[]).map((end): Figure => {
    const samples = taken.filter((one) => one.end === end).map(({ harness, floor }) => harness / floor);
    return { name: `a loop attempt that ${end} ÷ the same by hand`, unit: "×", samples, bound: ENDS[end] };
  });
  const confirmed = taken.filter(({ end }) => end === "passes").map(({ harness, confirm, floor }) => (harness + confirm) / floor);
  return [
    ...ratios,
    { name: "an attempt that passes, with its confirmation ÷ by hand", unit: "×", samples: confirmed, bound: 2 },
    { name: "harness share of a loop attempt", unit: " ms", samples: taken.map(({ harness }) => harness), bound: 450 },
    { name: "by hand: cargo test --no-run and the test binaries", unit: " ms", samples: taken.map(({ floor }) => floor), bound: Number.POSITIVE_INFINITY },
  ];
}

/** What an attempt lays: the break, and the reference solution over it. */
function laidFor(task: Task): ReadonlyMap<string, string | null> {
  const applied = applyEdits(brokenTree(task), task.solution);
  if (!applied.ok) throw new Error(`${task.id}: the solution does not apply`);
  return new Map([...task.broken, ...applied.changes]);
}

async function timedPair(floor: () => number, harness: () => Promise<Pick<Sample, "harness" | "confirm">>): Promise<Omit<Sample, "end">> {
  const bench = new Bench({ time: 0, iterations: 1, warmup: false, retainSamples: true, throws: true });
  let taken = { floor: 0, harness: 0, confirm: 0 };
  // Left to find out by itself whether a task is asynchronous, tinybench calls it once before: the sample would be of a build made twice.
  bench.add("floor", () => ({ overriddenDuration: (taken.floor = floor()) }), { async: false });
  bench.add(
    "harness",
    async () => {
      taken = { ...taken, ...(await harness()) };
      return { overriddenDuration: taken.harness };
    },
    { async: true },
  );
  await bench.run();
  return taken;
}

/** Everything of an attempt but the model: prompt, answer, patch, verdict, events. */
async function harnessAttempt(context: TrialContext, passes: boolean): Promise<Pick<Sample, "harness" | "confirm">> {
  const history: TrialEvent[] = [];
  for (;;) {
    const command = next(context.snapshot, context.plan, history, CALM);
    const start = clock.now();
    const events = await perform(context, command, history);
    const took = clock.now() - start;
    history.push(...events);
    if (command.do !== "attempt") continue;
    const call = events.find((event) => event.type === "ModelCallEnvelope");
    const result = events.find((event) => event.type === "ToolResult");

    // The loop ends on the visible tests; what the confirmation says afterwards is no part of an attempt's time.
    if (result?.type !== "ToolResult" || (result.verdict?.visible_passed ?? false) !== passes) {
      throw new Error(`${context.task.id}: an attempt ended as ${JSON.stringify(result)}`);
    }
    const confirm = result.confirm_ms ?? 0;
    return { harness: took - (call?.type === "ModelCallEnvelope" ? call.latency_ms : 0) - confirm, confirm };
  }
}

interface Attempt {
  readonly task: Task;
  readonly context: TrialContext;
  readonly end: End;
}

/** The same task with a solution that solves nothing: a comment after the first line that stands but once. */
function unsolved(task: Task): Task {
  const [path] = task.broken.keys();
  const text = path === undefined ? undefined : task.broken.get(path);
  const lines = text?.split("\n") ?? [];
  const line = lines.find((one) => one !== "" && lines.filter((other) => other.includes(one)).length === 1);
  if (path === undefined || line === undefined) throw new Error(`${task.id}: no line to comment on`);
  return { ...task, solution: [{ path, search: line, replace: `${line}\n// Nothing comes to mind.` }] };
}

async function trialContexts(suite: Suite, tasks: readonly Task[], bench: TrialContext["bench"]): Promise<Attempt[]> {
  const places = findPlaces({});
  const loaded = await policyLoader(places.shippedPolicy);
  const snapshot = { ...loaded, policy: { ...loaded.policy, tier2: { ...loaded.policy.tier2, enabled: false } } };
  const playing = await lineUp({
    policy: snapshot.policy,
    candidates: [],
    requested: ["oracle"],
    readiness: async () => ({ ready: true, latencyMs: 1, contextTokens: null }),
    reachable: () => false,
  });
  const request = {
    runId: "bench",
    createdAt: clock.wall(),
    version: "0.0.0",
    epochs: 1,
    limit: null,
    tasks: tasks.map(({ id }) => id),
    capability: false,
    diagnosisOf: null,
    seed: 1,
    concurrency: { cargo: 1, model: 1 },
  };
  const header = planRun(request, { suite, snapshot, lineUp: playing, toolchain: bench.toolchain, tier: bench.tier, warnings: [], decisionRegister: null });
  const modelSlot = slots(1);
  const serving = servingOf(snapshot, places.cacheRoot);
  const attempts = await Promise.all(
    plannedTrials(header).map(async (planned) => {
      const task = tasks.find(({ id }) => id === planned.task.id);
      if (!task) throw new Error(`no task ${planned.task.id}`);
      await bench.startState(task, signal);
      const slot = { provider: "embedded", model: "oracle", standIn: null };
      const plan = { id: planned.id, task: planned.task, slot, epoch: 1, capability: false, bindings: header.bindings };
      const outline = repositoryOutline(task.base, suite.tasks, snapshot.policy.prompt.map_tokens);
      const context: TrialContext = {
        snapshot,
        plan,
        task,
        tree: brokenTree(task),
        outline,
        bench,
        redactor: openRedactor([], []),
        diffTool: gitDiffTool(signal),
        texts: new Texts(),
        verdicts: new VerdictMemo(),
        clock,
        signal,
        providers: serving.providers(bench),
        prices: { tokens: {}, perHourUsd: {}, local: new Set<string>() },
        retries: {},
        wait,
        capture: "full_io",
        modelSlot: (work) => modelSlot(work),
        askNotebook: () => ({ events: [] }),
      };
      return [
        { task: unsolved(task), context: { ...context, task: unsolved(task) }, end: task.kind === "compile" ? "does not compile" : "fails a test" },
        { task, context, end: "passes" },
      ] satisfies Attempt[];
    }),
  );
  return attempts.flat();
}
