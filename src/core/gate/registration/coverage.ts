// Does a registration cover a gate? Named checks for each format: what was promised against what was run.
import type { Sha256 } from "../../base/canonical.ts";
import type { Header } from "../../capsule/line.ts";
import type { LookTaken } from "../looks.ts";
import type { BegunRun, FirstRegistration, Registration } from "./registration.ts";

/** How often is looked at most, and how looks share the level. */
export interface PlannedLooks extends Pick<LookTaken, "sequential"> {
  readonly most: number;
}

/** What is planned of a look that was taken; null: it was none of several. */
export const plannedLooks = (look: LookTaken | null): PlannedLooks | null =>
  look?.most === undefined ? null : { most: look.most, sequential: look.sequential };

/** A gate, and the runs that it is about. */
export interface RegistrationClaim {
  /** All alternatives of the gate. */
  readonly alternatives: readonly string[];
  readonly incumbent: string;
  readonly headers: readonly Header[];
  readonly criteriaHash: Sha256;
  /** What names the registration. */
  readonly registration: Sha256;
  /** How many looks were planned; null where this is no look of several. */
  readonly looks: PlannedLooks | null;
  /** Every run that began under it, by the log and by the capsules that are here; or why that can't be told. */
  readonly begun: readonly BegunRun[] | string;
  /** Days in which gates for the same place share their level; null: one of a time that did not say so will do. */
  readonly sharedDays: number | null;
}

interface CoverageCheck<R> {
  readonly sentence: string;
  readonly fault: (registration: R, claim: RegistrationClaim) => string | null;
}

type Promised = Pick<Registration, "registered_at" | "suite" | "policy" | "criteria_hash">;

const COMMON: readonly CoverageCheck<Promised>[] = [
  {
    sentence: "It was signed before any of the runs began.",
    fault: ({ registered_at: registeredAt }, { headers }) => {
      const early = headers.find(({ created_at: created }) => created <= registeredAt);
      return early ? `it was made at ${registeredAt}, after run ${early.run_id} began at ${early.created_at}` : null;
    },
  },
  {
    sentence: "The runs are of its suite.",
    fault: ({ suite }, { headers }) =>
      headers.every((header) => header.suite.root === suite.root)
        ? null
        : `it is about another suite than the runs: ${suite.name} ${suite.version} (${suite.root.slice(0, 12)})`,
  },
  {
    sentence: "The runs went by its policy.",
    fault: ({ policy }, { headers }) =>
      headers.every((header) => header.policy.hash === policy.hash)
        ? null
        : `it is about another policy than the runs went by: ${policy.id} (${policy.hash.slice(0, 12)})`,
  },
  {
    sentence: "The criteria are the ones registered.",
    fault: (registration, claim) => (registration.criteria_hash === claim.criteriaHash ? null : "the criteria are not the ones that were registered"),
  },
];

/** What of a run is known before it begins. */
const OF_RUNS: readonly CoverageCheck<Registration>[] = [
  {
    sentence: "The runs are of its tasks: of all of them, or of a part of them at each look.",
    fault: ({ tasks, looks }, { headers }) => {
      for (const header of headers) {
        const ids = header.tasks.map(({ id }) => id);
        if (looks === null ? !same(ids, tasks) : ids.some((id) => !tasks.includes(id))) return `run ${header.run_id} is of other tasks than were registered`;
      }
      const all = headers.flatMap((header) => header.tasks.map(({ id }) => id));
      return looks !== null && new Set(all).size < all.length ? "a task was run at more than one look" : null;
    },
  },
  {
    sentence: "The runs have its epochs and its seed.",
    fault: ({ epochs, seed }, { headers }) => {
      const other = headers.find((header) => header.epochs !== epochs || header.seed !== seed);
      return other ? `run ${other.run_id} has ${other.epochs} epochs by seed ${other.seed}; ${epochs} by seed ${seed} were registered` : null;
    },
  },
];

const PLANNED: readonly CoverageCheck<Registration>[] = [...COMMON, ...OF_RUNS];

