// What each stage of a job can see of the machine, as data, and its two renderings: an fstab and bubblewrap's arguments.
import { lstat, readlink } from "node:fs/promises";

/** One bind mount; `to` is a path inside the stage's root. */
export interface Mount {
  readonly from: string;
  readonly to: string;
  readonly access: "read-only" | "read-write" | "device";
}

export interface StageView {
  readonly mounts: readonly Mount[];
  /** A /proc of the stage's own process namespace. Without one, a test can't read its memory, its file or its arguments. */
  readonly proc: boolean;
  /** Symbolic links of the stage's root, by their absolute paths. */
  readonly links: readonly { readonly path: string; readonly target: string }[];
}

/** How the host lays out /bin, /lib and their like: links into /usr on most, folders on some. */
export interface HostLayout {
  readonly links: readonly { readonly path: string; readonly target: string }[];
  readonly folders: readonly string[];
}

const DEVICES = ["null", "zero", "full", "random", "urandom"] as const;

/** Folders and files that the read-only skeleton of a stage's root must have as mount points. */
export const SKELETON = {
  folders: ["usr", "usr/lib", "etc/alternatives", "proc/self", "dev/shm", "tmp", "w", "rust", "cargo", "vendor", "run"],
  files: ["etc/ld.so.cache", "etc/passwd", "run/setpriv", "run/wall", ...DEVICES.map((device) => `dev/${device}`)],
} as const;

export async function hostLayout(): Promise<HostLayout> {
  const links: { path: string; target: string }[] = [];
  const folders: string[] = [];
  for (const path of ["bin", "sbin", "lib", "lib64", "usr/lib64"]) {
    const stat = await lstat(`/${path}`).catch(() => null);
    if (stat?.isSymbolicLink()) links.push({ path, target: await readlink(`/${path}`) });
    else if (stat?.isDirectory()) folders.push(path);
  }
  return { links, folders };
}

interface StagePaths {
  /** The job's folder. */
  readonly job: string;
  /** Absolute path of the host's setpriv, if there is one. */
  readonly setpriv: string | null;
  /** Host path of the launcher, and of an /etc/passwd with one user in it. */
  readonly launcher: string;
  readonly passwd: string;
  /** Host files and folders that exist and both stages may read. */
  readonly readable: readonly string[];
}

/** The build stage: the whole of /usr and the toolchain to read, sources to read, only `target` and /tmp to write. */
export function buildView(paths: StagePaths, layout: HostLayout, sourcesWritable: boolean): StageView {
  const { job } = paths;
  return {
    proc: true,
    links: [],
    mounts: [
      ...hostMounts(["/usr", ...layout.folders.filter((folder) => !folder.startsWith("usr/")).map((folder) => `/${folder}`), ...paths.readable]),
      { from: `${job}/rust`, to: "/rust", access: "read-only" },
      { from: `${job}/vendor`, to: "/vendor", access: "read-only" },
      ...commonMounts(paths),
      { from: `${job}/t/tmp`, to: "/tmp", access: "read-write" },
      { from: `${job}/t/tmp`, to: "/dev/shm", access: "read-write" },
      { from: `${job}/t/cargo`, to: "/cargo", access: "read-write" },
      { from: `${job}/m`, to: "/w", access: sourcesWritable ? "read-write" : "read-only" },
      { from: `${job}/m/target`, to: "/w/target", access: "read-write" },
    ],
  };
}

/** What `current_exe` reads: a test's own program lies on no path. */
export const OWN_PROGRAM = { path: "/proc/self/exe", target: "/w/target/debug/deps/program" } as const;

/** The test stage: libraries, the workspace and the crate's own programs to read, only /tmp to write; of /proc, one link. */
export function testView(paths: StagePaths, layout: HostLayout, toolchainLibraries: boolean): StageView {
  const { job } = paths;
  const libraries = layout.folders.filter((folder) => /^(usr\/)?lib/.test(folder));
  return {
    proc: false,
    links: [OWN_PROGRAM],
    mounts: [
      ...hostMounts(["/usr/lib", ...libraries.map((folder) => `/${folder}`), ...paths.readable]),
      ...(toolchainLibraries ? [{ from: `${job}/rust`, to: "/rust", access: "read-only" } as const] : []),
      ...commonMounts(paths),
      { from: `${job}/t/tmp2`, to: "/tmp", access: "read-write" },
      { from: `${job}/t/tmp2`, to: "/dev/shm", access: "read-write" },
      { from: `${job}/m`, to: "/w", access: "read-only" },
      { from: `${job}/t/programs`, to: "/w/target", access: "read-only" },
    ],
  };
}

function hostMounts(paths: readonly string[]): Mount[] {
  return paths.map((path) => ({ from: path, to: path, access: "read-only" }));
}

function commonMounts(paths: StagePaths): Mount[] {
  return [
    { from: paths.launcher, to: "/run/wall", access: "read-only" } as const,
    { from: paths.passwd, to: "/etc/passwd", access: "read-only" } as const,
    ...(paths.setpriv ? [{ from: paths.setpriv, to: "/run/setpriv", access: "read-only" } as const] : []),
    ...DEVICES.map((device) => ({ from: `/dev/${device}`, to: `/dev/${device}`, access: "device" }) as const),
  ];
}

/** An fstab that `mount --all` lays below `root`, in order: the skeleton first. */
export function fstab(view: StageView, root: string, skeleton: string): string {
  const options = { "read-only": "bind,ro,nosuid,nodev", "read-write": "bind,nosuid,nodev", device: "bind,nosuid,noexec" };
  return [
    fstabLine(skeleton, root, options["read-only"]),
    ...view.mounts.map((mount) => fstabLine(mount.from, `${root}${mount.to}`, options[mount.access])),
  ].join("");
}

/** bubblewrap's arguments for the same view, as `--args` reads them: NUL-separated. */
export function bubblewrapArguments(view: StageView, layout: HostLayout): string {
  const wholeUsr = view.mounts.some((mount) => mount.to === "/usr");
  const links = layout.links.filter(({ path }) => !(wholeUsr && path.startsWith("usr/")));
  const flags = { "read-only": "--ro-bind", "read-write": "--bind", device: "--dev-bind" };
  const parts = [
    // Nothing else is shared with anybody but the stages of one job: the chamber has namespaces of its own.
    "--unshare-user",
    "--unshare-pid",
    "--disable-userns",
    "--die-with-parent",
    "--new-session",
    "--cap-drop",
    "ALL",
    ...links.flatMap(({ path, target }) => ["--symlink", target, `/${path}`]),
    ...view.mounts.flatMap((mount) => [flags[mount.access], mount.from, mount.to]),
    ...view.links.flatMap(({ path, target }) => ["--symlink", target, path]),
    ...(view.proc ? ["--proc", "/proc"] : []),
    "--remount-ro",
    "/",
  ];
  return parts.map((part) => `${part}\u0000`).join("");
}

/** An fstab of plain bind mounts: [from, to]. */
export const bindTable = (binds: readonly (readonly [string, string])[]): string => binds.map(([from, to]) => fstabLine(from, to, "bind")).join("");

const fstabLine = (from: string, to: string, options: string): string => `${escaped(from)} ${escaped(to)} none ${options} 0 0\n`;

/** fstab(5): white space, `#` and backslash as octal escapes. */
function escaped(path: string): string {
  return path.replace(/[\s\\#]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`);
}
