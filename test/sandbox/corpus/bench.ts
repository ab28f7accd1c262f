// One bench for all cases of a corpus: a base is prepared when its first case comes, and a case is a verdict with the prompt that would follow.
import { attemptPrompt } from "../../../src/core/trial/prompt/prompt.ts";
import { brokenTree, type Task } from "../../../src/core/suite/suite.ts";
import type { SandboxTier } from "../../../src/core/trial/sandbox-tier.ts";
import type { Verdict } from "../../../src/core/verdict/verdict.ts";
import { type FixtureBench, openFixtureBench } from "../fixture-bench.ts";
import { MeterPatch } from "../meter-patches.ts";
import { type BaseName, CORPUS_BASES } from "./bases.ts";
import type { PatchCase } from "./case.ts";

/** What only the held-out tests of the meter say: names of tests, inputs and values. */
const HELD_OUT = ["adds_larger_values", "adds_nothing", "peak_of_negatives", "907", "1311", "2218", "[-8, -3]"];
const BUDGET = { map_tokens: 500, context_tokens: 4000, feedback_tokens: 4000, plan_tokens: 500 } as const;

export interface Tried {
  readonly verdict: Verdict;
  /** What the next prompt would say that only held-out tests say, and the patch does not say itself. */
  readonly leaks: readonly string[];
}

export class CorpusBench {
  private readonly open: Promise<FixtureBench>;
  private readonly tasks = new Map<BaseName, Promise<Task>>();

  /** Of the verifier as it is, or of another one. */
  constructor(open: () => Promise<FixtureBench> = () => openFixtureBench({ shared: true })) {
    this.open = open();
  }

  async tier(): Promise<SandboxTier> {
    return (await this.open).bench.tier;
  }

  async patchOf(base: BaseName): Promise<MeterPatch> {
    return new MeterPatch(await this.task(base));
  }

  async try(base: BaseName, { files }: PatchCase): Promise<Tried> {
    return this.tryFiles(base, files(await this.patchOf(base)));
  }

  async tryFiles(base: BaseName, files: Readonly<Record<string, string>>): Promise<Tried> {
    const [bench, task] = [await this.open, await this.task(base)];
    const verdict = await bench.verdict(task, files);
    const own = Object.values(files).join("\n");
    const next = nextPrompt(task, verdict);
    return { verdict, leaks: HELD_OUT.filter((text) => next.includes(text) && !own.includes(text)) };
  }

  async close(): Promise<void> {
    await (await this.open).close();
  }

  private task(base: BaseName): Promise<Task> {
    const known = this.tasks.get(base) ?? CORPUS_BASES[base]();
    this.tasks.set(base, known);
    return known;
  }
}

/** The last message of the prompt after an attempt that came to this verdict. */
function nextPrompt(task: Task, verdict: Verdict): string {
  const start: Verdict = { status: "failed", tests: [] };
  const previous = [{ answer: "{}", verdict }];
  return attemptPrompt({ task, tree: brokenTree(task), outline: "", start, budget: BUDGET, format: "edits", plan: null, previous }).at(-1)?.content ?? "";
}
