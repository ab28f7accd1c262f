// `bakeoff gate`: may a candidate take the incumbent's place?
import { composeGate } from "../../app/compose/gate.ts";
import { decideGate } from "../../app/gate/decide.ts";
import { findPlaces } from "../../app/places.ts";
import { gateComment } from "../../core/report/gate/comment.ts";
import { shellWord } from "../../core/text/shell-word.ts";
import { authorityIn } from "./authority.ts";
import { gateExitCode } from "./exit-code.ts";
import type { GateOptions } from "./flags.ts";
import { isSummaryWanted, writeSummary } from "../text/summary.ts";
import { printDecisions } from "./text.ts";

export async function gate(options: GateOptions): Promise<number> {
  const places = findPlaces(options);
  const { documents, paths } = await decideGate(composeGate(places), {
    candidates: options.candidate,
    incumbent: options.incumbent ?? null,
    capsules: options.capsule ?? [],
    registration: options.registration ?? null,
    override: { by: options.by ?? null, reason: options.override ?? null },
    keyFile: options.key ?? null,
    ...authorityIn(options, places),
    junit: options.junit ?? null,
  });
  await printDecisions(documents, options.json);
  if (isSummaryWanted(options.comment)) await writeSummary(gateComment(documents), options.comment);
  for (const path of paths.map(places.shown)) process.stderr.write(`\nDecision: ${path}   Check it: ${places.calledAs} gate verify ${shellWord(path)}\n`);
  return gateExitCode(documents);
}
