// The one system that code is compiled and run on: everywhere else capsules are read, and nothing of a model is started.
import { BakeoffError } from "../../core/base/errors.ts";

const NAMES: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: "macOS", win32: "Windows" };

/** Throws `environment` on another system than Linux, with the way to one. */
export function checkPlatform(platform: NodeJS.Platform): void {
  if (platform === "linux") return;
  const way = platform === "win32" ? "call it in WSL 2, or in a container" : "call it in a container or a virtual machine";
  throw new BakeoffError(
    "environment",
    `what candidates write is compiled and run on Linux alone, and this is ${NAMES[platform] ?? platform}`,
    `${way} that has this folder, cargo, git and bubblewrap; replay, report, show, view, compare, gate and policy work here`,
  );
}
