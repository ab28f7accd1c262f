// The scripted server: answers each repair's prompt as it is told, whoever asks, and plays the other roles for ours.
import { says, sendJson } from "../../test/servers/rehearsal-scenes.ts";
import { type RehearsalServer, startRehearsalServer } from "../../test/servers/rehearsal-server.ts";
import type { Scene, Stage } from "../../test/servers/rehearsal-stage.ts";
import type { Task } from "../../src/core/suite/suite.ts";

const OTHER_ROLES: Readonly<Record<string, unknown>> = {
  counter_signal: { severity: "advisory", kind: "other", message: "Looks small.", evidence_ref: null },
  unlock_decision: { unlock_decision: "UNLOCK", decision_rationale: "Tests pass.", next_steps: [] },
};

/** `answerTo` may change between runs. */
export function startScriptedServer(tasks: readonly Task[], answerTo: (task: Task) => string): Promise<RehearsalServer> {
  const scene: Scene = (stage) => {
    const asked = promptOf(stage);
    const task = tasks.find(({ instruction }) => asked.includes(instruction.trim()));
    if (task === undefined) return sendJson(stage.response, 404, { error: { message: "no repair is asked for", type: "not_found" } });
    const role = OTHER_ROLES[schemaOf(stage)];
    return answered(stage, role === undefined ? answerTo(task) : JSON.stringify(role));
  };
  return startRehearsalServer({ dialect: "sglang", models: ["scripted"], fallback: scene });
}

function answered(stage: Stage, content: string): ReturnType<Scene> {
  if (stage.request.body["stream"] === true) return says({ content: [content] })(stage);
  const message = { role: "assistant", content };
  const usage = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };
  const choices = [{ index: 0, message, finish_reason: "stop" }];
  return sendJson(stage.response, 200, { id: "c-1", object: "chat.completion", created: 1, model: "scripted", choices, usage });
}

function promptOf({ request }: Stage): string {
  const messages = request.body["messages"] as readonly { readonly content?: unknown }[] | undefined;
  return (messages ?? []).map(({ content }) => (typeof content === "string" ? content : partsOf(content))).join("\n");
}

const partsOf = (content: unknown): string => (Array.isArray(content) ? content.map((part) => String((part as { text?: unknown }).text ?? "")).join("\n") : "");

function schemaOf({ request }: Stage): string {
  const format = request.body["response_format"] as { readonly json_schema?: { readonly name?: string } } | undefined;
  return format?.json_schema?.name ?? "";
}
