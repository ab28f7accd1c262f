// Carries out the router's commands over the ports; each gives the events of one step.
import type { PolicySnapshot } from "../core/policy/snapshot.ts";
import type { AnswerFormat } from "../core/policy/schema.ts";
import { canonicalJson } from "../core/base/canonical.ts";
import type { Command, TrialPlan } from "../core/trial/command.ts";
import { decisionEvents } from "../core/trial/decision-event.ts";
import type { TrialEvent } from "../core/trial/event.ts";
import type { Routing } from "../core/trial/routing.ts";
import type { AttemptState } from "../core/trial/events/tool-result.ts";
import { attemptPrompt, critiquePrompt, judgePrompt, planPrompt } from "../core/trial/prompt/prompt.ts";
import { type AnswerFlaw, flawOf } from "../core/verdict/answer/flaw.ts";
import { foldTrial, type TrialState } from "../core/trial/fold.ts";
import { mayEdit, type Task } from "../core/suite/suite.ts";
import { answerSchema, readAnswer } from "../core/verdict/answer/answer.ts";
import { checkPaths, patchFromAnswer } from "../core/verdict/answer/patch.ts";
import type { Changes, Tree } from "../core/text/edit.ts";
import { counterSignalSchema, readCounterSignal, readUnlockDecision, unlockDecisionSchema } from "../core/verdict/answer/role.ts";
import type { Verdict } from "../core/verdict/verdict.ts";
import { type CallContext, callModel } from "./model-call.ts";
import type { Clock } from "../ports/clock.ts";
import type { DiffTool, Workbench } from "../ports/workbench.ts";
import type { Material, Message, ModelReply, ModelRequest } from "../ports/models.ts";
import { patchEvents, patchId, rejectedResult, toolEvents } from "./attempt-events.ts";
import type { Texts } from "./texts.ts";
import type { Verified, VerdictMemo } from "./verdict-memo.ts";

/** Everything that one trial works with. */
export interface TrialContext extends CallContext {
  readonly snapshot: PolicySnapshot;
  readonly plan: TrialPlan;
  readonly task: Task;
  readonly tree: Tree;
  readonly outline: string;
  readonly bench: Workbench;
  readonly diffTool: DiffTool;
  readonly texts: Texts;
  /** Verdicts of this run so far: the same tree is not verified twice in an epoch. */
  readonly verdicts: VerdictMemo;
  readonly clock: Clock;
  /** Asks the notebook beside the trial; says at once why not, if it will not be asked. */
  readonly askNotebook: (routing: Routing, question: string) => { readonly events: readonly TrialEvent[] };
}

export async function perform(at: TrialContext, command: Command, history: readonly TrialEvent[]): Promise<readonly TrialEvent[]> {
  const state = foldTrial(history);
  switch (command.do) {
    case "enter-stage":
      return [{ type: "StageTransition", from: command.from, to: command.to }];
    case "consult-notebook":
      return at.askNotebook(command.routing, notebookQuestion(at.task)).events;
    case "plan":
      return [...decisionEvents(command), ...(await plan(at, command.routing))];
    case "attempt":
      return [...decisionEvents(command), ...(await attempt(at, command.routing, state))];
    case "critique":
      return [...decisionEvents(command), ...(await critique(at, command.routing, state))];
    case "judge":
      return [...decisionEvents(command), ...(await judge(at, command.routing, state))];
    case "decide-gate":
      return [command.decision];
    case "note":
      return [command.event];
    case "stop":
    case "finished":
      return [];
  }
}

export const notebookQuestion = (task: Task): string => `What should one know before repairing this? ${task.title}: ${task.instruction}`;

async function plan(at: TrialContext, routing: Routing): Promise<readonly TrialEvent[]> {
  const start = await at.bench.startState(at.task, at.signal);
  const decidedAt = at.clock.now();
  const messages = planPrompt({ ...promptFacts(at), start });
  const request = { purpose: "plan" as const, messages, schema: null, material: material(at, null, start) };
  const { earlier, event } = await call(at, routing, request, { decidedAt, flaw: (text) => flawOf(text, null) });
  const startHash = at.texts.putVerdict(start);
  return [...earlier, event].map((tried) => ({ ...tried, start_hash: startHash }));
}

