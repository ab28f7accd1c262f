// Layers of written text to a snapshot: what comes from where, and every issue at its own file and line.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compilePolicy, type PolicyTexts } from "../../../../src/core/policy/compile.ts";
import type { PolicySnapshot } from "../../../../src/core/policy/snapshot.ts";

const read = (name: string): string => readFileSync(new URL(`../../../../policy/${name}`, import.meta.url), "utf8");
const POLICY = read("model_policy.toml");
const CANDIDATES = read("candidates.toml");
const AT = "2026-11-22T00:00:00.000Z";

interface Written {
  readonly policy?: string;
  readonly candidates?: string;
  readonly spec?: string;
  readonly overrides?: readonly string[];
}

const textsOf = ({ policy = POLICY, candidates = CANDIDATES, spec, overrides = [] }: Written): PolicyTexts => ({
  policy: { path: "p.toml", text: policy },
  candidates: { path: "c.toml", text: candidates },
  spec: spec === undefined ? null : { path: "specs/s.toml", text: spec },
  overrides,
});

function issuesOf(written: Written): string[] {
  const compiled = compilePolicy(textsOf(written), AT);
  return compiled.ok ? [] : compiled.issues.map(({ path, line, message }) => `${path}:${line}: ${message}`);
}

function snapshotOf(written: Written = {}): PolicySnapshot {
  const compiled = compilePolicy(textsOf(written), AT);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.issues));
  return compiled.snapshot;
}

const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split("\n").length;
const without = (text: string, section: string): string => text.replace(new RegExp(`^\\[${section}\\]\\n(?:(?!\\[).*\\n)*`, "m"), "");

