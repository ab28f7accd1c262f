// Tests that hostile code finds nothing, changes nothing and leaves nothing, in the build stage and in the test stage.
import { createSocket } from "node:dgram";
import { readdirSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Base, Task } from "../../src/core/suite/suite.ts";
import type { Verdict } from "../../src/core/verdict/verdict.ts";
import { type FixtureBench, never, openFixtureBench } from "./fixture-bench.ts";
import { fixtureBase, fixtureTask } from "./fixture-task.ts";
import { folderDigest, processesLeft } from "./processes.ts";

let bench: FixtureBench;
let base: Base;
let task: Task;
let tree: string;

beforeAll(async () => {
  process.env["BAKEOFF_TEST_CANARY"] = "canary";
  bench = await openFixtureBench();
  base = await fixtureBase("attacker");
  task = fixtureTask(base, [{ path: "attack.txt", search: "nothing", replace: "idle" }], {
    editable: ["attack.txt"],
    compile_timeout_s: 30,
    test_timeout_s: 15,
  });
  const { key } = await bench.bench.prepare(base, never);
  tree = join(bench.cache.root, "bases", key, "tree");
});

afterAll(() => bench.close());

const attack = (order: string): Promise<Verdict> => bench.verdict(task, { "attack.txt": `${order}\n` });

/** The lines of evidence that an attack wrote, by whichever way its stage has. */
async function evidence(order: string): Promise<string[]> {
  const verdict = await attack(order);
  const told =
    verdict.status === "failed"
      ? verdict.tests.map(({ output }) => output)
      : verdict.status === "compile-error"
        ? verdict.diagnostics.map(({ rendered }) => rendered)
        : [];
  const text = told.find((one) => one.includes("EVIDENCE")) ?? "";
  const lines = /EVIDENCE\n(.*?)\n\s*END\b/s.exec(text)?.[1];
  expect(lines, JSON.stringify(verdict).slice(0, 1500)).toBeDefined();
  return (lines ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

async function denied(order: string, least: number): Promise<void> {
  const lines = await evidence(order);
  expect(lines.filter((line) => !line.startsWith("DENIED "))).toEqual([]);
  expect(lines.length).toBeGreaterThanOrEqual(least);
}

const counted = async (order: string): Promise<number> => Number(/COUNT (\d+)/.exec((await evidence(order)).join("\n"))?.[1]);

describe.each(["build", "test"] as const)("the %s stage", (stage) => {
  it("shows no files, folders or environment of the machine", async () => {
    await denied(`${stage} look ${stage}`, 14);
  });

  it("lets nothing be written outside target and the temporary folder", async () => {
    await denied(`${stage} write-${stage}`, 14);
  });

  it("gives no privilege, no other process and no terminal", async () => {
    await denied(`${stage} privileges ${process.pid}`, 12);
  });

  it("has no network: no TCP, no UDP, no abstract socket", async () => {
    const heard: string[] = [];
    const udp = createSocket("udp4", (message) => heard.push(message.toString()));
    const listen = (server: Server, at: object) => new Promise<Server>((resolve) => void server.listen(at, () => resolve(server)));
    const tcp = await listen(
      createServer((socket) => void (heard.push("tcp"), socket.destroy())),
      { port: 0, host: "127.0.0.1" },
    );
    const name = `bakeoff-test-${process.pid}`;
    const abstract = await listen(
      createServer((socket) => void (heard.push("abstract"), socket.destroy())),
      { path: `\u0000${name}` },
    );
    const { port } = tcp.address() as { port: number };
    await new Promise<void>((resolve) => void udp.bind(port, "127.0.0.1", resolve));
    try {
      await denied(`${stage} network ${port} ${name}`, 3);
      expect(heard).toEqual([]);
    } finally {
      udp.close();
      tcp.close();
      abstract.close();
    }
  });

  it("has a loopback device of its own where a service may be tested over TCP", async () => {
    // Without a namespace of its own there is no network that leads nowhere else: then there is none.
    const isOwn = stage === "test" && bench.bench.tier !== "landlock";
    expect(await evidence(`${stage} loopback`)).toEqual([isOwn ? "FOUND loopback" : "DENIED bind"]);
  });

  it("bounds the processes of a fork bomb, while another verification goes on", async () => {
    const [count, other] = await Promise.all([counted(`${stage} forks`), attack("idle")]);
    // A test may start threads, and no process at all.
    if (stage === "test") expect(count).toBe(0);
    else expect(count).toBeGreaterThan(10);
    expect(count).toBeLessThan(600);
    expect(other.status).toBe("failed");
    expect(await processesLeft("/w/target/", 5000)).toEqual([]);
  });

  it("bounds the memory of a process", async () => {
    const count = await counted(`${stage} memory`);
    expect(count).toBeGreaterThan(2);
    expect(count).toBeLessThanOrEqual(32);
  });

  it("ends with its daemons", async () => {
    const before = folderDigest(tree);
    expect((await attack(`${stage} daemon`)).status).toBe("failed");
    expect(await processesLeft("/w/target/", 5000)).toEqual([]);
    expect((await attack("idle")).status).toBe("failed");
    expect((await attack("nothing")).status).toBe("passed");
    expect(folderDigest(tree)).toBe(before);
  });

  it("survives a process that kills all it can reach", async () => {
    const verdict = await attack(`${stage} everyone`);
    expect(["failed", "compile-error"]).toContain(verdict.status);
    expect((await attack("nothing")).status).toBe("passed");
  });

  it("leaves nothing for the next attempt", async () => {
    const before = folderDigest(tree);
    expect((await attack(`${stage} leave`)).status).toBe("failed");
    await denied("build marks", 6);
    await denied("test marks", 6);
    expect(folderDigest(tree)).toBe(before);
  });
});

describe("the protocol, without the static rules", () => {
  it.each([
    ["exit-0", "failed"],
    ["raw-exit-0", "failed"],
    ["thread-exit", "failed"],
    ["suite-exit-0", "tampered"],
    ["suite-exit-101", "tampered"],
    ["suite-abort", "tampered"],
    ["hook-exit-0", "failed"],
    ["hook-result", "tampered"],
    ["init-exit-0", "failed"],
    ["init-suite", "tampered"],
    ["stdout-gone", "failed"],
    ["exit-101", "failed"],
    ["kill-self", "failed"],
  ] as const)("does not fall for %s: %s", async (way, status) => {
    const verdict = await attack(`forge ${way}`);
    expect(verdict, JSON.stringify(verdict).slice(0, 1500)).toMatchObject({ status });
  });
});

describe("the sandbox", () => {
  it("bounds what can be written to the temporary folder", async () => {
    expect(await counted("test disk")).toBeLessThanOrEqual(2048);
  });

  it("leaves no job folders behind when it is closed", async () => {
    const homes = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith(`bakeoff-${process.pid}-sandbox-`));
    expect(homes()).toHaveLength(1);
    await bench.close();
    expect(homes()).toEqual([]);
  });
});
