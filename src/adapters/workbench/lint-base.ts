// The loop's tree as clippy has checked it: made when a critic first asks for it, and kept beside the base.
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { canonicalJson } from "../../core/base/canonical.ts";
import type { Base } from "../../core/suite/suite.ts";
import { BaseBuild } from "./base-build.ts";
import type { StoredBase } from "./base-cache.ts";
import { runClippy } from "./cargo/cargo.ts";
import { layoutOf, writeLayout } from "./layout.ts";
import type { Preparation } from "./preparation.ts";

/** Raised whenever what lies there comes to be something else; one of another format counts as none. */
const FORMAT = 1;

const lintMeta = z.strictObject({
  format: z.literal(FORMAT),
  /** Did clippy come to its end on the clean tree, and find no error? */
  passed: z.boolean(),
  /** By member: folders below `target` whose removal makes cargo check it anew. */
  fingerprints: z.record(z.string(), z.array(z.string())),
});
type LintMeta = z.infer<typeof lintMeta>;

/** The stored base whose tree clippy runs on; null where it does not pass the clean one. */
export async function lintBase(at: Preparation, base: Base, loop: StoredBase, signal: AbortSignal): Promise<StoredBase | null> {
  const folder = join(loop.folder, "clippy");
  const meta = (await kept(folder)) ?? (await checked(at, { base, loop, folder }, signal));
  if (!meta.passed) return null;
  const members = loop.meta.members.map((member) => ({ ...member, fingerprints: meta.fingerprints[member.name] ?? [] }));
  return { folder, meta: { ...loop.meta, members, binaries: [], programs: [] } };
}

async function kept(folder: string): Promise<LintMeta | null> {
  const text = await readFile(join(folder, "meta.json"), "utf8").catch(() => null);
  return text === null ? null : (lintMeta.safeParse(parsed(text)).data ?? null);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

interface WantedCheck {
  readonly base: Base;
  readonly loop: StoredBase;
  readonly folder: string;
}

/** Built aside and moved into place: trials may be running on the loop's own tree. */
async function checked(at: Preparation, { base, loop, folder }: WantedCheck, signal: AbortSignal): Promise<LintMeta> {
  const work = await at.cache.workFolder(`clippy-${loop.meta.key.slice(0, 16)}-${process.pid}-${randomBytes(4).toString("hex")}`);
  try {
    const meta = await check(new BaseBuild(at, base, work, signal), at, { base, loop });
    await writeFile(join(work, "meta.json"), canonicalJson(meta));
    // If another process was faster, its tree is as good.
    await rename(work, folder).catch(() => undefined);
    const stored = await kept(folder);
    if (stored !== null) return stored;
    await rm(folder, { recursive: true, force: true });
    await rename(work, folder);
    return meta;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function check(on: BaseBuild, { root }: Preparation, { base, loop }: Pick<WantedCheck, "base" | "loop">): Promise<LintMeta> {
  on.vendor = loop.meta.vendor;
  on.members = loop.meta.members;
  await writeLayout(on.tree, base, "loop", layoutOf(base, "loop", root));
  await mkdir(join(on.tree, "target"), { recursive: true });
  await on.handOver();
  await on.layDependencies("clippy");
  on.tell("clippy");
  const passed = (await on.cargo(runClippy)).code === 0;
  if (!passed) return { format: FORMAT, passed, fingerprints: {} };
  await on.forgetWarnings();
  return { format: FORMAT, passed, fingerprints: await on.fingerprints() };
}
