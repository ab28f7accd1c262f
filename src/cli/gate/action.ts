// `bakeoff gate`: may a candidate take the incumbent's place?
import { relative } from "node:path";
import { composeGate } from "../../app/compose/gate.ts";
import { decideGate } from "../../app/gate/decide.ts";
import { calledAs, quoted } from "../../app/places.ts";
import { gateExitCode } from "./exit-code.ts";
import type { GateOptions } from "./flags.ts";
import { printDecisions } from "./text.ts";

export async function gate(options: GateOptions): Promise<number> {
  const { documents, paths } = await decideGate(composeGate(), {
    candidates: options.candidate,
    incumbent: options.incumbent ?? null,
    capsules: options.capsule ?? [],
    registration: options.registration ?? null,
    override: { by: options.by ?? null, reason: options.override ?? null },
    keyFile: options.key ?? null,
    junit: options.junit ?? null,
  });
  await printDecisions(documents, options.json);
  for (const path of paths.map((each) => relative(process.cwd(), each)))
    process.stderr.write(`\nDecision: ${path}   Check it: ${calledAs()} gate verify ${quoted(path)}\n`);
  return gateExitCode(documents);
}
