// From the words of a command line to whose policy and whose keys are in force.
import type { AuthorityRequest } from "../../app/gate/authority.ts";
import type { Places } from "../../app/places.ts";

export interface AuthorityWords {
  readonly policy?: string;
  readonly policyFrom?: string;
  readonly trust?: readonly string[];
}

export const authorityIn = ({ policy, policyFrom, trust }: AuthorityWords, { policyFile }: Pick<Places, "policyFile">): AuthorityRequest => ({
  policyFile: policyFile(policy),
  policyFrom: policyFrom ?? null,
  trusted: trust ?? [],
});
