// The sandbox tiers, by name: a tier that is not here does not compile.
import type { SandboxTier } from "../../../core/trial/sandbox-tier.ts";
import { bubblewrap } from "./bubblewrap.ts";
import { landlock } from "./landlock.ts";
import { noSandbox } from "./none.ts";
import type { Tier } from "./tier.ts";
import { utilLinux } from "./util-linux.ts";

export const TIERS: Readonly<Record<SandboxTier, Tier>> = { bubblewrap, "util-linux": utilLinux, landlock, none: noSandbox };
