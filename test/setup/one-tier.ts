// Where the sandbox's tests run once a tier, one run after the other, each case is tried on one of them, drawn by the commit.
import { beforeEach } from "vitest";
import { createRandom } from "../../src/core/base/random.ts";
import { SEED } from "./sample.ts";

/** The tiers that are tested one after the other, as CI does; where there are none, the one tier has every case. */
const tiers = (process.env["BAKEOFF_TEST_TIERS"] ?? "").split(" ").filter((name) => name !== "");

beforeEach(({ task, skip }) => {
  if (tiers.length === 0) return;
  const drawn = createRandom(`${SEED} ${task.fullTestName}`).pick(tiers);
  if (drawn !== process.env["BAKEOFF_SANDBOX"]) skip(`tried on ${drawn}`);
});
