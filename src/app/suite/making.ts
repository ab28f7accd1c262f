// What the commands that make suites share: where the suite goes, the bench it is proved on, the files written and read back.
import { basename, join, relative, resolve } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { DROP_REASONS } from "../../core/suite/making/drop.ts";
import type { Suite } from "../../core/suite/suite.ts";
import type { Judging } from "../../suite-making/judge.ts";
import { madeFiles, type MadeSuite } from "../../suite-making/made-suite.ts";
import { type Bench, cacheShelf, cores, lockFiles, openBench, suiteMaking, suiteWriter, timeLimit, workspaceSearch, world } from "../compose.ts";
import { calledAs, quoted } from "../places.ts";
import type { LockFileMaker } from "../../ports/repository.ts";

export interface Place {
  readonly name: string;
  readonly folder: string;
}

/** Where the suite goes and what it is called. Throws `usage` where something is there already, or a name can't be one. */
export async function placeOf(options: { readonly out?: string; readonly name?: string }, proposed: string): Promise<Place> {
  const name = options.name ?? (options.out === undefined ? slug(proposed) : basename(resolve(options.out)));
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw new BakeoffError("usage", `${name} is no name for a suite`, "use lower-case letters, digits and dashes: --name my-crate");
  const folder = options.out === undefined ? join(process.cwd(), "suites", name) : resolve(options.out);
  if (basename(folder) !== name)
    throw new BakeoffError("usage", `--out ends in ${basename(folder)}, but the name is ${name}`, "make them the same, or leave one out");
  await suiteWriter.free(folder);
  return { name, folder };
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "") || "mined";

export const DEFAULTS = { compile_timeout_s: 60, test_timeout_s: 20 } as const;

/** Seconds that one base may take to be prepared. */
const PREPARE_LIMIT_S = 600;

export interface MakingTools {
  readonly open: Bench;
  readonly judging: Judging;
  readonly lockFile: LockFileMaker;
}

export interface FeatureOptions {
  readonly features?: string[];
  readonly allFeatures: boolean;
}

export interface MakingOptions extends FeatureOptions {
  readonly repeats: number;
  readonly strength: boolean;
  readonly dropWeak: boolean;
}

export const featuresOf = ({ features, allFeatures }: FeatureOptions): readonly string[] => (allFeatures ? ["*"] : (features ?? []));

/** Opens a bench, lets the work be done, and closes it again. Ctrl-C stops the work; what was found out is kept. */
export async function withTools<T>(options: MakingOptions, work: (tools: MakingTools) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort(new BakeoffError("interrupted", "interrupted", "the same command goes on where it was")));
  const open = await openBench(cores(), stop.signal);
  try {
    const judging = {
      bench: open.bench,
      shelf: cacheShelf(),
      search: workspaceSearch(),
      repeats: options.repeats,
      features: featuresOf(options),
      strength: options.strength || options.dropWeak ? { parse: await suiteMaking.parser(), dropWeak: options.dropWeak } : null,
      defaults: DEFAULTS,
      signal: stop.signal,
      prepareLimit: timeLimit(PREPARE_LIMIT_S * 1000),
    };
    return await work({ open, judging, lockFile: await lockFiles(stop.signal) });
  } finally {
    await open.close();
  }
}

/** Writes the suite and reads it back as every other command will. */
export async function writeMade(place: Place, made: MadeSuite): Promise<Suite> {
  await suiteWriter.write(place.folder, madeFiles(made));
  return world.loadSuite(place.folder);
}

/** How often each reason, most frequent first. */
export function reasonCounts(dropped: readonly { readonly reason: string }[], passedOver: Readonly<Record<string, number>>): [string, number][] {
  const all = new Map<string, number>(Object.entries(passedOver));
  for (const { reason } of dropped) all.set(reason, (all.get(reason) ?? 0) + 1);
  return [...all].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

const sentence = (reason: string): string => Object.entries(DROP_REASONS).find(([name]) => name === reason)?.[1] ?? "";

/** A line for each reason, with its sentence. */
export function reasonLines(dropped: readonly { readonly reason: string }[], passedOver: Readonly<Record<string, number>>): string[] {
  const lines = reasonCounts(dropped, passedOver).map(([reason, count]) => `  ${String(count).padStart(6)}  ${reason.padEnd(13)} ${sentence(reason)}`);
  return lines.length === 0 ? [] : ["not taken:", ...lines];
}

/** Where the suite is and what to do with it. */
export function madeEnding(place: Place): string[] {
  const folder = relative(process.cwd(), place.folder) || place.folder;
  return [`suite in ${folder} (look at suite.md); next: ${calledAs()} run --suite ${quoted(folder)}`];
}
