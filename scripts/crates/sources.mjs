// Public crates as cargo gives them: published sources of pinned versions, and git histories made of successive ones.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Versions of one crate can't be resolved together, so that each is asked for by a package of its own. */
export function fetchCrates(folder, releases) {
  const manifests = releases.map(({ name, version }) => {
    const asker = join(folder, "askers", `${name}-${version}`);
    mkdirSync(join(asker, "src"), { recursive: true });
    writeFileSync(join(asker, "src", "lib.rs"), "");
    const lines = ["[package]", 'name = "asker"', 'version = "0.0.0"', "[workspace]", "[dependencies]", `${name} = "=${version}"`];
    writeFileSync(join(asker, "Cargo.toml"), `${lines.join("\n")}\n`);
    return join(asker, "Cargo.toml");
  });
  const [first, ...more] = manifests;
  const vendor = join(folder, "vendor");
  const args = ["vendor", "--quiet", "--versioned-dirs", "--manifest-path", first, ...more.flatMap((path) => ["--sync", path]), vendor];
  const { status, stderr } = spawnSync("cargo", args, { cwd: folder, encoding: "utf8", maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`cargo can't fetch the crates: ${stderr.trim().split("\n")[0]}`);
  return vendor;
}

/** What cargo and the registry put beside a crate's own files. */
const NOT_ITS_OWN = new Set([".cargo-checksum.json", ".cargo_vcs_info.json", "Cargo.toml.orig"]);

function layRelease(vendor, { name, version }, folder) {
  cpSync(join(vendor, `${name}-${version}`), folder, { recursive: true });
  for (const file of NOT_ITS_OWN) rmSync(join(folder, file), { force: true });
}

/** A release, or a workspace of it and others, which stand in the place of their like on the registry. */
export function layRepository(vendor, release, folder) {
  const { with: others = [] } = release;
  if (others.length === 0) return layRelease(vendor, release, folder);
  for (const one of [release, ...others]) layRelease(vendor, one, join(folder, one.name));
  const names = [release, ...others].map(({ name }) => JSON.stringify(name)).join(", ");
  const patches = others.map(({ name }) => `${name} = { path = "${name}" }\n`).join("");
  writeFileSync(join(folder, "Cargo.toml"), `[workspace]\nmembers = [${names}]\nresolver = "2"\n\n[patch.crates-io]\n${patches}`);
}

/** A repository in which each release is a commit. Its message is what the release's own changelog says of it. */
export function layHistory(vendor, name, versions, folder) {
  mkdirSync(folder, { recursive: true });
  git(folder, ["init", "-q", "-b", "main"], 0);
  for (const [index, version] of versions.entries()) {
    for (const entry of readdirSync(folder)) if (entry !== ".git") rmSync(join(folder, entry), { recursive: true });
    layRelease(vendor, { name, version }, folder);
    git(folder, ["add", "--all", "--force"], index);
    git(folder, ["commit", "-q", "-m", `${name} ${version}\n\n${changelogOf(folder, version)}`], index);
  }
}

const isHeading = (line) => /^#+ |^\[?v?\d+\.\d+\.\d+/.test(line);

/** The lines below the version's heading, up to the next heading of its rank. */
function changelogOf(folder, version) {
  const file = readdirSync(folder).find((entry) => /^(CHANGELOG|CHANGES|RELEASES)(\.|$)/i.test(entry));
  const lines = file === undefined ? [] : readFileSync(join(folder, file), "utf8").split("\n");
  const start = lines.findIndex((line) => isHeading(line) && new RegExp(`(^|[^\\d.])${version.replaceAll(".", "\\.")}($|[^\\d.])`).test(line));
  if (start < 0) return "";
  const end = lines.findIndex((line, at) => at > start && /^#{1,2} |^\[?v?\d+\.\d+\.\d+/.test(line));
  return lines
    .slice(start + 1, end < 0 ? undefined : end)
    .join("\n")
    .trim();
}

const START = 1_600_000_000;
const DAY = 86_400;

function git(folder, args, index) {
  const date = `${START + index * DAY} +0000`;
  const who = {
    GIT_AUTHOR_NAME: "release",
    GIT_AUTHOR_EMAIL: "release@example.com",
    GIT_COMMITTER_NAME: "release",
    GIT_COMMITTER_EMAIL: "release@example.com",
  };
  execFileSync("git", ["-C", folder, "-c", "core.hooksPath=/dev/null", ...args], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      ...who,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
    },
  });
}
