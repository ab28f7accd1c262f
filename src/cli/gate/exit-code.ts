// The exit code of a gate's decisions.
import type { GateVerdict } from "../../core/gate/decide.ts";
import type { GateDocument } from "../../core/gate/document.ts";
import { EXIT } from "../text/exit-codes.ts";

const VERDICT_EXIT: Readonly<Record<GateVerdict, number>> = { promote: EXIT.done.code, hold: EXIT.hold.code, inconclusive: EXIT.inconclusive.code };

/** The worst of several: one hold holds, else one that is open leaves it open. An override counts as a promotion. */
export function gateExitCode(documents: readonly GateDocument[]): number {
  const codes = documents.map(({ decision, override }) => (override === null ? VERDICT_EXIT[decision.verdict] : VERDICT_EXIT.promote));
  return [VERDICT_EXIT.hold, VERDICT_EXIT.inconclusive].find((code) => codes.includes(code)) ?? VERDICT_EXIT.promote;
}
