// The notebook service: asked over HTTP within a deadline; whatever goes wrong is an answer of its own.
import { fetch } from "undici";
import { messageOf } from "../../core/base/errors.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Notebook } from "../../ports/notebook.ts";
import { startDeadline } from "./deadline.ts";
import { safeDetail } from "./failure.ts";
import { cappedText, parseObject } from "./transport.ts";

const HEALTH_MS = 2000;
const QUESTION_CHARS = 2000;
const BODY_BYTES = 1024 * 1024;

export interface NotebookOptions {
  /** Address that `/health` and `/api/ask` are appended to. */
  readonly endpoint: string;
  readonly notebook: string;
  /** Milliseconds for one question, the health check included. */
  readonly deadlineMs: number;
  readonly clock: Clock;
  /** Takes one of the day's questions; false if none is left. Present if the service has a daily quota. */
  readonly takeQuestion?: () => Promise<boolean>;
}

type Told = { readonly outcome: "answered"; readonly text: string } | { readonly outcome: "failed" | "skipped"; readonly detail: string };

/** Asks a notebook. The service's health is checked before the first question, and again only while it is unhealthy. */
export function notebookClient(options: NotebookOptions): Notebook {
  let health: Promise<string | null> | null = null;
  const checkHealth = async () => {
    health ??= notebookIllness(options);
    const detail = await health;
    if (detail !== null) health = null;
    return detail;
  };
  return {
    async ask(question, signal) {
      signal.throwIfAborted();
      const started = options.clock.now();
      const deadline = startDeadline(signal, { totalMs: options.deadlineMs, idleMs: options.deadlineMs });
      const told = await tell(options, question, { checkHealth, limit: deadline.signal }).catch(failure);
      deadline.stop();
      signal.throwIfAborted();
      const late = deadline.expired();
      const reply = told.outcome === "failed" && late !== null ? { ...told, detail: `the notebook gave ${late.words}` } : told;
      return { ...reply, totalMs: options.clock.now() - started };
    },
    upsert: (source, signal) => upsert(options, source, AbortSignal.any([signal, AbortSignal.timeout(options.deadlineMs)])),
  };
}

async function tell(
  options: NotebookOptions,
  question: string,
  { checkHealth, limit }: { readonly checkHealth: () => Promise<string | null>; readonly limit: AbortSignal },
): Promise<Told> {
  const ill = await Promise.race([checkHealth(), aborted(limit)]);
  if (ill !== null) return { outcome: "failed", detail: ill };
  if (options.takeQuestion && !(await options.takeQuestion())) return { outcome: "skipped", detail: "the day's questions are used up" };
  const { ok, status, body } = await post(options, "/api/ask", { question: cut(question), notebook: options.notebook }, limit);
  return ok ? answerOf(body) : { outcome: "failed", detail: `the notebook answers HTTP ${status}${errorIn(body)}` };
}

/** Adds a source to the notebook. Null if done, else the reason; never throws. */
async function upsert(options: NotebookOptions, source: { readonly name: string; readonly content: string }, limit: AbortSignal): Promise<string | null> {
  try {
    const { ok, status, body } = await post(options, "/api/sources/upsert", { notebook: options.notebook, ...source }, limit);
    return ok && body?.["success"] === true ? null : `the notebook took no source (HTTP ${status})${errorIn(body)}`;
  } catch (error) {
    return failure(error).detail;
  }
}

type Body = Readonly<Record<string, unknown>> | null;

async function post(
  options: NotebookOptions,
  path: string,
  json: Readonly<Record<string, string>>,
  limit: AbortSignal,
): Promise<{ readonly ok: boolean; readonly status: number; readonly body: Body }> {
  const response = await fetch(address(options, path), {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(json),
    redirect: "error",
    signal: limit,
  });
  return { ok: response.ok, status: response.status, body: parseObject(await cappedText(response, BODY_BYTES)) };
}

function answerOf(body: Body): Told {
  if (body?.["success"] !== true) return { outcome: "failed", detail: `the notebook gave no answer${errorIn(body)}` };
  const data = body["data"] as { readonly answer?: unknown } | null | undefined;
  if (typeof data?.answer !== "string" || data.answer.trim() === "") return { outcome: "failed", detail: "the notebook's answer is empty" };
  return { outcome: "answered", text: data.answer };
}

/** Why the service can't be asked; null if it is healthy. */
export async function notebookIllness(options: NotebookOptions): Promise<string | null> {
  try {
    const response = await fetch(address(options, "/health"), { redirect: "error", signal: AbortSignal.timeout(HEALTH_MS) });
    await response.body?.cancel();
    return response.ok ? null : `the notebook service is not well: HTTP ${response.status}`;
  } catch (error) {
    return failure(error).detail;
  }
}

/** Rejects when the signal aborts; never resolves. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const refuse = () => reject(signal.reason as Error);
    if (signal.aborted) refuse();
    else signal.addEventListener("abort", refuse, { once: true });
  });
}

function failure(error: unknown): { readonly outcome: "failed"; readonly detail: string } {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const detail = messageOf(cause instanceof AggregateError ? cause.errors[0] : cause);
  return { outcome: "failed", detail: safeDetail(`the notebook can't be reached: ${detail}`, null) };
}

/** The question as the service accepts it: at most 2,000 characters, no lone surrogate. */
function cut(question: string): string {
  return question.slice(0, QUESTION_CHARS).replace(/[\uD800-\uDBFF]$/, "");
}

function errorIn(body: Body): string {
  return typeof body?.["error"] === "string" ? safeDetail(`: ${body["error"]}`, null) : "";
}

function address({ endpoint }: NotebookOptions, path: string): string {
  return endpoint.replace(/\/+$/, "") + path;
}
