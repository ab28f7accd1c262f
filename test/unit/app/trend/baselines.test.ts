// Agreeing on a baseline: what is signed is what later runs are held against, and only a trusted key's word counts.
import { beforeEach, describe, expect, it } from "vitest";
import { acknowledgeRegression, agreedBaselines, type BaselinePorts, blessBaseline } from "../../../../src/app/trend/baselines.ts";
import { compareWithHistory } from "../../../../src/app/run/compare-history.ts";
import type { TrendPorts } from "../../../../src/app/trend/trend.ts";
import { newSigningKey } from "../../../../src/core/base/dsse.ts";
import type { RunDigest } from "../../../../src/core/report/runs/digest.ts";
import { candidateDigest, digest, passesOf } from "../../core/report/trend/digests.ts";

const none = new AbortController().signal;
const runs = Array.from({ length: 12 }, (_, day) => digest(day + 1, [candidateDigest("gpt", passesOf(day < 8 ? 15 : 6, day))]));
const library = {
  readAll: async () => undefined,
  digests: async () => runs,
  open: async (name: string) => ({ digest: () => runs.find(({ run }) => run === name) as RunDigest }),
  close: () => undefined,
} as unknown as TrendPorts["library"];

let text = "";
const { key } = newSigningKey();
const ports: BaselinePorts = {
  library,
  log: { path: "baselines.jsonl", read: async () => text, append: async (after) => ((text += `${await after(text)}\n`), text) },
  trusted: async () => [key.publicKey],
  keys: { load: async () => key },
  clock: { wall: () => "2026-10-13T00:00:00.000Z" },
};
const agreement = { run: "run-08", by: "ada", reason: "ten quiet nights", keyFile: null };
beforeEach(() => void (text = ""));

const verdictOf = async (run: string) => (await compareWithHistory({ library, baselines: () => agreedBaselines(ports) }, run, none)).verdict;

it("blesses the comparable runs up to one, from a day on", async () => {
  expect((await blessBaseline(ports, { ...agreement, since: "2026-10-03" }, none)).runs.map(({ run }) => run)).toEqual([
    "run-03",
    "run-04",
    "run-05",
    "run-06",
    "run-07",
    "run-08",
  ]);
  expect(await agreedBaselines(ports)).toHaveLength(1);
});

it("acknowledges what is worse, and the run's verdict follows", async () => {
  await blessBaseline(ports, { ...agreement, since: null }, none);
  expect(await verdictOf("run-12")).toBe("worse");
  await acknowledgeRegression(ports, { ...agreement, run: "run-09", candidates: ["gpt"] }, none);
  expect(await verdictOf("run-12")).toBe("acknowledged");
});

describe("is refused", () => {
  it.each([
    ["without a key", { keys: { load: async () => null } }],
    ["with a key that the policy does not trust", { trusted: async () => [] }],
  ])("%s, and nothing is written", async (_, more) => {
    await expect(blessBaseline({ ...ports, ...more }, { ...agreement, since: null }, none)).rejects.toEqual(expect.objectContaining({ code: "usage" }));
    expect(text).toBe("");
  });

  it("for a candidate that the run does not have, and for a run begun before the baseline would", async () => {
    await expect(acknowledgeRegression(ports, { ...agreement, candidates: ["nobody"] }, none)).rejects.toEqual(expect.objectContaining({ code: "usage" }));
    await expect(blessBaseline(ports, { ...agreement, since: "2026-11-01" }, none)).rejects.toEqual(expect.objectContaining({ code: "usage" }));
  });

  it("where the log was changed, or nobody trusts its signer any more", async () => {
    await blessBaseline(ports, { ...agreement, since: null }, none);
    await expect(agreedBaselines({ ...ports, trusted: async () => [] })).rejects.toEqual(expect.objectContaining({ code: "integrity" }));
    text = text.replace('"format":1', '"format":2');
    await expect(agreedBaselines(ports)).rejects.toEqual(expect.objectContaining({ code: "integrity" }));
  });
});
