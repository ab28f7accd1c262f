// Loads the policy and the candidates from their files; every issue of both at once.
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { sha256 } from "../../core/base/canonical.ts";
import { BakeoffError, type FileIssue, WrittenFileError } from "../../core/base/errors.ts";
import { locator, type Parsed, parseToml } from "../../core/base/toml.ts";
import { policyFaults } from "../../core/policy/rules.ts";
import { candidatesSchema, policySchema } from "../../core/policy/schema.ts";
import { compileSnapshot, type PolicySnapshot } from "../../core/policy/snapshot.ts";
import { onDisk } from "./disk.ts";

/** `candidates.toml` lies beside the policy file. */
export async function loadPolicy(policyFile: string, createdAt: string): Promise<PolicySnapshot> {
  const files = [policyFile, join(dirname(policyFile), "candidates.toml")] as const;
  const [policyText, candidatesText] = await Promise.all(files.map(readText));
  const shown = files.map((file) => relative(process.cwd(), file) || file);
  const policy = parseToml(shown[0] ?? "", policyText ?? "", policySchema);
  const candidates = parseToml(shown[1] ?? "", candidatesText ?? "", candidatesSchema);
  if (!policy.ok || !candidates.ok) throw new WrittenFileError([...issuesOf(policy), ...issuesOf(candidates)]);
  const faults = policyFaults(policy.value, candidates.value).map(({ file, key, message }): FileIssue => {
    const index = file === "policy" ? 0 : 1;
    return { path: shown[index] ?? "", ...locator((index === 0 ? policyText : candidatesText) ?? "")(key), message };
  });
  if (faults.length > 0) throw new WrittenFileError(faults);
  const sources = [
    { path: "policy/model_policy.toml", sha256: sha256(policyText ?? "") },
    { path: "policy/candidates.toml", sha256: sha256(candidatesText ?? "") },
  ];
  return compileSnapshot(policy.value, candidates.value, { createdAt, files: sources });
}

const issuesOf = (parsed: Parsed<unknown>): readonly FileIssue[] => (parsed.ok ? [] : parsed.issues);

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new BakeoffError("usage", `${path} can't be read`, "name a policy file with candidates.toml beside it", { cause: error });
  }
}

/** Bytes of a file that a run keeps whole, or null where it is not there. */
export async function readKept(path: string): Promise<string | null> {
  return onDisk(path, () => readFile(path, "utf8").catch(() => null));
}
