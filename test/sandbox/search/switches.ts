// Which defences are switched off for a search, and on which base it then looks for a forgery.
import type { BaseName } from "../corpus/bases.ts";
import type { SandboxTier } from "../../../src/core/trial/sandbox-tier.ts";
import type { CutName } from "./cuts.ts";

export interface Switch {
  readonly off: readonly CutName[];
  readonly base: BaseName;
  /** Why one alone is not enough; null where it is. */
  readonly because: string | null;
}

const alone = (off: CutName, base: BaseName): Switch => ({ off: [off], base, because: null });

/** `open`: nothing is held out there. `macro`: the task is about a macro, so that held-out tests are in no build of it. */
export const SWITCHES: readonly Switch[] = [
  alone("confirmation", "meter"),
  alone("observed", "meter"),
  alone("fields", "meter"),
  alone("turns", "meter"),
  alone("apart", "raw"),
  alone("empty", "meter"),
  alone("place", "meter"),
  alone("hide", "meter"),
  alone("paths", "meter"),
  alone("compileTime", "macros"),
  alone("twins", "open"),
  alone("names", "open"),
  alone("events", "open"),
  alone("crash", "open"),
  alone("unsafe", "open"),
  alone("regraft", "macro"),
  alone("stale", "macro"),
  alone("sources", "macro"),
  {
    off: ["ordinary", "fields"],
    base: "meter",
    because: "what shows itself as another value than it is has fields that are seen, and an equality that is asked",
  },
  { off: ["parts", "fields"], base: "meter", because: "whoever is honest about one part alone has another part that is seen" },
  { off: ["binary", "unreadable"], base: "open", because: "a program that is found can't be read, and one that could be read is not found" },
  { off: ["binary", "processes"], base: "open", because: "a program that is found can't be started, and who may start one finds none" },
  { off: ["proc", "unreadable"], base: "open", because: "what /proc leads to can't be read, and what could be read is led to by nothing" },
];

export const nameOf = ({ off }: Switch): string => off.join(" + ");

/**
 * Defences of tiers whose stages have roots of their own: the other one has others in their places, and nothing is cut out there. What lies in a
 * workspace's folder with a secret name is there for nobody who can't list the workspace, so that sources need not be taken away for that.
 */
const ROOTED: readonly CutName[] = ["sources", "binary", "unreadable", "proc", "hide", "paths"];

export const isCutHere = (off: readonly CutName[], tier: SandboxTier): boolean => tier !== "landlock" || !off.some((name) => ROOTED.includes(name));
