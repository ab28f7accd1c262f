// A policy's files as a run watches them: read when one of them was touched, and only then; what can't be read is said.
import { cpSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { readPolicy } from "../../src/adapters/policies/policy-files.ts";
import { watchedPolicy } from "../../src/adapters/policies/watched-policy.ts";
import { snapshotText } from "../../src/core/policy/snapshot.ts";

const made: string[] = [];
afterEach(() => made.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

function policyFolder() {
  const folder = mkdtempSync(join(tmpdir(), "watched-policy-"));
  made.push(folder);
  for (const name of ["model_policy.toml", "candidates.toml"]) cpSync(fileURLToPath(new URL(`../../policy/${name}`, import.meta.url)), join(folder, name));
  const policyFile = join(folder, "model_policy.toml");
  const sources = { policyFile, specFile: join(folder, "spec.toml"), overrides: [] };
  writeFileSync(sources.specFile, "format = 2\n");
  const edit = (name: string, change: (text: string) => string) => writeFileSync(join(folder, name), change(readFileSync(join(folder, name), "utf8")));
  return { folder, sources, edit, watched: watchedPolicy(sources, () => "2026-11-22T00:00:00.000Z") };
}

describe("the files of a policy", () => {
  it("are read at the first look, and give the very snapshot that a run would compile", async () => {
    const { sources, watched } = policyFolder();
    const { snapshot } = await readPolicy(sources, "2026-11-22T00:00:00.000Z");
    expect(await watched.look()).toEqual({ ok: true, id: snapshot.policy_id, hash: snapshot.hash, text: snapshotText(snapshot) });
    expect(await watched.look()).toBeNull();
  });

  const TOUCHES: readonly [string, string, (text: string) => string][] = [
    ["the policy", "model_policy.toml", (text) => text.replace("p95_latency_ms = 5000", "p95_latency_ms = 4000")],
    ["the candidates", "candidates.toml", (text) => text.replace("temperature = 0.0", "temperature = 0.1")],
    ["the spec's layer", "spec.toml", (text) => `${text}[reflex]\nmax_attempts = 1\n`],
  ];
  for (const [what, name, change] of TOUCHES)
    it(`are read again after ${what} changed`, async () => {
      const { edit, watched } = policyFolder();
      const before = await watched.look();
      edit(name, change);
      const after = await watched.look();
      expect([before?.ok, after?.ok]).toEqual([true, true]);
      expect(after).not.toMatchObject({ hash: before?.ok ? before.hash : "" });
    });

  it("are the same policy where only a time stamp or a comment changed", async () => {
    const { folder, edit, watched } = policyFolder();
    const before = await watched.look();
    utimesSync(join(folder, "model_policy.toml"), 1, 1);
    expect(await watched.look()).toEqual(before);
    edit("model_policy.toml", (text) => `# a comment\n${text}`);
    expect(await watched.look()).toEqual(before);
  });

  it("are not taken for anything while they are being written", async () => {
    const { edit, watched } = policyFolder();
    const before = await watched.look();
    edit("model_policy.toml", () => "");
    const looking = watched.look();
    for (let wait = 0; wait < 20; wait += 1) {
      await new Promise((next) => setImmediate(next));
      edit("model_policy.toml", (text) => `${text}#`);
    }
    expect(await looking).toBeNull();
    expect(await watched.look()).not.toEqual(before);
  });

  it("are said to be none where they are broken, with the first place, and where one is gone", async () => {
    const { folder, edit, watched } = policyFolder();
    await watched.look();
    edit("model_policy.toml", (text) => text.replace('stage = "on" ', 'stage = "onn"'));
    expect(await watched.look()).toMatchObject({ ok: false, reason: expect.stringMatching(/model_policy\.toml:\d+:\d+: /) as string });
    edit("model_policy.toml", (text) => text.replace('stage = "onn"', 'stage = "on" '));
    rmSync(join(folder, "candidates.toml"));
    expect(await watched.look()).toMatchObject({ ok: false, reason: expect.stringContaining("candidates.toml") as string });
    expect(await watched.look()).toBeNull();
  });
});
