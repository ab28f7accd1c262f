// A further policy of a home, beside its first: begun as the package's, to be changed and compared.
import { join } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { usersPolicy } from "./home-files.ts";
import type { InitPorts } from "./init.ts";

export interface FurtherPolicy {
  readonly file: string;
  readonly written: readonly string[];
  /** Files that were there: never written over. */
  readonly kept: readonly string[];
}

/** `home`: null where there is none. Throws `usage` for that, and for a name that `--policy NAME` would not take. */
export async function initPolicy(ports: Pick<InitPorts, "texts" | "defaults">, home: string | null, name: string): Promise<FurtherPolicy> {
  if (home === null) throw new BakeoffError("usage", "there is no home that a policy could lie in", "make one, which has a policy: bakeoff init");
  if (!/^[\w-]+$/.test(name)) throw new BakeoffError("usage", `a policy can't be called ${name}`, "letters, digits, - and _");
  const folder = join(home, "policies", name);
  const written: string[] = [];
  const kept: string[] = [];
  for (const [path, text] of await ports.defaults()) {
    const file = join(folder, path);
    const isThere = await ports.texts.exists(file);
    if (!isThere) await ports.texts.write(file, usersPolicy(text));
    (isThere ? kept : written).push(file);
  }
  return { file: join(folder, "model_policy.toml"), written, kept };
}
