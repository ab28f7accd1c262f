// The capsule commands of the built program, on a capsule of the small world: each exit code, and what is said.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { newSigningKey } from "../../src/core/base/dsse.ts";
import { taskNamed } from "../unit/run/fakes.ts";
import { runOnDisk } from "../contract/journal-world.ts";
import { scratch } from "../setup/scratch.ts";
import { bakeoff, type Ended } from "./bakeoff.ts";

const cwd = await scratch();
const RUN = "run-1";
const capsule = join("capsules", `${RUN}.capsule.jsonl`);
const told = (args: readonly string[], env: Readonly<Record<string, string>> = {}, where = cwd): Promise<Ended> =>
  bakeoff(["capsule", ...args], { cwd: where, env });

beforeAll(async () => {
  await runOnDisk(join(cwd, capsule), { tasks: [taskNamed("a"), taskNamed("b", { risk: "high" })], candidates: ["small"] });
});

const json = async (args: readonly string[]): Promise<unknown> => JSON.parse((await told([...args, "--json"])).stdout);

describe("looking at a capsule", () => {
  it("lists it as sealed and unsigned", async () => {
    expect((await told(["list"])).stdout).toMatch(/^run-1 .* sealed, unsigned\n$/);
    expect(await json(["list"])).toMatchObject({ capsules: [{ run: RUN, state: "sealed", signed: false, isSafeExport: false }] });
  });

  it("shows what is in it, by its run's id or its path", async () => {
    for (const name of [RUN, capsule]) expect((await told(["show", name])).stdout).toContain("every check holds");
    expect(await json(["show", RUN])).toMatchObject({ header: { run_id: RUN }, faults: [], signature: { state: "unsigned" } });
  });

  it("prints its events, one a line or as one JSON document, filtered", async () => {
    const { events: all } = (await json(["events", RUN])) as { events: { trial: string | null; event_type: string }[] };
    const lines = (await told(["events", RUN])).stdout.trimEnd().split("\n");
    // Below each line stands what the event says.
    expect(lines.filter((line) => !line.startsWith(" "))).toHaveLength(all.length);
    expect(all[0]).toMatchObject({ trial: null, event_type: "PolicySnapshotRef" });
    const some = (await json(["events", RUN, "--trial", "small/fix-a/1", "--type", "GateDecision"])) as { events: unknown[] };
    expect(some.events).toHaveLength(3);
    expect(await json(["events", RUN, "--trial", "nobody/fix-a/1"])).toEqual({ format: 1, events: [] });
    const unknown = await told(["events", RUN, "--type", "Nothing"]);
    expect(unknown).toMatchObject({ code: 2, stdout: "" });
    expect(unknown.stderr).toContain("ModelCallEnvelope");
  });

  it("prints the schema that is published", async () => {
    expect((await told(["schema"])).stdout).toBe(await readFile(new URL("../../docs/schema/capsule-line.schema.json", import.meta.url), "utf8"));
  });
});

describe("proofs", () => {
  it("hold for an event by number or address, without the capsule, and for no other event", async () => {
    const {
      events: [, , third],
    } = (await json(["events", RUN])) as { events: { uri: string }[] };
    const file = join(cwd, "proof.json");
    for (const which of ["2", third?.uri ?? ""]) {
      const proof = (await told(["show", RUN, "--prove", which])).stdout;
      await writeFile(file, proof);
      expect(await told(["check-proof", file])).toMatchObject({ code: 0, stderr: "" });
      await writeFile(file, proof.replace('"index": 2', '"index": 3'));
      expect(await told(["check-proof", file])).toMatchObject({ code: 5 });
    }
    await writeFile(file, "{}");
    expect((await told(["check-proof", file])).code).toBe(5);
    expect((await told(["show", RUN, "--prove", "9999"])).code).toBe(2);
  });
});

