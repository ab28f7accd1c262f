// Tier bubblewrap: bwrap(1) makes each stage's root, inside namespaces that unshare(1) made.
import { bubblewrapArguments } from "../mounts.ts";
import { assignments, quoted } from "../script.ts";
import { namespacedChamber, ROOTED, type StageWalls, walledJob } from "../walled-script.ts";
import { type Tier, WALLED } from "./tier.ts";

const walls: StageWalls = {
  ...ROOTED,
  stage: (job, name, { env, argv, files }) => `${assignments(env)} ${quoted(job.wall)} --args 8 -- ${argv} 8<bwrap.${name} ${files}`,
};

export const bubblewrap: Tier = {
  ...WALLED,
  wall: "bwrap",
  chamber: (plan, dropTo) => namespacedChamber("", plan, dropTo),
  // The chamber is that user's already.
  job: (job) => walledJob(walls, { ...job, dropTo: null }),
  views: ({ layout, build, test }) => ({ "bwrap.build": bubblewrapArguments(build, layout), "bwrap.test": bubblewrapArguments(test, layout) }),
};
