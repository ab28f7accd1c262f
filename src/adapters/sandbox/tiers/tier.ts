// What a sandbox tier is: how a chamber and a job are started in it, where a job finds its things, and what it needs.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
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

/** A chamber's folder, and what may have to be brought there. */
export interface ChamberPlace {
  readonly folder: string;
  readonly plainTree: string;
  /** Host path of the launcher. */
  readonly launcher: string;
  readonly needs: ChamberNeeds;
  /** The user that stages will run as; null: whoever runs the harness. */
  readonly owner: number | null;
}

export interface Tier {
  /** The program that it needs of the machine; null: none. */
  readonly wall: string | null;
  /** Do stages start through the launcher, which tells that the wall stands? Where they don't, there is none. */
  readonly isWalled: boolean;
  /** How a workspace can be laid, best first. */
  readonly layers: readonly ("overlay" | "copy")[];
  /** The user that a root harness drops to before anything of a patch runs: no account, no files, no privileges. */
  readonly dropTo: number | null;
  /** Jobs share a place, so that the next one waits for the one before it. */
  readonly oneJobAtATime: boolean;
  /** `plainTree`: where the workspace lies on the host for tiers that have no roots of their own. */
  readonly places: (host: { readonly plainTree: string; readonly sysroot: string }) => JobPaths;
  /** The command that runs a chamber's `enter.sh`. */
  readonly shell: (isRoot: boolean) => readonly [string, ...string[]];
  /** Scripts that make a chamber and wait for its job: `enter.sh`, and what that runs. */
  readonly chamber: (plan: ChamberPlan, dropTo: number | null) => Readonly<Record<string, string>>;
  /** The script of one job, which the chamber in that folder runs. */
  readonly job: (job: ScriptJob, folder: string) => string;
  /** Files that tell what each stage can see of the machine. */
  readonly views: (place: {
    readonly folder: string;
    readonly skeleton: string;
    readonly layout: HostLayout;
    readonly build: StageView;
    readonly test: StageView;
  }) => Readonly<Record<string, string>>;
  /** What else a chamber's folder needs before it has a job. */
  readonly lay: (place: ChamberPlace) => Promise<void>;
}

/** What all tiers have in common that give a stage a root of its own. */
export const WALLED = {
  isWalled: true,
  layers: ["overlay", "copy"],
  dropTo: 61_357,
  oneJobAtATime: false,
  shell: (isRoot) => (isRoot ? ["unshare", "-m", "sh"] : ["sh"]),
  places: () => ({ root: "/w", rust: "/rust", home: "/cargo", vendor: "/vendor" }),
  // A mount point: the launcher is bound there.
  lay: ({ folder }) => writeFile(join(folder, "wall"), ""),
} as const satisfies Partial<Tier>;
