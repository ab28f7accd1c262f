// What `bakeoff candidate test --ask` says of the answer.
import type { AskedOnce } from "../../app/candidate/ask.ts";
import { milliseconds } from "../../core/text/figures.ts";

const HELD: Readonly<Record<AskedOnce["form"], string>> = {
  json_schema: "held to a JSON schema",
  json_object: "held to JSON, not to the schema",
  regex: "held to a regular expression",
  none: "held to no form",
};

export function askedLines({ task, form, refused, reply, inForm }: AskedOnce): readonly string[] {
  const before = refused.map((one) => `its server refused ${one}`);
  if (reply.outcome === "failed") return [...before, `asked for a patch of ${task}: ${reply.failure}: ${reply.detail}`];
  const { times, usage } = reply;
  const first = times.ttftMs === null ? "" : `, the first token after ${milliseconds(times.ttftMs)} ms`;
  const tokens = usage.promptTokens === null ? "it does not say how many tokens" : `${usage.promptTokens} + ${usage.responseTokens ?? "?"} tokens`;
  const thought = reply.reasoning ? ", reasoning apart" : "";
  return [
    ...before,
    `asked for a patch of ${task}: answered after ${milliseconds(times.totalMs)} ms${first}; ${tokens}${thought}`,
    `${HELD[form]}: the answer ${inForm === true ? "satisfies the schema" : "does not satisfy the schema, so that runs ask for it again or lose the attempt"}`,
  ];
}
