// Runs of the observed tests: how each is started, and what it told, by test and place.
import { differences, keyed, type ObservationKey, readObservations } from "../../core/verdict/observed/records.ts";
import type { ObservedNames } from "../../core/verdict/observed/prelude.ts";
import type { ObservedDifference } from "../../core/verdict/verdict.ts";
import type { JobTest } from "../sandbox/script.ts";
import type { StageOutput } from "../sandbox/sandbox.ts";
import { readPrinted } from "../sandbox/inventory.ts";

const testsModule = ({ module }: ObservedNames): string => `${module}_tests`;

/** A test binary without its observed tests. */
export const ordinaryRun = (test: JobTest, names: ObservedNames | null): JobTest =>
  names === null || test.cwd === null ? test : { ...test, args: [...test.args, "--skip", `${testsModule(names)}::`], turn: TURNS.ordinary };

/** The observed tests of a binary: once for left sides, once for right ones, each in a process of its own. */
export function observedRuns(test: JobTest, names: ObservedNames): readonly [JobTest, JobTest] {
  const run = { ...test, args: [...test.args, `${testsModule(names)}::`], record: names.record };
  return [
    { ...run, turn: TURNS.left },
    { ...run, env: { ...run.env, [names.right]: "1" }, turn: TURNS.right },
  ];
}

/** The binaries of which the reference told something: nothing that another one tells could be held against anything. */
export const observedBinaries = <B extends { readonly exe: string }>(binaries: readonly B[], { reference }: { readonly reference: Reference }): readonly B[] =>
  binaries.filter(({ exe }) => Object.keys(reference[exe] ?? {}).length > 0);

/** What the reference told, by binary. */
type Reference = Readonly<Record<string, Readonly<Record<ObservationKey, string>>>>;

/** Where these binaries saw other values than the reference did. `outputs`: two of each, as `observedRuns` starts them. */
export const referenceDifferences = (
  binaries: readonly { readonly exe: string }[],
  outputs: readonly (StageOutput | null)[],
  names: ObservedNames & { readonly reference: Reference },
): readonly ObservedDifference[] =>
  binaries.flatMap(({ exe }, index) =>
    differences(new Map(Object.entries(names.reference[exe] ?? {})), observed(outputs.slice(2 * index, 2 * index + 2), names)),
  );

/**
 * What has seen expected values runs when nobody is left to be told: a right side is shown by the code under test, and the ordinary form hands
 * it over to be compared. Processes of one job share a temporary folder and the loopback.
 */
const TURNS = { left: 0, right: 1, ordinary: 2 } as const;

/** What the two runs told. `end`: how each test ended, which is all that a test without assertions tells. */
export function observed(outputs: readonly (StageOutput | null)[], names: ObservedNames): ReadonlyMap<ObservationKey, string> {
  const [left, right] = outputs;
  const inFile = (test: string) => test.replace(`${testsModule(names)}::`, "");
  const own = (output: StageOutput | null | undefined, kinds: readonly string[]) =>
    readObservations(output?.record ?? "")
      .observations.filter(({ kind }) => kinds.includes(kind))
      .map((one) => ({ ...one, test: inFile(one.test) }));
  const ends = readPrinted(left?.stdout ?? "").map(({ name, status }) => [`${inFile(name)}\tend\tbit\t0`, status] as const);
  return new Map([...keyed([...own(left, ["left", "left-part", "bit"]), ...own(right, ["right", "right-part"])]), ...ends]);
}