async function attempt(at: TrialContext, routing: Routing, state: TrialState): Promise<readonly TrialEvent[]> {
  const start = await at.bench.startState(at.task, at.signal);
  const decidedAt = at.clock.now();
  const format = formatOf(at, routing);
  const previous = state.attempts.map((done) => ({ answer: answerText(at, done), verdict: at.texts.verdictOf(done) }));
  const planText = state.plan?.response_hash ? at.texts.get(state.plan.response_hash) : null;
  const messages = attemptPrompt({ ...promptFacts(at), start, format, plan: planText, previous });
  const last = state.attempts.at(-1) ?? null;
  const request = { purpose: "patch" as const, messages, schema: answerSchema(format), material: material(at, last, start) };
  const flaw = (text: string) => flawOf(text, readAnswer(text, format, at.snapshot.policy.limits));
  const { reply, event, earlier } = await call(at, routing, request, { decidedAt, flaw });
  const patch = await patchOf(at, reply, format);
  const startHash = at.texts.putVerdict(start);
  const called = [...earlier, { ...event, json_compliant: patch.compliant }].map((tried) => ({ ...tried, start_hash: startHash }));
  if (!patch.ok) {
    return [...called, ...rejectedResult(at.texts, { routing, why: patch.why, detail: patch.detail })];
  }
  const verified = await at.verdicts.of(`${at.task.id}/${at.plan.epoch}/${patchId(patch.changes)}`, () => verifiedWithOneRetry(at, patch.changes));
  return [...called, ...patchEvents(at.texts, routing, at.tree, patch.changes), ...toolEvents(at.texts, { routing, ...verified })];
}

type Patch =
  | { readonly ok: true; readonly changes: Changes; readonly compliant: boolean }
  | { readonly ok: false; readonly why: Extract<Verdict, { status: "patch-rejected" }>["why"]; readonly detail: string; readonly compliant: boolean | null };

/** From a model's answer to the files it changes, or the named way in which it is wrong. */
async function patchOf(at: TrialContext, reply: ModelReply, format: AnswerFormat): Promise<Patch> {
  if (reply.outcome === "failed") return { ok: false, why: "model-error", detail: `${reply.failure}: ${reply.detail}`, compliant: null };
  const read = readAnswer(reply.text, format, at.snapshot.policy.limits);
  if (!read.ok) return read;
  const { compliant, answer } = read;
  const allowed = mayEdit(at.task);
  if (answer.kind !== "udiff") return { ...patchFromAnswer(answer, at.tree, allowed), compliant };
  const texts = new Map([...at.tree].flatMap(([path, content]) => (typeof content === "string" ? [[path, content] as const] : [])));
  const applied = await at.diffTool.apply(texts, answer.diff);
  if (!applied.ok) return { ok: false, why: "patch-does-not-apply", detail: applied.detail, compliant };
  const fault = checkPaths(applied.changes, at.tree, allowed);
  return fault ? { ...fault, compliant } : { ok: true, changes: applied.changes, compliant };
}

/** Our own failure is not the candidate's: it is tried once more, and shown. */
async function verifiedWithOneRetry(at: TrialContext, changes: Changes): Promise<Verified> {
  const job = { task: at.task, changes };
  const verification = await at.bench.verify(job, at.signal);
  if (verification.verdict.status !== "infrastructure") return { verification, retries: 0 };
  return { verification: await at.bench.verify(job, at.signal), retries: 1 };
}

async function critique(at: TrialContext, routing: Routing, state: TrialState): Promise<readonly TrialEvent[]> {
  const last = state.attempts.at(-1) ?? null;
  const decidedAt = at.clock.now();
  const messages = critiquePrompt({ ...promptFacts(at), changes: lastChanges(at, last) });
  const request = { purpose: "critique" as const, messages, schema: counterSignalSchema, material: material(at, last, null) };
  const { reply, event, earlier } = await call(at, routing, request, { decidedAt, flaw: (text) => flawOf(text, readCounterSignal(text)) });
  if (reply.outcome === "failed") return [...earlier, event];
  const read = readCounterSignal(reply.text);
  const called = [...earlier, { ...event, json_compliant: read.compliant }];
  if (!read.ok) return [...called];
  const { severity, kind, message } = read.value;
  return [...called, { type: "CounterSignal", severity, signal_kind: kind, source_role: "sidecar_critic", message }];
}

