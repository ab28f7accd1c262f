// The flags of `bakeoff compare`.
import { type OptionsOf, text } from "../command.ts";
import { json } from "../options.ts";

export const compareFlags = {
  score: text("<name>", "which score of an Inspect log counts (default: a sample's first)"),
  family: text("<column>", "metadata that names the family of a sample: families are what the interval counts"),
  html: text("<file>", "write the comparison as a page that stands alone"),
  json,
};

export type CompareOptions = OptionsOf<typeof compareFlags>;
