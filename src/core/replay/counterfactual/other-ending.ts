// One trial gone through again under another policy, with recorded steps only: what would have been routed, and how it would have ended.
import type { Json } from "../../base/canonical.ts";
import type { TrialRecord } from "../../capsule/record.ts";
import type { PolicySnapshot } from "../../policy/snapshot.ts";
import type { Binding, Command, TrialPlan } from "../../trial/command.ts";
import type { TrialEvent } from "../../trial/event.ts";
import { STAGE_SPENT } from "../../trial/events/error-event.ts";
import type { Routing } from "../../trial/routing.ts";
import { foldTrial } from "../../trial/fold.ts";
import { asJson } from "../check.ts";
import { type AttemptLibrary, contextOf, type RecordedStep, reviewedPatch, servedKey } from "./attempt-library.ts";
import type { Decide } from "../decide.ts";
import { decisionOf, type DecisionKind, kindOf, type Step, stepsOf } from "../step.ts";

/** Null is something that the record does not tell. */
export interface TrialEnding {
  readonly passed: boolean | null;
  readonly unlocked: boolean | null;
  /** Milliseconds of calls and verification. */
  readonly latencyMs: number | null;
  readonly costUsd: number | null;
}

export interface OtherEnding {
  readonly trial: string;
  readonly candidate: string;
  readonly task: string;
  readonly recorded: TrialEnding;
  readonly other: TrialEnding;
  /** The first decision that comes out otherwise; null where none does. */
  readonly change: { readonly kind: DecisionKind | "trial ends"; readonly seq: number | null; readonly recorded: Json; readonly other: Json } | null;
  /** Every attempt's prompt would have been the recorded one. */
  readonly samePrompts: boolean;
  /** What the record does not hold, in words; empty where it holds everything. */
  readonly unknown: string;
}

/** More commands than any policy's trial has. */
const MAX_COMMANDS = 400;

interface Walk {
  readonly trial: TrialRecord;
  readonly library: AttemptLibrary;
  readonly history: TrialEvent[];
  readonly used: RecordedStep[];
  readonly attempts: RecordedStep[];
  plan: RecordedStep | null;
  samePrompts: boolean;
}

export function otherEnding(
  trial: TrialRecord,
  library: AttemptLibrary,
  other: { readonly snapshot: PolicySnapshot; readonly plan: TrialPlan; readonly decide: Decide },
): OtherEnding {
  const walk: Walk = { trial, library, history: [], used: [], attempts: [], plan: null, samePrompts: true };
  const commands: Command[] = [];
  let unknown = "";
  for (let count = 0; count < MAX_COMMANDS && unknown === ""; count += 1) {
    const command = other.decide(other.snapshot, other.plan, walk.history, null);
    commands.push(command);
    if (command.do === "finished" || command.do === "stop") break;
    unknown = take(walk, command);
  }
  return {
    trial: trial.id,
    candidate: trial.candidate,
    task: trial.task.id,
    recorded: recordedEnding(trial, library),
    other: endingOf(walk, unknown),
    change: firstChange(trial, commands),
    samePrompts: walk.samePrompts,
    unknown,
  };
}

type Taken = Exclude<Command, { readonly do: "finished" | "stop" }>;

/** Takes what the record holds for a command into the history; gives what it does not hold. */
function take(walk: Walk, command: Taken): string {
  switch (command.do) {
    case "enter-stage":
      walk.history.push({ type: "StageTransition", from: command.from, to: command.to });
      return "";
    case "decide-gate":
      walk.history.push(command.decision);
      return "";
    case "consult-notebook":
      // Nothing waits for the notebook, so nothing depends on what it would have said.
      walk.history.push({
        type: "RetrievalRequest",
        ...command.routing,
        request_id: "",
        query_hash: "0".repeat(64),
        source: "tier2:notebooklm",
        skip_reason: null,
      });
      return "";
    case "note":
      walk.history.push(command.event);
      return "";
    default:
      return takeCall(walk, command.do, command.routing);
  }
}

function takeCall(walk: Walk, what: "plan" | "attempt" | "critique" | "judge", routing: Routing): string {
  const found =
    what === "attempt"
      ? attemptFor(walk, routing)
      : walk.library.inContext(walk.trial, routing.role, servedKey(routing), what === "plan" ? "" : reviewedPatch(walk.attempts.at(-1) ?? null));
  if (!found) return `${routing.role} ${routing.model}${what === "attempt" ? `, attempt ${routing.attempt}` : ""}: not in the record for this task`;
  walk.used.push(found);
  if (what === "attempt") walk.attempts.push(found);
  if (what === "plan") walk.plan = found;
  walk.history.push(...found.events.map((event) => asRouted(event, routing)));
  return "";
}

/** In the same context its prompt would have been the same; else the model's own next attempt on the task. */
function attemptFor(walk: Walk, routing: Routing): RecordedStep | null {
  const served = servedKey(routing);
  const same = walk.library.inContext(walk.trial, routing.role, served, contextOf(walk.plan, walk.attempts));
  if (same) return same;
  const ordinal = walk.attempts.filter(({ call }) => servedKey(call) === served).length;
  const found = walk.library.byOrdinal(walk.trial, served, ordinal);
  if (found) walk.samePrompts = false;
  return found;
}

