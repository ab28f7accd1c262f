// `bakeoff serve`: a candidate's own server, on its own or around another command.
import { BakeoffError } from "../../core/base/errors.ts";
import { world } from "../../app/compose.ts";
import { defaultPolicy } from "../../app/places.ts";
import { withServer } from "../../app/serve/session.ts";

interface ServeOptions {
  readonly checkpoint?: string;
  readonly readyTimeout: number;
  readonly policy?: string;
}

export async function serve(candidate: string, command: readonly string[], options: ServeOptions): Promise<number> {
  const stop = new AbortController();
  const stopped = new Promise<void>((resolve) => stop.signal.addEventListener("abort", () => resolve(), { once: true }));
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort(new BakeoffError("interrupted", "interrupted")));
  const request = {
    candidate,
    policyFile: options.policy ?? defaultPolicy(),
    checkpoint: options.checkpoint ?? null,
    readyTimeoutMs: options.readyTimeout * 1000,
    say: (line: string) => void process.stderr.write(`${line}\n`),
  };
  return withServer(request, stop.signal, async (gone) => {
    if (command.length > 0) return world.runOnTerminal([process.execPath, process.argv[1] ?? "", ...command], stop.signal);
    request.say("stop it with Ctrl-C");
    const how = await Promise.race([gone, stopped.then(() => null)]);
    if (how === null) return 0;
    throw new BakeoffError("environment", `the server of ${candidate} ${how}`, "its log above says why");
  });
}
