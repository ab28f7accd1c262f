// Logs of real calls as proxies and SDKs write them: LiteLLM's standard payload, and OpenAI's request beside its response.
import { z } from "zod";

/** One call that somebody made, and what they said came of it. Nothing here was checked by anybody. */
export interface LoggedCall {
  /** 1-based. */
  readonly line: number;
  readonly id: string | null;
  readonly model: string;
  /** As the log writes it; null: it does not say. */
  readonly at: string | null;
  readonly prompt: string;
  readonly answer: string;
  /** What the log claims came of it; null: nothing. */
  readonly outcome: string | null;
  /** The task that the caller named; null: none. */
  readonly task: string | null;
}

export interface ReadTraffic {
  readonly calls: readonly LoggedCall[];
  /** Lines that hold no call with a prompt and an answer, and why. */
  readonly unread: readonly { readonly line: number; readonly why: string }[];
}

const part = z.looseObject({ text: z.string().optional() });
const content = z
  .union([z.string(), z.array(part), z.null()])
  .optional()
  .transform((given) => (typeof given === "string" ? given : (given ?? []).map(({ text = "" }) => text).join("\n")));
const message = z.looseObject({ role: z.string().optional(), content });
const choices = z.looseObject({ model: z.string().optional(), choices: z.array(z.looseObject({ message })).min(1) });
const claims = z.looseObject({ task: z.string().optional(), task_id: z.string().optional(), spec_id: z.string().optional(), outcome: z.unknown().optional() });
/** LiteLLM drops what the caller said beside its own fields, but for these two. */
const named = claims.extend({ requester_metadata: claims.nullish(), spend_logs_metadata: claims.nullish() });

/** `messages` and `response` at the top as LiteLLM has them, or a request with its response as an SDK's own log has. */
const call = z.looseObject({
  id: z.string().optional(),
  model: z.string().optional(),
  startTime: z.union([z.string(), z.number()]).optional(),
  created_at: z.union([z.string(), z.number()]).optional(),
  messages: z.array(message).optional(),
  request: z.looseObject({ model: z.string().optional(), messages: z.array(message).optional(), metadata: named.optional() }).optional(),
  response: z.union([choices, z.string()]),
  task: z.string().optional(),
  task_id: z.string().optional(),
  outcome: z.unknown().optional(),
  metadata: named.optional(),
});

/** Hostile input: what is not understood is listed, never guessed. */
export function readTraffic(text: string): ReadTraffic {
  const calls: LoggedCall[] = [];
  const unread: { line: number; why: string }[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const read = callOf(line, index + 1);
    if (typeof read === "string") unread.push({ line: index + 1, why: read });
    else calls.push(read);
  }
  return { calls, unread };
}

function callOf(text: string, line: number): LoggedCall | string {
  const value = jsonOf(text);
  if (value === undefined) return "not JSON";
  const read = call.safeParse(value);
  if (!read.success) return "no call: messages and a response are wanted, as LiteLLM and OpenAI log them";
  const { id = null, request, messages = request?.messages ?? [] } = read.data;
  const answer = answerOf(read.data);
  if (messages.length === 0) return "it has no prompt";
  if (answer === "") return "it has no answer";
  const prompt = messages.map(({ role = "user", content: said }) => `${role}: ${said}`).join("\n\n");
  return { line, id, model: modelOf(read.data), at: timeOf(read.data), prompt, answer, ...claimsOf(read.data) };
}

type Call = z.infer<typeof call>;

const answerOf = ({ response }: Call): string => (typeof response === "string" ? response : (response.choices[0]?.message.content ?? ""));

const modelOf = ({ model, request, response }: Call): string =>
  model ?? request?.model ?? (typeof response === "string" ? undefined : response.model) ?? "unknown";

function timeOf({ startTime, created_at: createdAt }: Call): string | null {
  const at = startTime ?? createdAt;
  return at === undefined ? null : String(at);
}

function claimsOf({ outcome, task, task_id: id, request, metadata = request?.metadata }: Call): Pick<LoggedCall, "outcome" | "task"> {
  const said: readonly z.infer<typeof claims>[] = [metadata, metadata?.requester_metadata, metadata?.spend_logs_metadata].filter((own) => own != null);
  const taskSaid = said.map((own) => own.task ?? own.task_id ?? own.spec_id).find((name) => name !== undefined);
  return { outcome: outcomeOf(outcome ?? said.find((own) => own.outcome !== undefined)?.outcome), task: task ?? id ?? taskSaid ?? null };
}

const outcomeOf = (given: unknown): string | null => (given === undefined || given === null ? null : typeof given === "string" ? given : JSON.stringify(given));

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
