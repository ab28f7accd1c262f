// Tier util-linux: unshare(1), mount(8) and setpriv(1) alone; each stage has a root of its own.
import { join } from "node:path";
import { fstab } from "../mounts.ts";
import { assignments, quoted } from "../script.ts";
import { namespacedChamber, ROOTED, type StageWalls, walledJob } from "../walled-script.ts";
import { type Tier, WALLED } from "./tier.ts";

/** Privileges that the code behind the wall starts with: none, and no way to any. */
const DROP =
  "--bounding-set=-all --inh-caps=-all --ambient-caps=-all --no-new-privs --securebits=+noroot,+noroot_locked,+no_setuid_fixup,+no_setuid_fixup_locked";

const PREPARE = `echo 0 >/proc/sys/user/max_user_namespaces\nmount -n -a -T fstab.build\nmount -n -a -T fstab.test`;

const walls: StageWalls = {
  ...ROOTED,
  stage: (job, name, { env, argv, files }) => {
    const namespaces = name === "build" ? `-m -p -f --mount-proc=/proc --root="$S/r1"` : `-p -f --root="$S/r2"`;
    return `${assignments(env)} ${quoted(job.wall)} ${namespaces} --kill-child --wd=/ /run/setpriv ${DROP} ${argv} ${files}`;
  },
};

export const utilLinux: Tier = {
  ...WALLED,
  wall: "unshare",
  chamber: (plan, dropTo) => namespacedChamber(PREPARE, plan, dropTo),
  // The chamber is that user's already.
  job: (job) => walledJob(walls, { ...job, dropTo: null }),
  views: ({ folder, skeleton, build, test }) => ({
    "fstab.build": fstab(build, join(folder, "r1"), skeleton),
    "fstab.test": fstab(test, join(folder, "r2"), skeleton),
  }),
};
