// A home is made of files that are not there yet; what is proposed follows from the repository.
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { initHome, type InitPorts, type InitRequest } from "../../../../src/app/init/init.ts";
import type { RepositoryFacts } from "../../../../src/app/init/survey.ts";

const FACTS: RepositoryFacts = { crates: ["my_crate"], tests: 20, lines: 1200, commits: 80 };

function world(files: Readonly<Record<string, string>> = { "/r/Cargo.toml": "" }, facts: Partial<RepositoryFacts> = {}, below = "") {
  const disk = new Map(Object.entries(files));
  const ports: InitPorts = {
    clock: { wall: () => "2026-11-29T00:00:00.000Z" },
    version: "1.2.3",
    texts: {
      read: async (path) => disk.get(path) ?? null,
      write: async (path, text) => void disk.set(path, text),
      exists: async (path) => disk.has(path),
      shown: (path) => path,
    },
    defaults: async () => [
      ["model_policy.toml", "# Check it: npm run policy. After a change: npm run policy -- bump.\n"],
      ["golden/reflex.toml", "golden"],
    ],
    survey: async () => ({ ...FACTS, ...facts }),
    top: () => ({ root: below === "" ? "/r" : "/top", below }),
    servers: async () => [{ endpoint: "http://127.0.0.1:8000/v1", models: ["qwen"] }],
  };
  const init = (request: Partial<InitRequest> = {}) => initHome(ports, { repository: "/r", named: ".", ci: null, ...request });
  return { disk, init };
}

describe("a new home", () => {
  it("holds the package's policy in the user's words, a register, and a list of what git leaves out", async () => {
    const { disk, init } = world();
    const made = await init();
    expect(made.written.map((path) => path.replace("/r/bakeoff/", ""))).toEqual([
      "README.md",
      ".gitignore",
      "docs/DECISION_REGISTER.md",
      "policy/model_policy.toml",
      "policy/golden/reflex.toml",
    ]);
    expect(disk.get("/r/bakeoff/policy/model_policy.toml")).toBe("# Check it: bakeoff policy. After a change: bakeoff policy bump.\n");
    expect(disk.get("/r/bakeoff/docs/DECISION_REGISTER.md")).toContain("| 0001 | 2026-11-29 | The policy begins as the one that comes with Bakeoff 1.2.3. |");
    expect(disk.get("/r/bakeoff/.gitignore")?.split("\n")).toContain("!/reports/gates/");
    expect(disk.get("/r/bakeoff/README.md")?.split("\n").length).toBeLessThanOrEqual(11);
  });

  it("writes over nothing, and a second time nothing at all", async () => {
    const { disk, init } = world({ "/r/Cargo.toml": "", "/r/bakeoff/policy/model_policy.toml": "mine", "/r/.github/workflows/bakeoff.yml": "mine" });
    const first = await init({ ci: "github" });
    expect(first.kept).toEqual(["/r/bakeoff/policy/model_policy.toml", "/r/.github/workflows/bakeoff.yml"]);
    const before = new Map(disk);
    expect((await init({ ci: "github" })).written).toEqual([]);
    expect(disk).toEqual(before);
    expect(disk.get("/r/bakeoff/policy/model_policy.toml")).toBe("mine");
  });

  it("is refused where there is no cargo repository, and where a crate has its name", async () => {
    await expect(world({}).init()).rejects.toMatchObject({ code: "usage" });
    await expect(world({ "/r/Cargo.toml": "", "/r/bakeoff/Cargo.toml": "" }).init()).rejects.toMatchObject({ code: "usage" });
  });
});

describe("the suites that are proposed", () => {
  const commands = async (facts: Partial<RepositoryFacts>) => (await world(undefined, facts).init()).proposals.map(({ command }) => command);

  it("are mutants by the size of the code, and repairs where the history is long enough", async () => {
    expect(await commands({})).toEqual(["suite mutate --repo . --max 30", "suite mine --repo . --max 10 --tries 40"]);
    expect(await commands({ commits: 3 })).toEqual(["suite mutate --repo . --max 30"]);
    expect(await commands({ lines: 100_000, tests: 900, commits: 0 })).toEqual(["suite mutate --repo . --max 60"]);
    expect(await commands({ lines: 50, tests: 2, commits: 0 })).toEqual(["suite mutate --repo . --max 4"]);
  });

  it("are none where no test could judge them; the suite to run is then the package's", async () => {
    const made = await world(undefined, { tests: 1 }).init();
    expect([made.proposals, made.mutants, made.suite]).toEqual([[], null, "reflex-patchloop-v1"]);
    expect((await world().init()).suite).toBe("my-crate-mutants");
    expect((await world(undefined, { crates: ["a", "b"] }).init()).suite).toBe("r-mutants");
  });
});

