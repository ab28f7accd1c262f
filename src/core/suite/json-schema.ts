// JSON Schemas of suite.toml and of a task's file, for the reference: generated from the schemas that read them.
import { z } from "zod";
import { suiteSchema, taskSchema } from "./schema.ts";

export const suiteJsonSchemas = (): Readonly<Record<"suite.toml" | "tasks/ID.toml", Readonly<Record<string, unknown>>>> => ({
  "suite.toml": z.toJSONSchema(suiteSchema, { io: "input", target: "draft-7", reused: "inline" }),
  "tasks/ID.toml": z.toJSONSchema(taskSchema, { io: "input", target: "draft-7", reused: "inline" }),
});
