// `bakeoff replay`: what a stored run proves, as reports in a folder or one JSON document.
import { join } from "node:path";
import { composeReplay } from "../../app/compose/replay.ts";
import { findPlaces } from "../../app/places.ts";
import { replayCapsule, type CapsuleReplayRequest } from "../../app/replay/replay-capsule.ts";
import { auditLines } from "../../core/report/audit/text.ts";
import { stopSignal } from "../stop-signal.ts";
import { errInk } from "../text/ink.ts";
import type { ReplayOptions } from "./flags.ts";
import { coloured, AUDIT_EXIT } from "./text.ts";
import { printText } from "../text/fitted.ts";

export async function replay(capsule: string, options: ReplayOptions): Promise<number> {
  const places = findPlaces(options);
  const signal = stopSignal("replay it again: nothing was changed");
  const { model, folder } = await replayCapsule(composeReplay(places), requestOf(capsule, options), signal);
  if (!options.json) printText(`${auditLines(model).map(coloured(model)).join("\n")}\n`);
  if (folder !== null) process.stderr.write(`\nReport: ${places.shown(join(folder, "replay_report.html"))}   (also .md, .json, .csv)\n`);
  const [first] = model.findings;
  if (first) process.stderr.write(errInk.red(`bakeoff: ${first.level}: ${first.what}\n`));
  return AUDIT_EXIT[model.outcome];
}

function requestOf(capsule: string, options: ReplayOptions): CapsuleReplayRequest {
  const { reexecute, policy: policyFile = null, bestOf, compare = null, suite = null, out = null, trust: trusted, json } = options;
  return {
    capsule,
    reexecute,
    policyFile,
    bestOf,
    compare,
    suite,
    trusted,
    // JSON on stdout alone, unless a folder is named.
    reports: json && out === null ? null : { folder: out },
    json: json ? (text) => void process.stdout.write(text) : null,
    reexecuted: (done, total) => void process.stderr.write(`[${done}/${total}] trees run again\n`),
  };
}
