// Adds a candidate to candidates.toml by what its server says, or takes one out; the result is checked before it is written.
import { basename, dirname, join } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { nearest } from "../../core/base/nearest.ts";
import { type CandidateEntry, withCandidate, withoutCandidate } from "../../core/policy/candidate/text.ts";
import { compileTexts } from "../../core/policy/compile.ts";
import type { DialectName } from "../../core/policy/candidate/dialect.ts";
import { isLocalHost } from "../../core/policy/candidate/host.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { fromWorkingTree } from "../policy/compared.ts";
import type { CandidatePorts, OfferedModel } from "./ports.ts";

export interface AddRequest {
  readonly policyFile: string;
  readonly name: string;
  /** Ends in `/v1`. */
  readonly endpoint: string;
  /** Null: the only one that the server has. */
  readonly model: string | null;
  /** The variable that holds the server's key; null: it wants none. */
  readonly keyEnv: string | null;
  /** The line that starts the server; null: whoever wants it started does that. */
  readonly start: string | null;
}

export interface AddedCandidate extends CandidateEntry {
  readonly dialect: DialectName;
  readonly contextTokens: number | null;
  readonly file: string;
}

/** Of prompt and answer together, an answer gets a quarter at most. */
const OUTPUT_TOKENS = 2048;
const OUTPUT_SHARE = 4;
/** The least that the policy's schema takes. */
const LEAST_TOKENS = 100;

/** Throws `environment` where the server does not say what it serves, `usage` for what does not fit it, `written-file` for what the policy's rules refuse. */
export async function addCandidate(ports: CandidatePorts, request: AddRequest): Promise<AddedCandidate> {
  const { name, endpoint, start } = request;
  const { snapshot } = await fromWorkingTree(ports, request.policyFile);
  if (snapshot.candidates.some((candidate) => candidate.name === name))
    throw new BakeoffError("usage", `there is a candidate ${name} already`, "choose another name, or remove it first: bakeoff candidate remove");
  const model = await chosenModel(ports, request);
  const dialect = dialectOf(model, endpoint);
  const entry = {
    name,
    provider: providerFor(snapshot, dialect, request),
    model: model.id,
    endpoint,
    maxOutputTokens: Math.max(LEAST_TOKENS, Math.min(OUTPUT_TOKENS, Math.floor((model.contextTokens ?? Infinity) / OUTPUT_SHARE))),
    start: start ?? "<the command that starts its server>",
  };
  const file = await rewrite(ports, request.policyFile, (text) => withCandidate(text, entry));
  return { ...entry, dialect, contextTokens: model.contextTokens, file };
}

export const removeCandidate = (ports: CandidatePorts, { policyFile, name }: Pick<AddRequest, "policyFile" | "name">): Promise<string> =>
  rewrite(ports, policyFile, (text) => withoutCandidate(text, name));

async function chosenModel({ offer, environment }: CandidatePorts, { endpoint, model, keyEnv }: AddRequest): Promise<OfferedModel> {
  const key = keyEnv === null ? null : (environment[keyEnv] ?? "");
  if (key === "") throw new BakeoffError("environment", `${keyEnv ?? ""} is not set`, `export ${keyEnv ?? ""}=…`);
  const offered = await offer(endpoint, key);
  if (!offered.ok)
    throw new BakeoffError(
      "environment",
      `${endpoint} does not say what it serves: ${offered.reason}`,
      "start the server, or check the address: it ends in /v1",
    );
  const ids = offered.entries.map(({ id }) => id);
  const wanted = model ?? (ids.length === 1 ? ids[0] : null);
  const found = offered.entries.find(({ id }) => id === wanted);
  if (found) return found;
  const hint = model === null ? `name one: --model ${ids.slice(0, 5).join(", ")}` : `did you mean ${nearest(model, ids).join(" or ")}?`;
  throw new BakeoffError("usage", model === null ? `${endpoint} serves ${ids.length} models` : `${endpoint} does not serve ${model}`, hint);
}

/** A local server of another make is spoken to as vLLM is: plain chat completions, and no key of a cloud. */
const dialectOf = ({ ownedBy }: OfferedModel, endpoint: string): DialectName =>
  ownedBy === "sglang" || ownedBy === "vllm" ? ownedBy : isLocalHost(endpoint) ? "vllm" : "openai";

/** A provider's key goes to every server under it: only one that asks for this very key, or for none, will do. */
function providerFor({ policy }: PolicySnapshot, dialect: DialectName, { keyEnv, endpoint }: AddRequest): string {
  const cloud = !isLocalHost(endpoint);
  const fits = Object.entries(policy.providers).find(([, one]) => one.kind === dialect && (one.key_env ?? null) === keyEnv && one.cloud === cloud);
  if (fits) return fits[0];
  const keyLine = keyEnv === null ? "" : `, key_env = ${JSON.stringify(keyEnv)}`;
  throw new BakeoffError(
    "usage",
    `no provider of the policy speaks ${dialect} to ${cloud ? "the cloud" : "this network"} with ${keyEnv === null ? "no key" : keyEnv}`,
    `add one under [providers] and bump the policy: NAME = { kind = "${dialect}", cloud = ${cloud}, endpoint = ${JSON.stringify(endpoint)}${keyLine} }`,
  );
}

async function rewrite({ texts, clock }: CandidatePorts, policyFile: string, change: (text: string) => string): Promise<string> {
  const path = join(dirname(policyFile), "candidates.toml");
  const after = change((await texts.read(path)) ?? "");
  const policy = { path: basename(policyFile), text: (await texts.read(policyFile)) ?? "" };
  compileTexts(policy, { path: texts.shown(path), text: after }, clock.wall());
  await texts.write(path, after);
  return texts.shown(path);
}