const FIRST: readonly CoverageCheck<FirstRegistration>[] = [
  ...COMMON.slice(0, 1),
  {
    sentence: "It names the candidates and the incumbent.",
    fault: ({ candidates, incumbent }, claim) =>
      claim.alternatives.every((name) => candidates.includes(name)) && incumbent === claim.incumbent
        ? null
        : `it is about ${candidates.join(", ")} against ${incumbent}, not ${claim.alternatives.join(", ")} against ${claim.incumbent}`,
  },
  ...COMMON.slice(1),
];

const SECOND: readonly CoverageCheck<Registration>[] = [
  ...COMMON,
  {
    sentence: "It names just the candidates of the gate, and the incumbent.",
    fault: ({ candidates, incumbent }, claim) =>
      same(candidates.toSorted(), claim.alternatives.toSorted()) && incumbent === claim.incumbent
        ? null
        : `it is about ${candidates.join(", ")} against ${incumbent}, not ${claim.alternatives.join(", ")} against ${claim.incumbent}`,
  },
  {
    sentence: "Every run was begun under it.",
    fault: (_, { headers, registration }) => {
      const other = headers.find((header) => header.registration?.sha256 !== registration);
      return other ? `run ${other.run_id} was not begun under it (bakeoff run --registration FILE)` : null;
    },
  },
  ...OF_RUNS,
  {
    sentence: "It shares its level with all gates for the same place while a run may be gated.",
    fault: ({ shared_days: days }, { sharedDays }) =>
      sharedDays === null || days === sharedDays ? null : "it does not say that it shares its level with other gates for the same place: register anew",
  },
  {
    sentence: "It is looked at as often as was planned.",
    fault: (registration, { looks }) => looksFault(registration, looks),
  },
  {
    sentence: "Every run that began under it is among the capsules, and there are no more than were registered: nobody chooses among runs.",
    fault: ({ runs, looks }, { begun, headers }) => {
      if (typeof begun === "string") return begun;
      const here = new Set(headers.map(({ run_id: id }) => id));
      const list = begun.map(({ runId, state }) => `${runId} (${here.has(runId) ? "looked at" : state})`).join(", ");
      if (begun.length > runs)
        return `${begun.length} runs began under it, and ${runs} ${runs === 1 ? "was" : "were"} registered: ${list}; go on with an interrupted run, or register anew`;
      const out = begun.find(({ runId }) => !here.has(runId));
      if (out) return `run ${out.runId} began under it and is not looked at: ${list}`;
      return looks === null && begun.length < runs ? `${begun.length} of ${runs} registered runs are there: ${list}` : null;
    },
  },
];

/** What keeps planned looks from being the registered ones; null where they are. */
export function looksFault({ looks, sequential }: Pick<Registration, "looks" | "sequential">, planned: PlannedLooks | null): string | null {
  const most = planned?.most ?? null;
  if (looks !== most) return `${most === null ? "no look was" : `${most} looks were`} planned, and ${looks ?? "none"} registered`;
  if (planned === null || sequential === undefined || sequential === planned.sequential) return null;
  return `its looks share the level by ${planned.sequential ?? "nobody's word"}, and ${sequential} was registered`;
}

/** What keeps a planned run from being the registered one; null where it is. */
export function runFault(registration: Registration, header: Header): string | null {
  const players = new Set(header.candidates.map(({ name }) => name));
  const missing = [...registration.candidates, registration.incumbent].find((name) => !players.has(name));
  if (missing !== undefined) return `${missing} is not tried in it`;
  const claim = {
    headers: [header],
    criteriaHash: registration.criteria_hash,
    alternatives: [],
    incumbent: "",
    registration: "",
    looks: null,
    begun: [],
    sharedDays: null,
  };
  return firstFault(PLANNED, registration, claim);
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((item, index) => item === b[index]);

/** What keeps a registration from covering a gate; null where it does. */
export function coverageFault(registration: FirstRegistration | Registration, claim: RegistrationClaim): string | null {
  if (registration.format === 1) return firstFault(FIRST, registration, claim);
  return firstFault(SECOND, registration, claim);
}

const firstFault = <R>(checks: readonly CoverageCheck<R>[], registration: R, claim: RegistrationClaim): string | null =>
  checks.map(({ fault }) => fault(registration, claim)).find((fault) => fault !== null) ?? null;