describe("a compiled policy", () => {
  it("has the same hash whatever its comments, line ends, order of sections and folder are", () => {
    const { hash } = snapshotOf();
    const uncommented = POLICY.replaceAll(/^#.*\n/gm, "").replaceAll(/ +# .*$/gm, "");
    expect(uncommented).not.toContain("# ");
    expect(snapshotOf({ policy: uncommented }).hash).toBe(hash);
    expect(snapshotOf({ policy: POLICY.replaceAll("\n", "\r\n"), candidates: CANDIDATES.replaceAll("\n", "\r\n") }).hash).toBe(hash);
    const breaker = /^\[breaker\]\n(?:(?!\[).*\n)*/m.exec(POLICY)?.[0] ?? "";
    expect(breaker).toContain("cooldown_ms");
    expect(snapshotOf({ policy: `${without(POLICY, "breaker")}\n${breaker}` }).hash).toBe(hash);
    const elsewhere = compilePolicy({ ...textsOf({}), policy: { path: "/another/machine/x.toml", text: POLICY } }, "1999-01-01T00:00:00.000Z");
    expect(elsewhere.ok && elsewhere.snapshot.hash).toBe(hash);
  });

  it("has another hash where it says something else", () =>
    expect(snapshotOf({ policy: POLICY.replace("cooldown_ms = 30000", "cooldown_ms = 30001") }).hash).not.toBe(snapshotOf().hash));

  it("says of every value which layer it comes from", () => {
    const { layers, policy } = snapshotOf({
      policy: without(without(POLICY, "breaker"), "capture"),
      spec: 'format = 2\n[reflex]\nmax_attempts = 1\n[high_risk]\npaths = ["src/**"]\n',
      overrides: ["reflex.max_attempts = 3", 'capture.mode = "none"'],
    });
    expect(layers).toMatchObject({
      "reflex.max_attempts": "override",
      "capture.mode": "override",
      "high_risk.paths": "spec",
      "breaker.cooldown_ms": "defaults",
      promotion: "defaults",
      'models."gpt-5.2-high".effort': "workspace",
    });
    expect(policy).toMatchObject({
      reflex: { max_attempts: 3 },
      capture: { mode: "none" },
      high_risk: { paths: ["src/**"], tags: ["unsafe", "security"] },
      breaker: { cooldown_ms: 30_000 },
    });
    expect(new Set(Object.values(layers))).toEqual(new Set(["defaults", "workspace", "spec", "override"]));
  });

  it("keeps what a table of one meaning says together", () =>
    expect(
      snapshotOf({ policy: POLICY.replace('stage = "on" ', 'stage = "canary"\npercent = 10 '), spec: 'format = 2\n[reflex.rollout]\nstage = "off"\n' }).policy
        .reflex.rollout,
    ).toEqual({
      stage: "off",
    }));

  it("names its sources without any machine's folders", () =>
    expect(snapshotOf({ spec: "format = 2\n", overrides: ["reflex.max_attempts = 1"] }).source_files.map(({ path }) => path)).toEqual([
      "policy/model_policy.toml",
      "policy/specs/s.toml",
      "--set",
      "policy/candidates.toml",
    ]));

  it("warns of what is odd and takes it", () => {
    const compiled = compilePolicy(textsOf({ policy: POLICY.replace('dated = "2026-11-01"', 'dated = "2026-01-01"') }), AT);
    expect(compiled.ok && compiled.warnings.map(({ path, message }) => `${path} ${message}`)).toEqual([
      "p.toml prices.dated: the prices are 325 days old: look them up again and date them",
    ]);
  });
});

describe("what is wrong in a layer", () => {
  it("is shown in the layer that said it, whatever other layers say over it", () => {
    const spec = "format = 2\n[reflex]\nmax_attempts = 99\n";
    expect(issuesOf({ spec, overrides: ["reflex.max_attempts = 1"] })).toEqual([
      `specs/s.toml:3: ${"reflex.max_attempts: Too big: expected number to be <=10"}`,
    ]);
  });

  it("is found by the rules on what the layers come to", () => {
    const spec = 'format = 2\n\n[roles.judge]\nmodel = "local"\n\n[models.local]\nprovider = "sglang"\nmodel = "m"\nmax_output_tokens = 1000\n';
    expect(issuesOf({ spec })).toEqual(["specs/s.toml:4: roles.judge.model: the judge is served locally: choose a model of a cloud provider"]);
    expect(issuesOf({ overrides: ["high_risk.skip_reflex = false"] })).toEqual([
      "--set high_risk.skip_reflex = false:1: high_risk.skip_reflex: high-risk work would go to reflex: set it to true",
    ]);
  });

  it("is what only the workspace may say", () => {
    const spec = 'format = 2\n[signing]\nrequire_signature = false\n[gates.reflex_promotion]\nmin_tasks = 1\n[meta]\nversion = "9.9.9"\n';
    expect(issuesOf({ spec }).map((issue) => issue.split(":").slice(0, 3).join(":"))).toEqual([
      "specs/s.toml:2: signing",
      "specs/s.toml:4: gates",
      "specs/s.toml:6: meta",
    ]);
  });

  it("is what only the workspace may say, but for the plants of one run that gates nothing", () => {
    expect(issuesOf({ overrides: ["gates.calibration_plants = 0"] })).toEqual([]);
    expect(issuesOf({ spec: "format = 2\n[gates]\ncalibration_plants = 0\n" })).toHaveLength(1);
    for (const override of ["gates.reflex_promotion.min_tasks = 1", "gates = { calibration_plants = 0, reflex_promotion = { min_tasks = 1 } }", "gates = {}"])
      expect(
        issuesOf({ overrides: [override] }).filter((issue) => issue.includes("only the workspace's")),
        override,
      ).toHaveLength(1);
  });

  it("is a promotion, which only the workspace may say, and a format beside it that is not said", () =>
    expect(issuesOf({ spec: "promotion = []\n[signing]\ntrusted_keys = []\n" })).toEqual([
      "specs/s.toml:1: format is missing: write format = 2 at the top",
      "specs/s.toml:1: promotion: only the workspace's policy may say this: remove it here",
      "specs/s.toml:2: signing: only the workspace's policy may say this: remove it here",
    ]));

  it("is shown by a name that is not too long, where it was said on the command line", () => {
    const [issue = ""] = issuesOf({ overrides: [`capture.mode = "${"x".repeat(500)}"`] });
    expect(issue.split(":")[0]).toBe(`--set capture.mode = "${"x".repeat(200 - 'capture.mode = "'.length)}`);
  });

  it("is a format that is not said, or another one", () => {
    expect(issuesOf({ spec: "[reflex]\nmax_attempts = 1\n" })).toEqual(["specs/s.toml:1: format is missing: write format = 2 at the top"]);
    expect(issuesOf({ spec: "format = 3\n" })).toEqual(["specs/s.toml:1: format: format 3 is not known: this version reads format 2"]);
  });

  it("is a date, where a text of an upper layer hides it", () =>
    expect(
      issuesOf({ policy: POLICY.replace("max_attempts = 2 ", "max_attempts = 1979-05-27 "), overrides: ["roles.implementer.max_attempts = 2"] })[0],
    ).toContain("p.toml:"));
});

describe("every issue of every file", () => {
  it("comes by layers, then candidates, and each file from its top, whatever finds it", () => {
    const breaker = "breaker = { half_open_probes = 0, cooldown_ms = 0, failures_to_open = 0 }\n";
    const policy = breaker + without(POLICY, "breaker").replace("run_tokens = 50000000", "run_tokens = 0");
    const compiled = compilePolicy(
      textsOf({
        policy,
        spec: 'format = 2\n[capture]\nmode = "all"\n',
        overrides: ["reflex.max_attempts = 99", "tier2.deadline_ms = 0"],
        candidates: CANDIDATES.replace("temperature = 0.0", "temperature = 9.0"),
      }),
      AT,
    );
    const places = compiled.ok ? [] : compiled.issues.map(({ path, line, column, message }) => `${path}:${line}:${column}: ${message.split(":")[0] ?? ""}`);
    expect(places).toEqual([
      `p.toml:1:${breaker.indexOf("half_open") + 1}: breaker.half_open_probes`,
      `p.toml:1:${breaker.indexOf("cooldown") + 1}: breaker.cooldown_ms`,
      `p.toml:1:${breaker.indexOf("failures") + 1}: breaker.failures_to_open`,
      `p.toml:${lineOf(policy, "run_tokens = 0")}:1: budgets.run_tokens`,
      "specs/s.toml:3:1: capture.mode",
      "--set reflex.max_attempts = 99:1:1: reflex.max_attempts",
      "--set tier2.deadline_ms = 0:1:1: tier2.deadline_ms",
      `c.toml:${lineOf(CANDIDATES, "temperature = 0.0")}:1: candidate.0.temperature`,
    ]);
  });

  it("is that of a rule at its place among the candidates", () => {
    const candidates = CANDIDATES.replace('name = "qwen3-coder-30b-a3b-gptq"', 'name = "nop"');
    expect(issuesOf({ candidates })).toEqual([
      `c.toml:${lineOf(candidates, 'name = "nop"')}: candidate.2.name: nop is an embedded candidate: choose another name`,
    ]);
  });

  it("is one where a file is no TOML, with nothing said of what others come to without it", () => {
    expect(issuesOf({ policy: "= =", spec: "format = 2\n" }).map((issue) => issue.split(":")[0])).toEqual(["p.toml"]);
    expect(issuesOf({ candidates: "a = = 1" })).toEqual([expect.stringMatching(/^c\.toml:1: not TOML/)]);
  });

  it("is there at once: of the form, of the rules, of the candidates", () => {
    const policy = POLICY.replace("cooldown_ms = 30000", 'cooldown_ms = "long"')
      .replace('candidate = "gpt-oss-20b"', 'candidate = "qwen3-coder-30b-a3b-awq"')
      .replace("[roles.sidecar_critic]", '[roles.reflex]\nmodel = "gpt-5.2-mini"\n\n[roles.sidecar_critic]\nenabled = false');
    const candidates = CANDIDATES.replace('answer_format = "edits"', 'answer_format = "prose"');
    const issues = issuesOf({ policy, candidates });
    expect(issues.map((issue) => issue.split(": ").slice(0, 2).join(": "))).toEqual([
      `p.toml:${lineOf(policy, "[roles.reflex]")}: roles.reflex`,
      `p.toml:${lineOf(policy, "enabled = false")}: roles.sidecar_critic.enabled`,
      `p.toml:${lineOf(policy, 'cooldown_ms = "long"')}: breaker.cooldown_ms`,
      `c.toml:${lineOf(candidates, "answer_format")}: candidate.0.answer_format`,
    ]);
    // The candidates could be read but for one word; their rule speaks as soon as that is right.
    expect(issuesOf({ policy })).toHaveLength(4);
  });

  it("is there even where a file is no TOML at all", () => {
    expect(issuesOf({ policy: "format = = 2", candidates: "format = 9" })).toEqual([
      expect.stringMatching(/^p.toml:1: not TOML/),
      "c.toml:1: format: format 9 is not known: this version reads format 1",
    ]);
    expect(issuesOf({ spec: "a = ", overrides: ["nonsense"] }).map((issue) => issue.split(":")[0])).toEqual(["specs/s.toml", "--set nonsense"]);
  });

  it("tells reflex as a role apart from any unknown role", () => {
    const issues = issuesOf({
      policy: POLICY.replace("[roles.judge]", '[roles.reflex]\nmodel = "gpt-5.2-high"\n\n[roles.tester]\nmodel = "gpt-5.2-high"\n\n[roles.judge]'),
    });
    expect(issues.map((issue) => issue.replace(/^p.toml:\d+: /, ""))).toEqual([
      "roles.reflex: reflex is a mode of the implementer, not a role: remove this table and configure it in [reflex]",
      "unknown key roles.tester: remove it or correct its name",
    ]);
  });
});

describe("names that mean something to the language", () => {
  for (const text of ["__proto__ = 1", "[__proto__]\nx = 1", "[__proto__]", '[models."__proto__"]\nmodel = "m"', "[[promotion]]\n__proto__ = {}"]) {
    it(`are refused: ${text.split("\n")[0]}`, () => {
      const issues = issuesOf({ policy: `${POLICY}\n${text}\n` });
      expect(issues).toEqual([expect.stringMatching(/^p.toml:\d+: (__proto__ is no key: remove it|not TOML)/)]);
      expect(issuesOf({ candidates: `${CANDIDATES}\n${text}\n` })).not.toEqual([]);
      expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
    });
  }
  it("are plain names where nothing stands behind them", () =>
    expect(issuesOf({ overrides: ["constructor = 1"] })).toEqual(["--set constructor = 1:1: unknown key constructor: remove it or correct its name"]));
});

describe("a text that is too much", () => {
  it("is refused before it is read", () =>
    expect(issuesOf({ policy: `${POLICY}\n#${"x".repeat(300_000)}` })).toEqual([expect.stringContaining("p.toml:1: larger than 300,000 characters")]));
  it("is refused where it is nested too deep", () =>
    expect(issuesOf({ policy: `${POLICY}\nx = ${"[".repeat(50_000)}` })).toEqual([expect.stringMatching(/^p.toml:\d+: not TOML/)]));
});
