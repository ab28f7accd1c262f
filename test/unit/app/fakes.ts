// Fakes of the ports that use cases share: texts in memory, keys by their files, policies compiled from those texts, revisions.
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { newSigningKey, readSigningKey, type SigningKey } from "../../../src/core/base/dsse.ts";
import { BakeoffError, WrittenFileError } from "../../../src/core/base/errors.ts";
import type { GateTrust } from "../../../src/core/gate/trust.ts";
import { compilePolicy } from "../../../src/core/policy/compile.ts";
import { judgePolicySignature } from "../../../src/core/policy/signature.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { GoldenReader, LoadedPolicy, PolicyFiles, PolicySources } from "../../../src/ports/policies.ts";
import type { RegistrationLogFile } from "../../../src/ports/registration-log.ts";
import type { Revisions } from "../../../src/ports/revisions.ts";
import type { SigningKeys } from "../../../src/ports/signing-keys.ts";
import type { TextFiles } from "../../../src/ports/text-files.ts";

export const NOW = "2026-11-22T12:00:00.000Z";

export const fixedClock: Pick<Clock, "wall"> = { wall: () => NOW };

const shipped = (name: string): string => readFileSync(new URL(`../../../policy/${name}`, import.meta.url), "utf8");

export const POLICY_FILE = "policy/model_policy.toml";
export const CANDIDATES_FILE = "policy/candidates.toml";

/** The policy of this repository, with its golden scenarios beside it. */
export function shippedFiles(): Map<string, string> {
  filesRead ??= readShipped();
  return new Map(filesRead);
}

let filesRead: ReadonlyMap<string, string> | null = null;

function readShipped(): ReadonlyMap<string, string> {
  const golden = readdirSync(new URL("../../../policy/golden", import.meta.url)).filter((name) => name.endsWith(".toml"));
  return new Map([
    [POLICY_FILE, shipped("model_policy.toml")],
    [CANDIDATES_FILE, shipped("candidates.toml")],
    ...golden.map((name) => [`policy/golden/${name}`, shipped(`golden/${name}`)] as const),
  ]);
}

export interface MemoryTexts extends TextFiles {
  readonly files: Map<string, string>;
  /** Paths in the order in which they were written. */
  readonly written: string[];
}

export function memoryTexts(files: Map<string, string> = new Map()): MemoryTexts {
  const written: string[] = [];
  return {
    files,
    written,
    read: async (path) => files.get(path) ?? null,
    write: async (path, text) => {
      files.set(path, text);
      written.push(path);
    },
    writeBytes: async (path, bytes) => {
      files.set(path, Buffer.from(bytes).toString("latin1"));
      written.push(path);
    },
    exists: async (path) => files.has(path) || [...files.keys()].some((file) => file.startsWith(`${path}/`)),
    shown: (path) => path,
  };
}

/** `environment`: the key that is there without a file. */
export function memoryKeys(files: Readonly<Record<string, SigningKey>> = {}, environment: SigningKey | null = null): SigningKeys & { readonly made: string[] } {
  const made: string[] = [];
  return {
    made,
    load: async (file) => {
      if (file === null) return environment;
      const key = files[file];
      if (!key) throw new BakeoffError("usage", `the signing key ${file} can't be read`);
      return key;
    },
    create: async (file) => {
      made.push(file);
      return readSigningKey(newSigningKey().pem);
    },
  };
}

export const newKey = (): SigningKey => newSigningKey().key;

export function memoryPolicies({ files }: MemoryTexts): PolicyFiles {
  const textOf = (path: string): { readonly path: string; readonly text: string } => {
    const text = files.get(path);
    if (text === undefined) throw new BakeoffError("usage", `${path} can't be read`);
    return { path, text };
  };
  const read = async ({ policyFile, specFile, overrides }: PolicySources, createdAt: string): Promise<LoadedPolicy> => {
    const spec = specFile === null ? null : textOf(specFile);
    const compiled = compilePolicy(
      { policy: textOf(policyFile), candidates: textOf(join(dirname(policyFile), "candidates.toml")), spec, overrides },
      createdAt,
    );
    if (!compiled.ok) throw new WrittenFileError(compiled.issues);
    const signatureFile = (specFile ?? policyFile).replace(/\.toml$/, ".sig.json");
    const signatureText = files.get(signatureFile) ?? null;
    return { ...compiled, files: [policyFile], signatureFile, signatureText, signature: judgePolicySignature(signatureText, compiled.snapshot) };
  };
  return {
    read,
    load: async (sources, createdAt) => {
      const loaded = await read(sources, createdAt);
      if (loaded.snapshot.policy.signing.require_signature && loaded.signature.status !== "valid")
        throw new BakeoffError("integrity", "the policy must be signed");
      return loaded;
    },
  };
}

/** Scenarios beside the policy, else those of this repository. */
export const memoryGolden =
  ({ files }: MemoryTexts): GoldenReader =>
  async (policyFile) => {
    const folder = join(dirname(policyFile), "golden");
    const read = (from: ReadonlyMap<string, string>, path: string) =>
      [...from].filter(([name]) => dirname(name) === path).map(([name, text]) => ({ path: name, text }));
    const own = read(files, folder);
    if (own.length > 0) return { path: folder, files: own };
    const others = read(shippedFiles(), "policy/golden").map(({ path, text }) => ({ path: `shipped/${basename(path)}`, text }));
    return { path: "shipped", files: others };
  };

export const LOG = "reports/gates/registrations.jsonl";

/** The log of registrations as a text beside the others. */
export const memoryLog = ({ files }: Pick<MemoryTexts, "files">): RegistrationLogFile => ({
  path: LOG,
  read: async () => files.get(LOG) ?? "",
  append: async (lineAfter) => {
    const text = files.get(LOG) ?? "";
    const line = await lineAfter(text);
    files.set(LOG, `${text}${line}\n`);
    return line;
  },
});

/** Nobody is trusted, and nothing has to be signed. */
export const NO_TRUST: GateTrust = { policy: { id: "model-policy@2.0.0", hash: "2".repeat(64), from: POLICY_FILE }, keys: [], requireSignature: false };

/** Files by revision; `changedBefore`: the revision before the last change. None of them: no git at all. */
export function memoryRevisions(states: Readonly<Record<string, ReadonlyMap<string, string>>> = {}, changedBefore: string | null = null): Revisions {
  return {
    read: async (folder, revision, name) => {
      if (Object.keys(states).length === 0) return { ok: false, reason: "this is not a git repository" };
      const state = states[revision];
      if (!state) return { ok: false, reason: `git knows no revision ${revision}` };
      const text = state.get(join(folder, name));
      return text === undefined ? { ok: false, reason: `${name} is not in git ${revision}` } : { ok: true, text };
    },
    beforeLastChange: async () => changedBefore,
  };
}
