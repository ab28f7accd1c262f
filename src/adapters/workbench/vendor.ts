// Fetches what a base's lock file names, once, into the cache; after that a run needs no network.
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hashOf } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { lockPackages, type LockPackages } from "../../core/suite/lock-packages.ts";
import type { Base } from "../../core/suite/suite.ts";
import { cargoComplaint, hostCargo } from "./cargo/host-cargo.ts";
import type { HostToolchain } from "./cargo/toolchain.ts";

const TIMEOUT_MS = 600_000;

/** Returns a folder of vendored sources, or null if the lock file names none. */
export function vendorInto(root: string, toolchain: HostToolchain) {
  return async (base: Base, tree: string, signal: AbortSignal): Promise<string | null> => {
    const lock = base.tree.get("Cargo.lock");
    const { fetched, unused } = lockPackages(typeof lock === "string" ? lock : "");
    if (fetched.length + unused.length === 0) return null;
    const folder = join(root, "vendor", hashOf(unused.length === 0 ? fetched : { fetched, unused }));
    if (await isThere(folder)) return folder;
    await mkdir(join(root, "vendor"), { recursive: true });
    const work = `${folder}.${process.pid}`;
    const cargo = hostCargo(toolchain, { folder: tree, tree: base.tree }, { timeoutMs: TIMEOUT_MS, signal });
    // Without the last flag cargo would pass over what stands in the place of a source: a mirror, or a folder of the repository.
    const vendor = (...flags: string[]) => cargo(["vendor", "--locked", "--versioned-dirs", "--respect-source-config", ...flags, work]);
    try {
      // Crates that cargo has already fetched are used without the network.
      const offline = await vendor("--offline");
      const end = offline.code === 0 ? offline : await vendor();
      if (end.code !== 0) throw notFetched(base, end.stderr);
      await addUnused(work, unused);
      await rename(work, folder).catch(() => undefined);
      return folder;
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  };
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** `cargo vendor` leaves out patches that nothing uses, and cargo takes a lock file that names one it can't find for an old one. Their names are enough. */
async function addUnused(vendor: string, unused: LockPackages["unused"]): Promise<void> {
  for (const { name, version } of unused) {
    const folder = join(vendor, `${name}-${version}`);
    // Where something else brings the package, it is there already.
    if (await isThere(folder)) continue;
    await mkdir(join(folder, "src"), { recursive: true });
    await writeFile(join(folder, "Cargo.toml"), `[package]\nname = ${JSON.stringify(name)}\nversion = ${JSON.stringify(version)}\n`);
    await writeFile(join(folder, "src/lib.rs"), "");
    await writeFile(join(folder, ".cargo-checksum.json"), '{"files":{}}');
  }
}

const notFetched = (base: Base, stderr: string): BakeoffError =>
  new BakeoffError(
    "environment",
    `the dependencies of base ${base.name} are missing and can't be fetched (${cargoComplaint(stderr)})`,
    "with a network, run once: cargo fetch --locked --manifest-path <suite>/base/Cargo.toml",
  );
