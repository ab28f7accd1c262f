// The launcher's Rust, as texts that it is built from on the user's machine.
import capture from "./capture.rs";
import landlock from "./landlock.rs";
import main from "./launcher.rs";
import loopback from "./loopback.rs";
import numbers from "./numbers.rs";
import output from "./output.rs";
import seccomp from "./seccomp.rs";
import stage from "./stage.rs";
import supervision from "./supervision.rs";
import system from "./system.rs";

/** Its modules by their names; `launcher` is the one that rustc is given. */
export const SOURCES = { launcher: main, capture, landlock, loopback, numbers, output, seccomp, stage, supervision, system } as const;
