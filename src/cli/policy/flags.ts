// The flags of the `policy` commands.
import { type OptionsOf, text, value } from "../command.ts";
import { WISHES } from "../../core/policy/wish.ts";
import { instant, json, layers, oneOf, policy, whole } from "../options.ts";

export const policyValidateFlags = {
  ...layers,
  against: text("<file|revision>", "policy that the version is compared with (default: git HEAD, where there is one)"),
  suite: text("<name|dir>", "a suite: could a perfect candidate be promoted on it, by this policy?"),
  json,
};
export type PolicyValidateOptions = OptionsOf<typeof policyValidateFlags>;

export const policyShowFlags = { ...layers, json };
export type PolicyShowOptions = OptionsOf<typeof policyShowFlags>;

export const policyInitFlags = { json };
export type PolicyInitOptions = OptionsOf<typeof policyInitFlags>;

export const policyScenarioFlags = {
  attempt: value("<n>", "the decision that led to this attempt of the Implementer", whole(1, 100), 1),
  should: value("<wish>", `what it should be: ${WISHES.join(", or ")}`, oneOf(WISHES), "as-it-is"),
  name: text("<text>", "what the scenario is called (default: after the trial)"),
  policy,
  json,
};
export type PolicyScenarioOptions = OptionsOf<typeof policyScenarioFlags>;

export const policySnapshotFlags = {
  ...layers,
  createdAt: value("<time>", "the time to write into it, to get the bytes of a stored one (default: now)", instant),
  out: text("<file>", "write it there instead of to stdout"),
};
export type PolicySnapshotOptions = OptionsOf<typeof policySnapshotFlags>;

export const policyDiffFlags = { policy, json };
export type PolicyDiffOptions = OptionsOf<typeof policyDiffFlags>;

export const policyBumpFlags = {
  policy,
  level: value("<level>", "a larger step than needed: patch, minor or major", oneOf(["patch", "minor", "major"])),
  against: text("<file|revision>", "policy before the change (default: git HEAD)"),
  reason: text("<text>", "why, for the changelog"),
  json,
};
export type PolicyBumpOptions = OptionsOf<typeof policyBumpFlags>;

export const policySignFlags = {
  ...layers,
  key: text("<file>", "PKCS #8 PEM of the key (default: the variable BAKEOFF_SIGNING_KEY)"),
  newKey: text("<file>", "make a key there first"),
  json,
};
export type PolicySignOptions = OptionsOf<typeof policySignFlags>;
