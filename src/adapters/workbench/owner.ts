// Folders that the sandbox's user builds in must be its own.
import type { Sandbox } from "../sandbox/sandbox.ts";
import { runProcess } from "../sandbox/process.ts";

export async function handOver({ owner }: Pick<Sandbox, "owner">, folder: string, signal: AbortSignal): Promise<void> {
  if (owner === null) return;
  const command = ["chown", "-R", `${owner}:${owner}`, folder] as const;
  await runProcess({ command, env: { PATH: process.env["PATH"] ?? "" }, cwd: "/", timeoutMs: 60_000, signal });
}
