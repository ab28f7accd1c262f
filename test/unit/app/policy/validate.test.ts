// Is a policy sound? Its rules, its scenarios, its version against git or another policy, its signature: all issues at once.
import { describe, expect, it } from "vitest";
import { signPolicy } from "../../../../src/app/policy/sign.ts";
import { validatePolicy } from "../../../../src/app/policy/validate.ts";
import { WrittenFileError } from "../../../../src/core/base/errors.ts";
import { POLICY_FILE } from "../fakes.ts";
import { KEY, loosened, policyWorld, SOURCES, STEP, tightened, VERSION, withVersionText, type WorldSketch } from "./world.ts";

const validate = (sketch: WorldSketch, against: string | null = null) => validatePolicy(policyWorld(sketch).ports, { sources: SOURCES, against, suite: null });
const issuesOf = async (work: Promise<unknown>): Promise<readonly string[]> =>
  work.then(
    () => [],
    (error: unknown) => {
      if (!(error instanceof WrittenFileError)) throw error;
      return error.issues.map(({ path, line, message }) => `${path}:${line}: ${message}`);
    },
  );
const lineOf = (text: string, start: string): number => text.split("\n").findIndex((line) => line.startsWith(start)) + 1;

describe("a sound policy", () => {
  it("is told with its hash, its scenarios, what it left to the defaults, and that nobody signed it", async () => {
    const found = await validate({ change: (text) => text.replace(/^half_open_probes.*\n/m, "") });
    expect(found).toMatchObject({ policyId: `model-policy@${VERSION}`, signature: "absent", defaults: ["breaker.half_open_probes", "promotion"] });
    expect(found.scenarios).toBeGreaterThan(20);
    expect(found.warnings).toEqual([expect.stringContaining("is not signed") as string]);
  });

  it("is compared with git HEAD, with what is named, or with nothing where there is no git", async () => {
    expect((await validate({})).version).toBe(`${VERSION}, the same content as git HEAD`);
    expect((await validate({ git: false })).version).toBe("not compared: this is not a git repository");
    expect((await validate({ git: false }, POLICY_FILE)).version).toBe(`${VERSION}, the same content as ${POLICY_FILE}`);
    expect((await validate({ change: (text) => withVersionText(STEP.major)(loosened(text)) })).version).toBe(`${STEP.major}, after ${VERSION} of git HEAD`);
  });
});

describe("the version", () => {
  it("is an issue at its place where the content changed under the old one, or under too small a step", async () => {
    const world = policyWorld({ change: loosened });
    const place = `${POLICY_FILE}:${lineOf(world.policy(), "version =")}: meta.version: `;
    const validated = () => issuesOf(validatePolicy(world.ports, { sources: SOURCES, against: null, suite: null }));
    expect(await validated()).toEqual([expect.stringContaining(`${place}the content differs from git HEAD`) as string]);
    world.edit(withVersionText(STEP.minor));
    expect(await validated()).toEqual([expect.stringContaining(`${place}${VERSION} to ${STEP.minor} is a minor step and the change is major`) as string]);
    world.edit((text) => text.replace(STEP.minor, "0.0.1"));
    expect(await validated()).toEqual([expect.stringContaining("0.0.1 is older than") as string]);
  });

  it("is held to the last commit that changed the policy, where the working tree is as HEAD has it", async () => {
    expect(await issuesOf(validate({ before: tightened }))).toEqual([expect.stringContaining("differs from git 0123456789~1") as string]);
    expect(await issuesOf(validate({ before: (text) => withVersionText("0.9.0")(tightened(text)) }))).toEqual([]);
  });

  it("is not asked for of the layer of one run: the workspace's is compared", async () => {
    const { ports } = policyWorld();
    const sources = { ...SOURCES, overrides: ["budgets.warn_percent = 70"] };
    expect((await validatePolicy(ports, { sources, against: null, suite: null })).version).toBe(`${VERSION}, the same content as git HEAD`);
  });

  it("is not compared with a policy of HEAD that this version can't read", async () => {
    const { ports } = policyWorld();
    const broken = { ...ports, revisions: { ...ports.revisions, read: async () => ({ ok: true as const, text: "format = 1\n" }) } };
    expect((await validatePolicy(broken, { sources: SOURCES, against: null, suite: null })).version).toMatch(
      /^not compared: the policy of git HEAD is not valid/,
    );
  });
});

describe("issues", () => {
  it("of the version and of what scenarios expect are told together", async () => {
    const changed = (text: string) => text.replace("max_attempts = 2                # attempts", "max_attempts = 3                # attempts");
    const issues = await issuesOf(validate({ change: changed }));
    expect(issues.some((issue) => issue.includes("meta.version"))).toBe(true);
    expect(issues.some((issue) => issue.includes("scenario after all attempts comes Validate"))).toBe(true);
  });

  it("of the policy and of a scenario's form are told together", async () => {
    const world = policyWorld({ change: (text) => text.replace("warn_percent = 80", "warn_percent = 0") });
    world.texts.files.set("policy/golden/own.toml", 'format = 1\n[[scenario]]\nname = "x"\n');
    const issues = await issuesOf(validatePolicy(world.ports, { sources: SOURCES, against: null, suite: null }));
    expect(issues.filter((issue) => issue.startsWith(`${POLICY_FILE}:`) && issue.includes("budgets.warn_percent"))).toHaveLength(1);
    expect(issues.some((issue) => issue.startsWith("policy/golden/own.toml:"))).toBe(true);
  });
});

describe("a signature", () => {
  const asked = (text: string) =>
    text.replace("require_signature = false", "require_signature = true").replace("trusted_keys = []", `trusted_keys = ["${KEY.publicKey}"]`);

  it("that a trusted key made leaves nothing to warn of", async () => {
    const world = policyWorld({ git: false, change: asked });
    await expect(validatePolicy(world.ports, { sources: SOURCES, against: null, suite: null })).rejects.toMatchObject({ code: "integrity" });
    await signPolicy(world.ports, { sources: SOURCES, keyFile: "key.pem", newKeyFile: null });
    expect(await validatePolicy(world.ports, { sources: SOURCES, against: null, suite: null })).toMatchObject({ signature: "valid", warnings: [] });
  });
});
