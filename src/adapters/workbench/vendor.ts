// Fetches what a base's lock file names, once, into the cache; after that a run needs no network.
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { hashOf } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { lockPackages } from "../../core/suite/lock-packages.ts";
import type { Base } from "../../core/suite/suite.ts";
import { runProcess } from "../sandbox/process.ts";
import type { HostToolchain } from "./toolchain.ts";

/** Returns a folder of vendored sources, or null if the lock file names none. */
export function vendorInto(root: string, toolchain: HostToolchain) {
  return async (base: Base, tree: string, signal: AbortSignal): Promise<string | null> => {
    const lock = base.tree.get("Cargo.lock");
    const { fetched } = lockPackages(typeof lock === "string" ? lock : "");
    if (fetched.length === 0) return null;
    const folder = join(root, "vendor", hashOf(fetched));
    if (
      await stat(folder).then(
        () => true,
        () => false,
      )
    )
      return folder;
    await mkdir(join(root, "vendor"), { recursive: true });
    const work = `${folder}.${process.pid}`;
    const cargo = join(toolchain.sysroot, "bin", "cargo");
    const run = (flags: readonly string[]) =>
      runProcess({
        command: [cargo, "vendor", "--locked", "--versioned-dirs", ...flags, "--manifest-path", join(tree, "Cargo.toml"), work],
        env: Object.fromEntries(
          Object.entries(process.env).flatMap(([name, value]) => (value === undefined || /TOKEN|SECRET|_KEY$/.test(name) ? [] : [[name, value]])),
        ),
        cwd: "/",
        timeoutMs: 600_000,
        signal,
      });
    try {
      // Crates that cargo has already fetched are used without the network.
      const offline = await run(["--offline"]);
      const end = offline.code === 0 ? offline : await run([]);
      if (end.code !== 0) throw notFetched(base, end.stderr);
      await rename(work, folder).catch(() => undefined);
      return folder;
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  };
}

function notFetched(base: Base, stderr: string): BakeoffError {
  const why = stderr.split("\n").find((line) => line.startsWith("error")) ?? stderr.split("\n")[0] ?? "";
  return new BakeoffError(
    "environment",
    `the dependencies of base ${base.name} are missing and can't be fetched (${why.trim()})`,
    "with a network, run once: cargo fetch --locked --manifest-path <suite>/base/Cargo.toml",
  );
}
