// A chamber: fresh namespaces with the workspace laid in them, waiting for the one job that they will have.
import { chown, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, SandboxTier } from "../../run/ports.ts";
import { chamberScripts, type Layer } from "./job-script.ts";
import { bindTable, bubblewrapArguments, buildView, fstab, type HostLayout, testView } from "./mounts.ts";
import { type ProcessEnd, type RunningProcess, startProcess } from "./process.ts";

/** What every chamber of a sandbox shares. */
export interface ChamberHost {
  readonly tier: SandboxTier;
  readonly clock: Clock;
  readonly owner: number | null;
  readonly home: string;
  readonly layout: HostLayout;
  readonly setpriv: string | null;
  readonly readable: readonly string[];
  readonly path: string;
  readonly plainTree: string;
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

export interface Chamber {
  readonly folder: string;
  /** When each marker line came. */
  readonly marks: ReadonlyMap<string, number>;
  /** Lets the job begin; resolves when it is done or the chamber has ended, whichever is first. */
  go(timeoutMs: number): Promise<ProcessEnd | "done">;
  /** True once its process has ended. */
  hasEnded(): boolean;
  /** Ends it and removes its folder. */
  leave(): Promise<void>;
}

export async function openChamber(host: ChamberHost, needs: ChamberNeeds, place: { readonly folder: string; readonly standing: boolean }, signal: AbortSignal): Promise<Chamber> {
  const { folder } = place;
  await layFolder(host, needs, place);
  const marks = new Map<string, number>();
  const bell: { ring: () => void } = { ring: () => undefined };
  const done = new Promise<"done">((resolve) => {
    bell.ring = () => resolve("done");
  });
  const onLine = (line: string): void => {
    marks.set(line, host.clock.now());
    if (line === "done") bell.ring();
  };
  const asRoot = host.tier !== "none" && host.owner !== null;
  const command = asRoot ? (["unshare", "-m", "sh", join(folder, "enter.sh")] as const) : (["sh", join(folder, "enter.sh")] as const);
  const running = startProcess({ command, env: { PATH: `${host.path}:/usr/sbin:/sbin` }, cwd: "/", signal, onLine }, true);
  return chamberOf(running, { folder, marks, done });
}

function chamberOf(running: RunningProcess, inside: { folder: string; marks: Map<string, number>; done: Promise<"done"> }): Chamber {
  let ended = false;
  const end = running.ended.finally(() => {
    ended = true;
  });
  // Whoever waits for the job hears of an abort; a chamber that still stands has nobody who waits.
  end.catch(() => undefined);
  return {
    folder: inside.folder, marks: inside.marks,
    go: (timeoutMs) => {
      running.limit(timeoutMs);
      running.send("go\n");
      return Promise.race([inside.done, end]);
    },
    hasEnded: () => ended,
    leave: async () => {
      running.kill();
      await end.catch(() => undefined);
      await rm(inside.folder, { recursive: true, force: true });
    },
  };
}

/** Writes what the chamber needs before it has a job. */
async function layFolder(host: ChamberHost, needs: ChamberNeeds, { folder, standing }: { folder: string; standing: boolean }): Promise<void> {
  await Promise.all(["t", "m", "base", "rust", "vendor", "r1", "r2", "out"].map((name) => mkdir(join(folder, name), { recursive: true })));
  const binds: [string, string][] = [[needs.base, join(folder, "base")], [needs.sysroot, join(folder, "rust")]];
  if (needs.vendor) binds.push([needs.vendor, join(folder, "vendor")]);
  const scripts = chamberScripts({ tier: host.tier, folder, layer: needs.layer, scratchBytes: needs.scratchBytes, standing }, host.owner);
  const files = { ...scripts, "fstab.enter": bindTable(binds), ...stageViews(host, needs, folder) };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
  if (host.tier === "none") await layPlain(host, needs, folder);
  const { owner } = host;
  if (owner !== null) await Promise.all([folder, ...["t", "m", "out"].map((name) => join(folder, name))].map((path) => chown(path, owner, owner)));
}

function stageViews(host: ChamberHost, needs: ChamberNeeds, folder: string): Record<string, string> {
  const paths = { job: folder, setpriv: host.setpriv, readable: host.readable };
  const build = buildView(paths, host.layout, needs.layer === "direct");
  const test = testView(paths, host.layout, needs.toolchainLibraries);
  const skeleton = join(host.home, "skeleton");
  if (host.tier === "util-linux") {
    return { "fstab.build": fstab(build, join(folder, "r1"), skeleton), "fstab.test": fstab(test, join(folder, "r2"), skeleton) };
  }
  if (host.tier === "none") return {};
  return { "bwrap.build": bubblewrapArguments(build, host.layout), "bwrap.test": bubblewrapArguments(test, host.layout) };
}

async function layPlain(host: ChamberHost, needs: ChamberNeeds, folder: string): Promise<void> {
  await writeFile(join(folder, "tree.path"), host.plainTree);
  await rm(join(folder, "base"), { recursive: true });
  if (needs.layer !== "direct") await symlink(needs.base, join(folder, "base"));
}
