// What a ToolResult claims of its verdict, beside what the verdict stored in full comes to.
import type { VerdictFacts } from "../verdict/summary.ts";
import type { EventOf } from "./event.ts";

/** Both as tables of the same form: alike where the event is honest. */
export const verdictClaim = ({ verdict, success }: Pick<EventOf<"ToolResult">, "verdict" | "success">, stored: VerdictFacts) => ({
  recorded: { ...verdict, success },
  redone: { ...stored, success: stored.status === "passed" },
});
