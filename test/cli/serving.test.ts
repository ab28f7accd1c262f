// `bakeoff latency`, `serve` and `doctor` of the built program, over rehearsal servers and a stand-in for a server's program.
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { answers, says } from "../servers/rehearsal-scenes.ts";
import { scratch } from "../setup/scratch.ts";
import { bakeoff, type Ended, type Start } from "./bakeoff.ts";
import { openServedWorld, type ServedWorld } from "./served-world.ts";

let world: ServedWorld;
const cache = await scratch();

afterEach(() => world.close());

const run = (args: readonly string[], start: Partial<Start> = {}): Promise<Ended> =>
  bakeoff(args, { cwd: world.cwd, ...start, env: { BAKEOFF_CACHE: cache, ...start.env } });
const latency = (...more: readonly string[]): Promise<Ended> => run(["latency", "--policy", world.policy, "--suite", world.suite, ...more]);

describe("bakeoff latency", () => {
  it("times the candidates whose server answers, with intervals, and exports SGLang's keys", async () => {
    world = await openServedWorld();
    const out = join(world.cwd, "latency.jsonl");
    const end = await latency("--rounds", "2", "--requests", "4", "--concurrency", "1,2", "--rate", "50", "--json", "--out", out);
    expect(end.code, end.stderr).toBe(0);
    const { rows } = JSON.parse(end.stdout) as { rows: { prefix: string; load: string; figures: { completed: number; ttft: { p50: { n: number } } } }[] };
    expect(rows.map(({ prefix, load, figures }) => [prefix, load, figures.completed, figures.ttft.p50.n])).toEqual(
      ["concurrency 1", "concurrency 2", "50/s"].flatMap((load) => ["cold", "warm"].map((prefix) => [prefix, load, 8, 8])),
    );
    const lines = (await readFile(out, "utf8")).trimEnd().split("\n");
    expect(lines).toHaveLength(6);
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({
      model: "small",
      request_rate: 50,
      completed: 8,
      total_output_tokens: 272,
      prefix: "warm",
      server_info: { version: "0.5.2" },
    });
    expect(end.stdout + lines.join("")).not.toContain("a-key-of-the-server");
  });
  it("prints a table that fits, and counts failures apart", async () => {
    world = await openServedWorld();
    const end = await latency("--candidates", "small", "--rounds", "1", "--requests", "3", "--cold");
    expect(end.code, end.stderr).toBe(0);
    expect(end.stdout).toContain("TTFT p50");
    expect(end.stdout).toContain(`small: small-1 at ${world.reflex.endpoint} (model_path rehearsal/small-1, version 0.5.2)`);
    expect(end.stderr).toMatch(/^\[round 1\/1\] small, cold, concurrency 1: 3 answered, 0 failed, [\d.]+ s$/m);
    expect(Math.max(...end.stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(110);
  });
  it("exports answers and errors without what is secret", async () => {
    world = await openServedWorld();
    const planted = "planted-in-the-environment-7";
    // The first call is not timed, and in no export.
    world.reflex.rehearse(
      says({ content: ["warm"] }),
      says({ content: [`{"edits":[]} ${planted}`] }),
      answers(500, { object: "error", message: `at ${planted}`, code: 500 }),
    );
    world.reflex.rehearsePage("/server_info", answers(200, { version: `0.5.2 of ${planted}` }));
    const out = join(world.cwd, "latency.jsonl");
    const end = await run(["latency", "--policy", world.policy, "--suite", world.suite, "--rounds", "1", "--requests", "3", "--cold", "--out", out], {
      env: { SOME_TOKEN: planted },
    });
    expect(end.code, end.stderr).toBe(0);
    const written = await readFile(out, "utf8");
    expect(JSON.parse(written)).toMatchObject({ generated_texts: [expect.stringContaining('{"edits":[]}'), "", expect.any(String)] });
    expect(JSON.parse(written)).toMatchObject({ errors: ["", expect.stringMatching(/^server-error: /), ""] });
    expect(written + end.stdout + end.stderr).not.toContain(planted);
  });
  it("ends with 4 and a way out where no server answers, and where all calls fail", async () => {
    world = await openServedWorld();
    world.reflex.rehearse(...Array.from({ length: 50 }, () => says({ content: ["a"], finish: null })));
    expect((await latency("--rounds", "1", "--requests", "2", "--cold")).code).toBe(4);
    await world.reflex.close();
    const end = await latency();
    expect(end.code).toBe(4);
    expect(end.stderr).toContain("python -m sglang.launch_server");
  });
  it("refuses embedded candidates, which have no server", async () => {
    world = await openServedWorld();
    expect((await latency("--candidates", "oracle")).code).toBe(2);
  });
});

/** A program named as a server's is: it logs, gets ready after a moment, and notes its end. */
async function layProgram(name: string, script: string): Promise<string> {
  const folder = join(world.cwd, "programs");
  await mkdir(folder, { recursive: true });
  // Else what its `require` is goes by whatever package.json lies above the temporary folder.
  await writeFile(join(folder, "package.json"), '{ "type": "commonjs" }\n');
  const file = join(folder, name);
  await writeFile(file, `#!${process.execPath}\n${script}`);
  await chmod(file, 0o755);
  return folder;
}

async function startLine(line: string): Promise<void> {
  const file = join(world.policy, "..", "candidates.toml");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace(/^start = .*$/m, `start = '${line}'`));
}

const SERVER = `
const { createServer } = require("node:http");
const { writeFileSync } = require("node:fs");
const [port, note, key] = process.argv.slice(2);
console.log("loading with", process.env.OPENAI_API_KEY ?? "no cloud key", key);
process.on("SIGTERM", () => { writeFileSync(note, "stopped"); process.exit(0); });
setTimeout(() => createServer((_, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ data: [{ id: "small-1" }] }));
}).listen(Number(port), "127.0.0.1"), 300);
`;

describe("bakeoff serve", () => {
  const served = async (script: string, more: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    world = await openServedWorld();
    await world.reflex.close();
    const path = await layProgram("sglang-stand-in", script);
    const note = join(world.cwd, "note");
    await startLine(`sglang-stand-in ${world.reflex.port} ${note} sk-planted-key-in-the-log`);
    const end = await run(["serve", "small", "--policy", world.policy, "--ready-timeout", "20", ...more], {
      env: { PATH: `${path}:${process.env["PATH"] ?? ""}`, ...env },
    });
    return { end, note };
  };

  it("starts the server, waits for it, runs the command, and stops it with that", async () => {
    const { end, note } = await served(SERVER, ["--", "policy", "validate"], { OPENAI_API_KEY: "sk-planted-key-in-the-log" });
    expect(end.code, end.stderr).toBe(0);
    expect(end.stderr).toContain("[small] loading with no cloud key [key]");
    expect(end.stderr).toMatch(/small: ready after [\d.]+ s/);
    expect(end.stderr).not.toMatch(/\[small\].*sk-planted/);
    expect(await readFile(note, "utf8")).toBe("stopped");
  });
  it("passes on the exit code of the command", async () => {
    const { end, note } = await served(SERVER, ["--", "suite", "show", "there-is-none"]);
    expect(end.code).toBe(2);
    expect(await readFile(note, "utf8")).toBe("stopped");
  });
  it("ends with 4 where the server ends before it is ready", async () => {
    const { end } = await served(`console.error("no GPU"); process.exit(3);`, []);
    expect(end.code).toBe(4);
    expect(end.stderr).toContain("[small] no GPU");
    expect(end.stderr).toContain("ended with 3");
  });
  it("ends with 4 where the program, or its Python package, is not there", async () => {
    world = await openServedWorld();
    await world.reflex.close();
    await startLine("no-such-server --port 1");
    const gone = await run(["serve", "small", "--policy", world.policy]);
    expect(gone.code).toBe(4);
    await startLine("python3 -m sglang_that_is_not_there.launch_server --port 1");
    const bare = await run(["serve", "small", "--policy", world.policy]);
    expect(bare.code).toBe(4);
    expect(bare.stderr).toContain("pip install sglang_that_is_not_there");
  });
  it("leaves a server alone that answers already", async () => {
    world = await openServedWorld();
    const end = await run(["serve", "small", "--policy", world.policy, "--", "policy", "snapshot", "--policy", world.policy]);
    expect(end.code, end.stderr).toBe(0);
    expect(end.stderr).toContain("answers already");
  });
  it("ends with 4 at once where another server stands at that address", async () => {
    world = await openServedWorld();
    world.reflex.rehearseModels(answers(200, { object: "list", data: [{ id: "another-1" }] }));
    await startLine("sglang-stand-in 1");
    const end = await run(["serve", "small", "--policy", world.policy]);
    expect(end.code).toBe(4);
    expect(end.stderr).toContain("another server stands where that of small belongs: small-1 is not served: the server has another-1");
    expect(end.stderr).toContain("a port of its own in candidates.toml");
  });
  it("names the nearest candidate, and what a start line leaves open", async () => {
    world = await openServedWorld();
    expect((await run(["serve", "smal", "--policy", world.policy])).stderr).toContain("did you mean small");
    await world.reflex.close();
    await startLine("vllm serve <a checkpoint>");
    const end = await run(["serve", "small", "--policy", world.policy]);
    expect(end.code).toBe(2);
    expect(end.stderr).toContain("--checkpoint");
  });
});

describe("bakeoff doctor", () => {
  it("says which server answers and what it has loaded, and which key is missing", async () => {
    world = await openServedWorld();
    const end = await run(["doctor", "--policy", world.policy]);
    expect(end.stdout).toContain("candidate small: its server answers (model_path rehearsal/small-1, version 0.5.2)");
    expect(end.stdout).toContain("OPENAI_API_KEY is not set");
  });
  it("asks the cloud whether it serves each role's model with the key that is there", async () => {
    world = await openServedWorld();
    const end = await run(["doctor", "--policy", world.policy], { env: { OPENAI_API_KEY: "sk-planted-0123456789" } });
    expect(end.stdout).toContain("✓ role judge: gpt-5.2-xhigh: openai serves gpt-5.2");
    expect(end.stdout).toContain("– role sidecar_critic: gpt-5.2-mini: gpt-5.4-mini is not served: the server has gpt-5.2");
    world.cloud.rehearseModels(answers(401, { error: { message: "Incorrect API key provided: sk-planted-0123456789" } }));
    const refused = await run(["doctor", "--policy", world.policy], { env: { OPENAI_API_KEY: "sk-planted-0123456789" } });
    expect(refused.stdout).toContain("– role judge: gpt-5.2-xhigh: the key was refused (HTTP 401)");
    expect(end.stdout + refused.stdout).not.toContain("sk-planted");
  });
  it("says what to do where another server stands at its address", async () => {
    world = await openServedWorld();
    world.reflex.rehearseModels(answers(200, { object: "list", data: [{ id: "another-1" }] }));
    const end = await run(["doctor", "--policy", world.policy]);
    expect(end.stdout).toContain("small-1 is not served: the server has another-1\n    → stop that one first, or give this one a port of its own");
  });
  it("says how to start one that does not, and what its GPU must hold", async () => {
    world = await openServedWorld();
    await world.reflex.close();
    const end = await run(["doctor", "--policy", world.policy]);
    expect(end.stdout).toContain("python -m sglang.launch_server --model-path rehearsal/small-1");
    expect(end.stdout).toContain("GPU memory: 24 GB");
    expect(end.stdout).toContain("serve small");
  });
});
