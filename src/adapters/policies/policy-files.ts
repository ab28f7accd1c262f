// Loads a policy from its files: the workspace's, the candidates beside it, a spec's layer, and the signature.
import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { BakeoffError, type FileIssue, invariant, WrittenFileError } from "../../core/base/errors.ts";
import { locator } from "../../core/base/toml.ts";
import { compilePolicy } from "../../core/policy/compile.ts";
import type { SourceText } from "../../core/policy/layer.ts";
import { judgePolicySignature } from "../../core/policy/signature.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { LoadedPolicy, PolicySources } from "../../ports/policies.ts";
import { readAtRevision } from "../git/revision.ts";
import { withDiskErrors } from "../files/disk.ts";
import { readWrittenText } from "../files/written-text.ts";

const onlyFile = (policyFile: string): PolicySources => ({ policyFile, specFile: null, overrides: [] });

const candidatesBeside = (policyFile: string): string => join(dirname(policyFile), "candidates.toml");

/** Every file that a policy is compiled from. */
export const filesOf = ({ policyFile, specFile }: PolicySources): readonly string[] => [
  policyFile,
  candidatesBeside(policyFile),
  ...(specFile === null ? [] : [specFile]),
];

/** A signature is beside the uppermost file that it covers. */
const signatureFile = ({ policyFile, specFile }: Pick<PolicySources, "policyFile" | "specFile">): string =>
  (specFile ?? policyFile).replace(/(\.toml)?$/, ".sig.json");

/** Throws `written-file` with every issue of every file, `usage` for a missing file. The signature is checked but not yet required. */
export async function readPolicy(sources: PolicySources, createdAt: string): Promise<LoadedPolicy> {
  const { specFile, overrides } = sources;
  const read = await (sources.revision === undefined ? readTexts(filesOf(sources)) : readAt(sources.revision, filesOf(sources)));
  const [policy, candidates, spec] = read.map(({ text }) => text);
  invariant(policy && candidates, "a policy is made from its file and its candidates");
  const compiled = compilePolicy({ policy, candidates, spec: specFile === null ? null : (spec ?? null), overrides }, createdAt);
  refuseUnreadable(read, compiled.ok ? [] : compiled.issues);
  if (!compiled.ok) throw new WrittenFileError(compiled.issues);
  const file = signatureFile(sources);
  const signatureText = await storedSignature(file, sources.revision);
  return { ...compiled, files: filesOf(sources), signatureFile: file, signatureText, signature: judgePolicySignature(signatureText, compiled.snapshot) };
}

/** The policy as a run may use it: signed, if it requires that. Throws `integrity` for a signature that does not count, `written-file` for a missing one. */
export async function loadPolicyFiles(sources: PolicySources, createdAt: string): Promise<LoadedPolicy> {
  const loaded = await readPolicy(sources, createdAt);
  if (!loaded.snapshot.policy.signing.require_signature || loaded.signature.status === "valid") return loaded;
  const file = shown(signatureFile(sources));
  const wayOut =
    sources.overrides.length > 0 ? "overrides can't be signed: leave --set out" : "have it signed by a trusted key: bakeoff policy sign --key FILE";
  if (loaded.signature.status === "wrong")
    throw new BakeoffError("integrity", `the policy must be signed, and ${file} does not count: ${loaded.signature.fault}`, wayOut);
  const place = await placeInPolicy(sources.policyFile, ["signing", "require_signature"]);
  throw new WrittenFileError([{ ...place, message: `signing.require_signature: ${file} is not there: ${wayOut}` }]);
}

/** The position of a key in the policy file. */
async function placeInPolicy(policyFile: string, key: readonly string[]): Promise<Pick<FileIssue, "path" | "line" | "column">> {
  const [policy] = await readTexts([policyFile]);
  return { path: shown(policyFile), ...locator(policy?.text.text ?? "")(key) };
}

/** `candidates.toml` is beside the policy file. */
export async function loadPolicy(policyFile: string, createdAt: string): Promise<PolicySnapshot> {
  return (await loadPolicyFiles(onlyFile(policyFile), createdAt)).snapshot;
}

/** Throws `usage` for a revision that does not hold one of the files. */
const readAt = (revision: string, paths: readonly string[]): Promise<readonly ReadSource[]> =>
  Promise.all(
    paths.map(async (path) => {
      const found = await readAtRevision(dirname(path), revision, basename(path), new AbortController().signal);
      if (found.ok) return { text: { path: `${revision}:${shown(path)}`, text: found.text }, fault: null };
      throw new BakeoffError("usage", `the policy of ${revision} can't be read: ${found.reason}`, "name a branch, a tag or a commit that holds it");
    }),
  );

async function storedSignature(file: string, revision: string | undefined): Promise<string | null> {
  if (revision === undefined) return readStoredBytes(file);
  const found = await readAtRevision(dirname(file), revision, basename(file), new AbortController().signal);
  return found.ok ? found.text : null;
}

const shown = (path: string): string => relative(process.cwd(), path) || path;

interface ReadSource {
  readonly text: SourceText;
  /** Why there is no text: one that is not TOML stands in its place, so that the other files are looked at all the same. */
  readonly fault: FileIssue | BakeoffError | null;
}

const NO_TEXT = "=";

const readTexts = (paths: readonly string[]): Promise<readonly ReadSource[]> => Promise.all(paths.map(readOne));

async function readOne(file: string): Promise<ReadSource> {
  const path = shown(file);
  try {
    const read = await readWrittenText(file, path);
    return read.ok ? { text: { path, text: read.text }, fault: null } : { text: { path, text: NO_TEXT }, fault: read.issue };
  } catch (error) {
    const fault = new BakeoffError("usage", `${file} can't be read`, "name a policy file with candidates.toml beside it", { cause: error });
    return { text: { path, text: NO_TEXT }, fault };
  }
}

/** Throws `usage` where nothing is wrong but that files are not there, or the policy's own is not, else `written-file` with what is wrong with each. */
function refuseUnreadable(read: readonly ReadSource[], found: readonly FileIssue[]): void {
  const unreadable = new Set(read.flatMap(({ text, fault }) => (fault === null ? [] : [text.path])));
  const [missing] = read.flatMap(({ fault }) => (fault instanceof BakeoffError ? [fault] : []));
  const others = found.filter(({ path }) => !unreadable.has(path));
  const present = unreadable.size - read.filter(({ fault }) => fault instanceof BakeoffError).length;
  // Without the policy's own file there is nothing to say of the others.
  if (missing && ((present === 0 && others.length === 0) || read[0]?.fault === missing)) throw missing;
  const own = read.flatMap(({ text: { path }, fault }) => {
    if (fault === null) return others.filter((issue) => issue.path === path);
    return fault instanceof BakeoffError ? [{ path, line: 1, column: 1, message: "it can't be read" }] : [fault];
  });
  if (unreadable.size > 0) throw new WrittenFileError([...own, ...others.filter((issue) => !own.includes(issue))]);
}

const REGISTER = "DECISION_REGISTER.md";

/** The decision register of a policy: beside its file, else in `docs/` beside its folder; null where there is none. */
export async function readDecisionRegister(policyFile: string): Promise<string | null> {
  const folder = dirname(policyFile);
  return (await readStoredBytes(join(folder, REGISTER))) ?? readStoredBytes(join(dirname(folder), "docs", REGISTER));
}

/** The bytes of a file that a run stores, or null if it does not exist. */
export async function readStoredBytes(path: string): Promise<string | null> {
  return withDiskErrors(path, () => readFile(path, "utf8").catch(() => null));
}
