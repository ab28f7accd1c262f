// What each key of a candidate's entry says, for editors and for the reference.
import type { WrittenCandidates } from "./schema.ts";

type CandidateKey = keyof WrittenCandidates["candidate"][number];

/** In the order of an entry. */
export const CANDIDATE_KEYS: Readonly<Record<CandidateKey, string>> = {
  name: "What commands, reports and the policy call it.",
  provider: "A name of the policy's `[providers]`: dialect, address and key.",
  model: "The server's own id of the model.",
  accept_models: "Names by which an answer may call the model, with `*` for anything; `m@main`, `openai/m`, `m-2026-01-31` and `m.gguf` are taken as they are.",
  endpoint: "Its own address. If absent: the provider's.",
  effort: "How hard it reasons, where the model knows such a setting.",
  temperature: "How freely it samples. If absent: as the server does.",
  top_p: "Samples from the likeliest tokens that together have this probability.",
  top_k: "Samples from so many likeliest tokens; -1: from all.",
  seed: "The server's seed of sampling.",
  stop: "Texts that end an answer.",
  chat_template_kwargs: "Arguments of the chat template, such as `{ enable_thinking = false }`.",
  extra_body: "Members of the request's body that only this server knows.",
  structured_output: "How an answer is held to its form. If absent: what the server takes is found out and recorded.",
  max_output_tokens: "The longest answer that is asked for.",
  answer_format: "How a patch is written: search and replace (`edits`), a unified diff (`udiff`), or whole files (`whole`).",
  start: "The command that starts its server, as a shell line without a shell. If absent: whoever runs the server starts it.",
  start_env: "Variables that the server sees beside this process's own.",
  start_dir: "The folder that the server starts in. If absent: the current one.",
  price_per_hour: "US dollars for an hour of its machine: a call costs its share of the time that it took. If absent: as its tokens are priced, else unknown.",
  vram: "What its GPU must hold, in words.",
};
