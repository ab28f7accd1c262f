// The peers, installed into a folder of the bench's own, each at one version.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The last lines of both that run on Node 20. evalite wants its runner and its store beside it. */
const NODE_PACKAGES = {
  promptfoo: { promptfoo: "0.120.27" },
  evalite: { evalite: "0.19.0", vitest: "4.0.18", "better-sqlite3": "11.10.0" },
} as const;
const PYTHON_PACKAGES = ["inspect-ai==0.3.285", "openai==3.57.0"];

export const VERSIONS = { "Inspect AI": "0.3.285", promptfoo: NODE_PACKAGES.promptfoo.promptfoo, evalite: NODE_PACKAGES.evalite.evalite } as const;

/** Each a folder with what was installed in it. */
export interface Installed {
  /** Holds `node_modules`. */
  readonly promptfoo: string;
  /** Holds `node_modules`. */
  readonly evalite: string;
  /** Programs of the virtual environment. */
  readonly python: string;
}

/** Minutes where nothing is there yet; nothing where all of it is. */
export function installedPeers(): Installed {
  const folder = resolve("node_modules/.cache/bakeoff-peers");
  const ofNode = (name: keyof typeof NODE_PACKAGES): string => {
    const own = join(folder, name);
    mkdirSync(own, { recursive: true });
    once(join(own, ".installed"), JSON.stringify(NODE_PACKAGES[name]), () => {
      writeFileSync(join(own, "package.json"), JSON.stringify({ private: true, type: "module", dependencies: NODE_PACKAGES[name] }));
      must("npm", ["install", "--no-audit", "--no-fund", "--omit=dev", "--loglevel=error"], own);
    });
    return own;
  };
  const venv = join(folder, "venv");
  const installed = { promptfoo: ofNode("promptfoo"), evalite: ofNode("evalite"), python: join(venv, "bin") };
  once(join(folder, ".python-installed"), PYTHON_PACKAGES.join(" "), () => {
    must("python3", ["-m", "venv", venv], folder);
    must(join(venv, "bin", "python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...PYTHON_PACKAGES], folder);
  });
  return installed;
}

function once(marker: string, what: string, install: () => void): void {
  if (existsSync(marker) && readFileSync(marker, "utf8") === what) return;
  process.stdout.write(`installing ${what}\n`);
  install();
  writeFileSync(marker, what);
}

function must(program: string, args: readonly string[], cwd: string): void {
  const { status, error } = spawnSync(program, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`${program} ${args[0] ?? ""} failed${error === undefined ? "" : `: ${error.message}`}`);
}
