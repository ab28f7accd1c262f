// Exports and imports: deterministic, checked, read-only; and hostile archives refused by name.
import { chmod, cp, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { create, Header as TarHeader } from "tar";
import { beforeAll, describe, expect, it } from "vitest";
import { attachFiles } from "../../src/adapters/capsules/attachments.ts";
import { checkCapsule } from "../../src/adapters/capsules/check.ts";
import { importCapsule } from "../../src/adapters/capsules/import.ts";
import { readCapsule } from "../../src/adapters/capsules/file.ts";
import { exportCapsule } from "../../src/adapters/capsules/hand-over.ts";
import { signCapsule } from "../../src/adapters/capsules/signature-file.ts";
import { listShelf, removeCapsule } from "../../src/adapters/capsules/shelf.ts";
import { prunable } from "../../src/app/capsule/prune.ts";
import type { CheckedCapsule, ExportOptions } from "../../src/ports/capsules.ts";
import { createJournal } from "../../src/adapters/capsules/journal/journal.ts";
import { newSigningKey } from "../../src/core/base/dsse.ts";
import { createRandom } from "../../src/core/base/random.ts";
import { snapshotText } from "../../src/core/policy/snapshot.ts";
import { headerOf, policyWith, taskNamed } from "../unit/run/fakes.ts";
import { scratch } from "../setup/scratch.ts";
import { runOnDisk } from "./journal-world.ts";

const folder = await scratch();
const capsule = join(folder, "capsules", "run-1.capsule.jsonl");
await runOnDisk(capsule, { tasks: [taskNamed("a"), taskNamed("b", { risk: "high" })], candidates: ["small"] });
const { key } = newSigningKey();
await signCapsule(capsule, key);
const report = join(folder, "report.md");
await writeFile(report, "# What was found\n");
const { header, seal } = await readCapsule(capsule);
await attachFiles(capsule, [report], { runId: header.run_id, sealHash: seal?.seal_hash ?? "", attachedAt: "2026-11-22T00:00:00.000Z" });

const NOBODY = { identities: [], passphrase: null, trusted: [] };
let places = 0;
const place = (name: string): string => join(folder, `p${(places += 1)}`, name);
const order = (more: Partial<ExportOptions> = {}): ExportOptions => ({ safe: false, container: "tar", encrypt: null, target: place("out.tar"), ...more });

async function exported(more: Partial<ExportOptions> = {}): Promise<string> {
  const { target, ...rest } = order(more);
  await exportCapsule(capsule, { ...rest, target });
  return target;
}

const imported = (file: string, keys: Partial<Parameters<typeof importCapsule>[2]> = {}) => importCapsule(file, place("capsules"), { ...NOBODY, ...keys });
const kept = ({ signature, faults }: CheckedCapsule) => ({ signature: signature.state, faults });

describe("a full export", () => {
  it("is the same bytes each time, whenever and wherever it is made", async () => {
    const [one, two] = [await exported(), await exported()];
    expect(await readFile(one)).toEqual(await readFile(two));
  });

  it("comes back as the very same capsule, signature and attachments, read-only", async () => {
    const { capsule: back, checked, known } = await imported(await exported(), { trusted: [key.publicKey] });
    expect(kept(checked)).toEqual({ signature: "trusted", faults: [] });
    expect(known).toBe(false);
    expect(await readFile(back)).toEqual(await readFile(capsule));
    expect((await stat(back)).mode & 0o222).toBe(0);
    expect((await readdir(join(back, ".."))).toSorted()).toEqual(["run-1.capsule.files", "run-1.capsule.jsonl", "run-1.capsule.sig.json"]);
  });

  it("is known when it is imported again, and refused where another capsule of that run is there", async () => {
    const target = place("capsules");
    const file = await exported();
    await importCapsule(file, target, NOBODY);
    expect((await importCapsule(file, target, NOBODY)).known).toBe(true);
    await expect(importCapsule(await exported({ safe: true }), target, NOBODY)).rejects.toMatchObject({ code: "usage" });
  });

  it("is refused where something of its name is there, or the capsule does not verify", async () => {
    const target = await exported();
    await expect(exportCapsule(capsule, order({ target }))).rejects.toMatchObject({ code: "usage" });
    const broken = place("broken.capsule.jsonl");
    await mkdir(join(broken, ".."), { recursive: true });
    await writeFile(broken, (await readFile(capsule, "utf8")).split("\n").slice(0, -3).join("\n"));
    await expect(exportCapsule(broken, order())).rejects.toMatchObject({ code: "integrity" });
  });

  it("leaves nothing behind but itself", async () => {
    const target = await exported();
    expect(await readdir(join(target, ".."))).toEqual(["out.tar"]);
  });
});

describe("a safe export", () => {
  it("holds no prompt, answer, patch or output, says so, and still verifies with its signature", async () => {
    const target = place("safe.tar");
    const manifest = await exportCapsule(capsule, order({ safe: true, target }));
    const bytes = await readFile(target, "utf8");
    const { blobs } = await readCapsule(capsule);
    const out = new Set(manifest.withheld.map(({ sha256 }) => sha256));
    expect(new Set(manifest.withheld.map(({ kind }) => kind))).toEqual(new Set(["prompt", "response", "patched file", "verdict"]));
    expect(blobs.filter(({ sha256 }) => !out.has(sha256)).map(({ sha256 }) => sha256)).toEqual([header.policy.snapshot_hash]);
    for (const blob of blobs) if (out.has(blob.sha256)) expect(bytes.includes(blob.data)).toBe(false);
    const { checked } = await imported(target, { trusted: [key.publicKey] });
    expect(checked).toMatchObject({ withheld: out.size, faults: [], signature: { state: "trusted", coversFile: false } });
  });

  it("keeps a policy that was only seen: what refers to it still resolves", async () => {
    const other = policyWith((policy) => void (policy.meta.version = "3.0.0"));
    const sight = { ok: true, id: other.policy_id, hash: other.hash, text: snapshotText(other) } as const;
    const seeing = place("run-1.capsule.jsonl");
    await mkdir(join(seeing, ".."), { recursive: true });
    await runOnDisk(seeing, { tasks: [taskNamed("a")], candidates: ["small"] }, { policySource: { look: async () => sight } });
    const target = place("safe.tar");
    await exportCapsule(seeing, order({ safe: true, target }));
    const { capsule: back, checked } = await imported(target);
    expect(checked.faults).toEqual([]);
    expect((await readCapsule(back)).blobs.map(({ text }) => text)).toContain(sight.text);
  });

  it("can be exported again", async () => {
    const { capsule: safe } = await imported(await exported({ safe: true }));
    const again = place("again.tar");
    await exportCapsule(safe, order({ safe: true, target: again }));
    expect(await readFile(again)).toEqual(await readFile(await exported({ safe: true })));
  });

  it("does not pass for whole: a capsule with a text left out is said to be a safe export", async () => {
    const { capsule: safe } = await imported(await exported({ safe: true }));
    expect((await listShelf(join(safe, ".."))).map(({ isSafeExport, state, signed }) => ({ isSafeExport, state, signed }))).toEqual([
      { isSafeExport: true, state: "sealed", signed: true },
    ]);
  });
});

describe("an encrypted export", () => {
  it("opens for its recipient and for nobody else", async () => {
    const [own, other] = [await generateIdentity(), await generateIdentity()];
    const file = await exported({ encrypt: { recipients: [await identityToRecipient(own)], passphrase: null } });
    expect(kept((await imported(file, { identities: [own] })).checked)).toEqual({ signature: "self-signed", faults: [] });
    await expect(imported(file, { identities: [other] })).rejects.toMatchObject({ code: "integrity" });
    await expect(imported(file)).rejects.toMatchObject({ code: "usage" });
    await expect(imported(file, { identities: ["AGE-SECRET-KEY-1NONSENSE"] })).rejects.toMatchObject({ code: "usage" });
  });

  it("opens with its passphrase, and any change to it is found", async () => {
    const file = await exported({ encrypt: { recipients: [], passphrase: "burst-swarm-slender" } });
    expect((await imported(file, { passphrase: "burst-swarm-slender" })).checked.faults).toEqual([]);
    await expect(imported(file, { passphrase: "burst-swarm" })).rejects.toMatchObject({ code: "integrity" });
    const bytes = await readFile(file);
    const changed = place("changed.age");
    await mkdir(join(changed, ".."), { recursive: true });
    await writeFile(changed, bytes.with(bytes.length - 100, (bytes.at(-100) ?? 0) ^ 1));
    await expect(imported(changed, { passphrase: "burst-swarm-slender" })).rejects.toMatchObject({ code: "integrity" });
  });

  it("is refused for what is no recipient", async () => {
    await expect(exported({ encrypt: { recipients: ["age1nobody"], passphrase: null } })).rejects.toMatchObject({ code: "usage" });
  });
});

describe("hostile archives", () => {
  /** A tar with one entry of this header beside a true export's files. */
  async function tarWith(facts: Partial<ConstructorParameters<typeof TarHeader>[0] & object>, content = "x"): Promise<string> {
    const block = Buffer.alloc(512);
    new TarHeader({ path: "x", mode: 0o644, size: content.length, type: "File", mtime: new Date(0), ...facts }).encode(block);
    const body = Buffer.alloc(512);
    body.write(content);
    const file = place("hostile.tar");
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(file, Buffer.concat([block, body, await readFile(await exported())]));
    return file;
  }

  const ESCAPES = ["../out.txt", "/etc/out.txt", "attachments/../../out.txt", "a/b", "..", "C:\\out", "attachments/.hidden", "x\u0000y"];
  for (const path of ESCAPES) {
    it(`with the path ${JSON.stringify(path)} are refused`, async () => {
      await expect(imported(await tarWith({ path }))).rejects.toMatchObject({ code: "integrity" });
      expect(await readdir(folder)).not.toContain("out.txt");
    });
  }

  it("with links and folders are refused", async () => {
    for (const type of ["SymbolicLink", "Link", "Directory", "FIFO", "CharacterDevice"] as const) {
      await expect(imported(await tarWith({ type, linkpath: "/etc/passwd", size: 0 }, ""))).rejects.toMatchObject({ code: "integrity" });
    }
  });

  it("with a file too many, one twice, or one changed are refused", async () => {
    await expect(imported(await tarWith({ path: "extra.txt" }))).rejects.toMatchObject({ code: "integrity" });
    await expect(imported(await tarWith({ path: "manifest.json" }, "{}"))).rejects.toMatchObject({ code: "integrity" });
    const bytes = await readFile(await exported());
    const changed = place("changed.tar");
    await mkdir(join(changed, ".."), { recursive: true });
    const random = createRandom("tar");
    for (let count = 0; count < 60; count += 1) {
      const at = random.int(bytes.length);
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ (1 << random.int(8));
      await writeFile(changed, random.int(4) === 0 ? bytes.subarray(0, at) : copy);
      const end = await imported(changed).then(
        ({ capsule: back }) => readFile(back),
        (error: unknown) => error,
      );
      // What no header or file holds, tar's own padding, may change: what was taken in is still the same.
      if (Buffer.isBuffer(end)) expect(end).toEqual(await readFile(capsule));
      else expect(end).toMatchObject({ code: expect.stringMatching(/^(integrity|usage)$/) as string });
    }
  });

  it("that are compressed, so that they could grow without a bound, are refused", async () => {
    const bomb = place("bomb.tar");
    await mkdir(join(bomb, ".."), { recursive: true });
    await writeFile(bomb, gzipSync(Buffer.alloc(300_000_000)));
    await expect(imported(bomb)).rejects.toMatchObject({ code: "integrity" });
    const zipped = place("zipped.tar");
    await mkdir(join(zipped, ".."), { recursive: true });
    await cp(await exported(), zipped);
    await writeFile(zipped, gzipSync(await readFile(zipped)));
    await expect(imported(zipped)).rejects.toMatchObject({ code: "integrity" });
  });

  it("that hold no capsule, or two, are refused", async () => {
    const empty = place("empty.tar");
    await mkdir(join(empty, ".."), { recursive: true });
    await writeFile(join(empty, "..", "manifest.json"), '{"files":[],"format":1,"kind":"bakeoff-export","run_id":"r","safe":true,"withheld":[]}');
    await create({ cwd: join(empty, ".."), file: empty, portable: true }, ["manifest.json"]);
    await expect(imported(empty)).rejects.toMatchObject({ code: "integrity" });
    await expect(imported(folder)).rejects.toMatchObject({ code: "usage" });
    await expect(imported(join(folder, "nothing.tar"))).rejects.toMatchObject({ code: "usage" });
  });
});

const memvid = process.env["BAKEOFF_TEST_MEMVID"];

describe("a Memvid container", () => {
  it.skipIf(memvid !== undefined)("is refused with the line that installs it where the native package is missing", async () => {
    await expect(exported({ container: "mv2" })).rejects.toMatchObject({ code: "environment", hint: expect.stringContaining("npm install") as string });
  });

  /** What comes of a file: the capsule's bytes, or what it is refused with. It is never another capsule. */
  async function comesBack(bytes: Uint8Array): Promise<"whole" | "refused"> {
    const given = place("given.mv2");
    await mkdir(join(given, ".."), { recursive: true });
    await writeFile(given, bytes);
    const end = await imported(given).then(
      ({ capsule: one }) => readFile(one),
      (error: unknown) => error,
    );
    if (Buffer.isBuffer(end)) expect(end).toEqual(await readFile(capsule));
    else expect(end).toMatchObject({ code: expect.stringMatching(/^(integrity|environment)$/) as string });
    return Buffer.isBuffer(end) ? "whole" : "refused";
  }

  // `npm run test:memvid` installs the native package and runs these.
  describe.skipIf(memvid === undefined)("where the optional native package is there", () => {
    let bytes: Buffer;
    beforeAll(async () => {
      bytes = await readFile(await exported({ container: "mv2", target: place("out.mv2") }));
    });

    it("goes there and back exactly", async () => {
      const { capsule: back, checked } = await imported(await exported({ container: "mv2", target: place("out.mv2") }));
      expect(checked.faults).toEqual([]);
      expect(await readFile(back)).toEqual(await readFile(capsule));
    });

    it("with a flipped bit is the same capsule or none", async () => {
      const random = createRandom("mv2");
      for (let count = 0; count < 8; count += 1) {
        const at = random.int(bytes.length);
        await comesBack(bytes.with(at, (bytes[at] ?? 0) ^ (1 << random.int(8))));
      }
    });

    it("that was cut off is refused", async () => {
      for (const share of [0, 0.1, 0.5, 0.9]) expect(await comesBack(bytes.subarray(0, Math.floor(bytes.length * share))), String(share)).toBe("refused");
    });

    it("of somebody else's, or none at all, is refused", async () => {
      for (const foreign of [
        Buffer.from("no container at all\n".repeat(200)),
        Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(8192, 7)]),
        Buffer.alloc(70_000),
      ])
        expect(await comesBack(foreign)).toBe("refused");
    });
  });
});

