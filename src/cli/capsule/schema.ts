// `bakeoff capsule schema`: the JSON Schema of a capsule's lines.
import { capsuleJsonSchema } from "../../core/capsule/json-schema.ts";
import { printJson } from "./text.ts";

export async function schema(): Promise<number> {
  printJson(capsuleJsonSchema());
  return 0;
}
