// For users of vitest: the model of the reflex slot, held to what this repository expects of it.
import { BakeoffError, gate, replay, run } from "bakeoff";
import { beforeAll, describe, expect, it } from "vitest";

const SUITE = process.env["BAKEOFF_SUITE"] ?? "my-crate-mutants";
const CANDIDATE = process.env["BAKEOFF_CANDIDATE"] ?? "my-model";

let made: Awaited<ReturnType<typeof run>>;
beforeAll(async () => {
  made = await run({ suite: SUITE, candidates: [CANDIDATE, "rustc-suggestions"], limit: 10 });
}, 600_000);

describe("the reflex model", () => {
  it("solves more than the compiler's own suggestions do", () => {
    const rateOf = (wanted: string) => made.candidates.find(({ name }) => name === wanted)?.passInSlot.value ?? 0;
    expect(rateOf(CANDIDATE)).toBeGreaterThan(rateOf("rustc-suggestions"));
  });

  it("loses no trial to this machine", () => {
    expect(made.trials.filter(({ standing }) => standing !== "counted")).toEqual([]);
  });

  it("is what the capsule says it is", async () => {
    expect(await replay({ capsule: made.capsule })).toMatchObject({ outcome: "proven", findings: [] });
  });

  it("is never promoted on ten tasks", async () => {
    const { verdict, findings } = await gate({ candidate: CANDIDATE, incumbent: "rustc-suggestions", capsules: [made.capsule] });
    expect(verdict).not.toBe("promote");
    expect(findings.find(({ criterion }) => criterion === "enough-tasks")).toMatchObject({ outcome: "inconclusive" });
  });

  it("is refused under a name that nobody has", async () => {
    await expect(run({ suite: SUITE, candidates: ["nobody"] })).rejects.toBeInstanceOf(BakeoffError);
  });
});
