// Carries out the router's commands over the ports; each gives the events of one step.
import type { PolicySnapshot } from "../core/policy/snapshot.ts";
import type { AnswerFormat } from "../core/policy/schema.ts";
import type { Sha256 } from "../core/base/canonical.ts";
import { invariant } from "../core/base/errors.ts";
import { answerFormatOf, diffOf, judgementOf, type Patch, patchOf, signalOf } from "../core/trial/answer-outcome.ts";
import type { Command, TrialPlan } from "../core/trial/command.ts";
import { decisionEvents } from "../core/trial/decision-event.ts";
import type { TrialEvent } from "../core/trial/event.ts";
import type { Routing } from "../core/trial/routing.ts";
import { buildPrompt, promptFacts, type PromptRole } from "../core/trial/prompt/facts.ts";
import { notebookQuestion } from "../core/trial/prompt/question.ts";
import { promptText, sentMessages } from "../core/trial/prompt/sent.ts";
import { type AnswerFlaw, flawOf } from "../core/verdict/answer/flaw.ts";
import type { AttemptState } from "../core/trial/events/tool-result.ts";
import { foldTrial, type TrialState } from "../core/trial/fold.ts";
import { mayEdit, type Task } from "../core/suite/suite.ts";
import { answerSchema, readAnswer } from "../core/verdict/answer/answer.ts";
import { type Changes, textFiles, type Tree } from "../core/text/edit.ts";
import { READING_NOW } from "../core/verdict/answer/reading.ts";
import { counterSignalSchema, readCounterSignal, readUnlockDecision, unlockDecisionSchema } from "../core/verdict/answer/role.ts";
import type { Verdict } from "../core/verdict/verdict.ts";
import { type CallContext, callModel } from "./model-call.ts";
import type { Clock } from "../ports/clock.ts";
import type { DiffTool, Workbench } from "../ports/workbench.ts";
import type { Material, ModelReply, ModelRequest } from "../ports/models.ts";
import { patchEvents, rejectedResult, toolEvents } from "./attempt-events.ts";
import type { Texts } from "./texts.ts";
import type { MemoVerdict, PerformedStep } from "../ports/trial-queue.ts";
import type { Verdicts } from "./verdict-memo.ts";

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
  /** The same tree is not verified twice in an epoch. */
  readonly verdicts: Verdicts;
  readonly clock: Clock;
  /** Asks the notebook beside the trial; says at once why not, if it will not be asked. */
  readonly askNotebook: (routing: Routing, question: string) => { readonly events: readonly TrialEvent[] };
}

export async function perform(trial: TrialContext, command: Command, history: readonly TrialEvent[]): Promise<readonly TrialEvent[]> {
  const state = foldTrial(history);
  switch (command.do) {
    case "enter-stage":
      return [{ type: "StageTransition", from: command.from, to: command.to }];
    case "consult-notebook":
      return trial.askNotebook(command.routing, notebookQuestion(trial.task)).events;
    case "plan":
      return [...decisionEvents(command), ...(await plan(trial, command.routing, state))];
    case "attempt":
      return [...decisionEvents(command), ...(await attempt(trial, command.routing, state))];
    case "critique":
      return [...decisionEvents(command), ...(await critique(trial, command.routing, state))];
    case "judge":
      return [...decisionEvents(command), ...(await judge(trial, command.routing, state))];
    case "decide-gate":
      return [command.decision];
    case "note":
      return [command.event];
    case "stop":
    case "finished":
      return [];
  }
}

/** One step with the texts that it brought. */
export const performStep = async (trial: TrialContext, command: Command, history: readonly TrialEvent[]): Promise<PerformedStep> => ({
  events: await perform(trial, command, history),
  bodies: trial.texts.takeFresh(),
});

async function plan(trial: TrialContext, routing: Routing, state: TrialState): Promise<readonly TrialEvent[]> {
  const start = await trial.bench.startState(trial.task, trial.signal);
  const startHash = trial.texts.putVerdict(start);
  const decidedAt = trial.clock.now();
  const request = { purpose: "plan" as const, schema: null, material: material(trial, null, start) };
  const { earlier, event } = await call(trial, { routing, role: "Architect", state, startHash }, request, { decidedAt, flaw: (text) => flawOf(text, null) });
  return [...earlier, event].map((tried) => ({ ...tried, start_hash: startHash }));
}

async function attempt(trial: TrialContext, routing: Routing, state: TrialState): Promise<readonly TrialEvent[]> {
  const start = await trial.bench.startState(trial.task, trial.signal);
  const startHash = trial.texts.putVerdict(start);
  const decidedAt = trial.clock.now();
  const format = answerFormatOf(trial.snapshot, routing);
  const request = { purpose: "patch" as const, schema: answerSchema(format), material: material(trial, state.attempts.at(-1) ?? null, start) };
  const flaw = (text: string) => flawOf(text, readAnswer(text, format, trial.snapshot.policy.limits, READING_NOW));
  const { reply, event, earlier } = await call(trial, { routing, role: "Implementer", state, startHash }, request, { decidedAt, flaw });
  const patch = await patchFrom(trial, reply, format);
  const called = [...earlier, { ...event, json_compliant: patch.compliant }].map((tried) => ({ ...tried, start_hash: startHash }));
  if (!patch.ok) return [...called, ...rejectedResult(trial.texts, { routing, why: patch.why, detail: patch.detail })];
  const tree = { task: trial.task, epoch: trial.plan.epoch, changes: patch.changes };
  const verified = await trial.verdicts.of(tree, () => verifiedWithOneRetry(trial, patch.changes));
  return [...called, ...patchEvents(trial.texts, routing, trial.tree, patch.changes), ...toolEvents(trial.texts, { routing, ...verified })];
}

