// Attachments: findings about a run after it was sealed, as files in a folder beside its capsule, which is never written to again.
import { createReadStream } from "node:fs";
import { copyFile, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { canonicalJson, openHash, type Sha256 } from "../../core/base/canonical.ts";
import { BakeoffError, messageOf } from "../../core/base/errors.ts";
import type { Attachment } from "../../ports/capsules.ts";
import { readBoundedJson } from "../files/bounded-json.ts";
import { attachmentsPath } from "./paths.ts";
import { makeFolder, withDiskErrors, replaceFile } from "../files/disk.ts";
import { lock, unlock } from "./lock.ts";

const MANIFEST = "manifest.json";
const MAX_MANIFEST_BYTES = 10_000_000;

export const attachmentName = z.string().regex(/^(?!manifest\.json$)[A-Za-z0-9_][A-Za-z0-9._-]{0,119}$/);

const manifestSchema = z.strictObject({
  kind: z.literal("bakeoff-attachments"),
  format: z.literal(1),
  run_id: z.string(),
  /** The seal that these files are about. */
  seal_hash: z.string(),
  files: z.array(z.strictObject({ name: attachmentName, sha256: z.string(), bytes: z.number(), attached_at: z.string() })).max(10_000),
});
type Manifest = z.infer<typeof manifestSchema>;

/** Copies files beside a sealed capsule and records their hashes. Throws `usage` if another file of the same name exists. */
export async function attachFiles(
  capsule: string,
  files: readonly string[],
  about: { readonly runId: string; readonly sealHash: Sha256; readonly attachedAt: string },
): Promise<readonly Attachment[]> {
  const folder = attachmentsPath(capsule);
  await makeFolder(folder);
  await lock(folder);
  try {
    const known = (await readManifest(capsule))?.files ?? [];
    const added: Attachment[] = [];
    for (const file of files) added.push(await attach(folder, file, [...known, ...added], about.attachedAt));
    const kept = known.filter(({ name }) => !added.some((one) => one.name === name));
    const all = [...kept, ...added].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const manifest: Manifest = { kind: "bakeoff-attachments", format: 1, run_id: about.runId, seal_hash: about.sealHash, files: all };
    await replaceFile(join(folder, MANIFEST), `${canonicalJson(manifest)}\n`);
    return added;
  } finally {
    await unlock(folder);
  }
}

async function attach(folder: string, file: string, known: readonly Attachment[], attachedAt: string): Promise<Attachment> {
  const name = basename(file);
  if (!attachmentName.safeParse(name).success)
    throw new BakeoffError("usage", `${name} can't be attached under that name`, "use letters, digits, dots, dashes and underscores");
  const { sha256, bytes } = await fileDigest(file);
  const there = known.find((one) => one.name === name);
  if (there?.sha256 === sha256) return there;
  if (there) throw new BakeoffError("usage", `another ${name} is attached already`, "give the new file another name: attachments are never replaced");
  const target = join(folder, name);
  await withDiskErrors(target, async () => {
    try {
      await copyFile(file, target);
    } catch (error) {
      await rm(target, { force: true });
      throw error;
    }
  });
  return { name, sha256, bytes, attached_at: attachedAt };
}

/** SHA-256 and size of a file. Throws `usage` if it can't be read. */
export async function fileDigest(path: string): Promise<{ readonly sha256: Sha256; readonly bytes: number }> {
  const hash = openHash();
  let bytes = 0;
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>) {
      hash.update(piece);
      bytes += piece.length;
    }
  } catch (error) {
    throw new BakeoffError("usage", `${path} can't be read: ${messageOf(error)}`, "name a file that is there", { cause: error });
  }
  return { sha256: hash.end(), bytes };
}

async function readManifest(capsule: string): Promise<Manifest | null> {
  const path = join(attachmentsPath(capsule), MANIFEST);
  const value = await readBoundedJson(path, MAX_MANIFEST_BYTES);
  if (value === null) return null;
  const manifest = manifestSchema.safeParse(value);
  if (!manifest.success) throw new BakeoffError("integrity", `${path} is not a list of attachments`, "fetch it again from its source");
  return manifest.data;
}

/** What is attached to a capsule, by name. */
export const listAttachments = async (capsule: string): Promise<readonly Attachment[]> => (await readManifest(capsule))?.files ?? [];

/** Attachments that are no longer as they were attached. */
export async function attachmentFaults(capsule: string, sealHash: Sha256): Promise<readonly { readonly check: "attachments"; readonly fault: string }[]> {
  try {
    const manifest = await readManifest(capsule);
    if (!manifest) return [];
    if (manifest.seal_hash !== sealHash) return [{ check: "attachments", fault: "they are about another seal" }];
    const folder = attachmentsPath(capsule);
    const ends = await Promise.all(manifest.files.map((file) => attachmentFault(join(folder, file.name), file)));
    return ends.flatMap((fault) => (fault === null ? [] : [{ check: "attachments" as const, fault }]));
  } catch (error) {
    if (error instanceof BakeoffError) return [{ check: "attachments", fault: error.message }];
    throw error;
  }
}

async function attachmentFault(path: string, { name, sha256, bytes }: Attachment): Promise<string | null> {
  const info = await stat(path).catch(() => null);
  if (!info?.isFile()) return `${name} is missing`;
  // Its size first: a file that has grown is not read to its end.
  if (info.size !== bytes || (await fileDigest(path)).sha256 !== sha256) return `${name} was changed after it was attached`;
  return null;
}
