// The exit code of a gate's decisions.
import type { GateVerdict } from "../../core/gate/decide.ts";
import type { GateDocument } from "../../core/gate/document.ts";

const EXIT: Readonly<Record<GateVerdict, number>> = { promote: 0, hold: 10, inconclusive: 11 };

/** The worst of several: one hold holds, else one that is open leaves it open. An override counts as a promotion. */
export function gateExitCode(documents: readonly GateDocument[]): number {
  const codes = documents.map(({ decision, override }) => (override === null ? EXIT[decision.verdict] : EXIT.promote));
  return [EXIT.hold, EXIT.inconclusive].find((code) => codes.includes(code)) ?? EXIT.promote;
}
