// A world for the suite commands: suites, folders and repositories in memory; what is written is read back as files would be.
import { canonicalJson, sha256 } from "../../../../src/core/base/canonical.ts";
import { BakeoffError } from "../../../../src/core/base/errors.ts";
import type { Suite } from "../../../../src/core/suite/suite.ts";
import type { Content } from "../../../../src/core/text/edit.ts";
import type { MakingPorts } from "../../../../src/app/suite/ports.ts";
import type { RepositoryCopy } from "../../../../src/ports/repository.ts";
import type { ForeignFolder } from "../../../../src/ports/suites.ts";
import type { Workbench } from "../../../../src/ports/workbench.ts";
import { parse } from "../../core/mutation/rust.ts";
import { fakeBench, fakeClock, suiteOf, taskNamed } from "../../run/fakes.ts";
import { commit, historyOf, memoryShelf, searchOf } from "../../suite-making/fakes.ts";

export interface World extends MakingPorts {
  readonly written: Map<string, ReadonlyMap<string, Content>>;
  /** What was opened and closed, in order. */
  readonly opened: string[];
}

interface Facts {
  readonly suites?: readonly Suite[];
  readonly bench?: Workbench;
  readonly copy?: RepositoryCopy;
  readonly digests?: readonly string[];
  readonly folders?: readonly ForeignFolder[];
  readonly ports?: Partial<MakingPorts>;
}

export function worldOf({
  suites = [suiteOf([taskNamed("a"), taskNamed("b")])],
  bench = fakeBench(),
  copy,
  digests = ["same"],
  folders = [],
  ports,
}: Facts = {}): World {
  const written: World["written"] = new Map();
  const opened: string[] = [];
  const left = [...digests];
  const closes = (what: string) => {
    opened.push(what);
    return async () => void opened.push(`${what} closed`);
  };
  return {
    written,
    opened,
    clock: fakeClock(),
    workingFolder: "/home",
    suitesFolder: "/home/suites",
    suites: {
      list: async () => suites.map(({ name }) => `/suites/${name}`),
      find: async (name) => (suites.some((suite) => suite.name === name) ? `/suites/${name}` : Promise.reject(new BakeoffError("usage", `no suite ${name}`))),
      // A suite that was written is read back as one that is told by its files alone.
      load: async (folder) =>
        suites.find(({ name }) => folder === `/suites/${name}`) ??
        (written.has(folder)
          ? { ...suiteOf([taskNamed("a")]), name: folder, root: sha256(canonicalJson([...(written.get(folder) ?? [])])) }
          : Promise.reject(new Error(folder))),
      locate: async (folder, task, key) => ({ path: `${folder}/tasks/${task}.toml ${key}`, line: 3, column: 1 }),
    },
    openBench: async () => ({ bench, close: closes("bench") }),
    search: searchOf(),
    taskSlot: (work) => work(),
    program: async () => new Uint8Array([1]),
    writer: {
      free: async (folder) => (written.has(folder) ? Promise.reject(new BakeoffError("usage", `${folder} exists already`)) : undefined),
      write: async (folder, files) => void written.set(folder, files),
    },
    shelf: memoryShelf(),
    parser: async () => parse,
    lockFiles: async () => async () => ({ ok: true, lock: "version = 4\n", members: [{ name: "sums", dir: "" }], byDefault: null }),
    repositories: async () => ({
      copy: async (folder) => copy ?? Promise.reject(new BakeoffError("usage", `no folder ${folder}`)),
      digest: async () => sha256(left.shift() ?? "same"),
    }),
    included: async () => ({ tree: new Map(), leftOut: [] }),
    openHistory: async () => ({ ...historyOf([commit(1), commit(2, { parents: [] })]), notes: ["shallow"], close: closes("history") }),
    diffTool: () => ({ apply: async () => ({ ok: false, detail: "it does not apply" }) }),
    foreign: { folders: async () => folders, text: async (path) => Promise.reject(new BakeoffError("usage", `${path} is not a file`)) },
    timeLimit: (_, signal) => signal,
    ...ports,
  };
}

/** Keeps all that a use case tells while it works. */
export function recorder(): { readonly told: unknown[][]; readonly watch: never } {
  const told: unknown[][] = [];
  const watch = new Proxy(
    {},
    {
      get:
        (_, name) =>
        (...words: unknown[]) =>
          void told.push([name, ...words]),
    },
  ) as never;
  return { told, watch };
}

export const never = new AbortController().signal;