/** From a model's answer to the files it changes, or the named way in which it is wrong. */
async function patchFrom(trial: TrialContext, reply: ModelReply, format: AnswerFormat): Promise<Patch> {
  if (reply.outcome === "failed") return { ok: false, why: "model-error", detail: `${reply.failure}: ${reply.detail}`, compliant: null };
  const read = readAnswer(reply.text, format, trial.snapshot.policy.limits, READING_NOW);
  const diff = diffOf(read);
  const applied = diff === null ? null : await trial.diffTool.apply(textFiles(trial.tree), diff, READING_NOW);
  return patchOf(read, { tree: trial.tree, mayEdit: mayEdit(trial.task), reading: READING_NOW }, applied);
}

/** Our own failure is not the candidate's: it is tried once more, and shown. */
async function verifiedWithOneRetry(trial: TrialContext, changes: Changes): Promise<MemoVerdict> {
  const job = { task: trial.task, changes };
  const verification = await trial.bench.verify(job, trial.signal);
  if (verification.verdict.status !== "infrastructure") return { verification, retries: 0 };
  return { verification: await trial.bench.verify(job, trial.signal), retries: 1 };
}

const signalFlaw = (text: string) => flawOf(text, readCounterSignal(text, READING_NOW));
const judgementFlaw = (text: string) => flawOf(text, readUnlockDecision(text, READING_NOW));

async function critique(trial: TrialContext, routing: Routing, state: TrialState): Promise<readonly TrialEvent[]> {
  const decidedAt = trial.clock.now();
  const request = { purpose: "critique" as const, schema: counterSignalSchema, material: material(trial, state.attempts.at(-1) ?? null, null) };
  const { reply, event, earlier } = await call(trial, { routing, role: "SidecarCritic", state, startHash: null }, request, { decidedAt, flaw: signalFlaw });
  if (reply.outcome === "failed") return [...earlier, event];
  const { compliant, signal } = signalOf(reply.text, READING_NOW);
  const called = [...earlier, { ...event, json_compliant: compliant }];
  if (signal === null) return called;
  const { severity, kind, message } = signal;
  return [...called, { type: "CounterSignal", severity, signal_kind: kind, source_role: "sidecar_critic", message: trial.redactor.scrub(message) }];
}

async function judge(trial: TrialContext, routing: Routing, state: TrialState): Promise<readonly TrialEvent[]> {
  const decidedAt = trial.clock.now();
  const request = { purpose: "judge" as const, schema: unlockDecisionSchema, material: material(trial, state.attempts.at(-1) ?? null, null) };
  const { reply, event, earlier } = await call(trial, { routing, role: "Judge", state, startHash: null }, request, { decidedAt, flaw: judgementFlaw });
  const { compliant, outcome, reason } = judgementOf(reply.outcome === "failed" ? { failure: reply.failure } : { text: reply.text }, READING_NOW);
  const gate: TrialEvent = { type: "GateDecision", gate_name: "judge", stage: "Unlock", outcome, reason: trial.redactor.scrub(reason), blocking: true };
  return [...earlier, reply.outcome === "failed" ? event : { ...event, json_compliant: compliant }, gate];
}

/** Who is asked, and what their prompt is built from. */
interface AskedRole {
  readonly routing: Routing;
  readonly role: PromptRole;
  readonly state: TrialState;
  /** Of the verdict on the broken tree; null for roles that it is not shown to. */
  readonly startHash: Sha256 | null;
}

type Asked = Pick<ModelRequest, "purpose" | "schema" | "material">;

function call(
  trial: TrialContext,
  { routing, role, state, startHash }: AskedRole,
  request: Asked,
  way: { readonly decidedAt: number; readonly flaw: (text: string) => AnswerFlaw | null },
) {
  const scene = { task: trial.task, tree: trial.tree, outline: trial.outline, budget: trial.snapshot.policy.prompt };
  const built = buildPrompt(scene, promptFacts(role, state, { start: startHash, format: answerFormatOf(trial.snapshot, routing) }), trial.texts);
  invariant(built.ok, "a prompt was built from texts that the trial does not hold");
  const messages = sentMessages(built.messages, (text) => trial.redactor.scrub(text));
  return callModel(
    trial,
    routing,
    { ...request, messages, model: routing.stand_in ?? routing.model, timeoutMs: trial.snapshot.policy.limits.request_timeout_ms },
    { promptHash: trial.texts.put("prompt", promptText(messages)), texts: trial.texts, trial: trial.plan.id, epoch: trial.plan.epoch, ...way },
  );
}

/** The prompt's facts as data. Diagnostics are those of the last attempt's tree, or of the broken tree. */
function material(trial: TrialContext, last: AttemptState | null, start: Verdict | null): Material {
  const verdict = last ? trial.texts.verdict(last.result.output_hash) : null;
  const changes = last && trial.texts.changesOf(last);
  const told = changes === null ? start : verdict;
  const diagnostics = told?.status === "compile-error" ? told.diagnostics : [];
  return { task: trial.task, tree: trial.tree, diagnostics, lastChanges: changes, verdict };
}
