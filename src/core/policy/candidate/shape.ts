// The written form of one candidate: which model of which server, how it is asked, and how its server is started.
import { z } from "zod";
import { effort, name, served, tokens, url } from "./written-fields.ts";

/** How an answer is held to its schema, strictest first: `none` leaves it to the prompt. */
export const OUTPUT_FORMS = ["json_schema", "json_object", "regex", "none"] as const;

export type OutputForm = (typeof OUTPUT_FORMS)[number];

/** What `extra_body` may not hold: what the harness relies on, and what has a setting of its own. */
const OWN_MEMBERS = new Set(
  "model messages input stream stream_options n store max_tokens max_completion_tokens max_output_tokens response_format text reasoning reasoning_effort temperature top_p top_k seed stop chat_template_kwargs".split(
    " ",
  ),
);

const extraBody = z.record(z.string().min(1).max(100), z.json()).superRefine((body, context) => {
  for (const member of Object.keys(body))
    if (OWN_MEMBERS.has(member))
      context.addIssue({ code: "custom", path: [member], message: `${member} is set elsewhere: use the candidate's own setting for it` });
});

const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, "not the name of a variable");

export const candidateShape = z.strictObject({
  name,
  provider: name,
  /** The server's own id of the model. */
  model: z.string().min(1),
  /** Names by which an answer may call the model, beside its own with the usual decorations; `*` stands for anything. */
  accept_models: z.array(served).max(50).optional(),
  endpoint: url.optional(),
  effort: effort.optional(),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().gt(0).max(1).optional(),
  top_k: z.number().int().min(-1).max(1_000_000).optional(),
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  stop: z.array(z.string().min(1).max(200)).min(1).max(16).optional(),
  /** Arguments of the chat template, for instance `{ enable_thinking = false }`. */
  chat_template_kwargs: z.record(z.string().min(1).max(100), z.json()).optional(),
  /** Members of the request's body that only this server knows. */
  extra_body: extraBody.optional(),
  /** If absent: a JSON schema, and what is next best where the server refuses it. */
  structured_output: z.enum(OUTPUT_FORMS).optional(),
  max_output_tokens: tokens,
  answer_format: z.enum(["edits", "udiff", "whole"]).default("edits"),
  /** The command that starts its server; if absent, whoever runs the server starts it. */
  start: z.string().min(1).max(2000).optional(),
  /** Variables that the server sees beside this process's own. */
  start_env: z.record(variable, z.string().max(4000)).optional(),
  /** The folder that the server starts in; if absent: the current one. */
  start_dir: z.string().min(1).max(1000).optional(),
  /** US dollars for an hour of its machine. */
  price_per_hour: z.number().min(0).max(100_000).optional(),
  /** GPU memory requirements, in words. */
  vram: z.string().min(1).max(500).optional(),
});
