// Every statistics that decisions were made by, by the version that a decision names and the look that it was.
import { ANYTIME } from "./anytime.ts";
import { BY_FAMILY, BY_FAMILY_EVENLY } from "./by-family.ts";
import { BY_TASK } from "./by-task.ts";
import type { GateStatistics, StatisticsVersion } from "./statistics.ts";

/** What new decisions are made by. */
export const CURRENT: StatisticsVersion = 3;

const STATISTICS: Readonly<Record<StatisticsVersion, GateStatistics>> = { 1: BY_TASK, 2: BY_FAMILY_EVENLY, 3: BY_FAMILY };

/** `look`: null, or a look in the middle of a run. */
export const statisticsOf = (version: StatisticsVersion, look: { readonly by?: "bets" | "bounds" | undefined } | null): GateStatistics =>
  look?.by === "bets" ? { ...ANYTIME, version } : STATISTICS[version];
