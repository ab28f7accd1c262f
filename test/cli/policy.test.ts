// `bakeoff policy` as a user meets it: words, exit codes, versions against git, signatures, stored snapshots.
import { execFile } from "node:child_process";
import { copyFile, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../src/core/base/canonical.ts";
import { scratch } from "../setup/scratch.ts";
import { bakeoff, MAIN, ROOT } from "./bakeoff.ts";

const [, NOW = ""] = /\nversion = "([\d.]+)"/.exec(await readFile(join(ROOT, "policy", "model_policy.toml"), "utf8")) ?? [];
const [major = 0, minor = 0] = NOW.split(".").map(Number);
const MINOR = `${major}.${minor + 1}.0`;
const MAJOR = `${major + 1}.0.0`;

const QWEN = "qwen3-coder-30b-a3b-awq";

/** A folder with the project's policy, changed; `git`: committed as it is before the change. */
async function workspace(change: (text: string) => string = (text) => text, git = false): Promise<string> {
  const folder = await scratch();
  const policy = join(folder, "policy", "model_policy.toml");
  await mkdir(join(folder, "policy"));
  for (const name of ["model_policy.toml", "candidates.toml"]) await copyFile(join(ROOT, "policy", name), join(folder, "policy", name));
  if (git) await commit(folder);
  await writeFile(policy, change(await readFile(policy, "utf8")));
  return folder;
}

async function commit(folder: string): Promise<void> {
  const identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
  for (const args of [
    ["init", "--quiet"],
    ["add", "-A"],
    [...identity, "commit", "--quiet", "-m", "x"],
  ])
    await promisify(execFile)("git", args, { cwd: folder });
}

const policyOf = (folder: string): Promise<string> => readFile(join(folder, "policy", "model_policy.toml"), "utf8");
const told = (cwd: string, ...args: readonly string[]) => bakeoff(["policy", ...args], { cwd });
const attempts = (text: string): string => text.replace("run_cost_usd = 50.0", "run_cost_usd = 60.0");

describe("a new user who makes an alternative the reflex model", () => {
  it("is told what is missing and what to do next", async () => {
    const cwd = await workspace((text) => text.replace('candidate = "gpt-oss-20b"', `candidate = "${QWEN}"`));
    const line = (await policyOf(cwd)).split("\n").findIndex((each) => each.startsWith("candidate =")) + 1;
    expect(await told(cwd)).toMatchObject({
      code: 3,
      stdout: "",
      stderr: [
        `bakeoff: policy/model_policy.toml:${line}:1: reflex.candidate: ${QWEN} has not been promoted: no [[promotion]] names it. ` +
          `Run the bakeoff (npm run bakeoff -- --candidates gpt-oss-20b,${QWEN} --epochs 6), then the gate (npm run gate -- --candidate ${QWEN}), ` +
          `then apply its decision (bakeoff promote --candidate ${QWEN} --decision FILE); or restore candidate = "gpt-oss-20b"`,
        "1 issue in written files",
        "",
      ].join("\n"),
    });
  });
});

describe("policy validate", () => {
  it("costs fifteen starts of node at most, git included (the bench looks at the clock on the wall)", async () => {
    const cwd = await workspace(undefined, true);
    const seconds = async (...words: string[]): Promise<number> => {
      const script = `TIMEFORMAT="%U %S"; time "${process.execPath}" ${words.join(" ")} >/dev/null 2>&1`;
      const { stderr } = await promisify(execFile)("bash", ["-c", script], { cwd });
      const [user = Number.NaN, system = Number.NaN] = stderr.trim().split(" ").map(Number);
      return user + system;
    };
    expect((await seconds(`"${MAIN}"`, "policy", "validate")) / (await seconds("-e", "0"))).toBeLessThan(15);
  });

  it("says what it found as one JSON document", async () => {
    const cwd = await workspace((text) => text.replace(/^half_open_probes.*\n/m, ""));
    const valid = await told(cwd, "validate", "--json");
    expect(JSON.parse(valid.stdout)).toMatchObject({
      ok: true,
      policyId: `model-policy@${NOW}`,
      signature: "absent",
      version: "not compared: this is not a git repository",
      defaults: ["breaker.half_open_probes", "promotion"],
    });
    await writeFile(join(cwd, "policy", "model_policy.toml"), "format = 2\n");
    const wrong = await told(cwd, "validate", "--json");
    expect(wrong).toMatchObject({ code: 3, stderr: "" });
    const { ok, issues } = JSON.parse(wrong.stdout) as { ok: boolean; issues: { path: string; line: number }[] };
    expect([ok, issues.length > 5, issues.every(({ path, line }) => path === "policy/model_policy.toml" && line === 1)]).toEqual([false, true, true]);
  });

  it("owns up to what it left to the defaults", async () =>
    expect((await told(await workspace((text) => text.replace(/^cooldown_ms.*\n/m, "")))).stdout).toContain(
      "left to the built-in defaults: breaker.cooldown_ms, promotion\n",
    ));

  it("warns where nobody signed", async () =>
    expect(await told(await workspace())).toMatchObject({ code: 0, stderr: `warning: model-policy@${NOW} is not signed: bakeoff policy sign --key FILE\n` }));

  it("refuses a changed policy with the old version, and a step too short, and takes the one that bump writes", async () => {
    const cwd = await workspace(attempts, true);
    const line = (await policyOf(cwd)).split("\n").findIndex((each) => each.startsWith("version =")) + 1;
    const place = `bakeoff: policy/model_policy.toml:${line}:1: meta.version: `;
    expect(await told(cwd)).toMatchObject({
      code: 3,
      stderr: `${place}the content differs from git HEAD and the version is still ${NOW}: run bakeoff policy bump (major: budgets.run_cost_usd loosens)\n1 issue in written files\n`,
    });
    await writeFile(join(cwd, "policy", "model_policy.toml"), (await policyOf(cwd)).replace(NOW, MINOR));
    expect((await told(cwd)).stderr).toBe(
      `${place}${NOW} to ${MINOR} is a minor step and the change is major (budgets.run_cost_usd loosens): run bakeoff policy bump\n1 issue in written files\n`,
    );
    expect(await told(cwd, "bump", "--level", "minor")).toMatchObject({ code: 2, stdout: "" });
    expect(await told(cwd, "bump", "--reason", "One more.")).toMatchObject({
      code: 0,
      stdout: `${NOW} → ${MAJOR} (major): policy/model_policy.toml, policy/CHANGELOG.md\n`,
    });
    expect(await readFile(join(cwd, "policy", "CHANGELOG.md"), "utf8")).toMatch(
      new RegExp(
        `^# .*\\n\\n## ${MAJOR.replaceAll(".", "\\.")} — \\d{4}-\\d\\d-\\d\\d\\n\\nOne more\\.\\n\\n- \`budgets\\.run_cost_usd\`: 50 → 60 \\(loosens\\)\\n$`,
      ),
    );
    expect((await told(cwd)).stdout).toContain(`version: ${MAJOR}, after ${NOW} of git HEAD\n`);
    expect((await told(cwd, "bump")).stdout).toBe(`${MAJOR} covers the change since ${NOW} of git HEAD: nothing to do\n`);
    await commit(cwd);
    expect((await told(cwd)).stdout).toContain(`version: ${MAJOR}, the same content as git HEAD\n`);
  });

  it("tells what is wrong with the version, the scenarios' form and the policy at once", async () => {
    const changed = (text: string) => text.replace("max_attempts = 2                # attempts", "max_attempts = 3                # attempts");
    const cwd = await workspace(changed, true);
    const first = await told(cwd, "validate");
    expect(first.code).toBe(3);
    expect(first.stderr).toContain("meta.version: the content differs from git HEAD");
    expect(first.stderr).toContain("scenario after all attempts comes Validate: expected");
    expect(first.stderr).toContain("2 issues in written files");
    await writeFile(join(cwd, "policy", "model_policy.toml"), (await policyOf(cwd)).replace("warn_percent = 80", "warn_percent = 0"));
    await mkdir(join(cwd, "policy", "golden"));
    await writeFile(join(cwd, "policy", "golden", "own.toml"), 'format = 1\n[[scenario]]\nname = "x"\n');
    const second = await told(cwd, "validate");
    expect(second).toMatchObject({ code: 3, stdout: "" });
    expect(second.stderr).toMatch(/policy\/model_policy\.toml:\d+:\d+: budgets\.warn_percent: /);
    expect(second.stderr).toMatch(/policy\/golden\/own\.toml:\d+:\d+: /);
  });

  it("finds a change that was committed under the old version, whatever was committed after it", async () => {
    const cwd = await workspace(attempts, true);
    await commit(cwd);
    await writeFile(join(cwd, "other"), "x");
    await commit(cwd);
    const end = await told(cwd);
    expect(end.code).toBe(3);
    expect(end.stderr).toMatch(/meta\.version: the content differs from git [0-9a-f]{10}~1 and the version is still \d+\.\d+\.\d+/);
    expect((await told(cwd, "bump")).stdout).toContain(`${NOW} → ${MAJOR} (major)`);
    await commit(cwd);
    expect((await told(cwd)).stdout).toContain(`version: ${MAJOR}, the same content as git HEAD\n`);
  });

  it("asks for no version where only comments, spaces and the order changed", async () => {
    const cwd = await workspace((text) => `# New words.\n${text.replaceAll(/ +#.*$/gm, "").replaceAll("\n", "\r\n")}`, true);
    expect((await told(cwd)).stdout).toContain(`version: ${NOW}, the same content as git HEAD\n`);
    expect((await told(cwd, "bump")).stdout).toContain("nothing to do");
  });

  it("goes on where there is no git, and says so; compares with a file where one is named", async () => {
    const cwd = await workspace(attempts);
    expect(await told(cwd)).toMatchObject({ code: 0, stdout: expect.stringContaining("version: not compared: this is not a git repository\n") as string });
    expect(await told(cwd, "validate", "--against", join(ROOT, "policy"))).toMatchObject({ code: 3 });
    expect(await told(cwd, "bump")).toMatchObject({ code: 2, stderr: expect.stringContaining("--against FILE") as string });
  });

  it("goes on where HEAD has no policy, or one that this version can't read", async () => {
    const cwd = await workspace();
    await rm(join(cwd, "policy", "candidates.toml"));
    await writeFile(join(cwd, "policy", "model_policy.toml"), "format = 1\n");
    await commit(cwd);
    for (const name of ["model_policy.toml", "candidates.toml"]) await copyFile(join(ROOT, "policy", name), join(cwd, "policy", name));
    expect((await told(cwd)).stdout).toContain("version: not compared: candidates.toml is not in git HEAD\n");
    await commit(cwd);
    await writeFile(join(cwd, "policy", "model_policy.toml"), "format = 1\n");
    await commit(cwd);
    await copyFile(join(ROOT, "policy", "model_policy.toml"), join(cwd, "policy", "model_policy.toml"));
    expect((await told(cwd)).stdout).toMatch(/version: not compared: the policy of git HEAD is not valid for this version/);
  });
});

describe("policy diff", () => {
  it("tells HEAD and the working tree apart, and what it means", async () => {
    const cwd = await workspace(attempts, true);
    const lines = ["  budgets.run_cost_usd: 50 → 60   loosens (major)", "1 change: major"];
    expect(await told(cwd, "diff")).toMatchObject({ code: 0, stderr: "" });
    for (const words of [[], ["HEAD"], [join(ROOT, "policy", "model_policy.toml"), "policy/model_policy.toml"]])
      for (const line of lines) expect((await told(cwd, "diff", ...words)).stdout.split("\n")).toContain(line);
    expect(JSON.parse((await told(cwd, "diff", "--json")).stdout)).toMatchObject({
      level: "major",
      changes: [{ key: "budgets.run_cost_usd", before: 50, after: 60, effect: "loosens" }],
    });
  });

  it("refuses what is no policy, and what git must not be told", async () => {
    const cwd = await workspace(undefined, true);
    for (const word of ["nowhere", "--upload-pack=x", "-h ", "HEAD:policy", "a b"]) expect((await told(cwd, "diff", "--", word)).code, word).toBe(2);
  });
});

describe("policy snapshot and show", () => {
  it("give the same bytes for the same time, and each value with its layer", async () => {
    const cwd = await workspace();
    const at = ["--created-at", "2026-11-22T00:00:00.000Z"];
    const printed = await told(cwd, "snapshot", ...at);
    expect(await told(cwd, "snapshot", ...at, "--out", "s.json")).toMatchObject({ code: 0, stdout: "" });
    expect(await readFile(join(cwd, "s.json"), "utf8")).toBe(printed.stdout);
    const shown = (await told(cwd, "show")).stdout;
    expect(shown).toContain('\nmodels."gpt-5.2-mini".model = "gpt-5.4-mini"   (workspace)\n');
    expect(shown).toContain("\npromotion = []   (defaults)\n");
    expect((await told(cwd, "show", "s.json")).stdout).toBe(shown);
    expect((await told(cwd, "diff", "s.json")).stdout).toContain("no change of content");
    await writeFile(join(cwd, "s.json"), printed.stdout.replace('"max_attempts":2', '"max_attempts":3'));
    expect(await told(cwd, "show", "s.json")).toMatchObject({ code: 5, stdout: "" });
  });

  it("show the layers of a spec and of one run", async () => {
    const cwd = await workspace();
    await mkdir(join(cwd, "policy", "specs"));
    await writeFile(join(cwd, "policy", "specs", "auth.toml"), "format = 2\n[reflex]\nmax_attempts = 1\n");
    expect((await told(cwd, "show", "--spec", "auth")).stdout).toContain("\nreflex.max_attempts = 1   (spec)\n");
    expect((await told(cwd, "show", "--spec", "policy/specs/auth.toml", "--set", "reflex.max_attempts = 3", "--allow-override")).stdout).toContain(
      "\nreflex.max_attempts = 3   (override)\n",
    );
    expect(await told(cwd, "show", "--set", "reflex.max_attempts = 3")).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("--allow-override") as string,
    });
    await writeFile(join(cwd, "policy", "specs", "auth.toml"), "format = 2\n[high_risk]\nskip_reflex = false\n");
    expect(await told(cwd, "validate", "--spec", "auth")).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("policy/specs/auth.toml:3:1: high_risk.skip_reflex") as string,
    });
    expect(await told(cwd, "validate", "--spec", "../auth")).toMatchObject({ code: 2 });
  });

  it("read a snapshot of the Spec-Kit form", async () => {
    const cwd = await workspace();
    const content = { schema_version: "1.0", policy_id: "p", hash: "x", created_at: "", source_files: [], governance: { capture: { mode: "none" } } };
    await writeFile(join(cwd, "k.json"), JSON.stringify(content));
    const shown = await told(cwd, "show", "k.json");
    expect(shown.stdout).toContain('capture.mode = "none"   (capture.mode)\n');
    expect(shown.stdout).toMatch(/it says nothing about: format, meta, roles, /);
  });
});

