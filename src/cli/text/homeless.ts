// What is said where no home is found: whose policy and suites are in force.
import type { Places } from "../../app/places.ts";

export const homelessLine = ({ calledAs }: Pick<Places, "calledAs">): string =>
  `no bakeoff/ with a policy here or above: going by the package's own policy and suites, which are read only (${calledAs} init makes a home)`;
