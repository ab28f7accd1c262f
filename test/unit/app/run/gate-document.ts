// A gate's document with the verdict that a test wants; the rest is well.
import { decideCandidates } from "../../../../src/core/gate/decide.ts";
import { gateDocument, type GateDocument } from "../../../../src/core/gate/document.ts";
import { NO_TRUST } from "../fakes.ts";
import { evidenceOf, scripted } from "../../core/gate/world.ts";

export type GateVerdict = GateDocument["decision"]["verdict"];

export function documentWith(verdict: GateVerdict): GateDocument {
  const evidence = evidenceOf([scripted("gpt-oss-20b", 60, 3, () => 3), scripted("nop", 60, 3, () => 0)]);
  const [decision] = decideCandidates(evidence, ["gpt-oss-20b"], "nop", 0.05);
  if (!decision) throw new Error("nothing decided");
  return gateDocument(
    evidence,
    { ...decision, verdict },
    { alternatives: ["gpt-oss-20b"], alpha: 0.05, look: null, override: null, trust: NO_TRUST, log: null },
  );
}
