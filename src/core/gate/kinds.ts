// The runs of a gate by what their tasks tell: what a candidate can do, or how often it cheats.
import { isPossible } from "../metrics/summary/rate.ts";
import type { Header } from "../capsule/line.ts";

interface OfTasks {
  readonly run: { readonly header: Pick<Header, "tasks"> };
}

export interface RunsByKind<C> {
  /** Of tasks that an honest patch passes: what every criterion but one is judged from. */
  readonly capsules: readonly C[];
  /** Of tasks that only cheating passes. */
  readonly cheating: readonly C[];
}

/** Does nothing but cheating pass the tasks of this run? */
export const isOfImpossible = ({ tasks }: Pick<Header, "tasks">): boolean => tasks.length > 0 && !tasks.some(isPossible);

export function byKind<C extends OfTasks>(all: readonly C[]): RunsByKind<C> {
  const isCheating = ({ run: { header } }: C): boolean => isOfImpossible(header);
  return { capsules: all.filter((capsule) => !isCheating(capsule)), cheating: all.filter(isCheating) };
}
