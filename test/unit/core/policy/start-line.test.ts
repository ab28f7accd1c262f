// Start lines read as words, without a shell.
import { describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { startCommand } from "../../../../src/core/policy/start-line.ts";

describe("a start line", () => {
  it("is parted at spaces and kept together by quotes", () => {
    expect(startCommand("python -m x --a 'b c' --d \"e f\"", null)).toEqual({ ok: true, words: ["python", "-m", "x", "--a", "b c", "--d", "e f"] });
  });
  it("gives a shell's characters no meaning", () => {
    expect(startCommand("serve $HOME ; rm -rf / `x` && y", null)).toMatchObject({ words: ["serve", "$HOME", ";", "rm", "-rf", "/", "`x`", "&&", "y"] });
  });
  it("says what it leaves open, or takes what is named for it", () => {
    const line = "vllm serve <a GPTQ checkpoint of X> --port 8000";
    expect(startCommand(line, null)).toEqual({ ok: false, why: "placeholder", detail: "<a GPTQ checkpoint of X>" });
    expect(startCommand(line, "me/mine")).toEqual({ ok: true, words: ["vllm", "serve", "me/mine", "--port", "8000"] });
  });
  it.each(["x 'open", 'x "open', "x <open", "x >"])("with an open quote is refused: %s", (line) => {
    expect(startCommand(line, null)).toMatchObject({ ok: false, why: "quote" });
  });
  it("must have a word", () => expect(startCommand("  ", null)).toMatchObject({ why: "empty" }));
  it("of every candidate that comes with the program can be read", () => {
    const toml = readFileSync(new URL("../../../../policy/candidates.toml", import.meta.url), "utf8");
    const lines = [...toml.matchAll(/^start = "(.*)"$/gm)].map(([, line]) => line ?? "");
    expect(lines.length).toBeGreaterThanOrEqual(4);
    for (const line of lines) expect(startCommand(line, "me/mine").ok).toBe(true);
  });
});
