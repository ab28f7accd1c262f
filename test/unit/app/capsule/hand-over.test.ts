// Capsules signed, handed over, taken in, added to and thrown away: what is asked of the ports, and what is refused before.
import { beforeAll, describe, expect, it } from "vitest";
import { attachTo } from "../../../../src/app/capsule/attach.ts";
import { type CapsuleExportRequest, exportStored } from "../../../../src/app/capsule/export.ts";
import { type CapsuleImportRequest, importStored } from "../../../../src/app/capsule/import.ts";
import { type PruneRequest, pruneCapsules } from "../../../../src/app/capsule/prune.ts";
import { signStored } from "../../../../src/app/capsule/sign.ts";
import type { ListedCapsule } from "../../../../src/ports/capsules.ts";
import { policyWith } from "../../run/fakes.ts";
import { fixedClock, memoryKeys, newKey, NOW } from "../fakes.ts";
import { memoryCapsules, PLACES } from "../memory-capsules.ts";
import { type HonestRun, honestRun } from "../replay/honest-run.ts";

const PATH = PLACES.capsule("run-1");
const usage = expect.objectContaining({ code: "usage" }) as unknown;
const integrity = expect.objectContaining({ code: "integrity" }) as unknown;

let run: HonestRun;
beforeAll(async () => {
  run = await honestRun({});
});
const shelfOf = (one: HonestRun = run) => memoryCapsules({ [PATH]: { run: one } });

describe("signing", () => {
  it("takes the named key, else that of the environment, else a new one where asked", async () => {
    const [named, environment] = [newKey(), newKey()];
    const keys = memoryKeys({ "key.pem": named }, environment);
    const sign = (request: { keyFile?: string; newKeyFile?: string }) =>
      signStored({ capsules: shelfOf(), keys, places: PLACES }, { capsule: "run-1", keyFile: null, newKeyFile: null, ...request });
    expect(await sign({ keyFile: "key.pem" })).toEqual({ path: `${PATH}.sig`, publicKey: named.publicKey });
    expect((await sign({})).publicKey).toBe(environment.publicKey);
    await sign({ newKeyFile: "new.pem" });
    expect(keys.made).toEqual(["new.pem"]);
  });

  it("is refused without any key", async () => {
    const ports = { capsules: shelfOf(), keys: memoryKeys(), places: PLACES };
    await expect(signStored(ports, { capsule: "run-1", keyFile: null, newKeyFile: null })).rejects.toEqual(usage);
    expect(ports.capsules.signed).toEqual([]);
  });
});

describe("exporting", () => {
  async function exported(request: Partial<CapsuleExportRequest> = {}, { passphrase = null as string | null, safeByDefault = true } = {}) {
    const capsules = shelfOf();
    const ports = {
      capsules,
      places: PLACES,
      words: async (path: string) => [`from ${path}`],
      passphrase: () => passphrase,
      loadPolicy: async () => policyWith((policy) => void (policy.export.safe_by_default = safeByDefault)),
    };
    const whole = { safe: false, full: false, policyFile: null, encrypt: false, recipients: [], passphraseFile: null, out: null };
    const { target, safe } = await exportStored(ports, { capsule: "run-1", container: "tar", ...whole, ...request });
    return { target, safe, order: capsules.exported[0]?.order };
  }

  it("is safe or full as asked, else as the policy says, and named after what it is", async () => {
    expect(await exported({ safe: true }, { safeByDefault: false })).toMatchObject({ safe: true, target: "/here/run-1.safe.tar" });
    expect(await exported({ full: true })).toMatchObject({ safe: false, target: "/here/run-1.tar" });
    expect((await exported()).safe).toBe(true);
    expect((await exported({}, { safeByDefault: false })).safe).toBe(false);
    expect(await exported({ container: "mv2", full: true })).toMatchObject({ target: "/here/run-1.mv2", order: { container: "mv2", encrypt: null } });
    expect((await exported({ out: "out/x.tar" })).target).toBe("/here/out/x.tar");
    await expect(exported({ safe: true, full: true })).rejects.toEqual(usage);
  });

  it("is encrypted for recipients or under a passphrase, never both, and never as a .mv2", async () => {
    expect(await exported({ recipients: ["age1x"], full: true })).toMatchObject({
      target: "/here/run-1.tar.age",
      order: { encrypt: { recipients: ["age1x"], passphrase: null } },
    });
    expect((await exported({ encrypt: true }, { passphrase: "from the environment" })).order?.encrypt).toEqual({
      recipients: [],
      passphrase: "from the environment",
    });
    expect((await exported({ passphraseFile: "word.txt" })).order?.encrypt?.passphrase).toBe("from word.txt");
    await expect(exported({ recipients: ["age1x"], passphraseFile: "word.txt" })).rejects.toEqual(usage);
    await expect(exported({ encrypt: true })).rejects.toEqual(usage);
    await expect(exported({ encrypt: true, container: "mv2" }, { passphrase: "word" })).rejects.toEqual(usage);
  });
});

