// What each role's prompt is built from, gathered from a trial's history: the one way to a prompt, for live runs, replay and measurements.
import type { Sha256 } from "../../base/canonical.ts";
import type { AnswerFormat } from "../../policy/schema.ts";
import type { Task } from "../../suite/suite.ts";
import type { Changes, Tree } from "../../text/edit.ts";
import type { CounterSignal } from "../../verdict/answer/role.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import type { AttemptState } from "../events/tool-result.ts";
import type { TrialState } from "../fold.ts";
import type { Role } from "../routing.ts";
import { attemptPrompt, critiquePrompt, judgePrompt, planPrompt, type PromptBudget, type PromptMessage } from "./prompt.ts";

/** What is the same for every prompt of a trial. */
export interface PromptScene {
  readonly task: Task;
  /** The broken tree. */
  readonly tree: Tree;
  /** From `repositoryOutline`. */
  readonly outline: string;
  readonly budget: PromptBudget;
}

/** Where the texts of a trial are looked up; null where one is not there. */
export interface PromptTexts {
  text(hash: Sha256): string | null;
  verdict(hash: Sha256): Verdict | null;
}

/** The roles that a model plays by answering a prompt. */
export type PromptRole = Exclude<Role, "NotebookLM">;

/** Paths with the hash of the content that a patch left; null: it deleted the file. Empty where no patch was applied. */
type PatchedFiles = readonly (readonly [path: string, hash: Sha256 | null])[];

/** Everything that a prompt is built from beside the scene, as data: texts by their hashes. Equal facts make equal prompts. */
export interface PromptFacts {
  readonly role: PromptRole;
  /** Verdict on the broken tree, where the prompt shows it; null: the record does not name it. */
  readonly start: Sha256 | null | "not-shown";
  /** The Implementer's. */
  readonly format: AnswerFormat | null;
  readonly plan: Sha256 | null;
  /** The attempts before this one, oldest first. */
  readonly previous: readonly { readonly answer: Sha256 | null; readonly verdict: Sha256 }[];
  /** What a reviewer looks at. */
  readonly patch: PatchedFiles;
  /** Of the reviewed attempt; null where there was none. */
  readonly verdict: Sha256 | null;
  readonly signal: Pick<CounterSignal, "severity" | "kind" | "message"> | null;
}

/** What a call is made with beside the history: the verdict on the broken tree, and the candidate's answer format. */
export interface PromptCall {
  /** Null where the record does not name it. */
  readonly start: Sha256 | null;
  readonly format: AnswerFormat;
}

const NOTHING: Omit<PromptFacts, "role"> = { start: "not-shown", format: null, plan: null, previous: [], patch: [], verdict: null, signal: null };

const GATHER: Readonly<Record<PromptRole, (state: TrialState, call: PromptCall) => Partial<PromptFacts>>> = {
  Architect: (_, { start }) => ({ start }),
  Implementer: ({ plan, attempts }, { start, format }) => ({
    start,
    format,
    plan: plan?.response_hash ?? null,
    previous: attempts.map(({ call, result }) => ({ answer: call.response_hash, verdict: result.output_hash })),
  }),
  SidecarCritic: ({ attempts }) => ({ patch: patchedFiles(attempts.at(-1)) }),
  Judge: ({ attempts, signal }) => ({
    patch: patchedFiles(attempts.at(-1)),
    verdict: attempts.at(-1)?.result.output_hash ?? null,
    // A signal's kind is kept as a plain text in events.
    signal: signal && { severity: signal.severity, kind: signal.signal_kind as CounterSignal["kind"], message: signal.message },
  }),
};

/** `state`: the trial's before the step that the call belongs to. */
export const promptFacts = (role: PromptRole, state: TrialState, call: PromptCall): PromptFacts => ({ ...NOTHING, role, ...GATHER[role](state, call) });

/** A role's very first prompt, before anything is known of the broken tree. */
export const firstAttemptFacts = (format: AnswerFormat): PromptFacts => ({ ...NOTHING, role: "Implementer", format });

function patchedFiles(attempt: AttemptState | undefined): PatchedFiles {
  if (!attempt || attempt.result.verdict.status === "patch-rejected") return [];
  return attempt.patches.map(({ file_path: path, after_hash: hash }) => [path, hash] as const);
}

/** `missing` names the text without which the prompt can't be built. */
export type BuiltPrompt = { readonly ok: true; readonly messages: readonly PromptMessage[] } | { readonly ok: false; readonly missing: string };

const BUILD: Readonly<Record<PromptRole, (scene: PromptScene, facts: PromptFacts, texts: Found) => readonly PromptMessage[]>> = {
  Architect: (scene, { start }, texts) => planPrompt({ ...scene, start: texts.startVerdict(start) }),
  Implementer: (scene, { start, format, plan, previous }, texts) =>
    attemptPrompt({
      ...scene,
      start: texts.startVerdict(start),
      format: format ?? "edits",
      plan: plan === null ? null : texts.text(plan, "the Architect's plan"),
      previous: previous.map(({ answer, verdict }) => ({
        answer: answer === null ? "" : texts.text(answer, "an earlier answer"),
        verdict: texts.verdict(verdict, "an earlier verdict's full text"),
      })),
    }),
  SidecarCritic: (scene, { patch }, texts) => critiquePrompt({ ...scene, changes: texts.changes(patch) }),
  Judge: (scene, { patch, verdict, signal }, texts) =>
    judgePrompt({
      ...scene,
      changes: texts.changes(patch),
      verdict: verdict === null ? NO_ATTEMPT : texts.verdict(verdict, "the last verdict's full text"),
      signal: signal && { ...signal, evidence_ref: null, source_role: "sidecar_critic" },
    }),
};

/** Builds the messages; the same facts, scene and texts give the same messages. */
export function buildPrompt(scene: PromptScene, facts: PromptFacts, texts: PromptTexts): BuiltPrompt {
  const found = new Found(texts);
  const messages = BUILD[facts.role](scene, facts, found);
  return found.missing === null ? { ok: true, messages } : { ok: false, missing: `${found.missing} is not in the record` };
}

const NO_ATTEMPT: Verdict = { status: "infrastructure", detail: "no attempt" };

/** Looks texts up, and remembers the first that is not there. */
class Found {
  missing: string | null = null;
  private readonly source: PromptTexts;

  constructor(source: PromptTexts) {
    this.source = source;
  }

  text(hash: Sha256, what: string): string {
    return this.source.text(hash) ?? this.lacks(what, "");
  }

  verdict(hash: Sha256, what: string): Verdict {
    return this.source.verdict(hash) ?? this.lacks(what, NO_ATTEMPT);
  }

  startVerdict(start: PromptFacts["start"]): Verdict | null {
    if (start === "not-shown") return null;
    const what = "the verdict on the broken tree";
    return start === null ? this.lacks(what, null) : this.verdict(start, what);
  }

  changes(patch: PatchedFiles): Changes {
    return new Map(patch.map(([path, hash]) => [path, hash === null ? null : this.text(hash, "a patched file")]));
  }

  private lacks<T>(what: string, instead: T): T {
    this.missing ??= what;
    return instead;
  }
}
