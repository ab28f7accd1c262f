// The policies that generated runs go by: the shipped one, or one that knows candidates of any number.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadPolicy } from "../src/adapters/policies/policy-files.ts";
import { findPlaces } from "../src/app/places.ts";
import type { PolicySnapshot } from "../src/core/policy/snapshot.ts";

const TIME = "2026-11-22T00:00:00.000Z";

export const shippedSnapshot = (): Promise<PolicySnapshot> => loadPolicy(findPlaces({}).shippedPolicy, TIME);

const entry = (name: string): string =>
  `\n[[candidate]]\nname = "${name}"\nprovider = "sglang"\nmodel = "${name}"\ntemperature = 0.0\nmax_output_tokens = 2048\nstart = "none"\n`;

/** Lays the shipped policy into a home's `policy/`, with these candidates among its own. */
export async function layPolicy(home: string, candidates: readonly string[]): Promise<PolicySnapshot> {
  const policy = join(home, "policy");
  cpSync(dirname(findPlaces({}).shippedPolicy), policy, { recursive: true });
  const file = join(policy, "candidates.toml");
  writeFileSync(file, readFileSync(file, "utf8") + candidates.map(entry).join(""));
  return loadPolicy(join(policy, "model_policy.toml"), TIME);
}
