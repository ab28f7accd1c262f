// The dialects, by name: complete by type.
import type { DialectName } from "../../../core/policy/candidate/dialect.ts";
import type { Dialect } from "./dialect.ts";
import { openai } from "./openai.ts";
import { sglang } from "./sglang.ts";
import { vllm } from "./vllm.ts";

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = { openai, sglang, vllm };