async function judge(at: TrialContext, routing: Routing, state: TrialState): Promise<readonly TrialEvent[]> {
  const last = state.attempts.at(-1) ?? null;
  const decidedAt = at.clock.now();
  const verdict: Verdict = last ? at.texts.verdictOf(last) : { status: "infrastructure", detail: "no attempt" };
  const { signal } = state;
  const said = signal && { severity: signal.severity, kind: signal.signal_kind, message: signal.message };
  const messages = judgePrompt({ ...promptFacts(at), changes: lastChanges(at, last), verdict, signal: said as Parameters<typeof judgePrompt>[0]["signal"] });
  const request = { purpose: "judge" as const, messages, schema: unlockDecisionSchema, material: material(at, last, null) };
  const { reply, event, earlier } = await call(at, routing, request, { decidedAt, flaw: (text) => flawOf(text, readUnlockDecision(text)) });
  const gate = { type: "GateDecision", gate_name: "judge", stage: "Unlock", blocking: true } as const;
  // A Judge that can't be reached or understood unlocks nothing.
  if (reply.outcome === "failed") return [...earlier, event, { ...gate, outcome: "Fail", reason: `no judgement: ${reply.failure}` }];
  const read = readUnlockDecision(reply.text);
  const called = [...earlier, { ...event, json_compliant: read.compliant }];
  if (!read.ok) return [...called, { ...gate, outcome: "Fail", reason: `no judgement: ${read.detail}` }];
  const outcome = read.value.unlock_decision === "UNLOCK" ? "Pass" : "Fail";
  return [...called, { ...gate, outcome, reason: read.value.decision_rationale.slice(0, 2000).toWellFormed() }];
}

type Asked = Pick<ModelRequest, "purpose" | "schema" | "material"> & { readonly messages: readonly Message[] };

function call(at: TrialContext, routing: Routing, request: Asked, way: { readonly decidedAt: number; readonly flaw: (text: string) => AnswerFlaw | null }) {
  // What a tool printed may have been cut in the middle of a character, and is quoted here.
  const messages = request.messages.map(({ role, content }) => ({ role, content: at.redactor.scrub(content.toWellFormed()) }));
  const promptHash = at.texts.put("prompt", canonicalJson(messages));
  return callModel(
    at,
    routing,
    { ...request, messages, model: routing.stand_in ?? routing.model, timeoutMs: at.snapshot.policy.limits.request_timeout_ms },
    { promptHash, texts: at.texts, trial: at.plan.id, ...way },
  );
}

function promptFacts(at: TrialContext) {
  return { task: at.task, tree: at.tree, outline: at.outline, budget: at.snapshot.policy.prompt };
}

function formatOf(at: TrialContext, routing: Routing): AnswerFormat {
  return at.snapshot.candidates.find((candidate) => candidate.name === routing.model)?.answer_format ?? "edits";
}

const lastChanges = (at: TrialContext, last: AttemptState | null): Changes => (last && at.texts.changesOf(last)) ?? new Map();

function answerText(at: TrialContext, done: AttemptState): string {
  return done.call.response_hash === null ? "" : at.texts.get(done.call.response_hash);
}

/** The prompt's facts as data. Diagnostics are those of the last attempt's tree, or of the broken tree. */
function material(at: TrialContext, last: AttemptState | null, start: Verdict | null): Material {
  const verdict = last ? at.texts.verdictOf(last) : null;
  const changes = last && at.texts.changesOf(last);
  const told = changes === null ? start : verdict;
  const diagnostics = told?.status === "compile-error" ? told.diagnostics : [];
  return { task: at.task, tree: at.tree, diagnostics, lastChanges: changes, verdict };
}
