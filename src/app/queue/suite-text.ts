// A suite as one text, for workers that don't have its folder: named by its hash, and held against the digests that it claims.
import { z } from "zod";
import { canonicalJson } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import type { Header } from "../../core/capsule/line.ts";
import { type Base, baseDigest, type Suite, type Task } from "../../core/suite/suite.ts";
import type { Changes, Content, Tree } from "../../core/text/edit.ts";

const content = z.union([z.string(), z.strictObject({ base64: z.string() })]);
const base = z.looseObject({ name: z.string(), digest: z.string(), tree: z.array(z.tuple([z.string(), content])) });
const task = z.looseObject({ id: z.string(), digest: z.string(), base: z.string(), broken: z.array(z.tuple([z.string(), z.string().nullable()])) });
const suiteText = z.looseObject({ name: z.string(), version: z.string(), root: z.string(), bases: z.array(base), tasks: z.array(task) });

const written = (tree: Tree): (readonly [string, string | { readonly base64: string }])[] =>
  [...tree].map(([path, text]) => [path, typeof text === "string" ? text : { base64: Buffer.from(text).toString("base64") }] as const);

/** Where a base was read from is nobody's business. */
export function writeSuite(suite: Suite): string {
  const bases = suite.bases.map((each) => {
    const facts: Partial<Base> = { ...each };
    delete (facts as { path?: string }).path;
    return { ...facts, tree: written(each.tree) };
  });
  const tasks = suite.tasks.map((each) => ({ ...each, base: each.base.name, broken: [...each.broken] }));
  return canonicalJson({ ...suite, bases, tasks });
}

const read = (entry: z.infer<typeof content>): Content => (typeof entry === "string" ? entry : new Uint8Array(Buffer.from(entry.base64, "base64")));

/** Throws `integrity` where it is not the suite that the run was planned with. */
export function readSuite(text: string, header: Pick<Header, "suite" | "tasks">): Suite {
  const parsed = suiteText.safeParse(JSON.parse(text));
  if (!parsed.success) throw wrong("can't be read");
  const { bases: writtenBases, tasks: writtenTasks, ...facts } = parsed.data;
  const bases = writtenBases.map((each) => ({ ...each, tree: new Map(each.tree.map(([path, entry]) => [path, read(entry)])) }) as unknown as Base);
  for (const each of bases) if (baseDigest(each.tree, each) !== each.digest) throw wrong(`has a base ${each.name} that is not of its digest`);
  const byName = new Map(bases.map((each) => [each.name, each]));
  const tasks = writtenTasks.map((each) => {
    const of = byName.get(each.base);
    if (of === undefined) throw wrong(`has no base ${each.base}`);
    return { ...each, base: of, broken: new Map(each.broken) as Changes } as unknown as Task;
  });
  if (facts.root !== header.suite.root) throw wrong("has another root");
  const digests = new Map(tasks.map(({ id, digest }) => [id, digest]));
  const stranger = header.tasks.find(({ id, digest }) => digests.get(id) !== digest);
  if (stranger !== undefined) throw wrong(`does not have the task ${stranger.id} of the run's plan`);
  return { ...facts, bases, tasks } as unknown as Suite;
}

const wrong = (what: string): BakeoffError => new BakeoffError("integrity", `the suite that came over the queue ${what}`, "start the run anew");
