// The command line without any run: help, refusals, written files that are wrong, policy, suites, exit codes.
import { execFile } from "node:child_process";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { sha256, canonicalJson } from "../../src/core/base/canonical.ts";
import { scratch } from "../setup/scratch.ts";
import { bakeoff, MAIN, ROOT } from "./bakeoff.ts";
import { layTinySuite, TINY } from "./tiny-suite.ts";

const cwd = await scratch();
const tiny = join(cwd, "tiny");

beforeAll(async () => {
  await layTinySuite(cwd);
});

const ESCAPE = "\u001B";
const told = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => bakeoff(args, { cwd, env });

describe("help", () => {
  // Of every command: test/unit/cli/command-line.test.ts.
  for (const level of ["", "policy", "policy explain"]) {
    it(`shows an example for ${level === "" ? "the program" : level}, and is no error`, async () => {
      const end = await told([...level.split(" ").filter((word) => word !== ""), "--help"]);
      expect(end).toMatchObject({ code: 0, stderr: "" });
      expect(end.stdout).toMatch(/Example:\n {2}bakeoff /);
      expect(end.stdout).not.toContain(ESCAPE);
    });
  }

  it("comes on stderr with exit code 2 where a command is missing", async () => {
    for (const args of [[], ["capsule"]]) {
      const end = await told(args);
      expect(end).toMatchObject({ code: 2, stdout: "" });
      expect(end.stderr).toContain("Usage: bakeoff");
    }
  });

  it("comes without the schemas' library, whose reading takes longer than all the rest", async () => {
    const folder = await scratch();
    expect((await told(["--help"], { NODE_V8_COVERAGE: folder })).code).toBe(0);
    const [file = ""] = await readdir(folder);
    const { result } = JSON.parse(await readFile(join(folder, file), "utf8")) as { result: readonly { url: string }[] };
    const loaded = result.filter(({ url }) => url.startsWith("file:")).map(({ url }) => new URL(url).pathname);
    const sizes = await Promise.all(loaded.map(async (path) => (await readFile(path)).length));
    expect(loaded.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThan(200_000);
  });

  it("tells the version of the package", async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { version: string };
    expect(await told(["--version"])).toMatchObject({ code: 0, stdout: `${version}\n` });
  });
});

describe("what is not known", () => {
  const REFUSED: readonly [readonly string[], string][] = [
    [["rnu"], "run"],
    [["policy", "validate", "--set", "reflex.max_attempts=1"], "--allow-override"],
    [["run", "--spec", "../other"], "specs"],
    [["policy", "show", "nowhere.json"], "PolicySnapshot.json"],
    [["run", "--candidate", "nop"], "--candidates"],
    [["run", "--epochs", "0"], "1 to 1000"],
    [["suite", "show", "reflex-patchlop-v1"], "reflex-patchloop-v1"],
    [["suite", "validate", "crate-api-v1"], "crate-apis-v1"],
    [["run", "--suite", "reflexpatchloop"], "reflex-patchloop-v1"],
    [["suite", "validate", "./tiny", "--task", "fix-aera"], "fix-area"],
    [["run", "--suite", "./tiny", "--task", "fix-nmae", "--candidates", "nop"], "fix-name"],
    [["run", "--suite", "./tiny", "--candidates", "orcale"], "oracle"],
    [["run", "--suite", "./tiny", "--candidates", "nop,rustc-sugestions"], "rustc-suggestions"],
    [["run", "--policy", "nowhere.toml"], "candidates.toml"],
    [["policy", "validate", "--policy", "nowhere.toml"], "candidates.toml"],
    [["run", "--resume", "no-such-run"], "capsule"],
    [["report", "nothing.capsule.jsonl"], "capsule"],
    [["capsule", "verify", "."], "capsule"],
    [["capsule", "verify", "x.jsonl", "--trust", "short"], "base64"],
    [["capsule", "verify", "x.jsonl", "--require-signature"], "--trusted"],
    [["capsule", "sign", "x.jsonl"], "--new-key"],
    [["capsule", "prune"], "--keep"],
    [["capsule", "prune", "--keep", "-1"], "number"],
    [["capsule", "import", "nothing.tar"], ".tar"],
    [["capsule", "export", "x.jsonl", "--safe", "--full"], "choose one"],
    [["capsule", "export", "x.jsonl", "--encrypt"], "--recipient"],
    [["capsule", "check-proof", "nothing.json"], "--prove"],
    [["capsule", "attach", "x.jsonl"], "files"],
  ];
  for (const [args, way] of REFUSED) {
    it(`is refused with the way out: bakeoff ${args.join(" ")}`, async () => {
      const end = await told(args);
      expect(end).toMatchObject({ code: 2, stdout: "" });
      expect(end.stderr).toContain(way);
      expect(end.stderr).not.toContain("    at ");
    });
  }

  it("refuses a sandbox that there is none of", async () => {
    expect(await told(["run", "--suite", "./tiny", "--candidates", "nop"], { BAKEOFF_SANDBOX: "chroot" })).toMatchObject({ code: 2, stdout: "" });
  });

  it("leaves no folder behind", async () => {
    expect(await readdir(cwd)).toEqual(["tiny"]);
  });
});

