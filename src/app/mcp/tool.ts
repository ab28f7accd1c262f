// One tool of an assistant: its words, what it takes, and its answer. None of them writes anything.
import { z } from "zod";
import { BakeoffError } from "../../core/base/errors.ts";
import type { AssistantTool, ToolAnswer } from "../../ports/tool-server.ts";
import type { QueryPorts } from "./ports.ts";

/** What a tool comes to where it comes to anything. */
export type Told = Pick<ToolAnswer, "text" | "data">;

export interface QueryTool {
  readonly does: string;
  readonly takes: z.ZodObject;
  readonly call: (ports: QueryPorts, given: unknown) => Promise<Told>;
}

/** A tool whose arguments are checked before it is called. Unknown ones are refused, as mistyped ones would change the question unseen. */
export function queryTool<Shape extends z.ZodRawShape>(
  does: string,
  takes: Shape,
  answer: (ports: QueryPorts, given: z.infer<z.ZodObject<Shape>>) => Promise<Told>,
): QueryTool {
  const schema = z.strictObject(takes);
  return {
    does,
    takes: schema,
    call: async (ports, given) => {
      const read = schema.safeParse(given ?? {});
      if (!read.success) throw new BakeoffError("usage", `arguments that this tool does not take: ${z.prettifyError(read.error)}`);
      return answer(ports, read.data as z.infer<z.ZodObject<Shape>>);
    },
  };
}

export function assistantTool(name: string, tool: QueryTool, ports: QueryPorts): AssistantTool {
  const { $schema: _, ...input } = z.toJSONSchema(tool.takes, { io: "input" });
  return {
    name,
    does: tool.does,
    input,
    call: async (given) => {
      try {
        return { ...(await tool.call(ports, given)), isError: false };
      } catch (error) {
        // What went wrong with a question is an answer to it.
        if (error instanceof BakeoffError) return { text: errorText(error), data: null, isError: true };
        throw error;
      }
    },
  };
}

const errorText = ({ message, hint }: BakeoffError): string => (hint === "" ? message : `${message}\n→ ${hint}`);
