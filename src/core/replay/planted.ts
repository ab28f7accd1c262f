// Calibration trials gone over like any other: drawn again, built again, read again; only the router had no part in them.
import { sha256 } from "../base/canonical.ts";
import { plantedAnswer, plantOmission, plantRoutings, expectedFor } from "../capsule/plan/calibration-plan.ts";
import type { EventLine, Header } from "../capsule/line.ts";
import { type Plant, plantsFor } from "../capsule/plan/plant-draw.ts";
import { type CalibrationTrial, foldRecord, type TrialRecord } from "../capsule/record.ts";
import type { PolicySnapshot } from "../policy/snapshot.ts";
import type { EventOf } from "../trial/event.ts";
import { PLANT_KINDS } from "../trial/events/calibration-plant.ts";
import type { Routing } from "../trial/routing.ts";
import { asJson, type Check, type Claim, type TrialView } from "./check.ts";
import type { Scene } from "./scene.ts";
import { eventIn, type Step } from "./step.ts";

export const plantIsDrawnAgain = (header: Header, { policy }: PolicySnapshot): Check => {
  const drawn = new Map(plantsFor(header, policy.gates).map((plant) => [plant.id, plant]));
  return {
    name: "plant-is-drawn-again",
    sentence: "A planted patch is one that the run's seed draws, and what should become of it follows from its kind.",
    what: "planted patches",
    cause: null,
    claims: (view) => plants(view, drawn),
  };
};

export const PLANT_GOES_ITS_WAY: Check = {
  name: "plant-goes-its-way",
  sentence: "A planted patch is played by the program, then the critic and the Judge of this run are asked, each once.",
  what: "routing decisions",
  cause: null,
  claims: routings,
};

export const PLANT_IS_REBUILT: Check = {
  name: "plant-is-rebuilt",
  sentence: "The planted answer, made again from the suite, has the recorded hash.",
  what: "planted answers",
  cause: null,
  claims: answers,
};

export const OMISSION_IS_EARNED: Check = {
  name: "omission-is-earned",
  sentence: "A planted patch was left out only where its verdict is not what its kind should come to.",
  what: "plants left out",
  cause: null,
  claims: omissions,
};

/** What is added to the kinds of things that are counted. */
const MARK = " (calibration)";

/** A check on calibration trials, counted apart from the same check on candidates' trials. */
export const countedSeparately = (check: Check): Check => ({
  ...check,
  what: `${check.what}${MARK}`,
  claims: function* (view) {
    for (const claim of check.claims(view)) yield claim.what === undefined ? claim : { ...claim, what: `${claim.what}${MARK}` };
  },
});

/** The trial as those of candidates are read; null where it is not of one of this run's tasks. */
export function calibrationRecord(header: Header, { id, events }: CalibrationTrial): TrialRecord | null {
  const [, name, , epoch] = /^calibration\/([^/]+)\/([a-z-]+)-(\d{1,9})$/.exec(id) ?? [];
  const task = header.tasks.find((one) => one.id === name);
  return task === undefined ? null : foldRecord({ id, candidate: "planted", task, epoch: Number(epoch) }, events);
}

/** A plant is recorded as one step; what was asked in it one after the other is told apart by its routing decisions. */
export function calibrationParts(lines: readonly EventLine[]): readonly Step[] {
  const parts: EventLine[][] = [];
  for (const line of lines) {
    if (parts.length === 0 || line.payload.type === "RoutingDecision") parts.push([]);
    parts.at(-1)?.push(line);
  }
  return parts.map((own) => ({ seq: own[0]?.seq ?? 0, lines: own, events: own.map(({ payload }) => payload) }));
}

function* plants({ trial, steps, seqOf }: TrialView, drawn: ReadonlyMap<string, Plant>): Iterable<Claim> {
  const [opening] = steps[0]?.events ?? [];
  const planned = drawn.get(trial.id);
  const redone = planned ? { plant: planned.plant, right: expectedFor(planned.plant), epoch: planned.epoch } : null;
  if (opening?.type !== "CalibrationPlant") yield { seq: steps[0]?.seq ?? 0, recorded: opening?.type ?? null, redone: "CalibrationPlant" };
  else yield { seq: seqOf(opening), recorded: { plant: opening.plant, right: opening.right, epoch: opening.epoch }, redone };
}

function* routings({ header, steps, seqOf }: TrialView): Iterable<Claim> {
  const expected = shownTo(steps, plantRoutings(header));
  const routed = steps.flatMap((step) => eventIn(step, "RoutingDecision") ?? []);
  for (const [index, decision] of routed.entries()) {
    const wanted = expected[index] ?? null;
    const own = wanted && Object.fromEntries(Object.keys(wanted).map((key) => [key, decision[key as keyof typeof decision]]));
    yield { seq: seqOf(decision), recorded: asJson(own ?? decision), redone: asJson(wanted) };
  }
  if (routed.length < expected.length) yield { seq: steps.at(-1)?.seq ?? 0, recorded: routed.length, redone: expected.length };
}

const openingOf = (steps: readonly Step[]): EventOf<"CalibrationPlant"> | null => {
  const [opening] = steps[0]?.events ?? [];
  return opening?.type === "CalibrationPlant" ? opening : null;
};

const ROLES_IN_SPITE_OF = { "no-place": 0, "other-worth": 1 } as const;

/** The roles that a plant comes to: what was left out was shown to nobody, and for want of a place there was not even an answer. */
function shownTo(steps: readonly Step[], roles: readonly Routing[]): readonly Routing[] {
  const omission = openingOf(steps)?.left_out;
  return omission === undefined ? roles : roles.slice(0, ROLES_IN_SPITE_OF[omission]);
}

/** That a task has no place for a plant is told by the suite: level 3 makes its answer again. */
function* omissions({ header, steps, seqOf }: TrialView): Iterable<Claim> {
  const opening = openingOf(steps);
  if (header.calibration === undefined || opening === null) return;
  const result = steps.flatMap((step) => eventIn(step, "ToolResult") ?? [])[0];
  const redone = result === undefined ? "no-place" : plantOmission(opening.plant, result.verdict.status);
  yield { seq: seqOf(opening), recorded: opening.left_out ?? null, redone };
}

/** Each of them: the last one is what the verdict is of, and none may stand in for it. */
function* answers(view: TrialView): Iterable<Claim> {
  const calls = view.steps.flatMap(({ events }) => events).filter((event) => event.type === "ModelCallEnvelope");
  const found = calls.filter(({ role }) => role === "Implementer").map((call) => ({ seq: view.seqOf(call), recorded: call.response_hash }));
  const claimed = found.length > 0 ? found : [{ seq: view.steps[0]?.seq ?? 0, recorded: null }];
  const { scene, scrub, steps } = view;
  for (const { seq, recorded } of claimed)
    yield typeof scene === "string" ? { seq, missing: scene } : { seq, recorded, redone: answerHash(openingOf(steps)?.plant, scene, scrub) };
}

/** Null where nothing was planted, or nothing of a kind that there is. */
function answerHash(plant: string | undefined, { tree, task }: Scene, scrub: (text: string) => string): string | null {
  const kind = PLANT_KINDS.find((known) => known === plant);
  const answer = kind === undefined ? null : plantedAnswer(kind, { tree, solution: task.solution });
  return answer === null ? null : sha256(scrub(answer.toWellFormed()));
}
