// Imports a capsule from elsewhere: a capsule file, an exported tar, an encrypted tar or a .mv2; checks all of it; makes it read-only.
import { chmod, copyFile, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { exportManifest } from "../../core/capsule/export-rule.ts";
import { isTar, unpackFiles } from "./archive.ts";
import { fileDigest } from "./attachments.ts";
import { readBoundedJson } from "../files/bounded-json.ts";
import { MANIFEST_NAME } from "./export.ts";
import type { CheckedCapsule, ImportedCapsule, ImportKeys } from "../../ports/capsules.ts";
import { checkCapsule } from "./check.ts";
import { attachmentsPath, CAPSULE_EXTENSION, signaturePath } from "./paths.ts";
import { makeFolder, withDiskErrors } from "../files/disk.ts";
import { AGE_MAGIC, decryptFile, type DecryptWith } from "./encryption.ts";
import { unpackMemvid } from "./memvid.ts";
import { plainFile } from "../files/plain-file.ts";
import { withStaging } from "../files/staging.ts";

/** Throws `integrity` for anything that does not verify, and `usage` if another capsule of that run exists. */
export async function importCapsule(file: string, folder: string, keys: ImportKeys): Promise<ImportedCapsule> {
  const source = { plain: await plainFile(file), file };
  // A file that can't be read leaves no folder behind.
  await kindOf(source);
  return withStaging(folder, async (staging) => {
    const capsule = await unpack(source, staging, keys);
    const checked = await checkCapsule(capsule, keys.trusted);
    const [fault] = checked.faults;
    if (fault) throw new BakeoffError("integrity", `${file} does not verify: ${fault.check}: ${fault.fault}`, "fetch it again from its source");
    return place(capsule, checked, folder);
  });
}

type Kind = "age" | "tar" | "mv2" | "capsule";

/** Where the bytes are, and what people call it. */
interface Source {
  readonly plain: string;
  readonly file: string;
}

async function kindOf({ plain, file }: Source): Promise<Kind> {
  const handle = await open(plain, "r").catch((error: unknown) => {
    throw new BakeoffError("usage", `${file} can't be read`, "name a capsule, an exported .tar, .tar.age or .mv2", { cause: error });
  });
  try {
    const bytes = Buffer.alloc(512);
    await handle.read(bytes, 0, bytes.length, 0);
    if (bytes.toString("latin1").startsWith(AGE_MAGIC)) return "age";
    if (isTar(bytes)) return "tar";
    return bytes.toString("latin1", 0, 3) === "MV2" || file.endsWith(".mv2") ? "mv2" : "capsule";
  } catch (error) {
    throw new BakeoffError("usage", `${file} can't be read`, "name a capsule, an exported .tar, .tar.age or .mv2", { cause: error });
  } finally {
    await handle.close();
  }
}

/** Unpacks the file into the staging folder; returns the capsule's path there. */
async function unpack(source: Source, staging: string, keys: DecryptWith): Promise<string> {
  const { plain, file } = source;
  switch (await kindOf(source)) {
    case "age": {
      const tar = join(staging, "decrypted");
      await decryptFile(plain, tar, keys);
      const decrypted = { plain: tar, file };
      if ((await kindOf(decrypted)) !== "tar")
        throw new BakeoffError("integrity", `${file}: the decrypted file is not an export`, "fetch it again from its source");
      return unpack(decrypted, staging, keys);
    }
    case "tar": {
      const below = join(staging, "unpacked");
      await makeFolder(below);
      return fromExport(file, below, await unpackFiles(plain, below));
    }
    case "mv2": {
      const below = join(staging, "unpacked");
      return fromExport(file, below, await unpackMemvid(plain, below));
    }
    case "capsule":
      return copyCapsule(source, staging);
  }
}

/** Checks an unpacked export against its manifest. */
async function fromExport(file: string, folder: string, names: readonly string[]): Promise<string> {
  const damaged = (what: string): BakeoffError => new BakeoffError("integrity", `${file}: manifest: ${what}`, "fetch it again from its source");
  const manifest = exportManifest.safeParse(await readBoundedJson(join(folder, MANIFEST_NAME), 200_000_000));
  if (!manifest.success) throw damaged(`it is missing or can't be read (${manifest.error.issues[0]?.message.slice(0, 200) ?? ""})`);
  const { files } = manifest.data;
  const expected = [MANIFEST_NAME, ...files.map(({ name }) => name)].toSorted();
  if (expected.join("\n") !== names.toSorted().join("\n")) throw damaged("the files are not those that it lists");
  for (const { name, sha256, bytes } of files) {
    const digest = await fileDigest(join(folder, name));
    if (digest.sha256 !== sha256 || digest.bytes !== bytes) throw damaged(`${name} is not the file that was exported`);
  }
  const capsules = names.filter((name) => name.endsWith(CAPSULE_EXTENSION));
  const [capsule] = capsules;
  if (capsule === undefined || capsules.length > 1) throw damaged("it must list one capsule");
  await rename(join(folder, "attachments"), attachmentsPath(join(folder, capsule))).catch(ignoreMissing);
  return join(folder, capsule);
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

async function copyCapsule({ plain, file }: Source, staging: string): Promise<string> {
  const copy = join(staging, `copy${CAPSULE_EXTENSION}`);
  await withDiskErrors(copy, () => copyFile(plain, copy));
  await copyFile(signaturePath(file), signaturePath(copy)).catch(ignoreMissing);
  return copy;
}

/** Moves a checked capsule and the files beside it under the name of its run, and makes them read-only. */
async function place(staged: string, checked: CheckedCapsule, folder: string): Promise<ImportedCapsule> {
  const capsule = join(folder, `${checked.header.run_id}${CAPSULE_EXTENSION}`);
  const there = await stat(capsule).catch(() => null);
  if (there) {
    if ((await fileDigest(capsule)).sha256 === checked.fileHash) return { capsule, checked, known: true };
    throw new BakeoffError("usage", `another ${basename(capsule)} is in ${dirname(capsule)}`, "move it away first: an import never replaces a capsule");
  }
  await chmod(staged, 0o444);
  // The capsule last: without it, the files beside it mean nothing.
  await rm(attachmentsPath(capsule), { recursive: true, force: true });
  await rename(attachmentsPath(staged), attachmentsPath(capsule)).catch(ignoreMissing);
  await chmod(signaturePath(staged), 0o444).catch(ignoreMissing);
  await rename(signaturePath(staged), signaturePath(capsule)).catch(ignoreMissing);
  await withDiskErrors(capsule, () => rename(staged, capsule));
  return { capsule, checked, known: false };
}
