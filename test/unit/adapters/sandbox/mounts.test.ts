// Tests of what the stages of a job can see, and of its two renderings.
import { describe, expect, it } from "vitest";
import { bindTable, bubblewrapArguments, buildView, fstab, type HostLayout, type StageView, testView } from "../../../../src/adapters/sandbox/mounts.ts";

const layout: HostLayout = {
  links: [
    { path: "bin", target: "usr/bin" },
    { path: "usr/lib64", target: "lib" },
  ],
  folders: ["lib64", "sbin"],
};
const paths = { job: "/j", setpriv: "/usr/bin/setpriv", launcher: "/j/wall", passwd: "/h/passwd", readable: ["/etc/ld.so.cache"] };
const build = buildView(paths, layout, false);
const test = testView(paths, layout, false);

const writable = (view: StageView): string[] =>
  view.mounts
    .filter(({ access }) => access === "read-write")
    .map(({ to }) => to)
    .toSorted();
const places = (view: StageView): string[] => view.mounts.map(({ to }) => to);

describe("the views of the stages", () => {
  it("lets a build write its target, its home and temporary files only", () => {
    expect(writable(build)).toEqual(["/cargo", "/dev/shm", "/tmp", "/w/target"]);
  });

  it("lets a base's own build write its sources too", () => {
    expect(writable(buildView(paths, layout, true))).toContain("/w");
  });

  it("lets a test write temporary files only", () => {
    expect(writable(test)).toEqual(["/dev/shm", "/tmp"]);
  });

  it("gives a test neither programs nor the toolchain nor /proc", () => {
    expect(test.proc).toBe(false);
    expect(places(test)).not.toEqual(expect.arrayContaining(["/usr"]));
    expect(places(test).filter((to) => /bin$|^\/(usr|rust|cargo|vendor)$/.test(to))).toEqual([]);
    expect(places(testView(paths, layout, true))).toContain("/rust");
  });

  it("mounts a folder before what lies in it", () => {
    for (const view of [build, test]) {
      for (const [index, to] of places(view).entries()) {
        expect(
          places(view)
            .slice(0, index)
            .filter((earlier) => earlier.startsWith(`${to}/`)),
        ).toEqual([]);
      }
    }
  });

  it("shows nothing of the host beyond /usr, its library folders and what was named", () => {
    const froms = [...build.mounts, ...test.mounts].map(({ from }) => from).filter((from) => !from.startsWith("/j/") && !from.startsWith("/dev/"));
    expect([...new Set(froms)].toSorted()).toEqual(["/etc/ld.so.cache", "/h/passwd", "/lib64", "/sbin", "/usr", "/usr/bin/setpriv", "/usr/lib"]);
  });
});

describe("fstab", () => {
  it("begins with the skeleton and mounts the rest below the root", () => {
    const lines = fstab(test, "/j/r2", "/h/skeleton").trimEnd().split("\n");
    expect(lines[0]).toBe("/h/skeleton /j/r2 none bind,ro,nosuid,nodev 0 0");
    expect(lines.slice(1).every((line) => line.split(" ")[1]?.startsWith("/j/r2/"))).toBe(true);
    expect(lines).toContain("/dev/null /j/r2/dev/null none bind,nosuid,noexec 0 0");
    expect(lines).toContain("/j/t/tmp2 /j/r2/tmp none bind,nosuid,nodev 0 0");
  });

  it("escapes white space, hashes and backslashes, so that each line keeps its six fields", () => {
    const view: StageView = { proc: false, links: [], mounts: [{ from: "/a b\tc\nd#e\\f", to: "/x", access: "read-only" }] };
    const line = fstab(view, "/r r", "/s").trimEnd().split("\n")[1];
    expect(line).toBe("/a\\040b\\011c\\012d\\043e\\134f /r\\040r/x none bind,ro,nosuid,nodev 0 0");
  });

  it("escapes in the table of first binds as well", () => {
    expect(
      bindTable([["/a b", "/j/base"]])
        .split(" ")
        .slice(0, 3),
    ).toEqual(["/a\\040b", "/j/base", "none"]);
  });
});

describe("bubblewrap's arguments", () => {
  const words = (view: StageView): string[] => bubblewrapArguments(view, layout).split("\u0000").slice(0, -1);

  it("unshare everything and drop every capability", () => {
    expect(words(build)).toEqual(
      expect.arrayContaining(["--unshare-user", "--unshare-pid", "--disable-userns", "--die-with-parent", "--new-session", "--cap-drop"]),
    );
  });

  it("end with a root that can't be written", () => {
    expect(words(test).slice(-2)).toEqual(["--remount-ro", "/"]);
  });

  it("give /proc to the build only", () => {
    expect(words(build)).toContain("--proc");
    expect(words(test)).not.toContain("--proc");
  });

  it("give a test the one link that tells it its own path", () => {
    expect(words(test).join(" ")).toContain("--symlink /w/target/debug/deps/program /proc/self/exe");
    expect(words(build).join(" ")).not.toContain("/proc/self");
  });

  it("make no link inside a whole /usr", () => {
    expect(words(build)).not.toContain("/usr/lib64");
    expect(words(test)).toContain("/usr/lib64");
  });
});
