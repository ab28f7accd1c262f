// A run that judged nothing does not end as if it had.
import { describe, expect, it } from "vitest";
import { runExitCode } from "../../../../src/cli/run/exit-code.ts";

const judged = { standing: "counted", serverFailed: false } as const;

describe("the exit code of a run", () => {
  it("is 0 where a single trial was judged, whatever became of the others", () => {
    expect(runExitCode([judged])).toBe(0);
    expect(runExitCode([{ standing: "infrastructure", serverFailed: false }, judged])).toBe(0);
  });

  it("is that of the environment where every trial was lost, never asked, unfinished, or failed at its server", () => {
    for (const standing of ["infrastructure", "unasked", "unfinished"] as const) expect(runExitCode([{ standing, serverFailed: false }])).toBe(4);
    expect(runExitCode([{ standing: "counted", serverFailed: true }])).toBe(4);
    expect(runExitCode([])).toBe(4);
  });
});
