// Tier landlock: no namespace and no mount; each stage is held by a Landlock ruleset and the launcher's filter, in a copied workspace.
import { copyFile, rm, symlink, writeFile } from "node:fs/promises";
import { statSync } from "node:fs";
import { join } from "node:path";
import { assignments, head, quoted } from "../script.ts";
import { READY_TESTS, type StageWalls, walledJob } from "../walled-script.ts";
import type { ChamberNeeds, ChamberPlace, Tier } from "./tier.ts";

/** Nobody else's: what is left of a job is killed by this number. */
const UID = 61_358;

/** The one folder where workspaces lie, since their path is part of what is built: below one that any user can pass through. */
const PLACE = `/var/tmp/bakeoff-${process.getuid?.() ?? 0}`;
const TREE = join(PLACE, "w");

/** Where a root harness's toolchain and vendored sources are brought, if they lie in a folder that others can't pass through. */
function placeOf(host: string): string {
  return process.getuid?.() !== 0 || isOpenToAll(host) ? host : join(PLACE, "host", host.slice(1).replaceAll("/", "-"));
}

function isOpenToAll(path: string): boolean {
  const folders = path.split("/").map((_, index, parts) => parts.slice(0, index + 1).join("/") || "/");
  return folders.every((folder) => ((statSync(folder, { throwIfNoEntry: false })?.mode ?? 0) & 0o001) !== 0);
}

const wallsIn = (folder: string): StageWalls => ({
  launcher: join(folder, "wall"),
  scratch: (index) => join(folder, "t/tmp2", String(index)),
  // A socket of the file system's would lead out: Landlock says nothing of connecting to one.
  network: { build: "pair", test: "pair" },
  binaryMode: "0500",
  rules: { build: join(folder, "rules.build"), test: join(folder, "rules.test") },
  beforeTests: ({ tests }) => `{ cat rules.common
printf 'w %s\\n' "$S/t/tmp2"
for entry in "$M"/* "$M"/.[!.]*; do if [ "$entry" != "$M/target" ] && [ -e "$entry" ]; then printf 'r %s\\n' "$entry"; fi; done
${tests.flatMap(({ exe, cwd }) => (cwd === null ? [`printf 'x? %s\\n' "$M/target/"${quoted(exe)}`] : [])).join("\n")}
} >rules.test`,
  stage: (_job, name, { env, argv, files }) => {
    const home = join(folder, name === "build" ? "t/tmp" : "t/tmp2");
    const own = name === "build" ? { HOME: home, TMPDIR: home } : { HOME: home };
    return `${assignments({ ...env, ...own })} ${argv} ${files}`;
  },
});

export const landlock: Tier = {
  wall: null,
  isWalled: true,
  layers: ["copy"],
  dropTo: UID,
  oneJobAtATime: true,
  places: ({ sysroot }) => ({ root: TREE, rust: placeOf(sysroot), home: join(PLACE, "cargo"), vendor: join(PLACE, "vendor") }),
  shell: () => ["sh"],
  chamber: ({ folder }, dropTo) => ({ "enter.sh": enterScript(folder, dropTo) }),
  job: (job, folder) => `${layScript(job.dropTo)}\n${walledJob(wallsIn(folder), job)}\nif [ -f keep ]; then cp -a "$M/." base/; fi\nrm -rf "$M"\n`,
  views: ({ build }) => ({ "rules.common": COMMON, "rules.build": buildRules(build.mounts.map(({ from }) => from)) }),
  lay,
};

/** What a stage sees of the machine; a path that is not there is passed over. */
const COMMON = `${["/usr/lib", "/lib", "/lib64", "/usr/lib64"].map((path) => `x? ${path}`).join("\n")}
r? /etc/ld.so.cache
w /dev/null
${["zero", "full", "random", "urandom"].map((device) => `r /dev/${device}`).join("\n")}
`;

function buildRules(mounted: readonly string[]): string {
  const programs = ["/usr", "/bin", "/sbin", ...mounted.filter((path) => path === "/etc/alternatives")];
  return `${COMMON}${programs.map((path) => `x? ${path}\n`).join("")}r ${TREE}
wx ${join(TREE, "target")}
w ${join(PLACE, "cargo")}
r? ${join(PLACE, "vendor")}
`;
}

function enterScript(folder: string, dropTo: number | null): string {
  const tests = Array.from({ length: READY_TESTS }, (_, index) => `t/tmp2/${index}`).join(" ");
  return `${head(folder)}
M=${quoted(TREE)}; export M
mkdir -p t/tmp t/tmp2 t/target t/programs ${tests}
${dropTo === null ? "" : `chown -R ${dropTo} t/tmp t/tmp2`}
read -r go
. ./job.sh
say done
`;
}

/** Another process's job is waited for. Prepared bases belong to the user that stages run as; what was copied does, too. */
function layScript(dropTo: number | null): string {
  const place = quoted(PLACE);
  return `umask 022
mkdir -p ${place}
if [ -L ${place} ] || [ ! -O ${place} ]; then echo "${PLACE} belongs to somebody else" >&2; exit 1; fi
exec 6>${place}/lock; flock 6
rm -rf "$M" ${place}/cargo ${place}/vendor; mkdir -p "$M" ${place}/cargo
${dropTo === null ? "" : `chown ${dropTo} ${place}/cargo`}
cp -a base/. "$M/"
[ -d "$M/target" ] || { mkdir "$M/target"; ${dropTo === null ? ":" : `chown ${dropTo} "$M/target"`}; }
rmdir m; ln -s "$M" m
bring() { if [ "$1" != "$2" ] && [ ! -d "$2" ]; then rm -rf "$2.part"; mkdir -p "\${2%/*}"; for part in "$1"/*; do case "\${part##*/}" in share|etc) ;; *) mkdir -p "$2.part"; cp -al "$part" "$2.part/" 2>/dev/null || cp -a "$part" "$2.part/";; esac; done; mv "$2.part" "$2"; fi; }
rust=$(cat rust.path); here=$(cat rust.place)
# An update of the toolchain leaves its path as it is.
if [ "$rust" != "$here" ] && ! cmp -s "$rust/bin/rustc" "$here/bin/rustc"; then rm -rf "$here"; fi
bring "$rust" "$here"
if [ -f vendor.path ]; then bring "$(cat vendor.path)" "$(cat vendor.place)"; ln -sfn "$(cat vendor.place)" ${place}/vendor; fi
printf 'x %s\\n' "$here" >>rules.build
if grep -q toolchain needs; then printf 'x %s\\n' "$here" >>rules.common; fi
printf 'w %s\\n' "$S/t/tmp" >>rules.build`;
}

async function lay({ folder, launcher, needs }: ChamberPlace): Promise<void> {
  await copyFile(launcher, join(folder, "wall"));
  await rm(join(folder, "base"), { recursive: true });
  await symlink(needs.base, join(folder, "base"));
  const texts: [string, string][] = [
    ["rust.path", needs.sysroot],
    ["rust.place", placeOf(needs.sysroot)],
    ["needs", needs.toolchainLibraries ? "toolchain" : ""],
    ...vendorTexts(needs),
    ...(needs.layer === "direct" ? [["keep", ""] as [string, string]] : []),
  ];
  await Promise.all(texts.map(([name, text]) => writeFile(join(folder, name), text)));
}

const vendorTexts = ({ vendor }: ChamberNeeds): [string, string][] =>
  vendor === null
    ? []
    : [
        ["vendor.path", vendor],
        ["vendor.place", placeOf(vendor)],
      ];
