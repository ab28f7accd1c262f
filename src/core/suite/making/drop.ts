// Why something that looked like a task is none: a closed list, each with a sentence for whoever reads the summary.
import { frequencies } from "../../base/frequencies.ts";

export const DROP_REASONS = {
  merge: "a merge that makes no task as a whole: its commits are looked at one by one",
  merged: "it is part of a merge that makes a task",
  root: "the first commit: there is nothing before it to go back to",
  "no-source": "it changes no Rust source",
  "no-tests": "it brings or changes no test",
  "too-large": "it changes or holds more than a task should",
  "other-package": "its tests are in packages that are not built: --package NAME, or less of --exclude, builds them too",
  "odd-files": "it changes a link, a submodule or a file whose name a suite can't hold",
  "no-manifest": "there is no Cargo.toml at the top of its tree",
  "lock-file": "cargo can't complete its lock file",
  outside: "it builds on a package that lies outside of the repository",
  networked: "it needs something from the network that can't be had",
  toolchain: "it needs another toolchain than the one that is installed",
  "base-broken": "the repaired tree does not compile in the sandbox",
  "tests-broken": "tests of the repaired tree fail in the sandbox: they may need a network, files or a terminal",
  "held-out": "no test can be held out fairly",
  "loose-tests": "a source that it repairs has tests outside of its #[cfg(test)] modules, which could not be put back after a patch",
  "not-broken": "its tests pass without the repair",
  "one-sided": "without the repair only visible or only held-out tests fail",
  protocol: "going back breaks the rules by which verdicts are given",
  flaky: "its tests do not come out the same each time",
  slow: "it takes longer than a task may",
  unsolved: "the repair does not pass, or deleting lines does",
  leak: "its workspace holds lines of the repair elsewhere: in a comment, a document, a file, a build artefact or a git object",
  weak: "its tests do not notice most changes of the repair, and --drop-weak leaves such out",
  sandbox: "the sandbox could not run it",
  format: "it does not fit the suite format",
  declared: "what it declares is not what is found when it is run",
  shape: "it is not written in a form that is read",
} as const;

export type DropReason = keyof typeof DROP_REASONS;

/** How often each reason, most frequent first. `passedOver`: reasons that were only counted. */
export const reasonCounts = (dropped: readonly { readonly reason: string }[], passedOver: Readonly<Record<string, number>> = {}): [string, number][] =>
  frequencies([
    ...dropped.map(({ reason }) => reason),
    ...Object.entries(passedOver).flatMap(([reason, count]) => Array.from({ length: count }, () => reason)),
  ]);

/** A reason's sentence; undefined for one that is not of the list. */
export const reasonSentence = (reason: string): string | undefined => Object.entries(DROP_REASONS).find(([name]) => name === reason)?.[1];
