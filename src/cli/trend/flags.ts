// The flags of `bakeoff trend`.
import { TREND_FORMATS } from "../../core/report/trend/formats.ts";
import { DEFAULT_TREND_ALPHA } from "../../core/report/trend/level.ts";
import { FlagError, type OptionsOf, text, value } from "../command.ts";
import { json, names, oneOf } from "../options.ts";
import { TREND_FAILURES } from "./exit-code.ts";

function day(word: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(word) && !Number.isNaN(Date.parse(word))) return word;
  throw new FlagError("Write it as 2026-11-29.");
}

function level(word: string): number {
  const alpha = Number(word);
  if (alpha > 0 && alpha <= 0.2) return alpha;
  throw new FlagError("It must be above 0 and at most 0.2.");
}

export const trendFlags = {
  since: value("<date>", "only runs begun on this day (UTC) or later", day),
  suite: text("<name>", "only runs of this suite"),
  candidates: value("<a,b>", "only these candidates", names),
  alpha: value("<share>", "how often an unchanged history may be said to have changed, at one look", level, DEFAULT_TREND_ALPHA),
  failOn: value("<what>", "exit with 12 on drift (a change for the worse), or on any change", oneOf(TREND_FAILURES)),
  format: value("<format>", "text, md, html or json, on stdout", oneOf(TREND_FORMATS), "text"),
  comment: text("<file>", "write the body of a pull request's comment: one verdict, then what changed"),
  json,
};

export type TrendOptions = OptionsOf<typeof trendFlags>;
