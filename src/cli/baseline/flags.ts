// The flags of `bakeoff baseline` and its subcommands.
import { FlagError, type OptionsOf, required, text, value } from "../command.ts";
import { json, names } from "../options.ts";

function word(given: string): string {
  if (given.trim() !== "" && given.length <= 1000) return given;
  throw new FlagError("Write a sentence of at most 1,000 characters.");
}

function day(given: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(given) && !Number.isNaN(Date.parse(given))) return given;
  throw new FlagError("Write it as 2026-11-29.");
}

const agreement = {
  by: required(value("<name>", "who says so", word)),
  reason: required(value("<text>", "why, for whoever reads it in a year", word)),
  key: text("<file>", "sign with this key, which the policy must trust (default: BAKEOFF_SIGNING_KEY)"),
  json,
};

export const blessFlags = { ...agreement, since: value("<date>", "only runs begun on this day (UTC) or later", day) };
export const acknowledgeFlags = { ...agreement, candidates: value("<a,b>", "only these candidates (default: all, and the figures of whole runs)", names) };
export const baselineListFlags = { json };

export type BlessOptions = OptionsOf<typeof blessFlags>;
export type AcknowledgeOptions = OptionsOf<typeof acknowledgeFlags>;
export type BaselineListOptions = OptionsOf<typeof baselineListFlags>;
