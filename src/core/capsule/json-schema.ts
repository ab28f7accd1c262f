// The published JSON Schema of a capsule's lines, generated from the schemas that read them.
import { z } from "zod";
import { CAPSULE_FORMAT, capsuleLine } from "./line.ts";

/** JSON Schema 2020-12 of one line. */
export function capsuleJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(capsuleLine, { target: "draft-2020-12" });
  return {
    $schema,
    $id: `urn:bakeoff:capsule-line:${CAPSULE_FORMAT}`,
    title: "One line of a Bakeoff capsule",
    description: `Format ${CAPSULE_FORMAT}: a header, then texts by hash, then events in plan order, then the seal. Lines are canonical JSON (RFC 8785).`,
    ...schema,
  };
}
