// What a run says first of how it differs from an ordinary one.
import type { Turn } from "../../core/policy/turns.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { Suite } from "../../core/suite/suite.ts";
import { roomNeeded, roomWarning } from "../../core/trial/prompt/room.ts";
import { type ExternalPatches, externalWarning } from "./external.ts";
import type { LineUp } from "./lineup.ts";

interface WarnedOf {
  readonly diagnosisOf: string | null;
  readonly external?: ExternalPatches | undefined;
}

/** What kind of run it is, what its policy warns of, and servers in turn. */
export function runWarnings({ diagnosisOf, external }: WarnedOf, policyWarnings: readonly string[], turns: readonly Turn[] = []): readonly string[] {
  return [
    ...(diagnosisOf === null ? [] : [diagnosisWarning(diagnosisOf)]),
    ...(external === undefined ? [] : [externalWarning(external)]),
    ...policyWarnings,
    ...(turns.length < 2 ? [] : [turnsWarning(turns)]),
  ];
}

const diagnosisWarning = (run: string): string =>
  `a diagnosis: it repeats what failed or was lost in ${run}, so that its rates are of tasks that were lost before; no gate and no trend takes it`;

const turnsWarning = (turns: readonly Turn[]): string =>
  `served in turn, in an order that the seed drew (${turns.map((turn) => turn.join(" and ")).join(", then ")}): what changed on this machine meanwhile is part of their difference, less so where loading was quick, and they took turns over and over`;

export interface RoomFacts {
  readonly suite: Suite;
  readonly snapshot: PolicySnapshot;
}

/** Said before any call is paid for: a server whose context the largest prompts of these tasks may exceed. */
export function roomWarnings({ suite, snapshot }: RoomFacts, asked: readonly string[] | null, contexts: LineUp["contexts"] = new Map()): readonly string[] {
  const tasks = suite.tasks.filter(({ id }) => asked?.includes(id) ?? true);
  return snapshot.candidates.flatMap(({ name, answer_format: format, max_output_tokens: maxOutputTokens }) => {
    const contextTokens = contexts.get(name);
    if (contextTokens === undefined) return [];
    return roomWarning(name, contextTokens, roomNeeded({ policy: snapshot.policy, tasks, format, maxOutputTokens })) ?? [];
  });
}
