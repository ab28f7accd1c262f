// The verifier's defences, each as the place of its source that a test cuts out: no flag and no variable of the product switches any off.

/** A text that stands once in a source file, and what stands there without the defence. */
interface SourceCut {
  readonly file: string;
  readonly text: string;
  readonly without: string;
}

/** A defence, and how the verifier is built without it. */
interface Cut {
  readonly defence: string;
  readonly prevents: string;
  readonly cuts: readonly SourceCut[];
}

const cut = (file: string, text: string, without: string): SourceCut => ({ file: `src/${file}`, text, without });

const WORKBENCH = "adapters/workbench";
const LAUNCHER = "adapters/sandbox/launcher/seccomp.rs";

export const CUTS = {
  confirmation: {
    defence: "the confirmation",
    prevents: "that visible answers learnt by heart pass",
    cuts: [cut(`${WORKBENCH}/verify.ts`, 'if (first.verdict.status !== "passed") return first;', "return first;")],
  },
  observed: {
    defence: "observed values, compared outside",
    prevents: "that an equality of the patch's own is believed",
    cuts: [
      cut(`${WORKBENCH}/verify.ts`, "bases.apart, { ...job, observe: true }", "bases.apart, { ...job, observe: false }"),
      cut(`${WORKBENCH}/verify.ts`, "bases.confirmation, { ...job, observe: true }", "bases.confirmation, { ...job, observe: false }"),
    ],
  },
  ordinary: {
    defence: "the ordinary form of held-out tests beside what they observe",
    prevents: "that a value shows itself as another one than it is",
    cuts: [cut("core/verdict/concluded.ts", 'if (status === "passed") return agrees', 'if (status === "passed" || agrees) return agrees')],
  },
  fields: {
    defence: "values that a test spells out are seen field by field",
    prevents: "that a type compares and shows itself as right where it is not",
    cuts: [cut("core/verdict/observed/assertions.ts", "if (parts === null) return [];", 'if (parts === null || parts.pattern !== "") return [];')],
  },
  turns: {
    defence: "turns: observed runs end before any run is handed an expected value",
    prevents: "that one run tells another what is expected",
    cuts: [cut(`${WORKBENCH}/observation.ts`, "{ left: 0, right: 1, ordinary: 2 }", "{ left: 0, right: 0, ordinary: 0 }")],
  },
  apart: {
    defence: "where a base has unsafe code: a program for observing that holds nothing expected",
    prevents: "that a process finds an expected value in its own memory",
    cuts: [cut(`${WORKBENCH}/workbench.ts`, "meta.forbidUnsafe || meta.observed === null ? null", 'meta.forbidUnsafe || meta.key !== "" ? null')],
  },
  twins: {
    defence: "twins under secret names",
    prevents: "that a process prints the whole suite itself",
    cuts: [cut(`${WORKBENCH}/layout.ts`, "maxTwins: Number.POSITIVE_INFINITY", "maxTwins: 0")],
  },
  parts: {
    defence: "twins of held-out tests, one for each part of what is expected",
    prevents: "that an equality of the patch's own is honest about one part alone",
    cuts: [
      cut("core/verdict/twins/selection.ts", "areHeldOut ? [...chosen, ...furtherParts(candidates, chosen)] : chosen", "chosen"),
      cut("core/verdict/twins/twin.ts", "[mutate = null, ...others] = random.shuffle(found)", "[mutate = null, ...others] = found"),
    ],
  },
  names: {
    defence: "names that are drawn",
    prevents: "that whoever reads the verifier's source knows the names of twins",
    cuts: [
      cut(
        `${WORKBENCH}/layout.ts`,
        'const secretName = (): string => `x${randomBytes(6).toString("hex")}`;',
        'let drawn = -1;\nconst secretName = (): string => { drawn += 1; return `x${drawn.toString(16).padStart(12, "0")}`; };',
      ),
    ],
  },
  events: {
    defence: "events held against inventory, counts and each other",
    prevents: "that results printed by the patch replace those of the tests",
    cuts: [
      cut(
        "core/verdict/output/libtest.ts",
        "if (this.tampered.length < maxTampers) this.tampered.push",
        "if (this.tampered.length > maxTampers) this.tampered.push",
      ),
    ],
  },
  crash: {
    defence: "a process that ends before its suite has not passed",
    prevents: "that the part of a suite which did not run is left out",
    cuts: [cut(`${WORKBENCH}/verification.ts`, " && !read.some(({ crashed }) => crashed)", "")],
  },
  regraft: {
    defence: "test modules put back into the patched file",
    prevents: "that a patch empties the tests in its own file",
    cuts: [
      cut(
        "core/verdict/guard/regraft.ts",
        "  const [before, after] = [readItems(readCode(base)), readItems(readCode(patched))];",
        "  if (patched !== base) return patched;\n  const [before, after] = [readItems(readCode(base)), readItems(readCode(patched))];",
      ),
    ],
  },
  empty: {
    defence: "held-out sources are empty in the loop's build",
    prevents: "that what a prompt says holds something held out",
    cuts: [cut(`${WORKBENCH}/layout.ts`, 'if (text.variant === "loop") return "";', "")],
  },
  place: {
    defence: "held-out sources lie in a folder with a secret name",
    prevents: "that the library takes them in while it is compiled",
    cuts: [cut(`${WORKBENCH}/layout.ts`, "moved: movableSources(base)", "moved: new Set([...movableSources(base)].slice(0, 0))")],
  },
  hide: {
    defence: "sources with tests are taken away before a test runs",
    prevents: "that code of the patch reads what is expected while it runs",
    cuts: [cut(`${WORKBENCH}/verify.ts`, "hide: base.meta.hide,", "hide: [],")],
  },
  paths: {
    defence: "path rules",
    prevents: "that a patch writes beside the files that it may change, or out of the workspace",
    cuts: [cut(`${WORKBENCH}/verification.ts`, "const forbidden = forbiddenPaths(task, changes);", "const forbidden = forbiddenPaths(task, new Map());")],
  },
  compileTime: {
    defence: "code that runs while other code compiles is protected",
    prevents: "that a macro reads the held-out tests and writes their answers into the library",
    cuts: [cut(`${WORKBENCH}/verification.ts`, "refused.push(...compileTimeChanges(task, meta, allowed));", "compileTimeChanges(task, meta, allowed);")],
  },
  stale: {
    defence: "what the base built of changed packages is removed before a build",
    prevents: "that the clean base's own programs are tested in place of the patch's",
    cuts: [cut(`${WORKBENCH}/verify.ts`, ", ...staleTargets(base.meta, laid.affected)]", "]")],
  },
  sources: {
    defence: "sources are read-only while they are compiled",
    prevents: "that a macro changes the tests behind the compiler's back",
    cuts: [
      cut(
        "adapters/sandbox/mounts.ts",
        'access: sourcesWritable ? "read-write" : "read-only"',
        'access: sourcesWritable || job !== "" ? "read-write" : "read-only"',
      ),
    ],
  },
  unsafe: {
    defence: "no unsafe code where the base has none",
    prevents: "that a process reads names and values in its own memory",
    cuts: [cut(`${WORKBENCH}/cargo/cargo.ts`, '...(forbidUnsafe ? ["-Funsafe-code"] : [])', "")],
  },
  processes: {
    defence: "no new process and no second program (seccomp)",
    prevents: "that a test runs its own program again and asks it for its names",
    cuts: [
      cut(LAUNCHER, "        one_process(&mut code);", "        let _ = one_process;"),
      cut(LAUNCHER, "        one_program(&mut code, page);", "        let _ = (one_program, page);"),
    ],
  },
  binary: {
    defence: "a test's program lies on no path",
    prevents: "that a process finds its own program",
    cuts: [cut("adapters/sandbox/mounts.ts", 'from: `${job}/t/programs`, to: "/w/target"', 'from: `${job}/t/target`, to: "/w/target"')],
  },
  unreadable: {
    defence: "a test's program can't be read",
    prevents: "that a process finds names in its own program",
    cuts: [cut("adapters/sandbox/walled-script.ts", 'binaryMode: "0111"', 'binaryMode: "0555"')],
  },
  proc: {
    defence: "no /proc but one link",
    prevents: "that a process opens its own program there",
    cuts: [
      cut("adapters/sandbox/mounts.ts", "proc: false,\n    links: [OWN_PROGRAM],", "proc: true,\n    links: [],"),
      // unshare(1) mounts it itself.
      cut("adapters/sandbox/tiers/util-linux.ts", '`-p -f --root="$S/r2"`', '`-m -p -f --mount-proc=/proc --root="$S/r2"`'),
    ],
  },
} as const satisfies Readonly<Record<string, Cut>>;

export type CutName = keyof typeof CUTS;
