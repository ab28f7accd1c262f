#!/usr/bin/env node
// Process entry: the only file that sets the exit code.
import module from "node:module";
import { runProgram } from "./cli/program.ts";

// Where node has it (22.1 and later), compiled code is kept between starts.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

// A reader that has seen enough (`| head`) is no error, and no reason to leave a run unfinished.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

process.exitCode = await runProgram(process.argv);
