// The members that the policy and its candidates are both written with.
import { z } from "zod";

export const name = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, "use lower-case letters, digits, dots and dashes, 100 at most");
/** What roles call a model. Never sent to a server: `models` has the id that is. */
export const alias = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "use letters, digits, dots and dashes, 100 at most");
export const served = z.string().min(1).max(200);
export const tokens = z.number().int().min(100).max(1_000_000);
export const url = z.url({ protocol: /^https?$/, error: "not an http(s) address" });
export const effort = z.enum(["none", "low", "medium", "high", "xhigh"]);
