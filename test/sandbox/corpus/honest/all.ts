// Every table of honest patches.
import type { CaseTable } from "../case.ts";
import { manyTimes, solutions } from "./solutions.ts";
import { attributes, names, output, unsafeBase, world } from "./unusual.ts";

export const HONEST: readonly CaseTable[] = [solutions, manyTimes, output, names, attributes, world, unsafeBase];
