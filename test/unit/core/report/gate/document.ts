// A gate's document for tests of its pages: a candidate that loses so many tasks to the incumbent.
import { decideCandidates } from "../../../../../src/core/gate/decide.ts";
import { gateDocument, type GateDocument } from "../../../../../src/core/gate/document.ts";
import type { GateEvidence } from "../../../../../src/core/gate/evidence.ts";
import { NO_TRUST } from "../../../app/fakes.ts";
import { evidenceOf, scripted } from "../../gate/world.ts";

const TASKS = 120;
const sides = (lost: number) => [
  scripted("new", TASKS, 3, (task) => (task < lost ? 0 : 3)),
  scripted("old", TASKS, 3, () => 3),
  scripted("cloud", TASKS, 3, () => 3),
  scripted("rustc-suggestions", TASKS, 3, () => 0),
];

export function documentOf(lost: number, changes: Partial<GateEvidence> = {}, override: GateDocument["override"] = null): GateDocument {
  const evidence = evidenceOf(sides(lost), changes);
  const [decision] = decideCandidates(evidence, ["new"], "old");
  if (!decision) throw new Error("no decision");
  return gateDocument(evidence, decision, { alternatives: ["new"], alpha: 0.05, look: null, override, trust: NO_TRUST, log: null });
}
