// The gate's commands from outside: verdicts and exit codes, refusals by name, override, registration, verifying, promoting.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { newSigningKey } from "../../src/core/base/dsse.ts";
import { promoted } from "../../src/core/policy/change/promotion.ts";
import { scratch, sharedCache } from "../setup/scratch.ts";
import { REAL_BINDINGS } from "../unit/core/metrics/summary-fixture.ts";
import { bakeoff } from "./bakeoff.ts";
import { layCapsule, layMadeSuite, layPolicy, registrationIn as registrationOf } from "./gate-world.ts";
import { layTinySuite } from "./tiny-suite.ts";

const cwd = await scratch();
const key = newSigningKey();
const SIGNED = { BAKEOFF_SIGNING_KEY: key.pem };
const seen = { good: "", policyFile: "", suite: "" };

const told = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => bakeoff(args, { cwd, env });
const gate = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  told(["gate", "--candidate", "new-model", "--incumbent", "gpt-oss-20b", ...args], env);
const decisionIn = (stderr: string): string => /Decision: (\S+)/.exec(stderr)?.[1] ?? "";
const others = { "gpt-oss-20b": 24, "cloud-high": 24, "rustc-suggestions": 3 };
const lay = (runId: string, passes: Readonly<Record<string, number>>, header = {}) =>
  layCapsule(cwd, { runId, policyFile: seen.policyFile, passes: { ...others, ...passes }, header }).then((path) => relative(cwd, path));

const registrationIn = (file: string) => registrationOf(join(cwd, file));

interface Decided {
  readonly findings: readonly { readonly criterion: string; readonly outcome: string }[];
}

/** The shipped scenarios with new-model in the reflex slot: what they say of the one before, they say of it. */
const expectedAfter = (golden: string): string =>
  golden
    .replaceAll("Reflex sglang/gpt-oss-20b", "Reflex sglang/new-model")
    .replaceAll("health = { gpt-oss-20b =", "health = { new-model =")
    .replaceAll("not gpt-oss-20b (", "not new-model (")
    .replaceAll("attempts of gpt-oss-20b", "attempts of new-model");

beforeAll(async () => {
  seen.policyFile = await layPolicy(cwd);
  seen.suite = await layMadeSuite(cwd);
  seen.good = await lay("run-good", { "new-model": 24 });
});

