// A candidate asked once, as a run would ask it first: how its server holds an answer to a schema, before a run depends on it.
import { BakeoffError } from "../../core/base/errors.ts";
import type { OutputForm } from "../../core/policy/candidate/shape.ts";
import { providerOf } from "../../core/router/reflex.ts";
import { readAnswer } from "../../core/verdict/answer/answer.ts";
import { READING_NOW } from "../../core/verdict/answer/reading.ts";
import type { ModelReply, ModelRequest } from "../../ports/models.ts";
import type { LoadSuite } from "../../ports/suites.ts";
import { firstPrompt } from "../latency/first-prompt.ts";
import { fromWorkingTree } from "../policy/compared.ts";
import { DEFAULT_SUITE } from "../run/session.ts";
import type { CandidatePorts } from "./ports.ts";

export interface AskRequest {
  readonly policyFile: string;
  /** A candidate of that policy. */
  readonly name: string;
}

export interface AskedOnce {
  readonly task: string;
  /** How the server was asked to hold its answer to the schema at last; each form before it was refused. */
  readonly form: OutputForm;
  readonly refused: readonly OutputForm[];
  readonly reply: ModelReply;
  /** Does the answer satisfy the schema? Null where none came. */
  readonly inForm: boolean | null;
}

/** Calls the model: with a real prompt, and once more for each form that its server refuses. Nothing is applied or recorded. */
export async function askCandidate(
  ports: CandidatePorts & { readonly loadSuite: LoadSuite },
  { policyFile, name }: AskRequest,
  signal: AbortSignal,
): Promise<AskedOnce> {
  const { snapshot } = await fromWorkingTree(ports, policyFile);
  const candidate = snapshot.candidates.find((one) => one.name === name);
  const provider = candidate && ports.serving(snapshot).networkProviders().get(providerOf(candidate));
  if (!candidate || !provider) throw new BakeoffError("invariant", `no provider was built for ${name}`);
  const suite = await ports.loadSuite(DEFAULT_SUITE);
  const task = suite.tasks.find(({ risk }) => risk === "low");
  if (task === undefined) throw new BakeoffError("usage", `suite ${suite.name} has no low-risk task to take a prompt from`, "restore it");
  const format = candidate.answer_format;
  const { limits } = snapshot.policy;
  const request: ModelRequest = { purpose: "patch", model: name, timeoutMs: limits.request_timeout_ms, ...firstPrompt(suite, task, snapshot, format) };
  const refused: OutputForm[] = [];
  for (;;) {
    const reply = await provider.call(request, signal);
    const form = reply.outputForm ?? "json_schema";
    if (reply.outcome === "failed" && reply.formRefused) {
      refused.push(form);
      continue;
    }
    const read = reply.outcome === "failed" ? null : readAnswer(reply.text, format, limits, READING_NOW);
    return { task: task.id, form, refused, reply, inForm: read && read.ok && read.compliant };
  }
}
