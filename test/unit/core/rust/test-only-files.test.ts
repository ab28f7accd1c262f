// Files that only tests are compiled with.
import { expect, it } from "vitest";
import { testOnlyFiles } from "../../../../src/core/rust/module-files.ts";

const found = (files: Readonly<Record<string, string>>) => [...testOnlyFiles(Object.entries(files).map(([path, source]) => ({ path, source })))].toSorted();

it("are those of modules that are declared so, and what these declare", () => {
  const files = {
    "src/lib.rs": "mod used;\n#[cfg(test)]\nmod cases;\n",
    "src/used.rs": "",
    "src/cases.rs": "mod table;\n",
    "src/cases/table.rs": "",
    "src/alone.rs": "",
  };
  expect(found(files)).toEqual(["src/cases.rs", "src/cases/table.rs"]);
});

it("are none that something else declares too", () => {
  const files = { "src/lib.rs": "mod shared;\nmod a;\n", "src/a.rs": '#[cfg(test)]\n#[path = "shared.rs"]\nmod shared;\n', "src/shared.rs": "" };
  expect(found(files)).toEqual([]);
});
