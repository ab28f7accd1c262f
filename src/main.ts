#!/usr/bin/env node
// Process entry: the only file that sets the exit code.
import module from "node:module";

// Where node has it (22.1 and later), compiled code is kept between starts.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

// A reader that has seen enough (`| head`) is no error, and no reason to leave a run unfinished. A disk that refuses what is
// printed is one, and no reason either: it is told at the end.
let unprinted: string | null = null;
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") unprinted ??= error.message;
});
// Nobody is left to tell.
process.stderr.on("error", () => undefined);
process.on("exit", (code) => {
  if (unprinted === null || code !== 0) return;
  process.exitCode = 4;
  process.stderr.write(`bakeoff: what was to be printed can't be written: ${unprinted}\n  → free some space, or name another place for it\n`);
});

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)) {
  // Loaded only now: an older node could not even read it.
  const { runProgram } = await import("./cli/program.ts");
  process.exitCode = await runProgram(process.argv);
} else {
  process.stderr.write(`bakeoff: node ${process.versions.node} is too old\n  → install Node 20.19 or later, or 22.12 or later (for example: nvm install 22)\n`);
  process.exitCode = 4;
}