describe("attachments", () => {
  it("stay as they were attached: another of the name is refused, a changed one is found", async () => {
    const own = place("run-1.capsule.jsonl");
    await mkdir(join(own, ".."), { recursive: true });
    await cp(capsule, own);
    const about = { runId: "run-1", sealHash: seal?.seal_hash ?? "", attachedAt: "2026-11-22T00:00:00.000Z" };
    const before = await readFile(own);
    await attachFiles(own, [report], about);
    await attachFiles(own, [report], about);
    expect((await checkCapsule(own, [])).faults).toEqual([]);
    const other = place("report.md");
    await mkdir(join(other, ".."), { recursive: true });
    await writeFile(other, "# Otherwise\n");
    await expect(attachFiles(own, [other], about)).rejects.toMatchObject({ code: "usage" });
    expect(await readFile(own)).toEqual(before);
    const stored = own.replace(".jsonl", ".files/report.md");
    await chmod(stored, 0o644);
    await writeFile(stored, "# Changed\n");
    expect((await checkCapsule(own, [])).faults).toEqual([{ check: "attachments", fault: "report.md was changed after it was attached" }]);
  });
});

describe("pruning", () => {
  it("takes the oldest sealed ones, never one that is unfinished or being written", async () => {
    const shelf = place("capsules");
    for (const [name, createdAt] of [
      ["run-1", "2026-01-01T00:00:00.000Z"],
      ["run-2", "2026-02-01T00:00:00.000Z"],
      ["run-3", "2026-03-01T00:00:00.000Z"],
    ] as const) {
      await runOnDisk(join(shelf, `${name}.capsule.jsonl`), { tasks: [taskNamed("a")], candidates: ["small"] });
      expect(createdAt).toMatch(/^2026/);
    }
    const open = await createJournal(join(shelf, "run-4.capsule.jsonl"), headerOf({}));
    const all = await listShelf(shelf);
    expect(all.map(({ run, state, inUse }) => [run, state, inUse])).toEqual([
      ["run-4", "unfinished", true],
      ["run-3", "sealed", false],
      ["run-2", "sealed", false],
      ["run-1", "sealed", false],
    ]);
    expect(prunable(all, { keep: 1, before: null })).toHaveLength(2);
    expect(prunable(all, { keep: null, before: "2026-11-21T00:00:00.000Z" })).toEqual([]);
    expect(prunable(all, { keep: 0, before: "2026-11-23T00:00:00.000Z" })).toHaveLength(3);
    for (const one of prunable(all, { keep: 0, before: null })) await removeCapsule(one);
    expect((await readdir(shelf)).toSorted()).toEqual(["run-4.capsule.jsonl", "run-4.capsule.jsonl.lock"]);
    const running = all.find(({ inUse }) => inUse);
    if (running) await expect(removeCapsule(running)).rejects.toMatchObject({ code: "environment" });
    await open.close();
  });
});
