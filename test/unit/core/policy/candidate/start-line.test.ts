// Start lines read as words, without a shell.
import { describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { pythonModule, startCommand } from "../../../../../src/core/policy/candidate/start-line.ts";

describe("a start line", () => {
  it("is parted at spaces and kept together by quotes", () => {
    expect(startCommand("python -m x --a 'b c' --d \"e f\"", null)).toEqual({ ok: true, words: ["python", "-m", "x", "--a", "b c", "--d", "e f"], env: {} });
  });
  it("gives a shell's characters no meaning", () => {
    expect(startCommand("serve $HOME ; rm -rf / `x` && y", null)).toMatchObject({ words: ["serve", "$HOME", ";", "rm", "-rf", "/", "`x`", "&&", "y"] });
  });
  it("says what it leaves open, or takes what is named for it", () => {
    const line = "vllm serve <a GPTQ checkpoint of X> --port 8000";
    expect(startCommand(line, null)).toEqual({ ok: false, why: "placeholder", detail: "<a GPTQ checkpoint of X>" });
    expect(startCommand(line, "me/mine")).toEqual({ ok: true, words: ["vllm", "serve", "me/mine", "--port", "8000"], env: {} });
  });
  it.each(["x 'open", 'x "open', "x <open", "x >"])("with an open quote is refused: %s", (line) => {
    expect(startCommand(line, null)).toMatchObject({ ok: false, why: "quote" });
  });
  it.each([
    ['x --a=\'b c\' --d="e \\"f\\""', ["x", "--a=b c", '--d=e "f"']],
    ["x --json '{\"a\": 1}' ''", ["x", "--json", '{"a": 1}', ""]],
    ["./venv/bin/python -m x a\\ b", ["./venv/bin/python", "-m", "x", "a b"]],
    ["x --model=<a checkpoint> -v", ["x", "--model=me/mine", "-v"]],
    ["  x\t-a\n", ["x", "-a"]],
  ])("keeps words together however they are written: %s", (line, words) => expect(startCommand(line, "me/mine")).toEqual({ ok: true, words, env: {} }));
  it("may set variables before the program", () => {
    const line = "CUDA_VISIBLE_DEVICES=1 HF_HOME='a b' vllm serve m --x=1";
    expect(startCommand(line, null)).toEqual({ ok: true, words: ["vllm", "serve", "m", "--x=1"], env: { CUDA_VISIBLE_DEVICES: "1", HF_HOME: "a b" } });
  });
  it("must have a program behind its variables", () => expect(startCommand("A=1 B=2", null)).toMatchObject({ why: "empty" }));
  it.each([
    ["python -m vllm.entrypoints", "vllm.entrypoints"],
    ["/opt/venv/bin/python3.12 -u -X dev -m x", "x"],
    ["python server.py -m x", null],
    ["python -c 1 -m x", null],
    ["vllm serve -m x", null],
  ])("asks a Python for a module: %s", (line, module) => {
    const command = startCommand(line, null);
    expect(command.ok && pythonModule(command.words)).toBe(module);
  });
  it("must have a word", () => expect(startCommand("  ", null)).toMatchObject({ why: "empty" }));
  it("of every candidate that comes with the program can be read", () => {
    const toml = readFileSync(new URL("../../../../../policy/candidates.toml", import.meta.url), "utf8");
    const lines = [...toml.matchAll(/^start = "(.*)"$/gm)].map(([, line]) => line ?? "");
    expect(lines.length).toBeGreaterThanOrEqual(4);
    for (const line of lines) expect(startCommand(line, "me/mine").ok).toBe(true);
  });
});
