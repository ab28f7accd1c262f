// `bakeoff policy`: checks the policy and prints its compiled snapshot.
import { canonicalJson } from "../../core/base/canonical.ts";
import { POLICY_RULES } from "../../core/policy/rules.ts";
import { clock, world } from "../compose.ts";
import { checkGolden } from "../golden.ts";
import { defaultPolicy } from "../places.ts";

interface Options {
  readonly policy?: string;
}

export async function validate(options: Options): Promise<number> {
  const file = options.policy ?? defaultPolicy();
  const compiled = await world.loadPolicy(file, clock.wall());
  const scenarios = await checkGolden(compiled, file);
  process.stdout.write(`${compiled.policy_id} is valid (${compiled.hash})\n`);
  for (const { name, sentence } of POLICY_RULES) process.stdout.write(`✓ ${name}: ${sentence}\n`);
  process.stdout.write(`✓ ${scenarios} golden scenarios come to their decisions; they reach every rule and reason of the router\n`);
  return 0;
}

export async function snapshot(options: Options): Promise<number> {
  process.stdout.write(`${canonicalJson(await world.loadPolicy(options.policy ?? defaultPolicy(), clock.wall()))}\n`);
  return 0;
}
