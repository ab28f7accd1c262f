// Streams of the responses API, with events and items as OpenAI's SDK has them.
import { sse, type WireCase } from "./case.ts";

const response = { id: "resp_1", object: "response", model: "m-1", status: "in_progress", output: [] };
const item = (text: string) => ({
  type: "message",
  id: "msg_1",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text, annotations: [] }],
});
const usage = {
  input_tokens: 9,
  input_tokens_details: { cached_tokens: 4 },
  output_tokens: 2,
  output_tokens_details: { reasoning_tokens: 1 },
  total_tokens: 11,
};

const opening = [
  { type: "response.created", sequence_number: 0, response },
  { type: "response.in_progress", sequence_number: 1, response },
];
const delta = (text: string) => ({ type: "response.output_text.delta", item_id: "msg_1", output_index: 0, content_index: 0, delta: text, logprobs: [] });
const completed = (facts: object = {}) => ({
  type: "response.completed",
  response: { ...response, status: "completed", output: [item("fine")], usage, ...facts },
});
const incomplete = (reason: string) => ({
  type: "response.incomplete",
  response: { ...response, status: "incomplete", incomplete_details: { reason }, usage },
});

const responded = (name: string, events: readonly (object | string)[], facts: Partial<WireCase> = {}): WireCase => ({
  name: `responses: ${name}`,
  kind: "openai",
  api: "responses",
  body: sse(...events),
  is: "answered",
  ...facts,
});

const said = [...opening, delta("fi"), delta("ne")];

export const RESPONSES: readonly WireCase[] = [
  responded("an answer", [...said, completed()], { usage: { promptTokens: 9, cachedTokens: 4, responseTokens: 2, reasoningTokens: 1 } }),
  responded("items around the text", [
    ...opening,
    { type: "response.output_item.added", output_index: 0, item: { ...item(""), status: "in_progress", content: [] } },
    { type: "response.content_part.added", part: { type: "output_text", text: "", annotations: [] } },
    delta("fine"),
    { type: "response.output_text.done", text: "fine" },
    { type: "response.content_part.done", part: { type: "output_text", text: "fine" } },
    { type: "response.output_item.done", item: item("fine") },
    completed(),
  ]),
  responded("a summary of thoughts", [...opening, { type: "response.reasoning_summary_text.delta", delta: "hm" }, ...said.slice(2), completed()], {
    reasoning: "hm",
  }),
  responded("thoughts as they are", [...opening, { type: "response.reasoning_text.delta", delta: "hm" }, ...said.slice(2), completed()], { reasoning: "hm" }),
  responded("the text only at the end", [...opening, completed()]),
  responded("an item that is no message", [...opening, completed({ output: [{ type: "reasoning", summary: [] }, item("fine")] })]),
  responded("an unknown event", [...opening, { type: "response.something.new", delta: "x" }, delta("fine"), completed()]),
  responded("an event named as an object's own", [...opening, { type: "constructor" }, delta("fine"), completed()]),
  responded("no text", [...opening, completed({ output: [] })], { is: "empty-answer" }),
  responded("no end", said, { is: "cut-stream" }),
  responded("too many tokens", [...said, incomplete("max_output_tokens")], { is: "truncated" }),
  responded("a filter", [...said, incomplete("content_filter")], { is: "refusal" }),
  responded("another reason", [...said, incomplete("new")], { is: "server-error" }),
  responded("a refusal", [...opening, { type: "response.refusal.delta", delta: "no" }, completed({ output: [] })], { is: "refusal" }),
  responded("a failure", [...opening, { type: "response.failed", response: { ...response, error: { code: "rate_limit_exceeded", message: "slow" } } }], {
    is: "rate-limit",
  }),
  responded("a failure without words", [...opening, { type: "response.failed", response }], { is: "server-error" }),
  responded(
    "a failure of the server",
    [...opening, { type: "response.failed", response: { ...response, error: { code: "server_error", message: "sorry" } } }],
    { is: "server-error" },
  ),
  responded("an error event, flat", [...opening, { type: "error", code: "server_is_overloaded", message: "busy", param: null, sequence_number: 2 }], {
    is: "overload",
  }),
  responded("an error event, nested", [...opening, { type: "error", error: { code: "context_length_exceeded", message: "long" } }], { is: "context-too-long" }),
  responded("an error without a type", [{ error: { code: 503, message: "busy" } }], { is: "overload" }),
  responded("another model", [{ type: "response.created", response: { ...response, model: "m-2" } }, delta("fine"), completed({ model: "m-2" })], {
    is: "model-not-found",
  }),
  responded("another model at the end", [...said, completed({ model: "m-2" })], { is: "model-not-found" }),
  responded("no usage", [...said, completed({ usage: null })], { usage: { promptTokens: null } }),
];
