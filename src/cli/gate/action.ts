// `bakeoff gate`: may a candidate take the incumbent's place?
import { composeGate } from "../../app/compose/gate.ts";
import { decideGate } from "../../app/gate/decide.ts";
import { findPlaces } from "../../app/places.ts";
import { shellWord } from "../../core/text/shell-word.ts";
import { gateExitCode } from "./exit-code.ts";
import type { GateOptions } from "./flags.ts";
import { printDecisions } from "./text.ts";

export async function gate(options: GateOptions): Promise<number> {
  const places = findPlaces();
  const { documents, paths } = await decideGate(composeGate(places), {
    candidates: options.candidate,
    incumbent: options.incumbent ?? null,
    capsules: options.capsule ?? [],
    registration: options.registration ?? null,
    override: { by: options.by ?? null, reason: options.override ?? null },
    keyFile: options.key ?? null,
    junit: options.junit ?? null,
  });
  await printDecisions(documents, options.json);
  for (const path of paths.map(places.shown)) process.stderr.write(`\nDecision: ${path}   Check it: ${places.calledAs} gate verify ${shellWord(path)}\n`);
  return gateExitCode(documents);
}
