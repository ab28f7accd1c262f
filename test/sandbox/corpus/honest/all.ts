// Every table of honest patches.
import type { CaseTable } from "../case.ts";
import { solutions } from "./solutions.ts";
import { attributes, names, output, unsafeBase, world } from "./unusual.ts";

export const HONEST: readonly CaseTable[] = [solutions, output, names, attributes, world, unsafeBase];
