// What the commands' options share: values that are read strictly, and options that several commands have.
import { Argument, type Command, InvalidArgumentError } from "commander";
import { nearest } from "../core/base/nearest.ts";

export type Run = (action: () => Promise<number>) => Promise<void>;

export function names(text: string): string[] {
  const wanted = list(text);
  if (wanted.length > 0) return wanted;
  throw new InvalidArgumentError("Name at least one candidate.");
}

export const list = (text: string): string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

export function whole(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

export function instant(text: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError("Write it as 2026-11-22T00:00:00.000Z.");
}

export function numbers(least: number, most: number) {
  return (text: string): number[] => {
    const wanted = list(text).map(Number);
    if (wanted.length > 0 && wanted.every((value) => value >= least && value <= most && (least < 1 || Number.isInteger(value)))) return [...new Set(wanted)];
    throw new InvalidArgumentError(`It must be ${least < 1 ? "numbers" : "whole numbers"} from ${least} to ${most}, with commas between them.`);
  };
}

export const FORMATS = ["md", "html", "csv", "json", "svg", "junit", "inspect"];

export function formats(text: string): string[] {
  const wanted = list(text);
  const unknown = wanted.find((format) => !FORMATS.includes(format));
  if (unknown === undefined && wanted.length > 0) return wanted;
  throw new InvalidArgumentError(`${unknown ?? "nothing"} is no format: choose from ${FORMATS.join(", ")}.`);
}

export const repeated = (text: string, before: string[] = []): string[] => [...before, text];

/** The command of a group that runs where none is named: what stands in its place is then a mistyped name. */
export function byDefault(group: Command, name: string): Command {
  const mistyped = (word: string): never => {
    const known = group.commands.map((command) => command.name());
    throw new InvalidArgumentError(`There is no command ${group.name()} ${word}: did you mean ${nearest(word, known).join(" or ")}?`);
  };
  const nothing = new Argument("[command]").argParser(mistyped);
  return group.command(name, { isDefault: true }).usage("[options]").addArgument(nothing);
}

export function missing(command: Command, option: string): never {
  return command.error(`error: required option '${option}' not specified`, { exitCode: 2 });
}

export const withFile = (command: Command): Command => command.option("--policy <file>", "policy file; candidates.toml lies beside it");

/** The layers over the workspace's policy. */
export const withLayers = (command: Command): Command =>
  withFile(command)
    .option("--spec <name|file>", "the layer of one spec: a .toml file, or a name in specs/ beside the policy")
    .option("--set <key=value>", "override a value (TOML) for this run only; may be repeated, needs --allow-override", repeated)
    .option("--allow-override", "allow --set; what is overridden is recorded", false);

export const withKey = (command: Command): Command =>
  command.option("--key <file>", "ed25519 key (PKCS #8 PEM); else the variable BAKEOFF_SIGNING_KEY, if set");
