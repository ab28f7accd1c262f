// Tier bubblewrap: bwrap(1) makes each stage's root, inside namespaces that unshare(1) made.
import { bubblewrapArguments } from "../mounts.ts";
import { assignments, quoted } from "../script.ts";
import { type ChamberWall, walledChamber, walledJob } from "../walled-script.ts";
import { type Tier, WALLED } from "./tier.ts";

const wall: ChamberWall = {
  chamberFlags: "",
  prepare: "",
  stage: (job, name, { env, argv, files }) => `env -i ${assignments(env)} ${quoted(job.wall)} --args 8 -- ${argv} 8<bwrap.${name} ${files}`,
};

export const bubblewrap: Tier = {
  ...WALLED,
  wall: "bwrap",
  chamber: (plan, dropTo) => walledChamber(wall, plan, dropTo),
  job: (job) => walledJob(wall, job),
  views: ({ layout, build, test }) => ({ "bwrap.build": bubblewrapArguments(build, layout), "bwrap.test": bubblewrapArguments(test, layout) }),
};
