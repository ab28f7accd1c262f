// The paint of reports on a terminal, by a stream's colours.
import type { Paint } from "../../core/report/trial/block.ts";
import type { Ink } from "./ink.ts";

export const paintOf = ({ bold, dim, green, red }: Ink): Paint => ({ bold, dim, good: green, bad: red });
