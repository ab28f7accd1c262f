#!/usr/bin/env node
// Process entry: the only file that sets the exit code.
import module from "node:module";
import { runProgram } from "./cli/program.ts";

// Where node has it (22.1 and later), compiled code is kept between starts.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

process.exitCode = await runProgram(process.argv);
