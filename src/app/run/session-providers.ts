// The model providers of a session: those that wait for a server that the run starts itself, and those that first look for an earlier answer.
import { BakeoffError } from "../../core/base/errors.ts";
import type { Header } from "../../core/capsule/line.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { KeptAnswers } from "../../ports/kept-answers.ts";
import type { ModelProvider } from "../../ports/models.ts";
import type { Serving } from "../../ports/serving.ts";
import type { Workbench } from "../../ports/workbench.ts";
import { reusingProvider } from "../../trial/reused-answers.ts";
import { type ExternalPatches, externalProvider } from "./external.ts";
import type { ServedTurns } from "./served-turns.ts";

/** What of a session its providers need. */
export interface ProvidersSession {
  /** Those that may be used again; null: every model is asked. */
  readonly answers: KeptAnswers | null;
  readonly request: { readonly external?: ExternalPatches | undefined };
  readonly watcher: { answerCache?(what: string): void };
}

interface Playing {
  readonly header: Header;
  readonly snapshot: PolicySnapshot;
  readonly serving: Pick<Serving, "providers" | "redactor">;
  readonly bench: Workbench;
  readonly turns: ServedTurns;
}

/** An answer that is there already waits for no server. Throws `usage` for a cache that the run was not begun with. */
export function sessionProviders(
  { answers, request, watcher }: ProvidersSession,
  { header, snapshot, serving, bench, turns }: Playing,
): Map<string, ModelProvider> {
  const { external } = request;
  const playing = new Map([...serving.providers(bench), ...(external === undefined ? [] : [externalProvider(external)])]);
  const patient = new Map([...playing].map(([name, provider]) => [name, turns.order.length === 0 ? provider : turns.patient(provider)]));
  if (answers === null) return patient;
  if (header.answer_cache === undefined)
    throw new BakeoffError("usage", `run ${header.run_id} was begun without an answer cache`, "leave --answer-cache out, or start a new run with it");
  const means = {
    answers,
    redactor: serving.redactor,
    maxChars: snapshot.policy.limits.max_answer_chars,
    tell: (what: string): void => watcher.answerCache?.(what),
  };
  return new Map([...patient].map(([name, provider]) => [name, reusingProvider(provider, means)]));
}