describe("signing and checking", () => {
  const { key, pem } = newSigningKey();

  it("says who signed: nobody, a key of the environment, a trusted one, another", async () => {
    expect((await told(["verify", RUN])).stdout).toContain("unsigned");
    expect((await told(["verify", RUN, "--trust", key.publicKey, "--require-signature"])).code).toBe(5);
    expect((await told(["sign", RUN], { BAKEOFF_SIGNING_KEY: pem })).stdout).toContain(key.publicKey);
    expect((await told(["verify", RUN])).stdout).toContain("not named as trusted");
    const keys = join(cwd, "keys.txt");
    await writeFile(keys, `# ours\n${key.publicKey}\n`);
    expect(await told(["verify", RUN, "--trusted", keys, "--require-signature"])).toMatchObject({ code: 0, stderr: "" });
    const other = await told(["verify", RUN, "--trust", newSigningKey().key.publicKey]);
    expect(other).toMatchObject({ code: 5, stdout: expect.stringContaining("✗ signature") as string });
    expect(await json(["list"])).toMatchObject({ capsules: [{ signed: true }] });
  });

  it("makes a key file that only its owner may read, once", async () => {
    expect((await told(["sign", RUN, "--new-key", "new.pem"])).code).toBe(0);
    expect((await told(["sign", RUN, "--new-key", "new.pem"])).code).toBe(2);
    expect((await told(["sign", RUN, "--key", "new.pem"])).code).toBe(0);
    expect((await told(["sign", RUN], { BAKEOFF_SIGNING_KEY: "nonsense" })).code).toBe(2);
  });

  it("ends with 5 and the name of the fault for a changed capsule, as text and as JSON", async () => {
    const where = await scratch();
    const text = await readFile(join(cwd, capsule), "utf8");
    const changed = join(where, "changed.capsule.jsonl");
    await writeFile(changed, text.replace('"event_type":"GateDecision"', '"event_type":"DebugTrace"'));
    const end = await told(["verify", changed]);
    expect(end).toMatchObject({ code: 5 });
    expect(end.stderr).toContain("merkle-root");
    await writeFile(changed, text.replace('"type":"GateDecision"', '"type":"Surprise"'));
    expect((await told(["verify", changed])).stderr).toContain("unknown-event");
    const data = await told(["verify", changed, "--json"]);
    expect(data.code).toBe(5);
    expect(JSON.parse(data.stdout)).toMatchObject({ verified: false, faults: [{ check: "unknown-event" }] });
  });
});

describe("handing over", () => {
  it("is safe by the policy's default, and comes back read-only elsewhere", async () => {
    const end = await told(["export", RUN]);
    expect(end).toMatchObject({ code: 0, stdout: `${join(cwd, "run-1.safe.tar")}\n` });
    const where = await scratch();
    const back = await told(["import", join(cwd, "run-1.safe.tar")], {}, where);
    expect(back).toMatchObject({ code: 0, stdout: `${join(where, capsule)}\n` });
    expect((await told(["verify", RUN], {}, where)).stdout).toContain("safe export");
    expect((await told(["export", RUN])).code).toBe(2);
  });

  it("is whole and encrypted where that is asked for", async () => {
    const env = { BAKEOFF_PASSPHRASE: "burst-swarm-slender" };
    expect((await told(["export", RUN, "--full", "--encrypt", "--out", "whole.age"], env)).code).toBe(0);
    const where = await scratch();
    expect((await told(["import", join(cwd, "whole.age")], {}, where)).code).toBe(2);
    expect((await told(["import", join(cwd, "whole.age")], { BAKEOFF_PASSPHRASE: "wrong" }, where)).code).toBe(5);
    expect((await told(["import", join(cwd, "whole.age")], env, where)).code).toBe(0);
    expect(await readFile(join(where, capsule))).toEqual(await readFile(join(cwd, capsule)));
  });

  it("attaches a file, shows it, and prunes only when told to", async () => {
    await writeFile(join(cwd, "note.md"), "# Note\n");
    expect((await told(["attach", RUN, "note.md"])).stdout).toMatch(/^note\.md {2}[0-9a-f]{64}\n$/);
    expect((await told(["show", RUN])).stdout).toContain("attached: note.md");
    expect((await told(["verify", RUN])).code).toBe(0);
    expect((await told(["prune", "--keep", "0"])).stderr).toContain("--yes");
    expect(await readdir(join(cwd, "capsules"))).toHaveLength(3);
    expect((await told(["prune", "--keep", "0", "--yes"])).code).toBe(0);
    expect(await readdir(join(cwd, "capsules"))).toEqual([]);
  });
});
