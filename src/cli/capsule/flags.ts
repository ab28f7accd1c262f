// The flags of the `capsule` commands.
import { EVENT_TYPES } from "../../core/trial/event-types.ts";
import { atLeast, wholeCount, json, oneOf } from "../options.ts";
import { type OptionsOf, repeated, text, toggle, value } from "../command.ts";

export const checkProofFlags = {
  trust: repeated("<public-key>", "trust this public key (raw ed25519, base64); may be repeated"),
  trusted: text("<file>", "trust the public keys in this file, one a line"),
};
const passphraseFile = text("<file>", "file with the passphrase in its first line (default: BAKEOFF_PASSPHRASE)");

export const listFlags = { json };

export const showFlags = {
  prove: text("<event>", "print the inclusion proof of an event, by its number in the capsule (from 0) or its address, as JSON"),
  json,
};

export const eventsFlags = {
  trial: text("<id>", "only this trial's (CANDIDATE/TASK/EPOCH)"),
  type: value("<name>", "only events of this type", oneOf(EVENT_TYPES)),
  json,
};

export const verifyFlags = {
  ...checkProofFlags,
  requireSignature: toggle("fail where no trusted key has signed"),
  sarif: text("<file>", "write what is wrong as SARIF 2.1.0 there, for code scanning; without faults too"),
  json,
};

export const signFlags = {
  key: text("<file>", "private key, PKCS #8 PEM"),
  newKey: text("<file>", "make a key in this new file, and sign with it"),
};

export const exportFlags = {
  safe: toggle("leave out prompts, answers, patched files and tool output; their hashes stay (default by policy)"),
  full: toggle("leave nothing out"),
  encrypt: toggle("encrypt with age (for the recipients, or under the passphrase)"),
  recipient: repeated("<key>", "age public key to encrypt for; may be repeated"),
  passphraseFile,
  mv2: toggle("a Memvid .mv2 instead of a tar"),
  out: text("<file>", "file to write (default: named after the run)"),
  policy: text("<file>", "policy file that says whether exports are safe by default"),
};

export const importFlags = { ...checkProofFlags, identity: text("<file>", "file with the age secret key that opens it"), passphraseFile };

export const pruneFlags = {
  keep: value("<n>", "keep so many of the newest", wholeCount),
  olderThan: value("<days>", "take only those begun longer ago", atLeast(0)),
  yes: toggle("do it"),
};

export type CapsuleListOptions = OptionsOf<typeof listFlags>;
export type CapsuleShowOptions = OptionsOf<typeof showFlags>;
export type CapsuleEventsOptions = OptionsOf<typeof eventsFlags>;
export type CapsuleVerifyOptions = OptionsOf<typeof verifyFlags>;
export type CheckProofOptions = OptionsOf<typeof checkProofFlags>;
export type CapsuleSignOptions = OptionsOf<typeof signFlags>;
export type CapsuleExportOptions = OptionsOf<typeof exportFlags>;
export type CapsuleImportOptions = OptionsOf<typeof importFlags>;
export type CapsulePruneOptions = OptionsOf<typeof pruneFlags>;
