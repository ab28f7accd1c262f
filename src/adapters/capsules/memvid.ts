// Memvid `.mv2` as a container of gzipped frames around an export; only our own digests are trusted.
import { createReadStream, createWriteStream } from "node:fs";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { execa } from "execa";
import { z } from "zod";
import { BakeoffError } from "../../core/base/errors.ts";
import { fileDigest } from "./attachments.ts";
import { makeFolder } from "../files/disk.ts";
import { lock, unlock } from "./lock.ts";
import { MEMVID_SCRIPT } from "./memvid-script.ts";

const PACKAGE = "@memvid/sdk-linux-x64-gnu";
const VERSION = "2.0.160";

/** The file holds 50 MiB, including its overhead, and was measured with up to ten frames. */
const MAX_PACKED_BYTES = 20_000_000;
const MAX_FRAMES = 10;
/** Upper limit on a frame's inflated size, whatever the manifest says. */
const MAX_FRAME_BYTES = 2_000_000_000;
/** Memvid changes white space in longer texts. */
const MAX_MANIFEST_CHARS = 2000;
const TIMEOUT_MS = 120_000;

const NAME = /^(?:attachments\/)?[A-Za-z0-9_][A-Za-z0-9._-]{0,139}$/;
const MANIFEST_URI = "mv2://bakeoff/frames.json";
const uriOf = (name: string): string => `mv2://bakeoff/${name}.gz`;

const framesSchema = z.strictObject({
  kind: z.literal("bakeoff-frames"),
  format: z.literal(1),
  frames: z.array(z.strictObject({ name: z.string().regex(NAME), sha256: z.string(), bytes: z.number().int().min(0).max(MAX_FRAME_BYTES) })).max(MAX_FRAMES),
});

/** The native module's path: in the program's own packages, the working folder's, or NODE_PATH. Null if it is not installed. */
function nativeModule(): string | null {
  try {
    return createRequire(join(process.cwd(), "package.json")).resolve(`${PACKAGE}/memvid_sdk.node`);
  } catch {
    // Not in the working folder: then in the program's own.
  }
  try {
    return createRequire(import.meta.url).resolve(`${PACKAGE}/memvid_sdk.node`);
  } catch {
    return null;
  }
}

function requireNative(): string {
  const module = nativeModule();
  if (module !== null) return module;
  const hint = `npm install --no-save ${PACKAGE}@${VERSION}`;
  throw new BakeoffError("environment", `writing and reading .mv2 needs ${PACKAGE} ${VERSION}, which is not installed`, hint);
}

async function inChild(request: object): Promise<void> {
  const module = requireNative();
  // Its open is synchronous and can block for minutes; with a key in the environment it would access the network.
  const { PATH = "" } = process.env;
  const ended = await execa(process.execPath, ["-e", MEMVID_SCRIPT], {
    input: JSON.stringify({ module, ...request }),
    env: { PATH, MEMVID_OFFLINE: "1" },
    extendEnv: false,
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL",
    reject: false,
    maxBuffer: 1_000_000,
  });
  if (ended.timedOut) throw new BakeoffError("environment", `memvid gave no answer within ${TIMEOUT_MS / 1000} s`, "export a tar instead (leave out --mv2)");
  if (ended.exitCode !== 0)
    throw new BakeoffError(
      "integrity",
      `memvid: ${ended.stderr.trim().split("\n").at(-1)?.slice(0, 300) ?? "it failed"}`,
      "fetch the file again, or export a tar instead",
    );
}

/** Packs files of a folder into a new `.mv2`, reads them back, compares, and only then gives the file its name. */
export async function packMemvid(folder: string, names: readonly string[], target: string, scratch: string): Promise<void> {
  if (names.length > MAX_FRAMES) throw tooLarge(`${names.length} files`);
  requireNative();
  const frames = await Promise.all(names.map(async (name) => ({ name, ...(await fileDigest(join(folder, name))) })));
  const packed = await Promise.all(names.map((name) => gzipped(join(folder, name), join(scratch, `${name}.gz`))));
  const bytes = packed.reduce((sum, size) => sum + size, 0);
  if (bytes > MAX_PACKED_BYTES) throw tooLarge(`${bytes} bytes of gzip`);
  const manifest = JSON.stringify({ kind: "bakeoff-frames", format: 1, frames });
  if (manifest.length > MAX_MANIFEST_CHARS) throw tooLarge("the list of files");
  await writeFile(join(scratch, "frames.json"), manifest);
  const temporary = `${target}.new`;
  await lock(target);
  try {
    await rm(temporary, { force: true });
    const puts = [{ uri: MANIFEST_URI, file: join(scratch, "frames.json") }, ...names.map((name) => ({ uri: uriOf(name), file: join(scratch, `${name}.gz`) }))];
    await inChild({ do: "write", path: temporary, puts });
    await unpackMemvid(temporary, join(scratch, "back"));
    await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
    await unlock(target);
  }
}

const tooLarge = (what: string): BakeoffError =>
  new BakeoffError("usage", `${what}: more than a .mv2 file safely holds`, "export a tar instead (leave out --mv2), or a safe export");

async function gzipped(from: string, to: string): Promise<number> {
  await makeFolder(dirname(to));
  await pipeline(createReadStream(from), createGzip(), createWriteStream(to));
  return (await stat(to)).size;
}

/** Reads every frame into a new folder and checks it against our own digests; returns the names. */
export async function unpackMemvid(archive: string, folder: string): Promise<readonly string[]> {
  const damaged = (what: string): BakeoffError => new BakeoffError("integrity", `${archive}: ${what}`, "fetch it again from its source");
  await inChild({ do: "read", path: archive, folder, uris: [MANIFEST_URI], names: ["frames.json"] });
  const manifest = framesSchema.safeParse(parsed(await readFile(join(folder, "frames.json"), "utf8")));
  if (!manifest.success) throw damaged("it holds no list of frames that this version reads");
  await rm(join(folder, "frames.json"));
  const { frames } = manifest.data;
  const names = frames.map(({ name }) => name);
  if (new Set(names).size !== names.length) throw damaged("a frame is named twice");
  await inChild({ do: "read", path: archive, folder, uris: names.map(uriOf), names: names.map((name) => `${name}.gz`) });
  for (const { name, sha256: hash, bytes } of frames) {
    const fault = await inflateFrame(join(folder, `${name}.gz`), join(folder, name), bytes);
    if (fault !== null || (await fileDigest(join(folder, name))).sha256 !== hash) throw damaged(`the frame ${name} is not the file that was packed`);
    await rm(join(folder, `${name}.gz`));
  }
  return names;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // If it is not JSON, the schema rejects it.
    return null;
  }
}

/** Inflates at most up to the frame's stated size. */
async function inflateFrame(from: string, to: string, bytes: number): Promise<string | null> {
  let seen = 0;
  try {
    await pipeline(
      createReadStream(from),
      createGunzip(),
      async function* bounded(source: AsyncIterable<Buffer>) {
        for await (const piece of source) {
          seen += piece.length;
          if (seen > bytes) throw new BakeoffError("integrity", "larger than it says");
          yield piece;
        }
      },
      createWriteStream(to),
    );
    return seen === bytes ? null : "shorter than it says";
  } catch (error) {
    return error instanceof Error ? error.message : "it can't be inflated";
  }
}