describe("the verdict", () => {
  it("is promote with exit code 0 where every bound meets its criterion, and is recorded", async () => {
    const end = await gate(["--capsule", seen.good]);
    expect(end.code, end.stdout + end.stderr).toBe(0);
    expect(end.stdout).toContain("PROMOTE new-model in place of gpt-oss-20b: all");
    const file = JSON.parse(await readFile(join(cwd, decisionIn(end.stderr)), "utf8")) as {
      statement: { predicateType: string; predicate: { verificationResult: string } };
      envelope: unknown;
    };
    expect(file.statement).toMatchObject({
      _type: "https://in-toto.io/Statement/v1",
      predicateType: "https://slsa.dev/verification_summary/v1",
      predicate: { verificationResult: "PASSED" },
    });
    expect(file.envelope).toBeNull();
  });

  it("is hold with exit code 10 for a worse candidate, in JSON and JUnit too", async () => {
    const capsule = await lay("run-worse", { "new-model": 12 });
    const end = await gate(["--capsule", capsule, "--json", "--junit", "gate.xml"]);
    expect(end.code).toBe(10);
    const [document] = (JSON.parse(end.stdout) as { decisions: { decision: { verdict: string; paired: { incumbentBetter: unknown[] } } }[] }).decisions;
    expect(document?.decision.verdict).toBe("hold");
    expect(document?.decision.paired.incumbentBetter).toHaveLength(12);
    const junit = await readFile(join(cwd, "gate.xml"), "utf8");
    expect(junit).toMatch(/<failure type="violated" message="pass rate against gpt-oss-20b/);
  });

  it("is inconclusive with exit code 11 where the data can't tell, and says how many more tasks would settle it", async () => {
    const end = await gate(["--capsule", await lay("run-open", { "new-model": 22 })]);
    expect(end.code).toBe(11);
    expect(end.stdout).toMatch(/INCONCLUSIVE .*no-regression/);
    expect(end.stdout).toMatch(/about \d+ more tasks?\s+would\s+settle\s+it/);
  });

  it("never promotes on a stand-in, and lets nobody override that", async () => {
    const bindings = { ...REAL_BINDINGS, judge: { provider: "embedded", model: "gpt-5.2-xhigh", standIn: "test-verdict" } };
    const capsule = await lay("run-stand-in", { "new-model": 24 }, { bindings });
    expect((await gate(["--capsule", capsule])).code).toBe(11);
    const overridden = await gate(["--capsule", capsule, "--override", "because", "--by", "Ada"], SIGNED);
    expect(overridden.code).toBe(2);
    expect(overridden.stderr).toContain("no-stand-in can't be overridden");
  });

  it("shares the level where several alternatives are asked about at once, and holds if one holds", async () => {
    const end = await told(["gate", "--candidate", "new-model", "rustc-suggestions", "--incumbent", "gpt-oss-20b", "--capsule", seen.good]);
    expect(end.code).toBe(10);
    expect(end.stdout).toContain("shared by 2 alternatives (Holm)");
  });

  it("goes to GitHub's step summary and annotations in its CI", async () => {
    const end = await gate(["--capsule", await lay("run-ci", { "new-model": 12 }), "--json"], {
      GITHUB_ACTIONS: "true",
      GITHUB_STEP_SUMMARY: join(cwd, "summary.md"),
    });
    expect(end.stderr).toMatch(/^::error title=gate%3A new-model::HOLD/m);
    expect(await readFile(join(cwd, "summary.md"), "utf8")).toMatch(/^# 🔴 HOLD new-model/);
    expect((JSON.parse(end.stdout) as { decisions: unknown[] }).decisions).toHaveLength(1);
  });
});

describe("evidence", () => {
  it.each([
    ["duplicated", async () => [seen.good, seen.good]],
    ["other-suite", async () => [seen.good, await lay("run-suite", { "new-model": 24 }, { suite: { name: "s", version: "1.0.0", root: "9".repeat(64) } })]],
    ["other-toolchain", async () => [seen.good, await lay("run-tool", { "new-model": 24 }, { toolchain: { rustc: "rustc 1.0.0", cargo: "c", host: "h" } })]],
    ["one-sided", async () => [await lay("run-side", {})]],
  ] as const)("is refused by the name %s, with exit code 5", async (name, capsules) => {
    const end = await gate((await capsules()).flatMap((path) => ["--capsule", path]));
    expect(end.code).toBe(5);
    expect(end.stderr).toContain(`${name}: `);
    expect(end.stdout).toBe("");
  });

  it("is refused by name where it was edited, and read at all only where it is a capsule", async () => {
    const text = await readFile(join(cwd, seen.good), "utf8");
    await writeFile(join(cwd, "edited.jsonl"), text.replace('"status":"failed"', '"status":"passed"'));
    const edited = await gate(["--capsule", "edited.jsonl"]);
    expect(edited).toMatchObject({ code: 5 });
    expect(edited.stderr).toContain("edited: edited.jsonl: merkle-root");
    const signed = await lay("run-signed", { "new-model": 24 });
    const signature = signed.replace(/jsonl$/, "sig.json");
    expect((await told(["capsule", "sign", "run-signed"], SIGNED)).code).toBe(0);
    expect((await gate(["--capsule", signed])).code).toBe(0);
    await writeFile(join(cwd, signature), (await readFile(join(cwd, signature), "utf8")).replace(/"sig":"./, '"sig":"_'));
    const broken = await gate(["--capsule", signed]);
    expect(broken).toMatchObject({ code: 5, stderr: expect.stringContaining(`edited: ${signed}: signature: `) });
    await writeFile(join(cwd, "empty.jsonl"), "");
    expect((await gate(["--capsule", "empty.jsonl"])).code).toBe(5);
  });

  it("is looked for in the capsules folder where none is named; unknown names and missing words are usage", async () => {
    expect((await told(["gate", "--candidate", "nobody", "--incumbent", "gpt-oss-20b"])).code).toBe(2);
    expect((await told(["gate"])).code).toBe(2);
    expect((await told(["gate", "--candidate", "gpt-oss-20b", "--incumbent", "gpt-oss-20b", "--capsule", seen.good])).code).toBe(2);
  });
});

describe("an override", () => {
  it("needs a reason, a name and a key", async () => {
    expect((await gate(["--capsule", seen.good, "--override", "we must"])).code).toBe(2);
    expect((await gate(["--capsule", seen.good, "--override", "we must", "--by", "Ada"])).code).toBe(2);
  });

  it("is signed and shows everywhere", async () => {
    const end = await gate(["--capsule", await lay("run-over", { "new-model": 16 }), "--override", "we must", "--by", "Ada", "--junit", "over.xml"], SIGNED);
    expect(end.code).toBe(0);
    expect(end.stdout).toMatch(/^OVERRIDDEN by Ada \(we must\); without that: HOLD/);
    const path = decisionIn(end.stderr);
    expect(await readFile(join(cwd, path.replace(/json$/, "md")), "utf8")).toMatch(/^# 🔴 OVERRIDDEN by Ada/);
    expect(await readFile(join(cwd, "over.xml"), "utf8")).toContain('name="not-overridden"');
    const file = JSON.parse(await readFile(join(cwd, path), "utf8")) as { envelope: { signatures: unknown[] } };
    expect(file.envelope.signatures).toHaveLength(1);
    expect((await told(["gate", "verify", path, "--trust", key.key.publicKey])).code).toBe(0);
    // A key that signs is not one that is trusted.
    expect((await told(["gate", "verify", path], SIGNED)).code).toBe(5);
  });
});

describe("a decision", () => {
  it("verifies by being made again from its capsules, and not once it or they were changed", async () => {
    const path = decisionIn((await gate(["--capsule", seen.good])).stderr);
    const sound = await told(["gate", "verify", path]);
    expect(sound).toMatchObject({ code: 0 });
    expect(sound.stdout).toContain("✓ decision: decided anew from the capsules: promote");
    const text = await readFile(join(cwd, path), "utf8");
    await writeFile(join(cwd, "forged.json"), text.replaceAll('"incumbent":"gpt-oss-20b"', '"incumbent":"rustc-suggestions"'));
    expect((await told(["gate", "verify", "forged.json"])).code).toBe(5);
    const older = text.replace(/"bakeoff":"[^"]+"/, '"bakeoff":"0.0.9"');
    await writeFile(join(cwd, "older.json"), older);
    expect((await told(["gate", "verify", "older.json"])).code).toBe(0);
    await writeFile(join(cwd, "other.json"), older.replace(/"result_hash":"[^"]+"/, `"result_hash":"${"0".repeat(64)}"`));
    expect((await told(["gate", "verify", "other.json"])).stdout).toContain("it comes out otherwise; it was made by 0.0.9");
    await writeFile(join(cwd, "newer.json"), text.replace(/"format":\d+,"kind"/, '"format":9,"kind"'));
    expect((await told(["gate", "verify", "newer.json"])).stderr).toContain("decision format 9 is not known");
    await writeFile(join(cwd, "gone.json"), text.replaceAll("run-good.capsule", "run-gone.capsule"));
    expect((await told(["gate", "verify", "gone.json"])).stderr).toContain("capsules");
  });

  it("is the same decision whichever way it is asked for", async () => {
    const [one, two] = [await gate(["--capsule", seen.good, "--json"]), await gate(["--capsule", seen.good, "--json"])];
    const without = (text: string): string => text.replaceAll(/"decidedAt": "[^"]+"/g, "").replaceAll(/ began [\d.]+ days/g, "");
    expect(without(one.stdout)).toBe(without(two.stdout));
  });
});

describe("registration", () => {
  it("counts where the run began under it, and not else; whoever signs is trusted by name only", async () => {
    const suite = seen.suite;
    const trust = ["--trust", key.key.publicKey];
    const register = [
      "gate",
      "register",
      "--candidate",
      "new-model",
      "--incumbent",
      "gpt-oss-20b",
      "--suite",
      suite,
      "--seed",
      "7",
      "--out",
      "registration.json",
    ];
    const registered = await told(register, SIGNED);
    expect(registered.code, registered.stderr).toBe(0);
    expect(registered.stdout).toContain("24 tasks × 2 epochs by seed 7, 1 run; line 1 of reports/gates/registrations.jsonl");
    const covered = await lay(
      "run-covered",
      { "new-model": 24 },
      { created_at: new Date().toISOString(), registration: await registrationIn("registration.json") },
    );
    const asked = ["--capsule", covered, "--registration", "registration.json"];
    const end = await gate([...asked, ...trust], SIGNED);
    expect(end.code, end.stdout + end.stderr).toBe(0);
    expect(end.stdout).toContain("registration: valid");
    expect(end.stdout).toContain("the signer's own word; runs under it: run-covered (sealed)");
    const decision = decisionIn(end.stderr);
    const verified = await told(["gate", "verify", decision, ...trust]);
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining("✓ registration: made before the runs") });
    const change = await told(["promote", "--candidate", "new-model", "--decision", decision, "--dry-run", ...trust]);
    expect(change).toMatchObject({ code: 0, stdout: expect.stringContaining('+candidate = "new-model"') });
    expect((await gate(asked, SIGNED)).stdout).toContain("no trusted key signed it");
    expect((await gate(["--capsule", seen.good, "--registration", "registration.json", ...trust])).stdout).toContain("does not cover this gate");
    expect((await told(["gate", "register", "--candidate", "new-model"])).code).toBe(2);
    expect((await told(["gate", "register", "--candidate", "nobody"], SIGNED)).code).toBe(2);
  });
});

describe("promote", () => {
  it("refuses a decision that is not to promote, not about the candidate, or not there", async () => {
    const held = decisionIn((await gate(["--capsule", "capsules/run-worse.capsule.jsonl"])).stderr);
    const good = decisionIn((await gate(["--capsule", seen.good])).stderr);
    const promote = (...args: readonly string[]) => told(["promote", ...args]);
    expect((await promote("--candidate", "new-model", "--decision", held)).stderr).toContain("the gate said hold");
    expect((await promote("--candidate", "cloud-high", "--decision", good)).stderr).toContain("the decision is about new-model");
    expect((await promote("--candidate", "new-model", "--decision", "nowhere.json")).code).toBe(2);
    expect((await promote("--candidate", "new-model")).code).toBe(2);
    expect((await promote("--rollback")).code).toBe(2);
  });

  it("writes the policy change with its comments kept, its version and its changelog; and takes it back", async () => {
    const good = decisionIn((await gate(["--capsule", seen.good])).stderr);
    const before = await readFile(seen.policyFile, "utf8");
    const goldenFile = join(cwd, "policy", "golden", "shipped.toml");
    const golden = await readFile(goldenFile, "utf8");
    const dry = await told(["promote", "--candidate", "new-model", "--decision", good, "--by", "Ada", "--dry-run"]);
    expect(dry.code, dry.stderr).toBe(0);
    expect(await readFile(seen.policyFile, "utf8")).toBe(before);
    expect(await readFile(goldenFile, "utf8")).toBe(golden);
    const done = await told(["promote", "--candidate", "new-model", "--decision", good, "--by", "Ada"]);
    expect(done.code, done.stderr).toBe(0);
    expect(done.stdout).toBe(dry.stdout);
    const after = await readFile(seen.policyFile, "utf8");
    expect(after).toMatch(/^candidate = "new-model" +# \w.*$/m);
    const [, version = ""] = /^version = "([\d.]+)"/m.exec(after) ?? [];
    // Another model in the slot is another route: by the policy's own rule that is a major step.
    expect(version).toBe(`${Number(/^version = "(\d+)/m.exec(before)?.[1]) + 1}.0.0`);
    expect(after).toMatch(
      /\[\[promotion\]\]\ncandidate = "new-model"\ndecision_sha256 = "[0-9a-f]{64}"\npromoted = "[\d-]+"\nby = "Ada"\nreplaces = "gpt-oss-20b"\n$/,
    );
    expect(after.split("\n").filter((line) => line.includes("#"))).toHaveLength(before.split("\n").filter((line) => line.includes("#")).length);
    expect(await readFile(join(cwd, "policy", "CHANGELOG.md"), "utf8")).toMatch(/## \d+\.\d+\.0 — [\d-]+\n\n- new-model takes the place of gpt-oss-20b/);
    const expected = await readFile(goldenFile, "utf8");
    expect(expected).toBe(expectedAfter(golden));
    expect(done.stdout).toMatch(/^\+\+\+ b\/policy\/golden\/shipped\.toml$/m);
    expect(done.stdout).toMatch(/^\+expect = "attempt 1 at Implement by Implementer\/Reflex sglang\/new-model: reflex-first"$/m);
    const valid = await told(["policy", "validate"]);
    expect(valid.code, valid.stderr).toBe(0);
    expect((await told(["promote", "--candidate", "new-model", "--decision", good])).stderr).toContain("it is the reflex candidate already");
    const back = await told(["promote", "--rollback"]);
    expect(back.code, back.stderr).toBe(0);
    const restored = await readFile(seen.policyFile, "utf8");
    expect(restored).toMatch(/^candidate = "gpt-oss-20b" /m);
    expect(restored).not.toMatch(/^\[\[promotion\]\]/m);
    expect(await readFile(goldenFile, "utf8")).toBe(golden);
    expect((await told(["policy", "validate"])).code).toBe(0);
    expect(restored).toMatch(/^version = "\d+\.\d+\.0"/m);
    expect(await readdir(join(cwd, "policy"))).toContain("CHANGELOG.md");
  });
});

describe("promote --rollback", () => {
  it("gives the golden scenarios their expectations back, and leaves the policy valid", async () => {
    const home = await scratch();
    const facts = { candidate: "new-model", replaces: "gpt-oss-20b", decisionSha256: "1".repeat(64), day: "2026-11-22", by: "Ada" };
    const policyFile = await layPolicy(home, (text) => promoted(text, facts).text);
    const goldenFile = join(home, "policy", "golden", "shipped.toml");
    const golden = await readFile(goldenFile, "utf8");
    await writeFile(goldenFile, expectedAfter(golden));
    const validate = async () => (await bakeoff(["policy", "validate"], { cwd: home })).code;
    expect(await validate()).toBe(0);
    const dry = await bakeoff(["promote", "--rollback", "--dry-run"], { cwd: home });
    expect(dry.stdout).toMatch(/^\+expect = "attempt 1 at Implement by Implementer\/Reflex sglang\/gpt-oss-20b: reflex-first"$/m);
    expect(await readFile(goldenFile, "utf8")).not.toBe(golden);
    const back = await bakeoff(["promote", "--rollback"], { cwd: home });
    expect(back).toMatchObject({ code: 0, stdout: dry.stdout });
    expect(await readFile(goldenFile, "utf8")).toBe(golden);
    expect(await readFile(policyFile, "utf8")).not.toMatch(/^\[\[promotion\]\]/m);
    expect(await validate()).toBe(0);
  });
});

describe("run --until-decided", () => {
  it("runs a batch, looks, and goes on to the next where the data can't tell; registered before, repeated as the gate wants, signed", async () => {
    const home = await scratch();
    const suite = await layTinySuite(home);
    const policy = await layPolicy(home, (text) =>
      text
        .replace("min_tasks = 24", "min_tasks = 1")
        .replace("require_registration = false", "require_registration = true")
        .replace("calibration_plants = 24", "calibration_plants = 4"),
    );
    const env = { BAKEOFF_CACHE: await sharedCache() };
    const keyFile = join(home, "key.pem");
    await writeFile(keyFile, key.pem, { mode: 0o600 });
    const asked = ["--suite", suite, "--policy", policy, "--candidate", "oracle", "--incumbent", "nop", "--key", keyFile, "--looks", "2"];
    const registered = await bakeoff(["gate", "register", ...asked, "--out", "registration.json"], { cwd: home, env });
    expect(registered.code, registered.stderr).toBe(0);
    const end = await bakeoff(["run", "--until-decided", ...asked, "--registration", "registration.json", "--trust", key.key.publicKey, "--json"], {
      cwd: home,
      env,
    });
    expect(end.code, end.stderr).toBe(11);
    expect(end.stderr).toMatch(/look 1 of 2, after 1 tasks, at level [\d.e-]+: inconclusive/);
    expect(end.stderr).toMatch(/look 2 of 2, after 2 tasks/);
    const files = await readdir(join(home, "capsules"));
    expect(files.map((file) => file.replace(/^.*\.capsule\./, "")).toSorted()).toEqual(["jsonl", "jsonl", "sig.json", "sig.json"]);
    const [document] = (JSON.parse(end.stdout) as { decisions: { look: unknown; capsules: unknown[]; decision: Decided }[] }).decisions;
    expect(document).toMatchObject({ look: { number: 2, planned: 2, tasks: 2, ofTasks: 2 }, registration: { state: "valid" } });
    expect(document?.capsules).toHaveLength(2);
    expect(document?.decision.findings.filter(({ criterion }) => ["registered", "enough-epochs"].includes(criterion)).map(({ outcome }) => outcome)).toEqual([
      "met",
      "met",
    ]);
    const verified = await bakeoff(["gate", "verify", decisionIn(end.stderr), "--trust", key.key.publicKey], { cwd: home, env });
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining("✓ signature: signed by a trusted key") });
  });

  it("is refused where it is asked for in half, or with tasks of one's own", async () => {
    expect((await told(["run", "--until-decided"])).code).toBe(2);
    expect((await told(["run", "--until-decided", "--candidate", "oracle", "--limit", "3"])).code).toBe(2);
    expect((await told(["run", "--candidate", "oracle"])).code).toBe(2);
    expect((await told(["run", "--registration", "nowhere.json"])).code).toBe(2);
  });
});

describe("gate plan", () => {
  it("tells what nobody could meet, the chances and the cost, and draws them", async () => {
    // Under the policy that is shipped: the one of this world asks for less.
    const home = await scratch();
    const plans = [
      "gate",
      "plan",
      "--candidate",
      "qwen3-coder-30b-a3b-awq",
      "--suite",
      "reflex-patchloop-v1",
      "--difference",
      "0,5",
      "--simulations",
      "20",
      "--json",
    ];
    const end = await bakeoff(plans, { cwd: home });
    expect(end.code, end.stderr).toBe(0);
    const plan = JSON.parse(end.stdout) as Record<string, unknown>;
    expect(plan).toMatchObject({
      candidate: "qwen3-coder-30b-a3b-awq",
      incumbent: "gpt-oss-20b",
      rows: [{ difference: 0 }, { difference: 5 }],
    });
    // The default suite is too small, however often it is repeated.
    expect((plan["smallest"] as { families: number } | null)?.families ?? 78).toBeGreaterThanOrEqual(78);
    expect(plan["unreachable"]).toContainEqual(expect.objectContaining({ criterion: "no-regression", needs: expect.objectContaining({ what: "families" }) }));
    const picture = /Picture: (\S+)/.exec(end.stderr)?.[1] ?? "";
    expect(await readFile(join(home, picture), "utf8")).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  });

  it("refuses a difference that is none", async () => {
    expect((await told(["gate", "plan", "--candidate", "new-model", "--difference", "1,x"])).code).toBe(2);
  });
});
