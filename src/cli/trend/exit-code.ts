// What a trend ends with, for CI: 0, or 12 where what was asked about has happened.
import type { TrendModel } from "../../core/report/trend/model.ts";
import { EXIT } from "../text/exit-codes.ts";

export const TREND_FAILURES = ["drift", "change"] as const;
export type TrendFailure = (typeof TREND_FAILURES)[number];

const FAILS: Readonly<Record<TrendFailure, readonly TrendModel["groups"][number]["verdict"][]>> = { drift: ["drift"], change: ["drift", "changed"] };

/** Too little history fails nothing: a minimum of it comes before anything alarms. */
export const trendExitCode = ({ groups }: TrendModel, failOn: TrendFailure | null): number =>
  failOn !== null && groups.some(({ verdict }) => FAILS[failOn].includes(verdict)) ? EXIT.happened.code : EXIT.done.code;
