// A version that fits the changes, written into the policy and its changelog, or the reason why not.
import { describe, expect, it } from "vitest";
import { bumpPolicy } from "../../../../src/app/policy/bump.ts";
import { validatePolicy } from "../../../../src/app/policy/validate.ts";
import { POLICY_FILE } from "../fakes.ts";
import { loosened, policyWorld, SOURCES, STEP, tightened, VERSION, withVersionText } from "./world.ts";

const asked = { policyFile: POLICY_FILE, level: null, against: null, reason: null };
const CHANGELOG = "policy/CHANGELOG.md";

describe("a bump", () => {
  it("writes the step that is needed, the day and an entry with the reason; the policy is then valid", async () => {
    const world = policyWorld({ change: loosened });
    const before = world.policy();
    expect(await bumpPolicy(world.ports, { ...asked, reason: "One more." })).toMatchObject({
      version: STEP.major,
      level: "major",
      from: VERSION,
      base: "git HEAD",
      written: [POLICY_FILE, CHANGELOG],
    });
    const now = (text: string): string => withVersionText(STEP.major)(text).replace(/^updated = "[^"]*"/m, 'updated = "2026-11-22"');
    expect(world.policy()).toBe(now(before));
    expect(world.texts.files.get(CHANGELOG)).toBe(
      `# Changelog of the model policy\n\n## ${STEP.major} — 2026-11-22\n\nOne more.\n\n- \`budgets.run_cost_usd\`: 50 → 60 (loosens)\n`,
    );
    await validatePolicy(world.ports, { sources: SOURCES, against: null, suite: null });
  });

  it("takes a larger step where one is asked for, and refuses a smaller", async () => {
    const larger = policyWorld({ change: tightened });
    expect((await bumpPolicy(larger.ports, { ...asked, level: "major" })).version).toBe(STEP.major);
    const smaller = policyWorld({ change: loosened });
    await expect(bumpPolicy(smaller.ports, { ...asked, level: "minor" })).rejects.toMatchObject({ code: "usage" });
    expect(smaller.texts.written).toEqual([]);
  });

  it("writes nothing where nothing changed, or where the version covers the change already", async () => {
    const same = policyWorld();
    expect(await bumpPolicy(same.ports, asked)).toMatchObject({ version: VERSION, level: null, written: [] });
    const covered = policyWorld({ change: (text) => withVersionText(STEP.major)(loosened(text)) });
    expect(await bumpPolicy(covered.ports, asked)).toMatchObject({ version: STEP.major, level: "major", written: [] });
    expect([...same.texts.written, ...covered.texts.written]).toEqual([]);
  });

  it("compares with the last commit that changed the policy, where HEAD is as the working tree", async () => {
    const world = policyWorld({ before: tightened });
    expect(await bumpPolicy(world.ports, asked)).toMatchObject({ version: STEP.major, base: "git 0123456789~1", written: [POLICY_FILE, CHANGELOG] });
  });

  it("compares with what is named, and is a matter of use where there is nothing to compare with", async () => {
    const world = policyWorld({ git: false, change: loosened });
    await expect(bumpPolicy(world.ports, asked)).rejects.toMatchObject({ code: "usage", hint: expect.stringContaining("--against") as string });
    expect(await bumpPolicy(world.ports, { ...asked, against: POLICY_FILE, level: "patch" })).toMatchObject({ version: STEP.patch });
  });
});
