// The rollout of the reflex mode: which tasks it reaches, the same ones each time.
import { sha256 } from "../base/canonical.ts";
import type { WrittenPolicy } from "../policy/schema.ts";

/**
 * Does the rollout reach this task? A canary takes the tasks whose draw is below its percentage, so that a wider canary keeps
 * every task of a narrower one. The draw depends on the policy's id, not on its version.
 */
export function rolloutReaches({ meta, reflex }: Pick<WrittenPolicy, "meta" | "reflex">, task: string): boolean {
  const { rollout } = reflex;
  if (rollout.stage !== "canary") return rollout.stage === "on";
  return canaryDraw(meta.id, task) < rollout.percent;
}

/** A task's draw in [0, 100): the first 32 bits of a hash of the policy's and the task's ids. */
export function canaryDraw(policy: string, task: string): number {
  return (Number.parseInt(sha256(`${policy}\u0000${task}`).slice(0, 8), 16) / 2 ** 32) * 100;
}
