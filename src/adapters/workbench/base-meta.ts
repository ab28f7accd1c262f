// The metadata of a prepared base, stored beside it in the cache.
import { z } from "zod";
import type { JobTest } from "../sandbox/script.ts";

export const BASE_FORMAT = 12;

const inventoryTest = z.strictObject({
  /** As the binary prints it. */
  name: z.string(),
  id: z.string(),
  role: z.enum(["visible", "held-out", "sentinel", "unjudged"]),
  origin: z.string().nullable(),
});

export const baseMeta = z.strictObject({
  format: z.literal(BASE_FORMAT),
  key: z.string(),
  forbidUnsafe: z.boolean(),
  vendor: z.string().nullable(),
  members: z.array(
    z.strictObject({
      name: z.string(),
      dir: z.string(),
      dependents: z.array(z.string()),
      procMacro: z.boolean(),
      /** What cargo tells a test about its package. */
      env: z.record(z.string(), z.string()),
      /** Folders below `target` whose removal makes cargo rebuild the member. */
      fingerprints: z.array(z.string()),
    }),
  ),
  binaries: z.array(z.strictObject({ member: z.string(), target: z.string(), exe: z.string(), cwd: z.string(), tests: z.array(inventoryTest) })),
  /** Programs that integration tests start, below `target`. */
  programs: z.array(z.strictObject({ member: z.string(), exe: z.string() })),
  /** What the held-out tests saw on the clean base, where they were observed; null: nothing was. */
  observed: z
    .strictObject({
      module: z.string(),
      record: z.string(),
      right: z.string(),
      /** By binary below `target`, then by test, place, kind and passage. */
      reference: z.record(z.string(), z.record(z.string(), z.string())),
    })
    .nullable(),
  /** Members that give the same test binaries where they are built alone. */
  alone: z.array(z.string()),
  /** Sources of code that runs while other code compiles. */
  compileTime: z.array(z.string()),
  /** Sources with tests in them: taken away before a test runs. */
  hide: z.array(z.string()),
  /** Secret names in the instrumented sources: nothing that contains one is ever shown. */
  secrets: z.array(z.string()),
});

export type BaseMeta = z.infer<typeof baseMeta>;
export type InventoryTest = z.infer<typeof inventoryTest>;
export type BinaryMeta = BaseMeta["binaries"][number];

export interface TestedBase {
  readonly members: readonly Pick<BaseMeta["members"][number], "name" | "env">[];
  readonly programs: BaseMeta["programs"];
}

/** What a sandbox runs of a base: its test binaries, started as cargo would, and the programs that tests start. */
export function jobTests(meta: TestedBase, binaries: readonly Pick<BinaryMeta, "member" | "target" | "exe" | "cwd">[], root: string): JobTest[] {
  const programsOf = (member: string) => meta.programs.filter((program) => program.member === member);
  const tests = binaries.map(({ member, target, exe, cwd }): JobTest => {
    const own = target.startsWith("test:") ? programsOf(member) : [];
    const paths = own.map((program) => [`CARGO_BIN_EXE_${program.exe.slice(program.exe.lastIndexOf("/") + 1)}`, `${root}/target/${program.exe}`] as const);
    const env = { ...meta.members.find(({ name }) => name === member)?.env, ...Object.fromEntries(paths) };
    return { exe, cwd, spawns: own.length > 0, env, args: [], record: null, turn: 0 };
  });
  return [...tests, ...meta.programs.map(({ exe }) => ({ exe, cwd: null, spawns: false, env: {}, args: [], record: null, turn: 0 }))];
}
