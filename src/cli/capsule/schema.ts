// `bakeoff capsule schema`: the JSON Schema of a capsule's lines.
import { capsuleJsonSchema } from "../../core/capsule/json-schema.ts";

export async function schema(): Promise<number> {
  process.stdout.write(`${JSON.stringify(capsuleJsonSchema(), null, 2)}\n`);
  return 0;
}
