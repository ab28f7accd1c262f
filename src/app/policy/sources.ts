// From the words of a command line to the files of a policy: the workspace's, a spec's layer, overrides.
import { basename, dirname, join } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import type { PolicySources } from "../../ports/policies.ts";

/** What every command on a policy may be told of the layers over it. */
export interface PolicyWords {
  readonly spec?: string;
  readonly set?: readonly string[];
  readonly allowOverride?: boolean;
  readonly policyFrom?: string;
}

/** Throws `usage` for overrides that were not allowed, and for what can be no spec. */
export function policySources({ spec, set = [], allowOverride = false, policyFrom }: PolicyWords, policyFile: string): PolicySources {
  if (set.length > 0 && !allowOverride)
    throw new BakeoffError(
      "usage",
      "--set overrides the policy for one run, which is not done unseen",
      "say --allow-override as well: it is recorded, or write it into the policy",
    );
  return {
    policyFile,
    specFile: spec === undefined ? null : specFile(spec, policyFile),
    overrides: set,
    ...(policyFrom === undefined ? {} : { revision: policyFrom }),
  };
}

export const onlyPolicy = (policyFile: string): PolicySources => ({ policyFile, specFile: null, overrides: [] });

/** The layer of a spec: a file, or a name in `specs/` beside the policy. */
function specFile(spec: string, policyFile: string): string {
  if (spec.endsWith(".toml")) return spec;
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(spec)) return join(dirname(policyFile), "specs", `${spec}.toml`);
  throw new BakeoffError("usage", `${spec} is no spec`, `name a .toml file, or one of ${join(basename(dirname(policyFile)), "specs")} without its ending`);
}
