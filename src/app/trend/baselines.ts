// Agrees on what is normal: blesses runs as the baseline of later ones, or takes note of a regression. Each is signed and only appended.
import { canonicalJson } from "../../core/base/canonical.ts";
import { signStatement, type SigningKey } from "../../core/base/dsse.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import {
  type Acknowledgement,
  type BaselineEntry,
  baselineRun,
  baselineStatement,
  type Blessing,
  type ReadBaselines,
  readBaselines,
} from "../../core/report/trend/baseline.ts";
import { comparableKey, comparableRuns } from "../../core/report/trend/compare.ts";
import type { RunDigest } from "../../core/report/runs/digest.ts";
import type { Clock } from "../../ports/clock.ts";
import type { RegistrationLogFile } from "../../ports/registration-log.ts";
import type { RunLibrary } from "../../ports/run-library.ts";
import type { SigningKeys } from "../../ports/signing-keys.ts";

export interface BaselinePorts {
  readonly library: Pick<RunLibrary, "readAll" | "open" | "digests" | "close">;
  readonly log: RegistrationLogFile;
  /** Keys that the policy trusts. */
  readonly trusted: () => Promise<readonly string[]>;
  readonly keys: Pick<SigningKeys, "load">;
  readonly clock: Pick<Clock, "wall">;
}

/** Whose word it is. */
export interface AgreementRequest {
  /** By id, or by path. */
  readonly run: string;
  readonly by: string;
  readonly reason: string;
  /** Null: the environment's key. */
  readonly keyFile: string | null;
}

export interface BlessRequest extends AgreementRequest {
  /** Only runs begun on this day or later; null: all comparable ones. */
  readonly since: string | null;
}

export interface AcknowledgeRequest extends AgreementRequest {
  /** Empty: all, and the figures of whole runs. */
  readonly candidates: readonly string[];
}

/** All that was agreed on, in the order of the log. Throws `integrity` for a log that somebody changed, or whose signers nobody trusts. */
export async function agreedBaselines({ log, trusted }: Pick<BaselinePorts, "log" | "trusted">): Promise<readonly BaselineEntry[]> {
  const text = await log.read();
  return text === "" ? [] : sound(readBaselines(text, await trusted()), log.path).entries;
}

/** The comparable runs up to this one are from now on what later ones are held against, and nothing else. */
export async function blessBaseline(ports: BaselinePorts, request: BlessRequest, signal: AbortSignal): Promise<Blessing> {
  const { own, all } = await digestsOf(ports, request.run, signal);
  const group = comparableKey(own);
  const { groups } = comparableRuns([own, ...all.filter(({ run }) => run !== own.run)]);
  const runs = groups.find(({ key }) => key === group)?.runs.filter(({ createdAt }) => createdAt <= own.createdAt && createdAt >= (request.since ?? "")) ?? [];
  if (runs.length === 0)
    throw new BakeoffError("usage", `run ${own.run} can't be part of a baseline: it is not whole, or begun before --since`, "name another");
  return (await append(ports, request, (common) => ({ does: "bless", ...common, group, runs: runs.map(baselineRun) }))) as Blessing;
}

/** That these candidates are worse in this run is known: it alarms no more, until they get worse still. */
export async function acknowledgeRegression(ports: BaselinePorts, request: AcknowledgeRequest, signal: AbortSignal): Promise<Acknowledgement> {
  const { own } = await digestsOf(ports, request.run, signal);
  const { candidates } = request;
  const stranger = candidates.find((name) => !own.candidates.some((candidate) => candidate.name === name));
  if (stranger !== undefined)
    throw new BakeoffError("usage", `run ${own.run} has no candidate ${stranger}`, `it has ${own.candidates.map(({ name }) => name).join(", ")}`);
  const group = comparableKey(own);
  return (await append(ports, request, (common) => ({
    does: "acknowledge",
    ...common,
    group,
    run: baselineRun(own),
    candidates: [...candidates],
  }))) as Acknowledgement;
}

async function digestsOf(
  { library }: BaselinePorts,
  run: string,
  signal: AbortSignal,
): Promise<{ readonly own: RunDigest; readonly all: readonly RunDigest[] }> {
  try {
    await library.readAll(signal, () => undefined);
    return { own: (await library.open(run)).digest(), all: await library.digests() };
  } finally {
    library.close();
  }
}

type Common = Pick<BaselineEntry, "format" | "at" | "by" | "reason" | "place">;

async function append(ports: BaselinePorts, { by, reason, keyFile }: AgreementRequest, entryOf: (common: Common) => BaselineEntry): Promise<BaselineEntry> {
  const trusted = await ports.trusted();
  const key = await signingKey(ports, keyFile, trusted);
  const at = ports.clock.wall();
  let made: BaselineEntry | null = null;
  await ports.log.append(async (text) => {
    const { entries, last } = sound(readBaselines(text, trusted), ports.log.path);
    made = entryOf({ format: 1, at, by, reason, place: { index: entries.length, previous: last } });
    return canonicalJson({ kind: "baseline", format: 1, envelope: signStatement(baselineStatement(made), key) });
  });
  return made as unknown as BaselineEntry;
}

async function signingKey({ keys }: Pick<BaselinePorts, "keys">, file: string | null, trusted: readonly string[]): Promise<SigningKey> {
  const key = await keys.load(file);
  if (key === null) throw new BakeoffError("usage", "a baseline must be signed, and there is no key", "--key FILE, or set BAKEOFF_SIGNING_KEY");
  if (trusted.includes(key.publicKey)) return key;
  throw new BakeoffError("usage", `the policy does not trust the key ${key.publicKey}`, "sign with a key of signing.trusted_keys, or add it there");
}

function sound(read: ReadBaselines, path: string): Extract<ReadBaselines, { ok: true }> {
  if (read.ok) return read;
  throw new BakeoffError("integrity", `${path}: ${read.fault}`, "restore it from where it was committed, or trust its signer (signing.trusted_keys)");
}
