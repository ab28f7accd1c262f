// A held-out test for a repair whose test asserts one thing: the same call with further inputs, which only the repaired tree answers so.
import { canonicalJson, hashOf } from "../core/base/canonical.ts";
import type { DropReason } from "../core/suite/making/drop.ts";
import { ASKED, furtherInputs, type FurtherInputs, furtherTest, probeName, probes, readProbe, type SeenInput } from "../core/suite/making/further-inputs.ts";
import { asGlob } from "../core/suite/making/draft.ts";
import { packageDirOf } from "../core/suite/making/test-identity.ts";
import type { Drop, Repair } from "../core/suite/making/repair.ts";
import { isMovable, type SourceTest, testKey, testsIn, treeText } from "../core/suite/making/source-test.ts";
import { type Base, baseDigest } from "../core/suite/suite.ts";
import type { Changes } from "../core/text/edit.ts";
import { regraftTestModules } from "../core/verdict/guard/regraft.ts";
import type { Verdict } from "../core/verdict/verdict.ts";
import type { Shelf } from "../ports/repository.ts";
import type { Workbench } from "../ports/workbench.ts";
import { trialTask } from "./mutant-trials.ts";

export interface ProbingTools {
  readonly bench: Workbench;
  readonly shelf: Shelf;
  readonly features: readonly string[];
  readonly defaults: { readonly compile_timeout_s: number; readonly test_timeout_s: number };
  readonly signal: AbortSignal;
  /** Null where the base is prepared, else why it can't be. */
  readonly prepare: (base: Base) => Promise<Drop | null>;
}

/** Why a base could not be prepared here and now: it may be another time. */
const PASSING: ReadonlySet<DropReason> = new Set(["networked", "sandbox", "slow"]);

type Values = Readonly<Record<string, string>>;

/** Raised whenever the same repair comes to another test. */
const FORMAT = 1;
const MOST_KEPT = 4;
const FILE = "bakeoff-probes";

/**
 * The repair with a test of further inputs; null where no input tells the broken tree from the repaired one, or none can be tried. A
 * drop where they could not be tried here and now.
 */
export async function withFurtherTest(tools: ProbingTools, repair: Repair): Promise<Repair | Drop | null> {
  for (const test of repair.tests) {
    const source = treeText(repair.clean, test.path);
    const further = source !== null && isMovable(source, test) ? furtherInputs(source, test) : null;
    const name = `${test.name}_further`;
    if (source === null || further === null || source.includes(name)) continue;
    const seen = await kept(tools, repair, test, further);
    if ("reason" in seen) return seen;
    if (seen.length > 0) return withTest(repair, test, furtherTest(further.head, name, seen));
  }
  return null;
}

/** The test stands behind the one that it is made of. */
function withTest(repair: Repair, test: SourceTest, text: string): Repair {
  const source = treeText(repair.clean, test.path) ?? "";
  const laid = laidBehind(source, test, text);
  const known = new Set(testsIn(test.path, source).map(testKey));
  const derived = testsIn(test.path, laid).filter((one) => !known.has(testKey(one)));
  return {
    ...repair,
    clean: new Map([...repair.clean, [test.path, laid]]),
    tests: [...repair.tests, ...derived.map((one) => ({ ...one, isDerived: true as const }))],
  };
}

const laidBehind = (source: string, { text }: SourceTest, more: string): string => {
  const end = source.indexOf(text) + text.length;
  return source.slice(0, end) + more + source.slice(end);
};

/** What is seen of the same inputs is kept: a second call does not try them again. */
async function kept(tools: ProbingTools, repair: Repair, test: SourceTest, further: FurtherInputs): Promise<readonly SeenInput[] | Drop> {
  const base = probeBase(tools, repair, test, further);
  const before = [...repair.before];
  const key = hashOf({ further: FORMAT, base: base.digest, before, defaults: tools.defaults, rustc: tools.bench.toolchain.rustc });
  const text = await tools.shelf.find(key);
  const answer: Values | Drop = text === null ? await told(tools, repair, base, test) : (JSON.parse(text) as Values);
  if (isDrop(answer)) return answer;
  if (text === null) await tools.shelf.keep(key, canonicalJson(answer));
  const distinct = new Map(
    further.inputs.flatMap((input, index): [string, SeenInput][] => {
      const value = answer[probeName(index)];
      return value === undefined ? [] : [[value, { ...input, value }]];
    }),
  );
  return [...distinct.values()].slice(0, MOST_KEPT);
}

/** Tells the probes whether to tell: a test sees the files of its workspace. */
const fileOf = ({ clean }: Repair, { path }: SourceTest): string => `${packageDirOf(clean, path)}${FILE}`;

function probeBase({ features }: ProbingTools, repair: Repair, test: SourceTest, further: FurtherInputs): Base {
  const source = treeText(repair.clean, test.path) ?? "";
  const laid = laidBehind(source, test, probes(further, FILE));
  const tree = new Map([...repair.clean, [test.path, laid], [fileOf(repair, test), ""]]);
  const name = `at-${repair.id}-inputs`;
  const aside = (repair.aside ?? []).map(asGlob);
  const how = { aside, warn: repair.warn ?? [], packages: repair.packages ?? [], features };
  const base = { name, path: `${repair.origin}, further inputs`, tree, hidden: [], protected: [], ...how };
  return { ...base, digest: baseDigest(tree, base) };
}

/** Values by probe: those that the repaired tree gives both times, and the broken tree does not. The second time is asked for where something differs. */
async function told(tools: ProbingTools, repair: Repair, base: Base, test: SourceTest): Promise<Values | Drop> {
  const fault = await tools.prepare(base);
  // An input that does not compile, or a test that is red: the repair itself says so on its own base.
  if (fault !== null) return PASSING.has(fault.reason) ? fault : {};
  const run = async (changes: Changes): Promise<Verdict> => {
    const task = trialTask(base, [...changes.keys()].map(asGlob), tools.defaults);
    return (await tools.bench.verify({ task, changes, whole: true }, tools.signal)).verdict;
  };
  const ask: Changes = new Map([[fileOf(repair, test), ASKED]]);
  const once = await run(ask);
  const broken = await run(new Map([...brokenFiles(repair, base), ...ask]));
  const wrong = valuesOf(broken);
  // One that ran into a limit answers nothing; a repair that only moves code answers alike.
  const isAnswer = broken.status === "failed" || broken.status === "compile-error";
  const telling = isAnswer ? [...valuesOf(once)].filter(([name, value]) => wrong.get(name) !== value) : [];
  const again = telling.length === 0 ? null : await run(ask);
  for (const verdict of [once, broken, again]) if (verdict?.status === "infrastructure") return { reason: "sandbox", detail: verdict.detail };
  const steady = again === null ? new Map<string, string>() : valuesOf(again);
  return Object.fromEntries(telling.filter(([name, value]) => steady.get(name) === value));
}

const brokenFiles = ({ before }: Repair, { tree }: Base): Changes =>
  new Map([...before].map(([path, content]) => [path, content === null ? null : regraftTestModules(treeText(tree, path) ?? "", content)]));

const isDrop = (answer: Values | Drop): answer is Drop => answer["reason"] !== undefined;

function valuesOf(verdict: Verdict): ReadonlyMap<string, string> {
  if (verdict.status !== "failed") return new Map();
  return new Map(
    verdict.tests.flatMap(({ id, output }): [string, string][] => {
      const [name] = /bakeoff_probe_\d+$/.exec(id) ?? [];
      const value = readProbe(output);
      return name === undefined || value === null ? [] : [[name, value]];
    }),
  );
}
