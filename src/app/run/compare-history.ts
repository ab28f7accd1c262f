// A finished run beside the comparable ones of its home, for whoever reviews a change.
import { type Regression, regressionOf } from "../../core/report/trend/regression.ts";
import type { TrendPorts } from "../trend/trend.ts";

/** `run`: its id, or its path. Reads what is not known yet. */
export async function compareWithHistory({ library, baselines }: TrendPorts, run: string, signal: AbortSignal): Promise<Regression> {
  await library.readAll(signal, () => undefined);
  const own = (await library.open(run)).digest();
  const others = await library.digests();
  library.close();
  return regressionOf(own, others, { baselines: await baselines() });
}