/** A recorded event as it would stand in the other history: what it carries of a routing is that of the other one. */
function asRouted(event: TrialEvent, routing: Routing): TrialEvent {
  if ("role" in event) return { ...event, ...routing };
  return "attempt" in event ? { ...event, attempt: routing.attempt } : event;
}

function endingOf(walk: Walk, unknown: string): TrialEnding {
  const state = foldTrial(walk.history);
  const last = state.attempts.at(-1)?.result.verdict;
  // Where attempts are still to come, nothing of the end is known; past Implement, only the unlock may be open.
  const decided = unknown === "" || (state.stage !== "Plan" && state.stage !== "Implement");
  const passed = decided && last !== undefined ? last.status === "passed" : decided ? false : null;
  return {
    passed: last?.status === "infrastructure" ? null : passed,
    unlocked: unknown === "" ? state.unlocked?.outcome === "Pass" : null,
    ...spent(walk.used, unknown === ""),
  };
}

function spent(steps: readonly RecordedStep[], whole: boolean): Pick<TrialEnding, "latencyMs" | "costUsd"> {
  if (!whole) return { latencyMs: null, costUsd: null };
  const calls = steps.flatMap(({ events }) => events.filter((event) => event.type === "ModelCallEnvelope"));
  return { latencyMs: sum(steps.map(({ latencyMs }) => latencyMs)), costUsd: sum(calls.map((call) => call.cost_usd)) };
}

const sum = (parts: readonly (number | null)[]): number | null =>
  parts.reduce<number | null>((total, part) => (total === null || part === null ? null : total + part), 0);

/** The record's own ending, measured the same way. */
function recordedEnding(trial: TrialRecord, library: AttemptLibrary): TrialEnding {
  const { attempts, unlocked } = trial.state;
  const status = attempts.at(-1)?.result.verdict.status;
  const whole = unlocked !== null;
  const counted = whole && unlocked.outcome !== "Skip";
  const steps = library.stepsOf(trial);
  return { passed: counted ? status === "passed" : null, unlocked: counted ? unlocked.outcome === "Pass" : null, ...spent(steps, whole) };
}

function firstChange(trial: TrialRecord, commands: readonly Command[]): OtherEnding["change"] {
  const recorded = stepsOf(trial.events).flatMap((step) => {
    const decision = decisionOf(step) ?? spentNoted(step);
    return decision ? [{ decision, seq: step.lines.find((line) => line.payload === decision)?.seq ?? step.seq }] : [];
  });
  for (const [index, command] of commands.entries()) {
    const then = recorded[index];
    const now = shown(command);
    if (!then) return command.do === "finished" ? null : { kind: "trial ends", seq: null, recorded: null, other: now };
    const was = asJson(pick(then.decision));
    if (JSON.stringify(was) !== JSON.stringify(now)) return { kind: kindOfDecision(then.decision), seq: then.seq, recorded: was, other: now };
  }
  return null;
}

/** That a stage's budget is used up is noted by the router: the command for it has its place among the others. */
const spentNoted = ({ events }: Step): TrialEvent | null => events.find((event) => event.type === "ErrorEvent" && event.error_code === STAGE_SPENT) ?? null;

const kindOfDecision = (decision: TrialEvent): DecisionKind => (decision.type === "ErrorEvent" ? "budget decisions" : kindOf(decision));

const KEYS = ["from", "to", "role", "mode", "provider", "model", "stand_in", "selection_reason", "gate_name", "outcome", "error_code"];
const pick = (event: object): Record<string, unknown> =>
  Object.fromEntries(KEYS.flatMap((key) => (key in event ? [[key, event[key as keyof typeof event]]] : [])));

function shown(command: Command): Json {
  if (command.do === "finished") return null;
  switch (command.do) {
    case "enter-stage":
      return asJson(pick(command));
    case "decide-gate":
      return asJson(pick(command.decision));
    case "note":
      return asJson(pick(command.event));
    case "stop":
      return asJson(command);
    default:
      return asJson(pick(command.routing));
  }
}

/** Roles that the other policy gives to the same model keep the recorded binding; others get a model that was never asked. */
export function planUnder(plan: TrialPlan, snapshot: PolicySnapshot): TrialPlan {
  const { roles, models } = snapshot.policy;
  const bind = (recorded: Binding, alias: string): Binding =>
    alias === recorded.model ? recorded : { provider: models[alias]?.provider ?? "", model: alias, standIn: null };
  const { architect, implementer, judge, sidecarCritic, notebook } = plan.bindings;
  return {
    ...plan,
    bindings: {
      architect: bind(architect, roles.architect.model),
      implementer: bind(implementer, roles.implementer.model),
      judge: bind(judge, roles.judge.model),
      sidecarCritic: bind(sidecarCritic, roles.sidecar_critic.model),
      notebook,
    },
  };
}
