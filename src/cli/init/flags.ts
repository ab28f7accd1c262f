// The flags of `bakeoff init`.
import { PIPELINE_NAMES } from "../../app/init/pipelines/names.ts";
import { type OptionsOf, toggle, value } from "../command.ts";
import { json, oneOf } from "../options.ts";

export const initFlags = {
  ci: value("<service>", `write a pipeline for it, too: ${PIPELINE_NAMES.join(", ")}`, oneOf(PIPELINE_NAMES)),
  suite: toggle("make the suite of mutants that it proposes at once"),
  json,
};

export type InitOptions = OptionsOf<typeof initFlags>;
