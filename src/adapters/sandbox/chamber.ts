// A chamber: fresh namespaces with the workspace laid in them, waiting for the one job that they will have.
import { chown, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../ports/clock.ts";
import type { SandboxTier } from "../../core/trial/sandbox-tier.ts";
import { bindTable, buildView, type HostLayout, testView } from "./mounts.ts";
import { type ProcessEnd, type RunningProcess, startProcess } from "./process.ts";
import type { ChamberNeeds } from "./tiers/tier.ts";
import { TIERS } from "./tiers/tiers.ts";

/** What every chamber of a sandbox shares. */
export interface ChamberHost {
  readonly tier: SandboxTier;
  readonly clock: Clock;
  readonly owner: number | null;
  readonly home: string;
  readonly layout: HostLayout;
  readonly setpriv: string | null;
  /** Host paths: the launcher, and an /etc/passwd with one user in it. */
  readonly launcher: string;
  readonly passwd: string;
  readonly readable: readonly string[];
  readonly path: string;
  readonly plainTree: string;
}

export interface Chamber {
  readonly folder: string;
  /** When each marker line came. */
  readonly marks: ReadonlyMap<string, number>;
  /** Lets the job begin; resolves when it is done or the chamber has ended, whichever is first. Rejects if `signal` says so. */
  go(timeoutMs: number, signal: AbortSignal): Promise<ProcessEnd | "done">;
  /** True once its process has ended. */
  hasEnded(): boolean;
  /** Ends it and removes its folder. */
  leave(): Promise<void>;
}

export async function openChamber(host: ChamberHost, needs: ChamberNeeds, folder: string): Promise<Chamber> {
  await layFolder(host, needs, folder);
  const marks = new Map<string, number>();
  const bell: { ring: () => void } = { ring: () => undefined };
  const done = new Promise<"done">((resolve) => {
    bell.ring = () => resolve("done");
  });
  const onLine = (line: string): void => {
    marks.set(line, host.clock.now());
    if (line === "done") bell.ring();
  };
  const command = [...TIERS[host.tier].shell(host.owner !== null), join(folder, "enter.sh")] as const;
  // The job that it is laid for may be another's than the one that it gets: only that one's signal may end it.
  const signal = new AbortController().signal;
  const running = startProcess({ command, env: { PATH: `${host.path}:/usr/sbin:/sbin` }, cwd: "/", signal, onLine }, true);
  return chamberOf(running, { folder, marks, done });
}

/** Milliseconds that a chamber which is done has to end by itself. */
const LEAVE_MS = 2000;

function chamberOf(running: RunningProcess, inside: { folder: string; marks: Map<string, number>; done: Promise<"done"> }): Chamber {
  let ended = false;
  const end = running.ended.finally(() => {
    ended = true;
  });
  return {
    folder: inside.folder,
    marks: inside.marks,
    go: async (timeoutMs, signal) => {
      signal.throwIfAborted();
      signal.addEventListener("abort", running.kill, { once: true });
      running.limit(timeoutMs);
      running.send("go\n");
      const first = await Promise.race([inside.done, end]);
      signal.removeEventListener("abort", running.kill);
      signal.throwIfAborted();
      return first;
    },
    hasEnded: () => ended,
    leave: async () => {
      // One that is done ends by itself in a moment; only another is worth the search for all that belongs to it.
      const grace = setTimeout(() => running.kill(), inside.marks.has("done") ? LEAVE_MS : 0);
      await end;
      clearTimeout(grace);
      await rm(inside.folder, { recursive: true, force: true });
    },
  };
}

/** Writes what the chamber needs before it has a job. */
async function layFolder(host: ChamberHost, needs: ChamberNeeds, folder: string): Promise<void> {
  await Promise.all(["t", "m", "base", "rust", "vendor", "r1", "r2", "out"].map((name) => mkdir(join(folder, name), { recursive: true })));
  const binds: [string, string][] = [
    [needs.base, join(folder, "base")],
    [needs.sysroot, join(folder, "rust")],
  ];
  if (needs.vendor) binds.push([needs.vendor, join(folder, "vendor")]);
  const tier = TIERS[host.tier];
  binds.push([host.launcher, join(folder, "wall")]);
  const scripts = tier.chamber({ folder, layer: needs.layer, scratchBytes: needs.scratchBytes }, host.owner);
  const files = { ...scripts, "fstab.enter": bindTable(binds), ...stageViews(host, needs, folder) };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
  await tier.lay({ folder, plainTree: host.plainTree, launcher: host.launcher, needs, owner: host.owner });
  const { owner } = host;
  if (owner !== null) await Promise.all([folder, ...["t", "m", "out"].map((name) => join(folder, name))].map((path) => chown(path, owner, owner)));
}

function stageViews(host: ChamberHost, needs: ChamberNeeds, folder: string): Readonly<Record<string, string>> {
  const paths = { job: folder, setpriv: host.setpriv, launcher: join(folder, "wall"), passwd: host.passwd, readable: host.readable };
  const build = buildView(paths, host.layout, needs.layer === "direct");
  const test = testView(paths, host.layout, needs.toolchainLibraries);
  return TIERS[host.tier].views({ folder, skeleton: join(host.home, "skeleton"), layout: host.layout, build, test });
}
