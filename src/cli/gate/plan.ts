// `bakeoff gate plan`: how likely a gate is to promote, and what it takes.
import { composeGate } from "../../app/compose/gate.ts";
import { planGate } from "../../app/gate/plan.ts";
import { findPlaces } from "../../app/places.ts";
import { steady } from "../../core/gate/document.ts";
import { planText } from "../../core/report/gate/plan-text.ts";
import type { GatePlanOptions } from "./flags.ts";
import { outWidth } from "../text/width.ts";
import { printDocument } from "../text/documents.ts";

export async function gatePlan(options: GatePlanOptions): Promise<number> {
  const places = findPlaces(options);
  const { plan, picture } = await planGate(composeGate(places), {
    candidate: options.candidate,
    incumbent: options.incumbent ?? null,
    suite: options.suite,
    impossible: options.impossible,
    policyFile: places.policyFile(options.policy),
    differences: options.difference,
    epochs: options.epochs ?? null,
    alternatives: options.alternatives,
    gatesBefore: options.gatesBefore ?? null,
    capsules: options.capsule ?? [],
    gates: options.simulations,
    seed: options.seed,
  });
  if (options.json) printDocument<"gate plan">({ format: 1, ...steady(plan) });
  else process.stdout.write(planText(plan, outWidth()));
  process.stderr.write(`\nPicture: ${places.shown(picture)}\n`);
  return 0;
}
