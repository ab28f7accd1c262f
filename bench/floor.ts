// The floor that verdicts are measured against: cargo and the test binaries run directly in a warm folder, without any wall.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clock } from "../src/app/compose/system.ts";
import { regraftTestModules } from "../src/core/verdict/guard/regraft.ts";

/** A prepared base's own tree, sentinels included, built with the same flags. */
export class Floor {
  private readonly root = mkdtempSync(join(tmpdir(), "bakeoff-floor-"));
  private readonly tree = join(this.root, "w");
  private readonly sysroot: string;
  private readonly env: Record<string, string>;
  private binaries: string[] = [];
  private readonly originals: string;

  constructor(prepared: string) {
    this.originals = prepared;
    this.sysroot = spawnSync("rustc", ["--print", "sysroot"], { encoding: "utf8" }).stdout.trim();
    this.env = {
      PATH: `${this.sysroot}/bin:/usr/bin:/bin`,
      HOME: this.root,
      CARGO_TARGET_DIR: join(this.tree, "target"),
      CARGO_INCREMENTAL: "1",
      CARGO_PROFILE_DEV_DEBUG: "0",
      CARGO_PROFILE_DEV_CODEGEN_UNITS: "48",
      RUSTFLAGS: "-Funsafe-code",
      CARGO_NET_OFFLINE: "true",
      RUSTC_BOOTSTRAP: "1",
    };
    cpSync(prepared, this.tree, { recursive: true, preserveTimestamps: true });
    this.build();
    if (!this.build()) throw new Error("the floor's build failed");
  }

  /** Milliseconds of a build and, where it succeeds, of every test binary, after the same files were laid that the harness lays. */
  time(files: ReadonlyMap<string, string | null>): number {
    for (const [path, content] of files) {
      const laid = path.endsWith(".rs") ? regraftTestModules(readFileSync(join(this.originals, path), "utf8"), content ?? "") : content;
      writeFileSync(join(this.tree, path), laid ?? "");
    }
    const start = clock.now();
    const built = this.build();
    for (const binary of built ? this.binaries : []) spawnSync(binary, ["-Zunstable-options", "--format", "json"], { cwd: this.tree, env: this.env });
    return clock.now() - start;
  }

  /** Brings the clean base back and builds it, so that each sample starts from the same state. Not timed. */
  restore(paths: Iterable<string>): void {
    for (const path of paths) writeFileSync(join(this.tree, path), readFileSync(join(this.originals, path)));
    this.build();
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
