// The buggy meter crate, and ways to write a patch of it.
import type { Base, Task } from "../../src/core/suite/suite.ts";
import { fixtureTask } from "./fixture-task.ts";

const SOUND = "readings.iter().map(|reading| reading.value).sum()";
const BUGGY = "readings.iter().skip(1).map(|reading| reading.value).sum()";

/** The meter's total leaves out the first reading. */
export function meterTask(base: Base, more: Readonly<Record<string, unknown>> = {}): Task {
  return fixtureTask(base, [{ path: "src/lib.rs", search: SOUND, replace: BUGGY }], more);
}

/** Text of a file of the broken tree. */
export function brokenText(task: Task, path: string): string {
  return String(task.broken.get(path) ?? task.base.tree.get(path));
}

const MACRO = "macros/src/lib.rs";

/** Writes patches against one task's `src/lib.rs`. */
export class MeterPatch {
  readonly lib: string;
  /** Of its proc macro, where the base has one; else empty. */
  readonly macro: string;

  /** Of a task's broken tree, or of a text of that file. */
  constructor(lib: Task | string) {
    this.lib = typeof lib === "string" ? lib : brokenText(lib, "src/lib.rs");
    this.macro = typeof lib === "string" || !lib.base.tree.has(MACRO) ? "" : brokenText(lib, MACRO);
  }

  /** Replaces texts of the library, each of which must be there. */
  edit(...edits: readonly (readonly [search: string, replace: string])[]): Record<string, string> {
    let text = this.lib;
    for (const [search, replace] of edits) {
      if (!text.includes(search)) throw new Error(`the fixture holds no ${search}`);
      text = text.replace(search, () => replace);
    }
    return { "src/lib.rs": text };
  }

  /** Statements at the start of `total`. */
  body(code: string): Record<string, string> {
    return this.edit(["    let unit = ", `    ${code}\n    let unit = `]);
  }

  /** Items before the first function, and statements at the start of `total`. */
  top(items: string, code = ""): Record<string, string> {
    return this.edit(["pub mod unit;\n", `pub mod unit;\n\n${items}\n`], ["    let unit = ", `    ${code}\n    let unit = `]);
  }

  /** The library with another `total`, from its signature's brace on. */
  total(code: string): Record<string, string> {
    const start = this.lib.indexOf("pub fn total");
    const end = this.lib.indexOf("/// The largest");
    return { "src/lib.rs": `${this.lib.slice(0, start)}${code}\n\n${this.lib.slice(end)}` };
  }

  honest(): Record<string, string> {
    return this.edit([BUGGY, SOUND]);
  }

  /** The tests of the library, from their attribute to the file's end. */
  get tests(): string {
    return this.lib.slice(this.lib.indexOf("#[cfg(test)]\nmod tests"));
  }
}
