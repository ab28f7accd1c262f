// How answers are held to their schema, model by model: as the candidate says, or by the strictest form that its server takes, which is remembered.
import type { OutputForm } from "../../core/policy/candidate/shape.ts";
import type { ServedModel } from "./dialects/dialect.ts";

/** What is tried after a form that a server refuses; where a candidate says nothing. */
const NEXT: Readonly<Partial<Record<OutputForm, OutputForm>>> = { json_schema: "json_object", json_object: "none" };

export interface OutputForms {
  of(alias: string, served: ServedModel): OutputForm;
  /** True if there is another form to try: it is that of the next calls. */
  refused(alias: string, served: ServedModel, form: OutputForm): boolean;
}

export function outputForms(): OutputForms {
  const known = new Map<string, OutputForm>();
  const of: OutputForms["of"] = (alias, { structuredOutput }) => structuredOutput ?? known.get(alias) ?? "json_schema";
  return {
    of,
    refused: (alias, served, form) => {
      const next = served.structuredOutput === undefined ? NEXT[form] : undefined;
      if (next === undefined) return false;
      // Calls at the same time are refused together: the first of them decides.
      if (of(alias, served) === form) known.set(alias, next);
      return true;
    },
  };
}
