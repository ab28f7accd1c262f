// The floor that verdicts are measured against: cargo and the test binaries run directly in a warm folder, without any wall.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { clock } from "../src/app/compose/parts/system.ts";
import type { Tree } from "../src/core/text/edit.ts";

/** A repository as its engineers have it, all its tests in it and nothing added, built with the same flags as ours. */
export class Floor {
  private readonly root = mkdtempSync(join(tmpdir(), "bakeoff-floor-"));
  private readonly tree = join(this.root, "w");
  private readonly sysroot: string;
  private readonly env: Record<string, string>;
  private binaries: string[] = [];
  private readonly originals: Tree;

  constructor(originals: Tree) {
    this.originals = originals;
    this.sysroot = spawnSync("rustc", ["--print", "sysroot"], { encoding: "utf8" }).stdout.trim();
    this.env = {
      PATH: `${this.sysroot}/bin:/usr/bin:/bin`,
      HOME: this.root,
      CARGO_TARGET_DIR: join(this.tree, "target"),
      CARGO_INCREMENTAL: "1",
      CARGO_PROFILE_DEV_DEBUG: "0",
      CARGO_PROFILE_DEV_CODEGEN_UNITS: "144",
      RUSTFLAGS: "-Funsafe-code",
      CARGO_NET_OFFLINE: "true",
      RUSTC_BOOTSTRAP: "1",
    };
    for (const [path, content] of originals) this.write(path, content);
    this.build();
    if (!this.build()) throw new Error("the floor's build failed");
  }

  /** Milliseconds of a build and, where it succeeds, of every test binary, after the same files were laid that the harness lays. */
  time(files: ReadonlyMap<string, string | null>): number {
    for (const [path, content] of files) this.write(path, content ?? "");
    const start = clock.now();
    const built = this.build();
    for (const binary of built ? this.binaries : []) spawnSync(binary, ["-Zunstable-options", "--format", "json"], { cwd: this.tree, env: this.env });
    return clock.now() - start;
  }

  /** Brings the clean base back and builds it, so that each sample starts from the same state. Not timed. */
  restore(paths: Iterable<string>): void {
    for (const path of paths) this.write(path, this.originals.get(path) ?? "");
    this.build();
  }

  private write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.tree, path)), { recursive: true });
    writeFileSync(join(this.tree, path), content);
  }

  /** False where it does not compile. */
  private build(): boolean {
    const args = ["test", "--no-run", "--lib", "--tests", "--workspace", "-q", "--message-format=json", "--manifest-path", join(this.tree, "Cargo.toml")];
    const { status, stdout } = spawnSync(join(this.sysroot, "bin/cargo"), args, { cwd: "/", env: this.env, encoding: "utf8", maxBuffer: 1e8 });
    if (status !== 0) return false;
    const found = stdout.split("\n").flatMap((line) => /"executable":"([^"]+)"/.exec(line)?.[1] ?? []);
    this.binaries = [...new Set(found)];
    return true;
  }

  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
