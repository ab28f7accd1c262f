// What `bakeoff doctor` prints: a line a finding, with the way out where something is missing.
import type { Diagnosis, DoctorFinding } from "../../app/doctor/examine.ts";
import type { Ink } from "../text/ink.ts";

export function diagnosisText({ findings, cache }: Diagnosis, ink: Ink): string {
  const pruned = cache.pruned > 0 ? `; pruned ${cache.pruned}` : "";
  const bases = `${ink.dim("·")} cache: ${cache.entries} prepared bases, ${megabytes(cache.bytes)} in ${cache.root}${pruned}\n`;
  return `${findings.map((finding) => findingText(finding, ink)).join("")}${bases}`;
}

function findingText({ what, ok, needed, found, fix }: DoctorFinding, ink: Ink): string {
  const mark = ok ? ink.green("✓") : needed ? ink.red("✗") : ink.yellow("–");
  return `${mark} ${what}: ${found}${ok || fix === "" ? "" : `\n    → ${fix}`}\n`;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
