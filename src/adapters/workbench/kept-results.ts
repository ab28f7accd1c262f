// Results that lie beside a prepared base, one file each: what its trees came to in an earlier call of this program.
import { randomBytes } from "node:crypto";
import { mkdir, open, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { canonicalJson } from "../../core/base/canonical.ts";
import { storedDiagnostic, storedVerdict } from "../../core/verdict/stored-verdict.ts";
import type { Verdict } from "../../core/verdict/verdict.ts";
import type { KeptVerification, Lint } from "../../ports/workbench.ts";
import type { StoredBase } from "./base-cache.ts";

interface Kept {
  readonly starts: Verdict;
  readonly verifications: KeptVerification;
  readonly lints: Lint["diagnostics"];
}

/** Read strictly: a damaged file counts as none. */
const KINDS: { readonly [K in keyof Kept]: z.ZodType<Kept[K]> } = {
  starts: storedVerdict,
  verifications: z.strictObject({
    verdict: storedVerdict,
    notes: z.array(z.strictObject({ rule: z.string(), detail: z.string() })),
    treeHash: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  lints: z.array(storedDiagnostic),
};

const placeOf = ({ folder }: StoredBase, kind: keyof Kept, key: string): string => join(folder, kind, `${key}.json`);

/** Null where there is none, or none that only this user could have written. */
export async function keptResult<K extends keyof Kept>(base: StoredBase, kind: K, key: string): Promise<Kept[K] | null> {
  const text = await readOwn(placeOf(base, kind, key));
  if (text === null) return null;
  return KINDS[kind].safeParse(parseJson(text)).data ?? null;
}

/** Written beside and renamed: another process may be reading it. */
export async function keepResult<K extends keyof Kept>(base: StoredBase, kind: K, key: string, result: Kept[K]): Promise<void> {
  const file = placeOf(base, kind, key);
  await mkdir(join(base.folder, kind), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${randomBytes(6).toString("hex")}`;
  await writeFile(fresh, canonicalJson(result), { mode: 0o600 });
  await rename(fresh, file);
}

/** A verdict that is not worked out again is believed: a file that somebody else owns or may write to is not. */
async function readOwn(path: string): Promise<string | null> {
  const file = await open(path, "r").catch(() => null);
  if (file === null) return null;
  try {
    const { uid, mode } = await file.stat();
    return uid === process.getuid?.() && (mode & OTHERS_WRITE) === 0 ? await file.readFile("utf8") : null;
  } finally {
    await file.close();
  }
}

const OTHERS_WRITE = 0o022;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