describe("importing", () => {
  it("opens with an identity before a passphrase, and trusts whom it is told to", async () => {
    const capsules = shelfOf();
    const ports = {
      capsules,
      places: PLACES,
      words: async (path: string) => [path === "id.txt" ? "AGE-SECRET-KEY-1X" : "word"],
      passphrase: () => "environment",
      trustedKeys: async (keys: readonly string[]) => keys,
    };
    const take = (request: Partial<CapsuleImportRequest>) =>
      importStored(ports, { file: "x.tar.age", identityFile: null, passphraseFile: null, trust: { keys: ["K"], file: null }, ...request });
    await take({ identityFile: "id.txt" });
    await take({ passphraseFile: "word.txt" });
    await take({});
    expect(capsules.imported.map(({ keys }) => keys)).toEqual([
      { identities: ["AGE-SECRET-KEY-1X"], passphrase: null, trusted: ["K"] },
      { identities: [], passphrase: "word", trusted: ["K"] },
      { identities: [], passphrase: "environment", trusted: ["K"] },
    ]);
    expect(capsules.imported[0]).toMatchObject({ file: "x.tar.age", folder: PLACES.capsules });
  });
});

describe("pruning", () => {
  const shelved = (day: number, more: Partial<ListedCapsule> = {}): ListedCapsule => ({
    run: `run-${day}`,
    path: `/here/capsules/run-${day}.capsule.jsonl`,
    state: "sealed",
    inUse: false,
    signed: false,
    isSafeExport: false,
    header: { ...run.header, created_at: `2026-11-${String(day).padStart(2, "0")}T12:00:00.000Z` },
    ...more,
  });

  async function pruned(request: Partial<PruneRequest>, shelf: readonly ListedCapsule[]) {
    const capsules = memoryCapsules({}, shelf);
    const ports = { capsules, clock: fixedClock, places: PLACES };
    const taken: string[] = [];
    for await (const { run: id } of pruneCapsules(ports, { keep: null, olderThanDays: null, remove: true, ...request })) taken.push(id);
    return { taken, removed: capsules.removed.length };
  }

  it("keeps the newest, and those that are not old enough", async () => {
    const shelf = [shelved(1), shelved(20), shelved(10)];
    expect((await pruned({ keep: 1 }, shelf)).taken).toEqual(["run-10", "run-1"]);
    expect((await pruned({ olderThanDays: 5 }, shelf)).taken).toEqual(["run-10", "run-1"]);
    expect((await pruned({ keep: 2, olderThanDays: 5 }, shelf)).taken).toEqual(["run-1"]);
  });

  it("only says which, unless told to remove them", async () => {
    expect(await pruned({ keep: 0, remove: false }, [shelved(1)])).toEqual({ taken: ["run-1"], removed: 0 });
    expect(await pruned({ keep: 0 }, [shelved(1)])).toEqual({ taken: ["run-1"], removed: 1 });
  });

  it("never takes what is in use, unfinished or damaged, and nothing without a rule", async () => {
    const safe = [shelved(1, { inUse: true }), shelved(2, { state: "unfinished" }), shelved(3, { state: "damaged", header: null })];
    expect(await pruned({ keep: 0 }, safe)).toEqual({ taken: [], removed: 0 });
    await expect(pruned({}, [shelved(1)])).rejects.toEqual(usage);
  });
});

describe("attaching", () => {
  it("names the seal that the files are about, and when", async () => {
    const capsules = shelfOf();
    await attachTo({ capsules, clock: fixedClock, places: PLACES }, "run-1", ["a.md"]);
    expect(capsules.attached).toEqual([{ path: PATH, files: ["a.md"], about: { runId: "run-1", sealHash: run.seal?.seal_hash, attachedAt: NOW } }]);
  });

  it("is refused for a capsule that does not verify or is not sealed", async () => {
    for (const broken of [
      { ...run, events: run.events.slice(1) },
      { ...run, seal: null },
    ]) {
      const capsules = shelfOf(broken);
      await expect(attachTo({ capsules, clock: fixedClock, places: PLACES }, "run-1", ["a.md"])).rejects.toEqual(integrity);
      expect(capsules.attached).toEqual([]);
    }
  });
});
