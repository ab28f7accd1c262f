// The levels of the audit, each with its checks.
import type { Level } from "../check.ts";
import { decisions } from "./decisions.ts";
import { integrity } from "./integrity.ts";
import type { LevelName } from "./level.ts";
import { modelCalls } from "./model-calls.ts";
import { patches } from "./patches.ts";
import { prompts } from "./prompts.ts";
import { reexecution } from "./reexecution.ts";

export const LEVELS: Readonly<Record<LevelName, Level>> = { integrity, decisions, prompts, patches, "re-execution": reexecution, "model calls": modelCalls };
