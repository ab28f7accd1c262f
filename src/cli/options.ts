// What the commands' flags share: values that are read strictly, and flags that several commands have.
import { isReportFormat, REPORT_FORMAT_NAMES, type ReportFormat } from "../core/report/formats/registry.ts";
import { STEP_KINDS, type StepKind } from "../app/queue/step-kinds.ts";
import { FlagError, repeated, several, text, toggle, value } from "./command.ts";

export const commaList = (words: string): string[] =>
  words
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

export function names(words: string): string[] {
  const wanted = commaList(words);
  if (wanted.length > 0) return wanted;
  throw new FlagError("Name at least one candidate.");
}

export function whole(least: number, most: number) {
  return (word: string): number => {
    const number = Number(word);
    if (Number.isInteger(number) && number >= least && number <= most) return number;
    throw new FlagError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** `5` or `5%`. */
export function percentage(word: string): number {
  const [, figure] = /^(\d+(?:\.\d+)?)%?$/.exec(word) ?? [];
  if (figure !== undefined && Number(figure) <= 100) return Number(figure);
  throw new FlagError("It must be a percentage from 0 to 100.");
}

export function queueUrl(word: string): string {
  if (/^rediss?:\/\/\S+$/.test(word) && URL.canParse(word)) return word;
  throw new FlagError("It must be an address that begins with redis:// or rediss://.");
}

/** `model`, `verify` or both. */
export function stepKinds(words: string): readonly StepKind[] {
  const wanted = commaList(words);
  const known = STEP_KINDS.filter((kind) => wanted.includes(kind));
  if (known.length > 0 && wanted.every((word) => known.some((kind) => kind === word))) return known;
  throw new FlagError(`Allowed choices are ${STEP_KINDS.join(", ")}, or both with a comma between them.`);
}

/** `[HOST:]PORT`, IPv6 in brackets; port 0 takes one that is free. Without a host: this machine alone. */
export function socketAddress(word: string): { readonly host: string; readonly port: number } {
  const [, bracketed, name, port] = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+)):)?(\d{1,5})$/.exec(word) ?? [];
  if (port !== undefined && Number(port) < 65_536) return { host: bracketed ?? name ?? "127.0.0.1", port: Number(port) };
  throw new FlagError("It must be a port, or HOST:PORT.");
}

export const queuePasswordFile = text("<file>", "file whose first line is the queue's password (default: BAKEOFF_QUEUE_PASSWORD)");

export function httpUrl(word: string): string {
  if (/^https?:\/\/\S+$/.test(word) && URL.canParse(word)) return word;
  throw new FlagError("It must be an address that begins with http:// or https://.");
}

export function atLeast(least: number) {
  return (word: string): number => {
    const number = Number(word);
    if (/^\d+(\.\d+)?$/.test(word) && number >= least && number <= 1_000_000) return number;
    throw new FlagError(`It must be a number from ${least}.`);
  };
}

export function wholeCount(word: string): number {
  const number = atLeast(0)(word);
  if (Number.isInteger(number)) return number;
  throw new FlagError("It must be a whole number.");
}

export function instant(word: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(word) && !Number.isNaN(Date.parse(word))) return word;
  throw new FlagError("Write it as 2026-11-22T00:00:00.000Z.");
}

export function numbers(least: number, most: number) {
  return (words: string): number[] => {
    const wanted = commaList(words).map(Number);
    if (wanted.length > 0 && wanted.every((number) => number >= least && number <= most && (least < 1 || Number.isInteger(number))))
      return [...new Set(wanted)];
    throw new FlagError(`It must be ${least < 1 ? "numbers" : "whole numbers"} from ${least} to ${most}, with commas between them.`);
  };
}

/** Points of a rate: differences that may be negative. */
export function points(words: string): number[] {
  const wanted = commaList(words).map(Number);
  if (wanted.length > 0 && wanted.every((number) => number >= -100 && number <= 100)) return [...new Set(wanted)];
  throw new FlagError("It must be numbers from -100 to 100, with commas between them.");
}

export function oneOf<const T extends string>(choices: readonly T[]) {
  return (word: string): T => {
    const choice = choices.find((known) => known === word);
    if (choice !== undefined) return choice;
    throw new FlagError(`Allowed choices are ${choices.join(", ")}.`);
  };
}

export function formats(words: string): readonly ReportFormat[] {
  const wanted = commaList(words);
  const known = wanted.filter(isReportFormat);
  if (known.length > 0 && known.length === wanted.length) return known;
  throw new FlagError(`${wanted.find((word) => !isReportFormat(word)) ?? "nothing"} is no format: choose from ${REPORT_FORMAT_NAMES.join(", ")}.`);
}

export const json = toggle("one JSON document on stdout");

export const policy = text("<file>", "policy file; candidates.toml lies beside it");

export const policyFrom = text("<rev>", "take the policy and its trusted keys from this git revision: a branch can't bring its own");

export const trust = several("public-key", "trust these public keys (raw ed25519, base64) beside the policy's; recorded");

/** The layers over the workspace's policy. */
export const layers = {
  policy,
  spec: text("<name|file>", "the layer of one spec: a .toml file, or a name in specs/ beside the policy"),
  set: repeated("<key=value>", "override a value (TOML) for this run only; may be repeated, needs --allow-override"),
  allowOverride: toggle("allow --set; what is overridden is recorded"),
};

export const key = text("<file>", "ed25519 key (PKCS #8 PEM); else the variable BAKEOFF_SIGNING_KEY, if set");

/** What of a repository is built, and with what. */
export const build = {
  features: value("<a,b>", "build and test with these cargo features too", names),
  allFeatures: toggle("build and test with all cargo features"),
  package: several("name", "build and test only these members of the workspace (default: the manifest's default-members, else all; '*' for all)"),
  exclude: several("name", "build and test all members of the workspace but these"),
  include: several("glob", "take these files of the repository's folder too: build data that git ignores, or keeps elsewhere"),
};