it("says whether the suite that would be made is there", async () => {
  expect((await world().init()).suiteIsThere).toBe(false);
  const files = { "/r/Cargo.toml": "", "/r/bakeoff/suites/my-crate-mutants/suite.toml": "mine" };
  const { disk, init } = world(files);
  expect((await init()).suiteIsThere).toBe(true);
  expect(disk.get("/r/bakeoff/suites/my-crate-mutants/suite.toml")).toBe("mine");
});

/** Whatever a workflow has a shell do: `run` of a step, the lines of `script` and `before_script`. */
function scriptsIn(value: unknown, name = ""): readonly string[] {
  if (typeof value === "string") return ["run", "script", "before_script"].includes(name) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((each) => scriptsIn(each, name));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => scriptsIn(each, key));
}

describe("a pipeline", () => {
  const text = async (ci: "github" | "gitlab", path: string, below = "") => {
    const { disk, init } = world(undefined, {}, below);
    await init({ ci });
    return disk.get(path) ?? "";
  };
  /** The jobs of a workflow by their names. */
  const jobsOf = (workflow: string): ReadonlyMap<string, string> =>
    new Map((workflow.split("\njobs:\n")[1] ?? "").split(/\n(?= {2}\w+:\n)/).map((job) => [/^ *(\w+):/.exec(job)?.[1] ?? "", job]));

  it("of GitHub gives secrets to one job only, behind an environment, and believes no pull request", async () => {
    const workflow = await text("github", "/r/.github/workflows/bakeoff.yml");
    const jobs = jobsOf(workflow);
    expect([...jobs.keys()]).toEqual(["policy", "run", "candidate", "comment"]);
    expect(workflow).not.toMatch(/pull_request_target|@[A-Z]+@/);
    for (const [name, job] of jobs)
      expect([name, job.includes("secrets."), job.includes("environment: bakeoff")]).toEqual([name, name === "candidate", name === "candidate"]);
    expect(jobs.get("run")).toContain('bakeoff run --policy-from "$BASE" --suite "$SUITE"');
    expect(jobs.get("candidate")).toContain('--policy-from "$BASE"');
  });

  it.each([
    ["github", "/r/.github/workflows/bakeoff.yml"],
    ["gitlab", "/r/bakeoff/gitlab-ci.yml"],
  ] as const)("of %s is YAML whose scripts bash can read, each a text", async (ci, path) => {
    const scripts = scriptsIn(parse(await text(ci, path)));
    expect(scripts.length).toBeGreaterThan(6);
    for (const script of scripts) expect(spawnSync("bash", ["-n", "-c", script], { encoding: "utf8" }), script).toMatchObject({ status: 0, stderr: "" });
  });

  it("of GitLab checks the first policy by itself, and each later one against the default branch's", async () => {
    const { bakeoff: _, ...jobs } = parse(await text("gitlab", "/r/bakeoff/gitlab-ci.yml")) as Record<string, { readonly script?: readonly string[] }>;
    const said = (begun: boolean) => {
      const script = `bakeoff() { echo "$@"; }; set -e; BASE=b; BEGUN=${begun}\n${(jobs["bakeoff policy"]?.script ?? []).join("\n")}`;
      return spawnSync("bash", ["-c", script], { encoding: "utf8" });
    };
    expect(said(false)).toMatchObject({ status: 0, stdout: "policy validate\n" });
    expect(said(true)).toMatchObject({ status: 0, stdout: "policy validate --against b\npolicy diff b\n" });
  });

  it("lets no text of a pull request into a script: what comes from there goes by variables", async () => {
    const workflow = await text("github", "/r/.github/workflows/bakeoff.yml");
    const scripts = workflow.split("\n").filter((line) => /^ +(- )?run: |^ {10}\S/.test(line) && !/^ +\w+: \$\{\{/.test(line));
    expect(scripts.filter((line) => line.includes("${{"))).toEqual([]);
  });

  it("names the folder of a crate that lies below the repository's top", async () => {
    const workflow = await text("github", "/top/.github/workflows/bakeoff.yml", "crates/x");
    expect(workflow).toContain("working-directory: crates/x\n");
    expect(workflow).toContain("            crates/x/bakeoff/capsules\n");
    expect(await text("gitlab", "/top/.gitlab-ci.yml", "crates/x")).toBe("include:\n  - local: crates/x/bakeoff/gitlab-ci.yml\n");
    expect(await text("gitlab", "/top/crates/x/bakeoff/gitlab-ci.yml", "crates/x")).toContain('paths: ["crates/x/bakeoff/capsules"');
  });
});
