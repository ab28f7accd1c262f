// The dialects, by name: a kind of server that is not here does not compile.
import type { DialectName } from "../../../core/policy/dialect.ts";
import type { Dialect } from "./dialect.ts";
import { openai } from "./openai.ts";
import { sglang } from "./sglang.ts";
import { vllm } from "./vllm.ts";

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = { openai, sglang, vllm };