describe("files that a person wrote", () => {
  const PLACE = /^(.+?):(\d+):(\d+): (.+)$/;
  const issuesOf = (stderr: string) =>
    stderr.split("\n").flatMap((line) => {
      const [, path = "", row = "", column = "", message = ""] = PLACE.exec(line.replace(/^bakeoff: /, "")) ?? [];
      return path === "" ? [] : [{ path, line: Number(row), column: Number(column), message }];
    });

  it("are refused with every issue of every file of a suite at once", async () => {
    const below = join(cwd, "broken");
    await layTinySuite(below, {
      "suite.toml": (TINY["suite.toml"] ?? "").replace('name = "tiny"', 'name = "tinny"'),
      "base/Cargo.lock": null,
      "tasks/fix-area.toml": (TINY["tasks/fix-area.toml"] ?? "")
        .replace('kind = "test"', 'kind = "tset"')
        .replace('risk = "low"', 'risk = "lowish"\ncolour = "red"'),
      "tasks/fix-count.toml": (TINY["tasks/fix-count.toml"] ?? "").replace("% 2 == 0", "% 3 == 0"),
      "tasks/fix-name.toml": "format = = 1\n",
    });
    const end = await told(["suite", "show", "broken/tiny"]);
    expect(end).toMatchObject({ code: 3, stdout: "" });
    expect(issuesOf(end.stderr).map(({ path, line }) => `${path}:${line}`)).toEqual([
      "broken/tiny/base/Cargo.lock:1",
      "broken/tiny/suite.toml:1",
      "broken/tiny/tasks/fix-area.toml:4",
      "broken/tiny/tasks/fix-area.toml:5",
      "broken/tiny/tasks/fix-area.toml:6",
      "broken/tiny/tasks/fix-count.toml:11",
      "broken/tiny/tasks/fix-name.toml:1",
    ]);
    expect(end.stderr).toContain("7 issues in written files");
  });

  it("are refused before anything is run or written", async () => {
    const end = await told(["run", "--suite", "broken/tiny", "--candidates", "nop"]);
    expect(end).toMatchObject({ code: 3, stdout: "" });
    expect(await readdir(cwd)).not.toContain("capsules");
  });

  it("show a suite without tasks as such", async () => {
    await layTinySuite(join(cwd, "empty"), { "tasks/fix-area.toml": null, "tasks/fix-count.toml": null, "tasks/fix-name.toml": null });
    const end = await told(["suite", "validate", "empty/tiny"]);
    expect(end).toMatchObject({ code: 3, stdout: "" });
    expect(issuesOf(end.stderr).map(({ path }) => path)).toEqual(["empty/tiny/tasks"]);
  });

  const policyFolder = async (name: string, change: (policy: string, candidates: string) => readonly [string, string]): Promise<string> => {
    const folder = join(cwd, name);
    await mkdir(folder, { recursive: true });
    const read = (file: string) => readFile(join(ROOT, "policy", file), "utf8");
    const [policy, candidates] = change(await read("model_policy.toml"), await read("candidates.toml"));
    await writeFile(join(folder, "model_policy.toml"), policy);
    await writeFile(join(folder, "candidates.toml"), candidates);
    return `${name}/model_policy.toml`;
  };

  it("are refused with every issue of the policy and the candidates at once", async () => {
    const policy = await policyFolder("bad-policy", (text, candidates) => [
      text
        .replace("max_attempts = 2", "max_attempts = 0")
        .replace('endpoint = "http://127.0.0.1:3456"', 'endpoint = "localhost"')
        .replace("[capture]", "[capture]\ncolour = 1"),
      candidates.replace("temperature = 0.0", "temperature = 9.0").replace('answer_format = "edits"', 'answer_format = "prose"'),
    ]);
    for (const args of [["policy", "validate"], ["policy", "snapshot"], ["run"], ["doctor"]]) {
      const end = await told([...args, "--policy", policy]);
      expect(end.code, args.join(" ")).toBe(3);
      expect(end.stdout).toBe("");
      const issues = issuesOf(end.stderr);
      expect(issues.map(({ path }) => path).toSorted()).toEqual([
        "bad-policy/candidates.toml",
        "bad-policy/candidates.toml",
        "bad-policy/model_policy.toml",
        "bad-policy/model_policy.toml",
        "bad-policy/model_policy.toml",
      ]);
      for (const { line } of issues) expect(line).toBeGreaterThan(1);
    }
  });

  it("are refused where the policy contradicts its own rules, each at its place", async () => {
    const policy = await policyFolder("odd-policy", (text, candidates) => [
      text.replace('candidate = "gpt-oss-20b"', 'candidate = "gpt-9"').replace("cloud = true", "cloud = false"),
      candidates.replace('name = "qwen3-coder-30b-a3b-awq"', 'name = "oracle"'),
    ]);
    const end = await told(["policy", "validate", "--policy", policy]);
    expect(end.code).toBe(3);
    expect(issuesOf(end.stderr)).toHaveLength(5);
    for (const { path, line } of issuesOf(end.stderr)) {
      const text = (await readFile(join(cwd, path), "utf8")).split("\n")[line - 1];
      expect(text).toMatch(/^(candidate = "gpt-9"|model = "gpt-5.2-x?high"|endpoint = "https:|name = "oracle")/);
    }
  });
});

/** The shipped policy with another reflex candidate and, if given, golden scenarios of its own. */
async function policyWithGolden(candidate: string, golden?: string): Promise<string> {
  const folder = join(await scratch(), "policy");
  await mkdir(join(folder, "golden"), { recursive: true });
  const shipped = await readFile(join(ROOT, "policy", "model_policy.toml"), "utf8");
  await writeFile(join(folder, "model_policy.toml"), shipped.replace('candidate = "gpt-oss-20b"', candidate));
  await copyFile(join(ROOT, "policy", "candidates.toml"), join(folder, "candidates.toml"));
  if (golden !== undefined) await writeFile(join(folder, "golden", "own.toml"), golden);
  return join(folder, "model_policy.toml");
}

describe("policy", () => {
  it("is valid as it comes with the package, by default and by name", async () => {
    for (const args of [["policy"], ["policy", "validate"]]) {
      const end = await told(args);
      expect(end).toMatchObject({
        code: 0,
        stderr: expect.stringMatching(/^no bakeoff\/ with a policy here or above: .*\nwarning: .* is not signed: .*\n$/) as string,
      });
      expect(end.stdout).toContain("is valid");
    }
  });

  it("is taken from the working folder where one lies there", async () => {
    const own = await scratch();
    await mkdir(join(own, "policy"));
    await writeFile(
      join(own, "policy", "model_policy.toml"),
      (await readFile(join(ROOT, "policy", "model_policy.toml"), "utf8")).replace('id = "model-policy"', 'id = "mine"'),
    );
    await copyFile(join(ROOT, "policy", "candidates.toml"), join(own, "policy", "candidates.toml"));
    expect((await bakeoff(["policy"], { cwd: own })).stdout).toMatch(/^mine@/);
  });

  it("is held against its golden scenarios: an attempt fewer says which scenario comes out otherwise, and where", async () => {
    const own = await policyWithGolden('candidate = "gpt-oss-20b"');
    const text = await readFile(own, "utf8");
    await writeFile(own, text.replace(/(\n\[reflex\]\n[^]*?max_attempts = )2/, "$11"));
    const end = await told(["policy", "validate", "--policy", own]);
    expect(end).toMatchObject({ code: 3, stdout: "" });
    expect(end.stderr).toMatch(/policy\/golden\/shipped\.toml:\d+:\d+: scenario .*: expected ".*", but it is ".*"/);
  });

  it("fails with the name of every rule and reason that its own scenarios leave untested", async () => {
    const own = await policyWithGolden('candidate = "gpt-oss-20b"', 'format = 1\n[[scenario]]\nname = "one"\nexpect = "enter Plan"\n');
    const end = await told(["policy", "validate", "--policy", own]);
    expect(end).toMatchObject({ code: 3, stdout: "" });
    expect(end.stderr).toContain("golden:1:1: no golden scenario reaches rule judge-is-asked: add one");
    expect(end.stderr).not.toContain("rule start-at-plan");
  });

  it("compiles to the same snapshot in any time zone and language, apart from the time it was made", async () => {
    const snapshots = await Promise.all(
      [{}, { TZ: "Asia/Kathmandu", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" }, { TZ: "America/St_Johns", LANG: "C" }].map((env) =>
        told(["policy", "snapshot"], env),
      ),
    );
    const parsed = snapshots.map(({ stdout }) => JSON.parse(stdout) as Record<string, unknown>);
    const [first, ...others] = snapshots.map(({ stdout }) => stdout.replace(/"created_at":"[^"]*"/, ""));
    for (const other of others) expect(other).toBe(first);
    for (const { hash, created_at: _at, policy_id: _id, ...content } of parsed) expect(sha256(canonicalJson(content))).toBe(hash);
  });
});

describe("suites", () => {
  it("are listed, as text and as one JSON document", async () => {
    const text = await told(["suite"]);
    expect(text).toMatchObject({ code: 0, stderr: "" });
    const json = await told(["suite", "list", "--json"]);
    const { suites: listed } = JSON.parse(json.stdout) as { suites: { name: string; tasks: number }[] };
    expect(listed.map(({ name }) => name)).toContain("reflex-patchloop-v1");
    for (const { name, tasks } of listed) expect(text.stdout).toMatch(new RegExp(`^${name} .* ${tasks} tasks`, "m"));
  });

  it("of the working folder are found by name", async () => {
    await layTinySuite(join(cwd, "suites"));
    expect((await told(["suite", "show", "tiny"])).code).toBe(0);
    expect((await told(["suite", "list"])).stdout).toContain("tiny 1.0.0  3 tasks");
  });

  it("are shown by folder, as text and as one JSON document", async () => {
    const text = await told(["suite", "show", tiny]);
    const json = JSON.parse((await told(["suite", "show", "./tiny", "--json"])).stdout) as { root: string; list: { id: string; risk: string }[] };
    expect(json.list.map(({ id, risk }) => `${id} ${risk}`)).toEqual(["fix-area low", "fix-count high", "fix-name low"]);
    expect(text.stdout).toContain(json.root);
    for (const { id } of json.list) expect(text.stdout).toContain(id);
  });
});

describe("the environment", () => {
  it("is named as what is missing where there is no cargo, with the line that installs it", async () => {
    for (const args of [
      ["run", "--suite", "./tiny", "--candidates", "nop"],
      ["suite", "validate", "./tiny"],
    ]) {
      const end = await told(args, { PATH: "/nowhere" });
      expect(end).toMatchObject({ code: 4, stdout: "" });
      expect(end.stderr).toContain("rustup");
      expect(await readdir(cwd)).not.toContain("capsules");
    }
    const doctor = await told(["doctor", "--json"], { PATH: "/nowhere", BAKEOFF_CACHE: join(cwd, "no-cache") });
    expect(doctor.code).toBe(4);
    expect(JSON.stringify(JSON.parse(doctor.stdout))).toContain("rustup");
  });

  it("is named where a candidate is asked for whose server does not answer, with the line that starts it", async () => {
    const end = await told(["run", "--suite", "./tiny", "--candidates", "gpt-oss-20b"]);
    expect(end).toMatchObject({ code: 4, stdout: "" });
    expect(end.stderr).toContain("launch_server");
  });

  it("gives no escape codes into a pipe, whatever CI and NO_COLOR say", async () => {
    for (const env of [{}, { CI: "true" }, { NO_COLOR: "1" }, { CI: "1", NO_COLOR: "1", TERM: "xterm-256color" }]) {
      const doctor = await told(["doctor"], { ...env, BAKEOFF_CACHE: join(cwd, "no-cache") });
      const refused = await told(["suite", "show", "nothing"], env);
      expect(doctor.stdout + doctor.stderr + refused.stderr).not.toContain(ESCAPE);
    }
  });

  it("lets a reader stop reading without a word", async () => {
    for (const command of ["suite show reflex-patchloop-v1", "policy snapshot", "--help", "doctor"]) {
      const { stdout, stderr } = await promisify(execFile)(
        "bash",
        ["-c", `set -o pipefail; "${process.execPath}" "${MAIN}" ${command} | true; echo "exit $?"`],
        { cwd },
      );
      expect([stdout, stderr]).toEqual(["exit 0\n", ""]);
    }
  });

  it("lists no capsules where there are none", async () => {
    expect(await told(["capsule", "list"])).toMatchObject({ code: 0, stdout: "" });
    const listed = await told(["capsule", "list", "--json"]);
    expect([listed.code, JSON.parse(listed.stdout)]).toEqual([0, { format: 1, capsules: [] }]);
  });
});