describe("policy sign", () => {
  const asking = (key: string) => (text: string) =>
    text.replace("require_signature = false", "require_signature = true").replace("trusted_keys = []", `trusted_keys = ["${key}"]`);

  it("makes a key that nobody else may read, and says how it comes to be trusted", async () => {
    const cwd = await workspace();
    const made = await told(cwd, "sign", "--new-key", "key.pem", "--json");
    const { publicKey: key, trusted } = JSON.parse(made.stdout) as { publicKey: string; trusted: boolean };
    expect([made.code, trusted, ((await stat(join(cwd, "key.pem"))).mode & 0o777).toString(8)]).toEqual([0, false, "600"]);
    expect(made.stderr).toContain(`add "${key}" to signing.trusted_keys`);
    expect((await told(cwd)).stderr).toContain("has a signature that does not count: no trusted key signed it");
    expect(await told(cwd, "sign", "--new-key", "key.pem")).toMatchObject({ code: 2 });
    expect(await told(cwd, "sign")).toMatchObject({ code: 2 });

    await writeFile(join(cwd, "policy", "model_policy.toml"), asking(key)(await policyOf(cwd)));
    await rm(join(cwd, "policy", "model_policy.sig.json"));
    const line = (await policyOf(cwd)).split("\n").findIndex((each) => each.startsWith("require_signature")) + 1;
    expect(await told(cwd)).toMatchObject({
      code: 3,
      stderr: `bakeoff: policy/model_policy.toml:${line}:1: signing.require_signature: policy/model_policy.sig.json is not there: have it signed by a trusted key: bakeoff policy sign --key FILE\n1 issue in written files\n`,
    });
    expect(await told(cwd, "sign", "--key", "key.pem")).toMatchObject({ code: 0, stderr: "" });
    expect(await told(cwd)).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse((await told(cwd, "validate", "--json")).stdout)).toMatchObject({ signature: "valid", warnings: [] });

    await writeFile(join(cwd, "policy", "model_policy.toml"), (await policyOf(cwd)).replace("cooldown_ms = 30000", "cooldown_ms = 30001"));
    for (const args of [["policy"], ["policy", "snapshot"], ["run", "--candidates", "nop"], ["doctor"]]) {
      const end = await bakeoff(args, { cwd });
      expect(end, args.join(" ")).toMatchObject({ code: 5, stdout: "" });
      expect(end.stderr).toContain("it is of another policy");
    }
    await writeFile(join(cwd, "policy", "model_policy.toml"), (await policyOf(cwd)).replace("cooldown_ms = 30001", "cooldown_ms = 30000"));
    expect(await told(cwd, "validate", "--set", "reflex.max_attempts = 1", "--allow-override")).toMatchObject({
      code: 5,
      stderr: expect.stringContaining("leave --set out") as string,
    });
  });
});

it("the hash is that of the bytes without id, time and itself", async () => {
  const { stdout } = await told(await workspace(), "snapshot");
  const { hash } = JSON.parse(stdout) as { hash: string };
  const without = stdout
    .replace(/"created_at":"[^"]*",/, "")
    .replace(/"hash":"[^"]*",/, "")
    .replace(/"policy_id":"[^"]*",/, "");
  expect(sha256(without)).toBe(hash);
});
