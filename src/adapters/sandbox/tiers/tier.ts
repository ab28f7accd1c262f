// What a sandbox tier is: how a chamber and a job are started in it, where a job finds its things, and what it needs.
import type { HostLayout, StageView } from "../mounts.ts";
import type { Layer, ScriptJob } from "../script.ts";

/** What a chamber is made of before anybody knows which job it will have. */
export interface ChamberPlan {
  readonly folder: string;
  readonly layer: Layer;
  readonly scratchBytes: number;
}

/** What must be known of a job before it comes. */
export interface ChamberNeeds {
  readonly layer: Layer;
  readonly base: string;
  readonly sysroot: string;
  readonly vendor: string | null;
  readonly toolchainLibraries: boolean;
  readonly scratchBytes: number;
}

/** Absolute paths as a job sees them. */
export interface JobPaths {
  readonly root: string;
  readonly rust: string;
  readonly home: string;
  readonly vendor: string;
}

export interface Tier {
  /** The program that stands between a stage and the machine; null: none does. */
  readonly wall: string | null;
  /** Does a root harness drop to a user without files before a job begins? */
  readonly dropsRoot: boolean;
  /** Jobs share a place, so that the next one waits for the one before it. */
  readonly oneJobAtATime: boolean;
  /** `plainTree`: where the workspace lies on the host for tiers that have no roots of their own. */
  readonly places: (host: { readonly plainTree: string; readonly sysroot: string }) => JobPaths;
  /** Scripts that make a chamber and wait for its job: `enter.sh`, and what that runs. */
  readonly chamber: (plan: ChamberPlan, dropTo: number | null) => Readonly<Record<string, string>>;
  /** The script of one job, which the chamber runs. */
  readonly job: (job: ScriptJob) => string;
  /** Files that tell what each stage can see of the machine. */
  readonly views: (place: {
    readonly folder: string;
    readonly skeleton: string;
    readonly layout: HostLayout;
    readonly build: StageView;
    readonly test: StageView;
  }) => Readonly<Record<string, string>>;
  /** What else a chamber's folder needs before it has a job. */
  readonly lay: (place: { readonly folder: string; readonly plainTree: string; readonly launcher: string; readonly needs: ChamberNeeds }) => Promise<void>;
}

/** What all tiers have in common that give a stage a root of its own. */
export const WALLED = {
  dropsRoot: true,
  oneJobAtATime: false,
  places: () => ({ root: "/w", rust: "/rust", home: "/cargo", vendor: "/vendor" }),
  lay: () => Promise.resolve(),
} as const satisfies Partial<Tier>;
