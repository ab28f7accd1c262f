// The flags of the `policy` commands.
import { type OptionsOf, text, value } from "../command.ts";
import { instant, json, layers, oneOf, policy } from "../options.ts";

export const policyValidateFlags = {
  ...layers,
  against: text("<file|revision>", "policy that the version is compared with (default: git HEAD, where there is one)"),
  suite: text("<name|dir>", "a suite: could a perfect candidate be promoted on it, by this policy?"),
  json,
};
export type PolicyValidateOptions = OptionsOf<typeof policyValidateFlags>;

export const policyShowFlags = { ...layers, json };
export type PolicyShowOptions = OptionsOf<typeof policyShowFlags>;

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
