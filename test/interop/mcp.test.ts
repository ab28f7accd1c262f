// The Python client of the Model Context Protocol asks what the capsule holds.
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readCapsule } from "../../src/adapters/capsules/file.ts";
import { foldRun } from "../../src/core/capsule/record.ts";
import { reportModel } from "../../src/core/report/model.ts";
import { MAIN } from "../cli/bakeoff.ts";
import { scratch } from "../setup/scratch.ts";
import { SAMPLE } from "./exported.ts";
import { readByPeer } from "./peer.ts";

interface Answer {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly isError: boolean | null;
}

it("tells a client in another language what the reports tell", async () => {
  const { header, events } = await readCapsule(SAMPLE);
  const model = reportModel(foldRun(header, events));
  const folder = await scratch();
  await mkdir(join(folder, "capsules"));
  await copyFile(SAMPLE, join(folder, "capsules", `${header.run_id}.capsule.jsonl`));
  const seen = await readByPeer<Record<"runs" | "shown" | "lost" | "plan" | "wrong", Answer> & { server: string; tools: string[] }>(
    "read_mcp.py",
    folder,
    process.execPath,
    MAIN,
    header.run_id,
    header.suite.name,
  );
  expect(seen.server).toBe("bakeoff");
  expect(seen.tools).toHaveLength(7);
  expect(seen.runs.data).toMatchObject({ runs: [{ run: header.run_id }] });
  expect(seen.shown.data).toMatchObject({ summary: { candidates: JSON.parse(JSON.stringify(model.summary.candidates)) as unknown } });
  expect(seen.lost.text).toContain("nop/");
  expect(seen.plan.data).toMatchObject({ candidate: "somebody", gates: 20 });
  expect(seen.wrong.isError).toBe(true);
});
