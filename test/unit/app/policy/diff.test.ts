// Two policies side by side: what may be compared, what differs, and which scenarios come out otherwise.
import { describe, expect, it } from "vitest";
import { diffPolicies } from "../../../../src/app/policy/diff.ts";
import { takeSnapshot } from "../../../../src/app/policy/snapshot.ts";
import { CANDIDATES_FILE, POLICY_FILE, shippedFiles } from "../fakes.ts";
import { loosened, policyWorld, SOURCES, VERSION } from "./world.ts";

const asked = { policyFile: POLICY_FILE, before: null, after: null };
const CHANGE = { key: "budgets.run_cost_usd", before: 50, after: 60, effect: "loosens", level: "major" };

describe("a difference", () => {
  it("is that of git HEAD and the working tree where nothing is named", async () => {
    const { ports } = policyWorld({ change: loosened });
    expect(await diffPolicies(ports, asked)).toMatchObject({
      before: { name: "git HEAD", policyId: `model-policy@${VERSION}` },
      after: { name: "the working tree" },
      level: "major",
      changes: [CHANGE],
      routes: [],
    });
  });

  it("can be that of files, folders, snapshots and revisions", async () => {
    const { ports, texts } = policyWorld({ change: loosened });
    for (const [path, text] of shippedFiles()) texts.files.set(path.replace("policy/", "old/"), text);
    await takeSnapshot(ports, { sources: { ...SOURCES, policyFile: "old/model_policy.toml" }, createdAt: null, out: "s.json" });
    for (const before of ["old", "old/model_policy.toml", "s.json", "HEAD"]) {
      const found = await diffPolicies(ports, { ...asked, before, after: POLICY_FILE });
      expect(found.changes, before).toEqual([CHANGE]);
    }
    expect(await diffPolicies(ports, { ...asked, before: "old", after: "HEAD" })).toMatchObject({ level: null, changes: [], routes: [] });
  });

  it("names the scenarios that come out otherwise", async () => {
    const { ports } = policyWorld({
      change: (text) => text.replace("max_attempts = 2                # attempts", "max_attempts = 3                # attempts"),
    });
    const { routes } = await diffPolicies(ports, asked);
    expect(routes.map(({ scenario }) => scenario)).toContain("after all attempts comes Validate");
  });

  it("is none with a word that is neither a file nor a revision, or with a policy that is not valid", async () => {
    const { ports, texts } = policyWorld();
    await expect(diffPolicies(ports, { ...asked, before: "nowhere" })).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("nowhere is no file") as string,
    });
    texts.files.set("broken/model_policy.toml", "format = 1\n");
    texts.files.set("broken/candidates.toml", shippedFiles().get(CANDIDATES_FILE) ?? "");
    await expect(diffPolicies(ports, { ...asked, before: "broken" })).rejects.toMatchObject({ code: "written-file" });
  });
});
