// The messages that each role gets, ordered so that what is the same comes first and what is new comes last.
import type { AnswerFormat, WrittenPolicy } from "../../policy/schema.ts";
import type { Base, Task } from "../../suite/suite.ts";
import type { Changes, Tree } from "../../text/edit.ts";
import type { CounterSignal } from "../../verdict/answer/role.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { sourceContext } from "./context.ts";
import { feedbackText, visibleVerdict } from "./feedback.ts";
import { patchSummary } from "./patch-summary.ts";
import { cutTo, estimateTokens, fenced, fencedWithin, harmless } from "./text.ts";
import { ATTEMPT_SYSTEM, CRITIC_SYSTEM, JUDGE_SYSTEM, PLAN_SYSTEM } from "./system.ts";

export interface PromptMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** `policy.prompt` fits. */
export type PromptBudget = WrittenPolicy["prompt"];

export interface PlanInput {
  readonly task: Task;
  /** The broken tree. */
  readonly tree: Tree;
  /** From `repositoryOutline`, made once a base. */
  readonly outline: string;
  /** What verification says about the broken tree; null where it was not asked. */
  readonly start: Verdict | null;
  readonly budget: PromptBudget;
}

export interface PreviousAttempt {
  readonly answer: string;
  readonly verdict: Verdict;
}

export interface AttemptInput extends PlanInput {
  readonly format: AnswerFormat;
  /** The Architect's plan, if there is one. */
  readonly plan: string | null;
  /** The attempts before this one, oldest first. */
  readonly previous: readonly PreviousAttempt[];
}

export interface CritiqueInput {
  readonly task: Task;
  /** The broken tree. */
  readonly tree: Tree;
  readonly changes: Changes;
  readonly budget: PromptBudget;
}

export interface JudgeInput extends CritiqueInput {
  readonly verdict: Verdict;
  /** What the critic said, if it could. */
  readonly signal: CounterSignal | null;
}

/** Of `context_tokens`, what a plan and the start state's errors may take at most; the source has the rest. */
const PLAN_SHARE = 1 / 4;
const START_SHARE = 1 / 3;

/**
 * The Implementer's messages. Those of attempt n are the first messages of attempt n + 1: servers find the whole earlier
 * prompt in their prefix cache. Every attempt starts from the broken tree, so the source stays as first shown.
 */
export function attemptPrompt(input: AttemptInput): PromptMessage[] {
  const opening = `${taskText(input, input.plan)}\n\nRepair it. ${ANSWER_ONLY}`;
  const rounds = input.previous.flatMap(({ answer, verdict }, index) => {
    const kept = cutTo(harmless(answer), input.budget.feedback_tokens);
    const said = feedback(verdict, input.task.base, input.budget.feedback_tokens);
    return [message("assistant", kept.trim() === "" ? "(no answer)" : kept), message("user", retryText(index + 1, said))];
  });
  return [message("system", ATTEMPT_SYSTEM[input.format]), message("user", opening), ...rounds];
}

/** The Architect's messages; its answer is free text. */
export function planPrompt(input: PlanInput): PromptMessage[] {
  return [message("system", PLAN_SYSTEM), message("user", `${taskText(input, null)}\n\nWrite the plan.`)];
}

/** The SidecarCritic's messages; its answer is a CounterSignal. */
export function critiquePrompt(input: CritiqueInput): PromptMessage[] {
  return [message("system", CRITIC_SYSTEM), message("user", `${patchText(input)}\n\n${ANSWER_ONLY}`)];
}

/** The Judge's messages; its answer is an unlock decision. */
export function judgePrompt(input: JudgeInput): PromptMessage[] {
  const { task, budget, signal, verdict } = input;
  const critic =
    signal === null ? "The critic gave no signal." : `Severity ${signal.severity}, ${signal.kind}:\n${fencedWithin(signal.message, budget.feedback_tokens)}`;
  const parts = [
    patchText(input),
    section("Test results", feedback(verdict, task.base, budget.feedback_tokens)),
    section("The critic's signal", critic),
    ANSWER_ONLY,
  ];
  return [message("system", JUDGE_SYSTEM), message("user", parts.join("\n\n"))];
}

const ANSWER_ONLY = "Answer with the JSON object only.";

function message(role: PromptMessage["role"], content: string): PromptMessage {
  return { role, content: content.toWellFormed() };
}

function section(title: string, text: string): string {
  return `## ${title}\n\n${text}`;
}

/** The stable prefix (the outline), then the task: instruction, plan, source, errors. */
function taskText({ task, tree, outline, start, budget }: PlanInput, plan: string | null): string {
  const seen = start === null ? null : visibleVerdict(start, task.base);
  const planned = plan === null ? "" : fencedWithin(plan, Math.floor(budget.context_tokens * PLAN_SHARE));
  const errors = seen === null ? "" : feedbackText(seen, Math.min(budget.feedback_tokens, Math.floor(budget.context_tokens * START_SHARE)));
  const source = sourceContext({
    task,
    tree,
    diagnostics: seen?.status === "compile-error" ? seen.diagnostics : [],
    testOutputs: seen?.status === "failed" ? seen.tests.map(({ output }) => output) : [],
    tokens: budget.context_tokens - estimateTokens(planned) - estimateTokens(errors),
  });
  return [
    section("Repository: files and public names", fenced(outline)),
    section("Task", instruction(task)),
    planned === "" ? "" : section("Plan", planned),
    section("Source", source),
    errors === "" ? "" : section("State of the tree as it is", errors),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function instruction(task: Task): string {
  const editable = task.editable.map((glob) => `\`${glob}\``).join(", ");
  return `${task.instruction}\n\nYou may change: ${editable}. Manifests and test folders stay as they are.`;
}

function patchText({ task, tree, changes, budget }: CritiqueInput): string {
  return [section("Task", instruction(task)), section("Patch", patchSummary(tree, changes, budget.context_tokens))].join("\n\n");
}

function feedback(verdict: Verdict, base: Base, tokens: number): string {
  return feedbackText(visibleVerdict(verdict, base), tokens);
}

function retryText(attempt: number, said: string): string {
  const how = "Answer again, complete: your answer is applied to the files as shown at first, not on top of the last one.";
  return `${section(`Result of attempt ${attempt}`, said)}\n\n${how} ${ANSWER_ONLY}`;
}
