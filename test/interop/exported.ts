// A sample run in our formats, in a folder of its own.
import type { ReportFormat } from "../../src/core/report/formats/registry.ts";
import { bakeoff } from "../cli/bakeoff.ts";
import { scratch } from "../setup/scratch.ts";

/** The run that other tools are shown: real verdicts, embedded candidates, stand-ins in the cloud roles. */
export const SAMPLE = new URL("../../capsules/samples/default.capsule.jsonl", import.meta.url).pathname;

/** Gives the folder. */
export async function exported(...formats: readonly ReportFormat[]): Promise<string> {
  const folder = await scratch();
  const { code, stderr } = await bakeoff(["report", SAMPLE, "--format", formats.join(","), "--out", folder], { cwd: folder });
  if (code !== 0) throw new Error(stderr);
  return folder;
}
