// From the instrumented sources and what the test binaries printed on the clean base to the inventory of tests.
import type { LibtestEvent } from "../../core/verdict/output/libtest-event.ts";
import { readPieces } from "../../core/verdict/output/libtest-pieces.ts";
import type { ExpectedTest } from "../../core/verdict/output/libtest.ts";
import type { Instrumented } from "../../core/verdict/twins/sentinel.ts";
import type { InventoryTest } from "../workbench/base-meta.ts";

/** Workspace path → instrumented source, for every source with tests. */
export type InstrumentedFiles = ReadonlyMap<string, Instrumented>;

export interface SecretNames {
  /** Secret name → the test's own name, for renamed held-out tests. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Secret name → printed name (last part) of the twin's original; null for a plain sentinel. */
  readonly twins: ReadonlyMap<string, string | null>;
}

export function secretNames(files: InstrumentedFiles): SecretNames {
  const aliases = new Map<string, string>();
  const twins = new Map<string, string | null>();
  for (const file of files.values()) {
    for (const { alias, original } of file.aliases) aliases.set(alias, original);
    for (const twin of file.twins) {
      const renamed = file.aliases.find(({ original, module }) => original === twin.original && module.join("::") === twin.module.join("::"));
      twins.set(twin.alias, renamed?.alias ?? twin.original);
    }
  }
  return { aliases, twins };
}

export interface Printed {
  readonly name: string;
  readonly status: "ok" | "failed" | "ignored";
}

const STATUSES = { passed: "ok", failed: "failed", ignored: "ignored" } as const satisfies Partial<Record<LibtestEvent["event"], Printed["status"]>>;

/** How the tests of one binary ended, among whatever else was written there: no line is taken for more than it is. */
export function readPrinted(stdout: string): Printed[] {
  return stdout
    .split("\n")
    .flatMap(readPieces)
    .flatMap(({ event }) =>
      event?.event === "passed" || event?.event === "failed" || event?.event === "ignored" ? [{ name: event.name, status: STATUSES[event.event] }] : [],
    );
}

export interface BinaryTests {
  readonly tests: readonly InventoryTest[];
  /** Tests of the base itself that failed on the clean base: the suite's fault. */
  readonly broken: readonly string[];
  /** Twins that did not fail on the clean base: they prove nothing and are not judged. */
  readonly deadTwins: number;
}

/** Gives each printed test its role. `prefix` is `<package>/<target>/`; what `isAside` accepts is not judged, nor are its twins. */
export function inventoryOf(printed: readonly Printed[], prefix: string, secrets: SecretNames, isAside: (id: string) => boolean = () => false): BinaryTests {
  const broken: string[] = [];
  let deadTwins = 0;
  const idOf = (parents: string, last: string): string => `${prefix}${parents}${secrets.aliases.get(last) ?? last}`;
  const tests = printed.map(({ name, status }): InventoryTest => {
    const [parents, last] = splitName(name);
    const twinOf = secrets.twins.get(last);
    if (twinOf !== undefined) {
      if (status !== "failed") deadTwins += 1;
      const origin = twinOf === null ? null : parents + twinOf;
      const isLive = status === "failed" && (twinOf === null || !isAside(idOf(parents, twinOf)));
      return { name, id: `${prefix}${name}`, role: isLive ? "sentinel" : "unjudged", origin };
    }
    const id = idOf(parents, last);
    if (status === "ignored" || isAside(id)) return { name, id, role: "unjudged", origin: null };
    if (status === "failed") broken.push(id);
    return { name, id, role: secrets.aliases.has(last) ? "held-out" : "visible", origin: null };
  });
  return { tests: tests.toSorted((a, b) => (a.name < b.name ? -1 : 1)), broken, deadTwins };
}

function splitName(name: string): [parents: string, last: string] {
  const at = name.lastIndexOf("::");
  return at < 0 ? ["", name] : [name.slice(0, at + 2), name.slice(at + 2)];
}

/** What the strict reader of a verdict expects of a binary, for a task that judges the tests which `judged` accepts. */
export function expectedTests(tests: readonly InventoryTest[], judged: (test: InventoryTest) => boolean): ExpectedTest[] {
  const out = new Set(tests.filter((test) => (test.role === "visible" || test.role === "held-out") && !judged(test)).map((test) => test.name));
  return tests.map(({ name, id, role, origin }) => ({
    name,
    id,
    origin,
    role: out.has(name) || (origin !== null && out.has(origin)) ? "unjudged" : role,
  }));
}
