// Who does a step and why: what every model call, tool call and question to the notebook carries.
import { z } from "zod";
import { reason } from "./reason.ts";

export const STAGES = ["Plan", "Implement", "Validate", "Audit", "Unlock"] as const;
export const stage = z.enum(STAGES);
export const role = z.enum(["Architect", "Implementer", "SidecarCritic", "Judge", "NotebookLM"]);
export const mode = z.enum(["Reflex", "Cloud", "Service"]);

export const hash = z.string().regex(/^[0-9a-f]{64}$/);
export const ms = z.number().min(0);
export const count = z.number().int().min(0);

export const routing = z.strictObject({
  role,
  mode,
  stage,
  attempt: count,
  provider: z.string(),
  model: z.string().describe("The policy's name for the model."),
  selection_reason: reason,
  stand_in: z.string().nullable().describe("The embedded stand-in that plays this role because no key or server is there."),
  outside_policy: z.boolean().describe("True for slot attempts that the policy itself would not make (`--capability`)."),
});

export type Stage = z.infer<typeof stage>;
export type Role = z.infer<typeof role>;
export type Mode = z.infer<typeof mode>;
export type Routing = z.infer<typeof routing>;
