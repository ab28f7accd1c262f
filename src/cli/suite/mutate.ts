// `bakeoff suite mutate`: a proven suite from the code of a repository.
import { basename, join, relative, resolve } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { nearest } from "../../core/base/nearest.ts";
import { chosenOperators, OPERATORS } from "../../core/mutation/operators/operator.ts";
import type { Operator } from "../../core/mutation/site.ts";
import { renderSummary, type SuiteFacts } from "../../core/suite/summary.ts";
import { renderSuite } from "../../core/suite/making/write.ts";
import { type MadeSuite, makeMutatedSuite } from "../../suite-making/mutated-suite.ts";
import { draftOf, factsOf } from "../../suite-making/mutated-draft.ts";
import type { RepositoryCopy } from "../../ports/repository.ts";
import { clock, cores, openBench, slots, suiteMaking, workspaceSearch } from "../../app/compose.ts";
import { type FeatureOptions, featuresOf } from "../../app/suite/making.ts";
import { calledAs, quoted } from "../../app/places.ts";

interface MutateOptions extends FeatureOptions {
  readonly repo: string;
  readonly max: number;
  readonly kinds?: readonly string[];
  readonly seed: number;
  readonly name?: string;
  readonly out?: string;
  readonly strength: boolean;
  readonly dropWeak: boolean;
  readonly allowDirty: boolean;
  readonly json: boolean;
}

const note = (text: string): void => void process.stderr.write(`${text}\n`);

const distinct = (names: readonly string[]): number => new Set(names).size;

export async function mutate(options: MutateOptions): Promise<number> {
  const operators = wantedOperators(options.kinds ?? null);
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort(new BakeoffError("interrupted", "interrupted", "call it again: what was tried is not tried anew")));
  const start = clock.now();
  const repositories = await suiteMaking.repositories(stop.signal);
  const before = await repositories.digest(options.repo).catch(() => null);
  const copy = await repositories.copy(options.repo, { allowDirty: options.allowDirty }, stop.signal);
  const place = placeOf(options, copy);
  await suiteMaking.writer.free(place.folder);
  for (const { path, reason } of copy.skipped) note(`left out: ${path}: ${reason}`);
  const { made, rustc } = await make(options, operators, copy, stop.signal);
  if (before !== null && before !== (await repositories.digest(options.repo).catch(() => null)))
    note("the repository was changed meanwhile: the suite is of its state at the start");
  const facts = factsOf({ name: place.name, seed: options.seed, copy, made, rustc });
  if (made.tasks.length === 0)
    throw new BakeoffError(
      "usage",
      `none of ${made.tried} mutants makes a fair task`,
      `${[reasons(facts), ...facts.skipped.map(({ what, reason }) => `${what}: ${reason}`)].filter(Boolean).join("; ")}; write more tests, or name other --kinds`,
    );
  await suiteMaking.writer.write(place.folder, renderSuite({ ...draftOf(facts, copy, made), extra: new Map([["suite.md", renderSummary(facts)]]) }));
  const seconds = (clock.now() - start) / 1000;
  const json = () => `${JSON.stringify({ folder: place.folder, seconds, verifications: made.verifications, ...facts }, null, 2)}\n`;
  process.stdout.write(options.json ? json() : table(facts, made.verifications, seconds));
  note(closing(place.folder));
  return 0;
}

async function make(
  options: MutateOptions,
  operators: readonly Operator[],
  copy: RepositoryCopy,
  signal: AbortSignal,
): Promise<{ made: MadeSuite; rustc: string }> {
  const open = await openBench(cores(), signal);
  try {
    const packages = copy.workspace.packages.map(({ name }) => name).join(", ");
    note(`mutating ${packages} with ${operators.length} operators, seed ${options.seed}, sandbox ${open.tier.tier}`);
    const taskSlots = slots(cores() + 1);
    const made = await makeMutatedSuite({
      copy,
      shown: options.repo,
      bench: open.bench,
      shelf: suiteMaking.shelf(),
      search: workspaceSearch(),
      parse: await suiteMaking.parser(),
      operators,
      seed: options.seed,
      features: featuresOf(options),
      max: options.max,
      strength: options.strength || options.dropWeak,
      dropWeak: options.dropWeak,
      signal,
      taskSlot: (work) => taskSlots(work),
      progress: ({ kept, max, tried, found }) => note(`[${kept}/${max}] ${tried} of ${found} mutants tried`),
      note,
    });
    return { made, rustc: open.bench.toolchain.rustc };
  } finally {
    await open.close();
  }
}

function wantedOperators(kinds: readonly string[] | null): readonly Operator[] {
  const { operators, unknown } = chosenOperators(kinds);
  const [first] = unknown;
  if (first === undefined) return operators;
  const known = ["compile", "behaviour", ...OPERATORS.map(({ name }) => name)];
  throw new BakeoffError("usage", `no kind ${first}`, `did you mean ${nearest(first, known).join(" or ")}? There are: ${known.join(", ")}`);
}

/** The suite's folder has its name: one follows from the other. */
function placeOf({ repo, name, out }: MutateOptions, { workspace }: RepositoryCopy): { readonly name: string; readonly folder: string } {
  const root = workspace.packages.find(({ dir }) => dir === "")?.name ?? basename(resolve(repo));
  const own = name ?? (out === undefined ? `${root}-mutants` : basename(resolve(out)));
  const plain = own
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+/, "");
  if ((name ?? out) !== undefined && plain !== own)
    throw new BakeoffError("usage", `a suite can't be called ${own}`, "use lower-case letters, digits and dashes");
  if (out !== undefined && basename(resolve(out)) !== plain)
    throw new BakeoffError("usage", `the folder ${out} is not called ${plain}`, "leave --name or --out away, or make them the same");
  return { name: plain, folder: out ?? join("suites", plain) };
}

const reasons = (facts: SuiteFacts): string => [...counts(facts)].map(([reason, count]) => `${count}: ${reason}`).join("; ");

function counts({ dropped }: SuiteFacts): Map<string, number> {
  const found = new Map<string, number>();
  for (const { reason } of dropped) found.set(reason, (found.get(reason) ?? 0) + 1);
  return new Map([...found].toSorted((a, b) => b[1] - a[1]));
}

function table(facts: SuiteFacts, verifications: number, seconds: number): string {
  const compile = facts.tasks.filter(({ kind }) => kind === "compile");
  return [
    `${facts.name}: ${facts.tasks.length} tasks made and proved`,
    `  ${compile.length} do not compile (${distinct(compile.flatMap(({ errorCodes }) => errorCodes))} error codes), ${facts.tasks.length - compile.length} fail tests, held-out ones included`,
    `  ${distinct(facts.tasks.flatMap(({ files }) => files))} files, ${distinct(facts.tasks.map(({ origin }) => origin))} operators`,
    ...facts.made.map((line) => `  ${line}`),
    ...[...counts(facts)].map(([reason, count]) => `  dropped ${String(count).padStart(4)}  ${reason}`),
    `  ${verifications} verifications besides the proofs, in ${seconds.toFixed(0)} s`,
    "",
  ].join("\n");
}

function closing(folder: string): string {
  const shown = quoted(relative(process.cwd(), resolve(folder)) || folder);
  return `${shown} is written; look at ${shown}/suite.md\nnext: ${calledAs()} suite validate ${shown}   or   ${calledAs()} run --suite ${shown}`;
}
