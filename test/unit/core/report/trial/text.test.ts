// A trial in a terminal: fitted to any width, harmless whatever a model wrote, long texts cut unless one attempt is asked for.
import { beforeAll, describe, expect, it } from "vitest";
import { foldRun } from "../../../../../src/core/capsule/record.ts";
import { block, PLAIN, plainLines } from "../../../../../src/core/report/trial/block.ts";
import { type TrialPageModel, trialPage } from "../../../../../src/core/report/trial/page.ts";
import { trialText } from "../../../../../src/core/report/trial/text.ts";
import { failingLines } from "../../../../../src/core/report/trial/verdict.ts";
import { answered, editFor } from "../../../run/fakes.ts";
import { honestRun, tasksNamed } from "../../../app/replay/honest-run.ts";

let page: TrialPageModel;
beforeAll(async () => {
  const run = await honestRun({
    tasks: tasksNamed(1),
    script: (request) => answered(request.purpose === "patch" ? editFor(request.material.task, "failed") : "no JSON"),
  });
  const [trial] = foldRun(run.header, run.events).trials;
  if (!trial) throw new Error("no trial");
  const texts = { text: (hash: string) => run.blobs.get(hash) ?? null, isWithheld: () => false };
  page = trialPage({ header: run.header, trial, texts, brokenFile: () => null });
});

const widest = (text: string): number => Math.max(...text.split("\n").map((line) => [...line].length));

describe("a trial as text", () => {
  it.each([60, 80, 100, 137, 200])("is no wider than %i columns", (width) => {
    expect(widest(trialText(page, { width, attempt: null }))).toBeLessThanOrEqual(width);
  });

  it("says why before anything else, then each attempt with prompt, answer, patch, verdict and time", () => {
    const lines = trialText(page, { width: 100, attempt: null }).split("\n");
    expect(lines.findIndex((line) => line.startsWith("WHY"))).toBeLessThan(lines.findIndex((line) => line.startsWith("Attempt 1 of")));
    const after = lines.slice(lines.findIndex((line) => line.startsWith("Attempt 2 of")));
    const order = ["  prompt: 2 messages as before, 2 new", "  answer", "  patch: 1 file", "  verdict: failed", "  time: "];
    const places = order.map((start) => after.findIndex((line) => line.startsWith(start)));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  it("shows one attempt whole where that is asked for", () => {
    const text = trialText(page, { width: 100, attempt: 2 });
    expect(text).not.toContain("Attempt 1 of");
    expect(text).not.toContain("--attempt N shows all");
    expect(text).toContain("user (as before)");
  });
});

describe("a block", () => {
  it("cuts long texts and lines of any length, and says how much is left", () => {
    const style = { width: 60, paint: PLAIN, most: 3 };
    expect(block("a\nb\nc\nd\ne\n", style)).toEqual(["    │ a", "    │ b", "    │ c", "    │ … 2 more lines: --attempt N shows all"]);
    const long = block("x".repeat(1_000_000), style);
    expect(long.at(-1)).toBe("    │ … 996000 more characters in this line");
    expect(widest(long.join("\n"))).toBeLessThanOrEqual(60);
  });

  it("holds nothing that controls a terminal or turns its direction", () => {
    expect(plainLines("\u001B[31mred\u202E\u0007\r\n\ttab\u2028\n")).toEqual(["·[31mred··", "    tab·"]);
  });
});

describe("failing lines", () => {
  const output =
    "running\nthread 'a' panicked at src/a.rs:3:5:\nassertion `left == right` failed\n  left: 2\n right: 1\nnote: run with `RUST_BACKTRACE=1`\nstack";
  it("are a panic up to its notes", () => {
    expect(failingLines({ kind: "test", title: "", place: null, output })).toEqual([
      "thread 'a' panicked at src/a.rs:3:5:",
      "assertion `left == right` failed",
      "  left: 2",
      " right: 1",
    ]);
  });

  it("are the beginning where nothing panicked", () => {
    expect(failingLines({ kind: "error", title: "", place: null, output: "error[E0308]\n\n" })).toEqual(["error[E0308]"]);
  });
});
